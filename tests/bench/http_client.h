/* A small HTTP/1.1 client for one address: many exchanges at once over kept connections, one thread, one epoll set.
 *
 * Made to cost little, because it shares the processors with what it measures.  It knows only what the gateway sends:
 * answers with Content-Length.  No TLS, no redirects, no chunks; an answer of another kind counts as broken. */
#pragma once

#include "common/auto.h"

#include <stddef.h>
#include <stdint.h>

typedef struct http_client http_client_t;

struct http_answer {
    int status;       /* 0: the connection broke, or it was no answer that this client understands */
    const char *body; /* with a NUL behind it; borrowed until the callback returns */
    size_t size;
    int64_t took_us; /* from sending the request to the last byte of the answer */
};

/* May send further requests. */
typedef void http_done_fn (void *context, const struct http_answer *answer);

/* `address`: "127.0.0.1:8080" (numbers, no names).  NULL when it is not one or memory is short. */
http_client_t *http_client_new (const char *address);
void http_client_destroy (http_client_t **client);

/* Sends a whole request (head and body, copied) over a free connection or a new one; `done` is called once.
 * Negative errno when there is no connection: `done` is not called. */
int http_client_send (http_client_t *client, const void *request, size_t size, http_done_fn *done, void *context);

/* Waits up to timeout_ms for answers and calls their callbacks.  Negative errno when epoll fails. */
int http_client_wait (http_client_t *client, int timeout_ms);

/* Microseconds of the monotonic clock. */
int64_t http_client_now_us (void);
