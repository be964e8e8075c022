/* The checks of a request's head, in the order in which a caller meets them: honest framing, a known address, room to
 * work, rate, a token, the kind and size of the body, the idempotency key. */
#pragma once

#include "exchange.h"

#include <time.h>

/* Reads the fields of the head into exchange->head and chooses the correlation id. */
enum head_verdict read_head (struct exchange *exchange);

/* After read_head ().  True: the request may go on.  False: exchange->answer is the refusal and the phase PHASE_ANSWER.
 */
bool admit (struct exchange *exchange);

/* The answer becomes a refusal and the phase PHASE_ANSWER; `name`, when not NULL, is the placeholder that `value`
 * fills. */
void refuse_request (struct exchange *exchange, enum error_code code, const char *name, const char *value);
/* 413 with the limit of the route's body. */
void refuse_size (struct exchange *exchange);

/* The greatest JSON body of a route, in bytes. */
uint64_t json_most (const struct route *route);

/* What the gateway answers by itself (ROUTE_OWN): a file of the officers' application, or
 * GET /v1/health: 200 when each service has a live replica, else 503 with the missing ones named. */
void answer_own (struct exchange *exchange);

int64_t clock_ms (clockid_t clock);
