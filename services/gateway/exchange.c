/* The walk of one request, see exchange.h.  The checks of its head are in admit.c. */
#include "exchange.h"

#include "admit.h"
#include "dress.h"
#include "figures.h"

#include "common/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UPLOADS_MOST = 32 }; /* at once: 8 MiB of chunks */

struct exchange *exchange_new (struct edge *edge, struct MHD_Connection *connection, const char *target)
{
    struct exchange *exchange = calloc (1, sizeof *exchange);
    if (!exchange)
        return NULL;
    exchange->edge = edge;
    exchange->connection = connection;
    exchange->target = strdup (target);
    exchange->began = clock_ms (CLOCK_MONOTONIC);
    if (!exchange->target) {
        free (exchange);
        return NULL;
    }
    return exchange;
}

/* The template, not the address: numbers, codes and tokens stay out of the log. */
static void log_exchange (const struct exchange *exchange)
{
    char status[12], ms[24];
    if (exchange->phase == PHASE_OVER)
        snprintf (status, sizeof status, "%d", exchange->answer.status);
    else
        snprintf (status, sizeof status, "cut");
    int64_t elapsed = clock_ms (CLOCK_MONOTONIC) - exchange->began;
    snprintf (ms, sizeof ms, "%lld", (long long)elapsed);
    figures_request (exchange->match.route, exchange->phase == PHASE_OVER ? exchange->answer.status : 0,
                     elapsed * 1000);
    log_correlation (exchange->correlation);
    log_line (LEVEL_INFO, "http.request", "method", exchange->match.route ? exchange->match.route->method : "-",
              "route", exchange->match.route ? exchange->match.route->path : "-", "status", status, "ms", ms, NULL);
    log_correlation (NULL);
}

/* It is at work no more, see admit_load (). */
static void count_out (struct exchange *exchange)
{
    exchange->is_counted = false;
    atomic_fetch_sub (&exchange->edge->in_flight, 1);
    metric_add (&figures_in_flight, 0, 0, -1);
}

