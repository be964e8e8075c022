/* One HTTP request from its first line to its answer, as a walk through phases in libmicrohttpd's thread.  Whenever
 * another service is asked, the connection is suspended and the phase goes on where it stopped when the reply is there.
 * No thread ever waits. */
#pragma once

#include "answer.h"
#include "asset.h"
#include "form.h"
#include "gateway.h"
#include "limit.h"
#include "live.h"
#include "proxy.h"
#include "routes.h"
#include "session.h"
#include "upload.h"

#include <pthread.h>
#include <stdatomic.h>

/* What all exchanges share. */
struct edge {
    client_t *client; /* NULL once it is gone; guarded by client_mutex */
    pthread_mutex_t client_mutex;
    session_cache_t *sessions;
    limit_t *limit;
    const struct proxies *proxies;
    live_t *live;
    assets_t *assets; /* NULL: the officers' application is not served here */
    int most_in_flight;
    int upload_seconds;
    const char *public_url; /* where the public reaches us, for QR codes; "" when nobody said */
    atomic_int in_flight;   /* requests with a route, until they are over */
    atomic_int uploads;
    atomic_bool is_draining; /* on the way out: every answer closes its connection */
    atomic_bool is_closed;   /* nothing new is begun: who asks now finds his connection closed */
};

enum phase {
    PHASE_HEAD,    /* nothing looked at yet */
    PHASE_SESSION, /* suspended: identity says who this is */
    PHASE_BODY,    /* the body comes in */
    PHASE_CHUNK,   /* suspended: the archive stores a chunk */
    PHASE_FINISH,  /* suspended: the archive makes the chunks a file */
    PHASE_SERVICE, /* suspended: the service works */
    PHASE_ANSWER,  /* the answer is known; what is left of the body is thrown away first */
    PHASE_OVER,    /* handed to libmicrohttpd */
};

struct exchange {
    struct edge *edge;
    struct MHD_Connection *connection;
    enum phase phase;
    char *target; /* as it came, decoded in place by the match */
    struct match match;
    struct head head;
    const char *method, *version; /* NULL before the first call */
    char correlation[GATEWAY_CORRELATION_SIZE];
    int64_t began;    /* monotonic ms, for the log */
    int64_t deadline; /* unix ms */
    bool is_early;    /* the body, or what follows a bad head, has not been reached yet */
    bool is_counted, is_upload_counted;
    bool is_cut; /* came too late: no answer */
    json_t *claims;
    char *body; /* JSON as it comes */
    size_t body_size, body_capacity;
    uint64_t received; /* bytes of body, wanted or thrown away */
    struct upload *upload;
    form_t *form;         /* of a page, around the upload */
    const char *asked;    /* the method whose reply is awaited, or NULL */
    struct answer answer; /* of the service last asked, or of ourselves */
};

/* `target` is copied.  NULL when there is no memory. */
struct exchange *exchange_new (struct edge *edge, struct MHD_Connection *connection, const char *target);
/* Logs the request and frees it. */
void exchange_destroy (struct exchange **exchange);

/* One call of libmicrohttpd's access handler. */
enum MHD_Result exchange_step (struct exchange *exchange, const char *method, const char *version, const char *data,
                               size_t *size);
