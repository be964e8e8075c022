/* The addresses behind a name of the DNS (or /etc/hosts), asked for in the background again and again: what `docker compose
 * --scale broker=3` or a Swarm service changes while we run. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { NAMES_MOST = 8, NAMES_ENDPOINT_SIZE = 64 };

typedef struct _names_t names_t;

/* Does the endpoint name a host, tcp://NAME:PORT, instead of an address? */
bool names_is_name (const char *endpoint);
/* For such an endpoint; asks again `again_ms` after each answer.  NULL: the endpoint is too long. */
names_t *names_new (const char *endpoint, int again_ms);
void names_destroy (names_t **names_p);

/* To be called often; never waits.  now: wire_ticks ().  True: a question was answered since the last call; the answer, until
 * the next call: `*ret_count` endpoints of addresses, at most NAMES_MOST.  A question that fails leaves the former answer. */
bool names_look (names_t *names, int64_t now, const char (**ret_endpoints)[NAMES_ENDPOINT_SIZE], int *ret_count);