void exchange_destroy (struct exchange **exchange_p)
{
    struct exchange *exchange = *exchange_p;
    if (!exchange)
        return;
    log_exchange (exchange);
    if (exchange->is_counted)
        count_out (exchange);
    if (exchange->is_upload_counted)
        atomic_fetch_sub (&exchange->edge->uploads, 1);
    json_decref (exchange->claims);
    form_destroy (&exchange->form);
    upload_destroy (&exchange->upload);
    answer_clear (&exchange->answer);
    free (exchange->body);
    free (exchange->target);
    free (exchange);
    *exchange_p = NULL;
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

/* In the client's thread: keeps the reply and wakes the connection.  Afterwards the exchange is not ours any more. */
static void on_reply (void *context, const struct client_reply *reply)
{
    struct exchange *exchange = context;
    answer_copy (&exchange->answer, reply);
    MHD_resume_connection (exchange->connection);
}

static int ask_client (struct edge *edge, const struct client_request *request, void *context)
{
    int verdict = -1;
    pthread_mutex_lock (&edge->client_mutex);
    if (edge->client)
        verdict = client_ask (edge->client, request, on_reply, context);
    pthread_mutex_unlock (&edge->client_mutex);
    return verdict;
}

/* Suspends the connection until the reply is in exchange->answer, also when nobody can be asked. */
static void ask (struct exchange *exchange, enum phase phase, struct client_request *request)
{
    request->correlation = exchange->correlation;
    request->deadline = exchange->deadline;
    exchange->phase = phase;
    exchange->asked = request->method;
    MHD_suspend_connection (exchange->connection);
    if (ask_client (exchange->edge, request, exchange) < 0) {
        answer_problem (&exchange->answer, ERR_OVERLOADED, exchange->correlation, NULL, NULL);
        MHD_resume_connection (exchange->connection);
    }
}

static void ask_identity (struct exchange *exchange, const char *token)
{
    char body[GATEWAY_TOKEN_MOST + 32]; /* a token has no character that JSON would escape */
    int size = snprintf (body, sizeof body, "{\"token\":\"%s\"}", token);
    struct client_request request = {.method = "identity.session.resolve", .body = body, .body_size = (size_t)size};
    ask (exchange, PHASE_SESSION, &request);
}

static json_t *params_of (const struct match *match)
{
    json_t *params = json_object ();
    for (size_t i = 0; i < match->count; i++) {
        char name[64];
        const struct parameter *parameter = &match->parameters[i];
        size_t size = parameter->name_size < sizeof name ? parameter->name_size : sizeof name - 1;
        memcpy (name, parameter->name, size);
        name[size] = '\0';
        json_object_set_new (params, name, json_string (parameter->value));
    }
    return params;
}

static void ask_service (struct exchange *exchange)
{
    json_auto_t *params = params_of (&exchange->match);
    char sign_out[GATEWAY_TOKEN_MOST + 32];
    struct client_request request = {
        .method = exchange->match.route->ask,
        .claims = exchange->claims,
        .params = params,
        .idempotency_key = exchange->head.idempotency_key,
        .body = exchange->body,
        .body_size = exchange->body_size,
    };
    if (exchange->match.route->flags &
        ROUTE_SIGN_OUT) { /* which of the person's sessions is known by its token alone */
        request.body = sign_out;
        request.body_size = (size_t)snprintf (sign_out, sizeof sign_out, "{\"token\":\"%s\"}",
                                              bearer_token (exchange->head.authorization));
    }
    ask (exchange, PHASE_SERVICE, &request);
}

static void ask_append (struct exchange *exchange)
{
    struct upload *upload = exchange->upload;
    json_auto_t *params = upload_append_params (upload, &exchange->match);
    struct client_request request = {
        .method = "archive.upload.append",
        .claims = exchange->claims,
        .params = params,
        .blob = upload->chunk,
        .blob_size = upload->used,
    };
    ask (exchange, PHASE_CHUNK, &request);
}

static void ask_finish (struct exchange *exchange)
{
    json_auto_t *params = upload_finish_params (exchange->upload, &exchange->match);
    struct client_request request = {.method = "archive.upload.finish", .claims = exchange->claims, .params = params};
    ask (exchange, PHASE_FINISH, &request);
}

/* The uploaded PDF is a file now: ask the route's method about it. */
static void ask_about_file (struct exchange *exchange)
{
    json_auto_t *stored =
        json_loadb (exchange->answer.body ? exchange->answer.body : "", exchange->answer.size, 0, NULL);
    const char *file = json_string_value (json_object_get (stored, "file"));
    if (!file) {
        log_line (LEVEL_ERROR, "archive.reply_unreadable", NULL);
        refuse_request (exchange, ERR_INTERNAL, NULL, NULL);
        return;
    }
    json_auto_t *params = json_pack ("{s:s}", "file", file);
    struct client_request request = {
        .method = exchange->match.route->ask, .claims = exchange->claims, .params = params};
    ask (exchange, PHASE_SERVICE, &request);
}

/* ---- phases ------------------------------------------------------------------------------------------------------ */

static bool expects_body (const struct exchange *exchange)
{
    return (exchange->match.route->flags & (ROUTE_JSON | ROUTE_UPLOAD)) != 0;
}

static bool open_upload (struct exchange *exchange)
{
    bool is_form = (exchange->match.route->flags & ROUTE_PAGE) != 0;
    exchange->is_upload_counted = true;
    if (atomic_fetch_add (&exchange->edge->uploads, 1) >= UPLOADS_MOST)
        return false;
    exchange->upload = upload_new (exchange->head.length + (is_form ? FORM_SLACK : 0), clock_ms (CLOCK_REALTIME));
    if (exchange->upload && is_form)
        exchange->form = form_new (exchange->connection, exchange->upload);
    return exchange->upload && (!is_form || exchange->form);
}

/* From here on it is no request in flight any more: it stays until the officer or we go. */
static void open_stream (struct exchange *exchange)
{
    if (exchange->match.count > 0) {
        refuse_request (exchange, ERR_BAD_REQUEST, "why", "parameter tidak dikenal");
        return;
    }
    struct MHD_Response *stream = live_open (exchange->edge->live, exchange->connection, exchange->claims);
    if (!stream) {
        refuse_request (exchange, ERR_OVERLOADED, NULL, NULL);
        return;
    }
    answer_stream (&exchange->answer, stream);
    exchange->phase = PHASE_ANSWER;
    count_out (exchange);
}

/* Everything before the body has been accepted. */
static void open_body (struct exchange *exchange)
{
    if (exchange->match.route->flags & ROUTE_LIVE)
        open_stream (exchange);
    else if (!expects_body (exchange))
        ask_service (exchange);
    else if ((exchange->match.route->flags & ROUTE_UPLOAD) && !open_upload (exchange))
        refuse_request (exchange, ERR_OVERLOADED, NULL, NULL);
    else
        exchange->phase = PHASE_BODY;
}

static void begin (struct exchange *exchange)
{
    if (!admit (exchange))
        return;
    const char *token = bearer_token (exchange->head.authorization);
    if (exchange->match.route->flags & ROUTE_OWN) {
        answer_own (exchange);
        return;
    }
    if (is_bare_page (exchange)) {
        exchange->answer.status = 200;
        exchange->phase = PHASE_ANSWER;
        return;
    }
    if (exchange->match.route->flags & ROUTE_PUBLIC) {
        open_body (exchange);
        return;
    }
    exchange->claims = session_find (exchange->edge->sessions, token, clock_ms (CLOCK_REALTIME));
    if (exchange->claims)
        open_body (exchange);
    else
        ask_identity (exchange, token);
}

/* Identity has answered. */
static void absorb_session (struct exchange *exchange)
{
    struct answer *answer = &exchange->answer;
    exchange->phase = PHASE_ANSWER;
    if (answer->status >= 400 && answer->status < 500) /* also a token of a shape that identity does not know */
        refuse_request (exchange, ERR_UNAUTHENTICATED, NULL, NULL);
    if (answer->status != 200)
        return;
    json_t *claims = json_loadb (answer->body ? answer->body : "", answer->size, 0, NULL);
    if (!json_is_string (json_object_get (claims, "account"))) {
        json_decref (claims);
        log_line (LEVEL_ERROR, "identity.reply_unreadable", NULL);
        refuse_request (exchange, ERR_INTERNAL, NULL, NULL);
        return;
    }
    json_object_del (claims, "expires_at");
    exchange->claims = claims;
    session_put (exchange->edge->sessions, bearer_token (exchange->head.authorization), claims,
                 clock_ms (CLOCK_REALTIME));
    answer_clear (answer);
    open_body (exchange);
}

static void absorb_service (struct exchange *exchange)
{
    const struct route *route = exchange->match.route;
    exchange->phase = PHASE_ANSWER;
    exchange->answer.is_kept = (route->flags & ROUTE_CACHED) != 0;
    if (route->flags & ROUTE_SIGN_OUT)
        session_drop (exchange->edge->sessions, bearer_token (exchange->head.authorization));
}

/* The connection has been resumed: takes the reply to where the exchange stopped. */
static void absorb (struct exchange *exchange)
{
    if (!exchange->asked)
        return;
    answer_complete (&exchange->answer, exchange->correlation, exchange->asked);
    exchange->asked = NULL;
    bool is_good = exchange->answer.status >= 200 && exchange->answer.status < 300;
    switch (exchange->phase) {
    case PHASE_SESSION:
        absorb_session (exchange);
        break;
    case PHASE_CHUNK:
        exchange->phase = is_good ? PHASE_BODY : PHASE_ANSWER;
        if (is_good)
            upload_advance (exchange->upload);
        break;
    case PHASE_FINISH:
        exchange->phase = PHASE_ANSWER;
        if (is_good && strcmp (exchange->match.route->ask, "archive.upload.finish") != 0)
            ask_about_file (exchange);
        break;
    case PHASE_SERVICE:
        absorb_service (exchange);
        break;
    case PHASE_HEAD:
    case PHASE_BODY:
    case PHASE_ANSWER:
    case PHASE_OVER:
        break;
    }
}

/* Adds to the JSON body; what is over the limit makes the answer 413. */
static void take_json (struct exchange *exchange, const char *data, size_t size)
{
    size_t needed = exchange->body_size + size;
    if (needed > json_most (exchange->match.route)) {
        refuse_size (exchange);
        return;
    }
    if (needed > exchange->body_capacity) {
        size_t capacity = needed < 2048 ? 2048 : needed * 2;
        if (exchange->head.has_length && exchange->head.length >= needed)
            capacity = (size_t)exchange->head.length;
        char *body = realloc (exchange->body, capacity);
        if (!body) {
            refuse_request (exchange, ERR_OVERLOADED, NULL, NULL);
            return;
        }
        exchange->body = body;
        exchange->body_capacity = capacity;
    }
    memcpy (exchange->body + exchange->body_size, data, size);
    exchange->body_size = needed;
}

/* Takes what there is room for and leaves the rest with libmicrohttpd, so that a slow archive slows the sender. */
static size_t take_file (struct exchange *exchange, const char *data, size_t size)
{
    size_t taken = upload_take (exchange->upload, data, size);
    if (upload_is_full (exchange->upload))
        ask_append (exchange);
    return taken;
}

static const char no_form[] = "isinya bukan formulir dengan satu berkas";

/* The same from within a form. */
static size_t take_form (struct exchange *exchange, const char *data, size_t size)
{
    ssize_t taken = form_take (exchange->form, data, size);
    if (taken < 0) {
        refuse_request (exchange, ERR_BAD_REQUEST, "why", no_form);
        return size;
    }
    if (form_is_full (exchange->form))
        ask_append (exchange);
    return (size_t)taken;
}

static enum MHD_Result take_body (struct exchange *exchange, const char *data, size_t *size)
{
    size_t taken = *size;
    if (exchange->phase == PHASE_BODY && exchange->form)
        taken = take_form (exchange, data, *size);
    else if (exchange->phase == PHASE_BODY && exchange->upload)
        taken = take_file (exchange, data, *size);
    else if (exchange->phase == PHASE_BODY)
        take_json (exchange, data, *size);
    exchange->received += taken;
    *size -= taken;
    /* No answer can be queued in the midst of a body, so a sender that is too slow or never stops is cut off. */
    if (exchange->received > GATEWAY_FILE_MOST || clock_ms (CLOCK_REALTIME) > exchange->deadline)
        if (exchange->phase == PHASE_BODY || exchange->phase == PHASE_ANSWER)
            return MHD_NO;
    return MHD_YES;
}

/* The body is complete. */
static void close_body (struct exchange *exchange)
{
    if (!exchange->upload)
        ask_service (exchange);
    else if (exchange->form && !form_end (exchange->form))
        refuse_request (exchange, ERR_BAD_REQUEST, "why", no_form);
    else if (exchange->upload->used > 0)
        ask_append (exchange);
    else if (exchange->upload->offset == 0)
        refuse_request (exchange, ERR_FILE_EMPTY, NULL, NULL);
    else
        ask_finish (exchange);
}

/* ---- the end ----------------------------------------------------------------------------------------------------- */

/* A refused request whose small body is on its way is read to its end, so that the connection stays usable. */
static bool is_worth_draining (const struct exchange *exchange)
{
    const struct head *head = &exchange->head;
    return !exchange->answer.is_final && head->has_length && head->length > 0 && head->length <= GATEWAY_JSON_MOST &&
           !MHD_lookup_connection_value (exchange->connection, MHD_HEADER_KIND, "Expect");
}

static enum MHD_Result finish (struct exchange *exchange, bool is_body_left)
{
    if (is_body_left || atomic_load (&exchange->edge->is_draining))
        exchange->answer.is_final = true;
    exchange->phase = PHASE_OVER;
    dress (exchange);
    return answer_queue (&exchange->answer, exchange->connection, exchange->correlation);
}

static bool has_body (const struct exchange *exchange)
{
    return exchange->head.is_chunked || exchange->head.length > 0;
}

/* libmicrohttpd calls once after the head, then with pieces of the body, then once more with nothing.  An answer that
 * is queued at the first call costs the connection, so a request without a body is begun at the second one. */
enum MHD_Result exchange_step (struct exchange *exchange, const char *method, const char *version, const char *data,
                               size_t *size)
{
    if (!exchange->method) {
        exchange->method = method;
        exchange->version = version;
        if (read_head (exchange) == HEAD_OK && !has_body (exchange))
            return MHD_YES;
        exchange->is_early = true;
    }
    bool is_early = exchange->is_early;
    if (exchange->phase == PHASE_HEAD)
        begin (exchange);
    else
        absorb (exchange);
    if (exchange->is_cut) /* on a kept connection: whoever sent it may repeat it elsewhere (RFC 9112, section 9.3.1) */
        return MHD_NO;

    if (is_early) {
        exchange->is_early = exchange->phase == PHASE_SESSION;
        if (exchange->phase != PHASE_ANSWER || is_worth_draining (exchange))
            return MHD_YES; /* suspended, or the body comes next */
        return finish (exchange, true);
    }
    if (*size > 0)
        return take_body (exchange, data, size);
    if (exchange->phase == PHASE_BODY)
        close_body (exchange);
    return exchange->phase == PHASE_ANSWER ? finish (exchange, false) : MHD_YES;
}
