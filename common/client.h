/* Asking services through the brokers from a process that serves nothing itself (the gateway).
 * One thread owns the sockets (CURVE, heartbeats, several brokers); client_ask () may be called from any thread. */
#pragma once

#include "common/auto.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct _client_t client_t;

struct client_request {
    const char *method;          /* "intake.register"; the part before the first dot is the service */
    const char *idempotency_key; /* or NULL */
    const char *correlation;
    int64_t deadline;     /* unix ms, absolute: past it nobody works on it any more */
    const json_t *claims; /* {"account","username","name","grants":[…]} or NULL */
    const json_t *params; /* object of texts, or NULL */
    const void *body;     /* JSON text as it came (the service parses it strictly), or NULL */
    size_t body_size;
    const void *blob; /* attached bytes, or NULL */
    size_t blob_size;
};

struct client_reply {
    int status;             /* as HTTP; 503/504 are made here when nobody answers */
    const char *media_type; /* "application/json", "application/problem+json", "application/pdf"… */
    const char *filename;   /* or NULL */
    const void *body;       /* borrowed until the callback returns */
    size_t body_size;
};

/* Called once per request, in the client's own thread; must not block. */
typedef void (client_done_fn) (void *context, const struct client_reply *reply);

/* Hears that events of some topics were published; what they say has to be asked.  Called in the client's own thread,
 * must not block.  `place`: the kecamatan that the event names, or "".  Some are never heard: a dead broker, a full
 * queue. */
typedef void (client_heard_fn) (void *context, const char *topic, const char *place);

struct client_ears {
    const char *topics; /* comma list, each with a star before it (wire.h) */
    client_heard_fn *heard;
    void *context; /* outlives the client */
};

/* `name`: this process's service name, the one of its CURVE certificate.  Settings from the environment as for every
 * service (PATEN_BROKERS, PATEN_BROKER_PUBLIC_KEY_FILE, PATEN_CURVE_SECRET_FILE).  NULL: a setting or key is wrong
 * (logged).  `ears` may be NULL: it hears nothing. */
client_t *client_new (const char *name, int most_in_flight, const struct client_ears *ears);
void client_destroy (client_t **client); /* answers what is in flight with 503 */

/* Copies the request.  0, or -1: too many in flight (answer 503 ERR_OVERLOADED); then `done` is not called. */
int client_ask (client_t *client, const struct client_request *request, client_done_fn *done, void *context);

/* Names of the live services with their replicas, as the brokers tell: {"intake":{"replicas":1,"pids":[12]},…}; new
 * reference.  The client refreshes it every second; `age_ms` (may be NULL): how long ago it was asked for. */
json_t *client_services (client_t *client, int64_t *age_ms);
