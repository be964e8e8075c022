/* The HTTP daemon: listens, feeds each connection's calls into its exchange, and stops without losing a request. */
#pragma once

#include "asset.h"
#include "live.h"
#include "proxy.h"

#include "common/client.h"

#include <stdbool.h>

typedef struct http http_t;

struct http_parts {
    client_t *client;
    assets_t *assets; /* NULL: the officers' application is not served */
    live_t *live;
};

struct http_settings {
    const char *listen; /* "127.0.0.1:8080", "[::]:8080", port 0: any free one */
    int threads;
    int most_in_flight; /* requests; beyond it 503 */
    int most_connections;
    int upload_seconds;     /* the deadline of a request with a file */
    int public_rate;        /* per minute and remote address, of the routes flagged "rated" */
    struct proxies proxies; /* whose X-Forwarded-For is believed */
    const char *public_url; /* where the public reaches us, for QR codes; NULL or "": nobody said */
};

/* Takes the parts when it succeeds.  NULL: the address cannot be listened on, or there is no memory (logged). */
http_t *http_start (const struct http_settings *settings, const struct http_parts *parts);
/* Destroys what http_start () did not take. */
void http_parts_destroy (struct http_parts *parts);
/* The port that it listens on. */
int http_port (const http_t *http);
/* Listens no more, lets requests finish for up to 5 s (a file that takes longer to come in is cut), answers the rest with 503, then closes all connections. */
void http_stop (http_t **http);
