/* The checks of a request's head, see admit.h. */
#include "admit.h"

#include "figures.h"

#include "common/id.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DEADLINE_MS = 5000 };

int64_t clock_ms (clockid_t clock)
{
    struct timespec now;
    clock_gettime (clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

uint64_t json_most (const struct route *route)
{
    return route->flags & ROUTE_WIDE ? GATEWAY_JSON_WIDE_MOST : GATEWAY_JSON_MOST;
}

void refuse_request (struct exchange *exchange, enum error_code code, const char *name, const char *value)
{
    answer_problem (&exchange->answer, code, exchange->correlation, name, value);
    exchange->phase = PHASE_ANSWER;
}

/* A refusal after which nothing more is read from the connection. */
static bool refuse_finally (struct exchange *exchange, enum error_code code, const char *name, const char *value)
{
    refuse_request (exchange, code, name, value);
    exchange->answer.is_final = true;
    return false;
}

static bool refuse (struct exchange *exchange, enum error_code code, const char *name, const char *value)
{
    refuse_request (exchange, code, name, value);
    return false;
}

void refuse_size (struct exchange *exchange)
{
    bool is_file = (exchange->match.route->flags & ROUTE_UPLOAD) != 0;
    char limit[24];
    snprintf (limit, sizeof limit, "%" PRIu64, is_file ? GATEWAY_FILE_MOST : json_most (exchange->match.route));
    refuse_request (exchange, is_file ? ERR_FILE_TOO_LARGE : ERR_BODY_TOO_LARGE, "limit", limit);
}

static enum MHD_Result add_field (void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    head_add (context, name, value);
    return MHD_YES;
}

/* What marks the request everywhere: the trace id that came, else the caller's own mark, else a new trace id. */
static void correlate (struct exchange *exchange)
{
    const struct head *head = &exchange->head;
    if (trace_id_of (head->traceparent, exchange->correlation))
        return;
    if (is_correlation (head->correlation)) {
        snprintf (exchange->correlation, sizeof exchange->correlation, "%s", head->correlation);
        return;
    }
    char uuid[ID_UUID_SIZE];
    id_uuid7 (clock_ms (CLOCK_REALTIME), uuid);
    trace_id_from_uuid (uuid, exchange->correlation);
}

enum head_verdict read_head (struct exchange *exchange)
{
    struct head *head = &exchange->head;
    head_begin (head, exchange->version);
    MHD_get_connection_values (exchange->connection, MHD_HEADER_KIND, add_field, head);
    correlate (exchange);
    return head_end (head);
}

static bool admit_framing (struct exchange *exchange)
{
    enum head_verdict verdict = exchange->head.verdict;
    return verdict == HEAD_OK || refuse_finally (exchange, ERR_BAD_REQUEST, "why", head_verdict_text (verdict));
}

static bool admit_target (struct exchange *exchange)
{
    switch (route_match (exchange->method, exchange->target, &exchange->match)) {
    case TARGET_OK:
        return true;
    case TARGET_UNKNOWN:
        return refuse (exchange, ERR_NOT_FOUND, NULL, NULL);
    case TARGET_WRONG_METHOD:
        refuse_request (exchange, ERR_METHOD_NOT_ALLOWED, NULL, NULL);
        exchange->answer.allow = exchange->match.allow;
        return false;
    case TARGET_BAD_ENCODING:
        return refuse (exchange, ERR_BAD_REQUEST, "why", "alamat memuat penyandian atau karakter yang tidak sah");
    case TARGET_REPEATED:
        return refuse (exchange, ERR_BAD_REQUEST, "why", "parameter yang sama dikirim berulang");
    case TARGET_TOO_MANY:
        return refuse (exchange, ERR_BAD_REQUEST, "why", "terlalu banyak parameter");
    }
    return false;
}

static bool admit_load (struct exchange *exchange)
{
    struct edge *edge = exchange->edge;
    if (exchange->match.route->flags & ROUTE_OWN)
        return true;
    exchange->is_counted = true;
    metric_add (&figures_in_flight, 0, 0, 1);
    if (atomic_fetch_add (&edge->in_flight, 1) >= edge->most_in_flight)
        return refuse (exchange, ERR_OVERLOADED, NULL, NULL);
    /* after it was counted: http_stop () sees it, or it sees http_stop () */
    exchange->is_cut = atomic_load (&edge->is_closed);
    return !exchange->is_cut;
}

static bool admit_rate (struct exchange *exchange)
{
    if (!(exchange->match.route->flags & ROUTE_RATED))
        return true;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info (exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct sockaddr_storage room;
    const struct sockaddr *caller =
        proxies_caller (exchange->edge->proxies, info ? info->client_addr : NULL, exchange->head.forwarded_for, &room);
    int wait = limit_take (exchange->edge->limit, caller, clock_ms (CLOCK_MONOTONIC));
    if (wait == 0)
        return true;
    char seconds[12];
    snprintf (seconds, sizeof seconds, "%d", wait);
    refuse_request (exchange, ERR_RATE_LIMITED, "seconds", seconds);
    exchange->answer.retry_after = wait;
    return false;
}

static bool admit_token (struct exchange *exchange)
{
    if ((exchange->match.route->flags & ROUTE_PUBLIC) || bearer_token (exchange->head.authorization))
        return true;
    return refuse (exchange, ERR_UNAUTHENTICATED, NULL, NULL);
}

/* A file's length is told beforehand: so a refusal comes before the bytes, and the archive knows when all are there. */
static bool admit_file (struct exchange *exchange)
{
    const struct head *head = &exchange->head;
    bool is_reserved = upload_is_reserved (&exchange->match) ||
                       ((exchange->match.route->flags & ROUTE_PUBLIC) && exchange->match.count > 0);
    if (is_reserved)
        return refuse (exchange, ERR_BAD_REQUEST, "why", "parameter tidak dikenal");
    if ((exchange->match.route->flags & ROUTE_PAGE) && !is_form_type (head->content_type))
        return refuse (exchange, ERR_MEDIA_TYPE_UNSUPPORTED, "expected", "multipart/form-data");
    if (!head->has_length)
        return refuse_finally (exchange, ERR_LENGTH_REQUIRED, NULL, NULL);
    if (head->length == 0)
        return refuse (exchange, ERR_FILE_EMPTY, NULL, NULL);
    if (head->length <= GATEWAY_FILE_MOST)
        return true;
    refuse_size (exchange);
    exchange->answer.is_final = true;
    return false;
}

static bool admit_json (struct exchange *exchange)
{
    const struct head *head = &exchange->head;
    if (!is_json_type (head->content_type))
        return refuse (exchange, ERR_MEDIA_TYPE_UNSUPPORTED, "expected", "application/json");
    if (!head->has_length || head->length <= json_most (exchange->match.route))
        return true;
    refuse_size (exchange);
    exchange->answer.is_final = true;
    return false;
}

static bool admit_body (struct exchange *exchange)
{
    unsigned flags = exchange->match.route->flags;
    if (flags & ROUTE_UPLOAD)
        return admit_file (exchange);
    if (flags & ROUTE_JSON)
        return admit_json (exchange);
    if (exchange->head.is_chunked || exchange->head.length > 0)
        return refuse_finally (exchange, ERR_BAD_REQUEST, "why", "alamat ini tidak menerima isi");
    return true;
}

static bool admit_key (struct exchange *exchange)
{
    const char *key = exchange->head.idempotency_key;
    bool is_needed = (exchange->match.route->flags & ROUTE_COMMAND) != 0;
    if (!is_needed)
        exchange->head.idempotency_key = NULL; /* what needs none gets none */
    return !is_needed || is_idempotency_key (key) || refuse (exchange, ERR_IDEMPOTENCY_KEY_REQUIRED, NULL, NULL);
}

bool admit (struct exchange *exchange)
{
    exchange->deadline = clock_ms (CLOCK_REALTIME) + DEADLINE_MS;
    if (!admit_framing (exchange) || !admit_target (exchange) || !admit_load (exchange) || !admit_rate (exchange) ||
        !admit_token (exchange) || !admit_body (exchange) || !admit_key (exchange))
        return false;
    if (exchange->match.route->flags & ROUTE_UPLOAD)
        exchange->deadline += (int64_t)exchange->edge->upload_seconds * 1000 - DEADLINE_MS;
    return true;
}

static void answer_health (struct exchange *exchange)
{
    static const char *const needed[] = {"archive", "document",     "identity", "inspection",  "intake",
                                         "payment", "notification", "signing",  "verification"};
    struct edge *edge = exchange->edge;
    pthread_mutex_lock (&edge->client_mutex);
    int64_t age_ms = 0;
    json_auto_t *live = edge->client ? client_services (edge->client, &age_ms) : NULL;
    pthread_mutex_unlock (&edge->client_mutex);
    json_t *services = json_object (), *missing = json_array ();
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        json_int_t replicas = json_integer_value (json_object_get (json_object_get (live, needed[i]), "replicas"));
        json_object_set_new (services, needed[i], json_integer (replicas));
        if (replicas < 1)
            json_array_append_new (missing, json_string (needed[i]));
    }
    bool is_ready = json_array_size (missing) == 0;
    json_t *health = json_pack ("{s:s, s:o, s:o, s:I}", "status", is_ready ? "ready" : "starting", "services", services,
                                "missing", missing, "age_ms", (json_int_t)age_ms);
    if (*edge->public_url)
        json_object_set_new (health, "public_url", json_string (edge->public_url));
    answer_json (&exchange->answer, is_ready ? 200 : 503, health);
    exchange->phase = PHASE_ANSWER;
}

static void answer_web (struct exchange *exchange)
{
    const struct match *match = &exchange->match;
    const char *path = match->count > 0 ? match->parameters[0].value : NULL;
    const struct asset *asset = exchange->edge->assets && path ? assets_find (exchange->edge->assets, path) : NULL;
    if (asset)
        answer_asset (&exchange->answer, asset,
                      MHD_lookup_connection_value (exchange->connection, MHD_HEADER_KIND, "Accept-Encoding"),
                      MHD_lookup_connection_value (exchange->connection, MHD_HEADER_KIND, "If-None-Match"));
    else if (exchange->edge->assets && !path)
        answer_redirect (&exchange->answer, ASSET_BASE "/");
    else {
        exchange->match.route = NULL; /* an address as unknown as any */
        refuse (exchange, ERR_NOT_FOUND, NULL, NULL);
    }
    exchange->phase = PHASE_ANSWER;
}

void answer_own (struct exchange *exchange)
{
    if (exchange->match.route->flags & ROUTE_ASSET)
        answer_web (exchange);
    else
        answer_health (exchange);
}
