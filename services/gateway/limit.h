/* How often one remote address may knock at the doors that need no session: a token bucket per address (IPv4, or the
 * /64 of IPv6) in a bounded table.  A minute's worth may come in one burst.  Whose address it is behind a
 * proxy: proxy.h.  Time enters as an argument. */
#pragma once

#include "common/auto.h"

#include <stdint.h>
#include <sys/socket.h>

typedef struct limit limit_t;

/* `per_minute` > 0.  NULL when there is no memory.  May be used from several threads. */
limit_t *limit_new (int per_minute);
void limit_destroy (limit_t **limit);

/* Takes one token for the address: 0, or the seconds until there will be one.  `address` NULL (unknown) shares one
 * bucket.  `now_ms` must come from a clock that does not go back. */
int limit_take (limit_t *limit, const struct sockaddr *address, int64_t now_ms);
