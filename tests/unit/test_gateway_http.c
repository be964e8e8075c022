/* The gateway's HTTP face on a real socket, with a client of our own in the place of common/client.c: what it asks the
 * services, what it answers, and what it refuses without asking anybody. */
#include "gateway.h"
#include "http.h"
#include "session.h"

#include "common/log.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- the services ------------------------------------------------------------------------------------------------ */

enum { HELD_MOST = 64 };

/* Answers from a thread of its own, like the real one.  "inspection.visit.list" is never answered. */
struct _client_t {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    struct question *first;
    bool is_stopping;
    client_done_fn *held[HELD_MOST];
    void *held_context[HELD_MOST];
    int held_count;
};

struct question {
    struct question *next;
    client_done_fn *done;
    void *context;
    int status;
    const char *media_type, *filename;
    char *body;
    size_t size;
};

static struct {
    atomic_int asked, resolved, chunks, finished;
    atomic_int upload_bytes;
    atomic_bool is_live;
} seen;

static char *echo (const struct client_request *request)
{
    json_auto_t *value =
        json_pack ("{s:s, s:s?, s:s, s:O?, s:O?, s:s%}", "method", request->method, "key", request->idempotency_key,
                   "correlation", request->correlation, "params", request->params, "claims", request->claims, "body",
                   request->body ? (const char *)request->body : "", request->body ? request->body_size : (size_t)0);
    return json_dumps (value, JSON_COMPACT);
}

/* Of somebody of Ra'as, and of the whole kabupaten 35.78. */
static char *place_claims (const struct client_request *request)
{
    json_auto_t *asked = json_loadb (request->body, request->body_size, 0, NULL);
    json_auto_t *claims =
        json_pack ("{s:O, s:s, s:s, s:[{s:s, s:s}, {s:s, s:s}], s:s}", "account", json_object_get (asked, "token"),
                   "username", "abdul", "name", "Abdul", "grants", "role", "loket", "place", "35.29.22", "role",
                   "admin_kabupaten", "place", "35.78", "expires_at", "2030-01-01T00:00:00Z");
    return json_dumps (claims, JSON_COMPACT);
}

static void decide (const struct client_request *request, struct question *question)
{
    const char *method = request->method;
    question->status = 200;
    question->media_type = "application/json";
    if (strcmp (method, "identity.session.resolve") == 0) {
        bool is_good = memmem (request->body, request->body_size, "\"good", 5) != NULL;
        question->status = is_good ? 200 : 401;
        bool is_place = memmem (request->body, request->body_size, "\"good-", 6) != NULL; /* the token is the account */
        if (is_place)
            question->body = place_claims (request);
        else
            question->body =
                strdup (is_good ? "{\"account\":\"a-1\",\"username\":\"siti\",\"name\":\"Siti\",\"grants\":[],"
                                  "\"expires_at\":\"2030-01-01T00:00:00Z\"}"
                                : "{\"type\":\"about:blank\",\"status\":401,\"code\":\"unauthenticated\","
                                  "\"detail\":\"Silakan masuk\"}");
        question->media_type = is_good ? "application/json" : "application/problem+json";
        atomic_fetch_add (&seen.resolved, 1);
    } else if (strcmp (method, "archive.upload.append") == 0) {
        const char *offset = json_string_value (json_object_get (request->params, "offset"));
        assert_int_equal (atoi (offset), seen.upload_bytes); /* each chunk begins where the former ended */
        assert_true (request->blob_size > 0 && request->blob_size <= 256 * 1024);
        bool is_refused = strcmp (json_string_value (json_object_get (request->params, "purpose")), "nonsense") == 0;
        atomic_fetch_add (&seen.upload_bytes, (int)request->blob_size);
        atomic_fetch_add (&seen.chunks, 1);
        question->status = is_refused ? 422 : 200;
        question->body = strdup (is_refused ? "{\"status\":422,\"code\":\"schema_violation\",\"detail\":\"x\"}" : "{}");
        question->media_type = is_refused ? "application/problem+json" : "application/json";
    } else if (strcmp (method, "archive.upload.finish") == 0) {
        atomic_fetch_add (&seen.finished, 1);
        assert_int_equal (atoi (json_string_value (json_object_get (request->params, "size"))), seen.upload_bytes);
        question->status = 201;
        question->body = strdup ("{\"file\":\"f-1\"}");
    } else if (strncmp (method, "payment.", 8) == 0)
        question->status = strcmp (method, "payment.bill.get") == 0 ? 504 : 503;
    else if (strncmp (method, "document.", 9) == 0) {
        question->body = strdup ("%PDF-1.7");
        question->media_type = "application/pdf";
        question->filename = "tanda terima.pdf";
    } else
        question->body = echo (request);
    question->size = question->body ? strlen (question->body) : 0;
}

static void answer_question (struct question *question)
{
    struct client_reply reply = {question->status, question->media_type, question->filename, question->body,
                                 question->size};
    question->done (question->context, &reply);
    free (question->body);
    free (question);
}

static void *client_run (void *argument)
{
    client_t *client = argument;
    pthread_mutex_lock (&client->mutex);
    while (client->first || !client->is_stopping) {
        struct question *question = client->first;
        if (!question) {
            pthread_cond_wait (&client->wake, &client->mutex);
            continue;
        }
        client->first = question->next;
        pthread_mutex_unlock (&client->mutex);
        answer_question (question);
        pthread_mutex_lock (&client->mutex);
    }
    pthread_mutex_unlock (&client->mutex);
    for (int i = 0; i < client->held_count; i++)
        client->held[i](client->held_context[i], &(struct client_reply){.status = 503});
    return NULL;
}

client_t *client_new (const char *name, int most_in_flight, const struct client_ears *ears)
{
    (void)name;
    (void)most_in_flight;
    (void)ears;
    client_t *client = calloc (1, sizeof *client);
    pthread_mutex_init (&client->mutex, NULL);
    pthread_cond_init (&client->wake, NULL);
    pthread_create (&client->thread, NULL, client_run, client);
    return client;
}

void client_destroy (client_t **client_p)
{
    client_t *client = *client_p;
    if (!client)
        return;
    pthread_mutex_lock (&client->mutex);
    client->is_stopping = true;
    pthread_cond_signal (&client->wake);
    pthread_mutex_unlock (&client->mutex);
    pthread_join (client->thread, NULL);
    free (client);
    *client_p = NULL;
}

int client_ask (client_t *client, const struct client_request *request, client_done_fn *done, void *context)
{
    struct question *question = NULL;
    atomic_fetch_add (&seen.asked, 1);
    if (strcmp (request->method, "identity.account.list") == 0)
        return -1;
    pthread_mutex_lock (&client->mutex);
    if (strcmp (request->method, "inspection.visit.list") == 0) {
        assert_true (client->held_count < HELD_MOST);
        client->held[client->held_count] = done;
        client->held_context[client->held_count++] = context;
    } else {
        question = calloc (1, sizeof *question);
        *question = (struct question){.done = done, .context = context};
        decide (request, question);
        struct question **last = &client->first;
        while (*last)
            last = &(*last)->next;
        *last = question;
        pthread_cond_signal (&client->wake);
    }
    pthread_mutex_unlock (&client->mutex);
    return 0;
}

json_t *client_services (client_t *client)
{
    static const char *const names[] = {"archive", "document",     "identity", "inspection",  "intake",
                                        "payment", "notification", "signing",  "verification"};
    (void)client;
    json_t *services = json_object ();
    for (int i = 0; i < (seen.is_live ? 9 : 8); i++)
        json_object_set_new (services, names[i], json_pack ("{s:i, s:[i]}", "replicas", 1, "pids", 4711));
    return services;
}

/* ---- a bare HTTP client ------------------------------------------------------------------------------------------ */

enum { STREAMS_MOST = 10, TICK_MS = 100 };

static http_t *http;
static live_t *live; /* the gateway's */
static char answer[64 * 1024];

static int dial (void)
{
    int handle = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl (INADDR_LOOPBACK),
                                  .sin_port = htons ((uint16_t)http_port (http))};
    struct timeval patience = {.tv_sec = 60};
    setsockopt (handle, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal (connect (handle, (struct sockaddr *)&address, sizeof address), 0);
    return handle;
}

static void put (int handle, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t sent = send (handle, text, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* the other side may close early: that is what some tests want */
        text += sent;
        size -= (size_t)sent;
    }
}

/* Reads until the other side closes; returns the status. */
static int drain (int handle)
{
    size_t used = 0;
    for (ssize_t got; (got = recv (handle, answer + used, sizeof answer - 1 - used, 0)) > 0;)
        used += (size_t)got;
    answer[used] = '\0';
    close (handle);
    return used > 12 ? atoi (answer + 9) : 0;
}

static int exchange_bytes (const char *text, size_t size)
{
    int handle = dial ();
    put (handle, text, size);
    return drain (handle);
}

/* The request must make the server close: by "Connection: close" or by being refused. */
static int raw (const char *text)
{
    return exchange_bytes (text, strlen (text));
}

#define GOOD "Authorization: Bearer good\r\n"
#define END  "Host: a\r\nConnection: close\r\n"
#define JSON "Content-Type: application/json\r\n"
#define KEY  "Idempotency-Key: k-1\r\n"

static bool said (const char *text)
{
    return strstr (answer, text) != NULL;
}

static const char *web_folder; /* of the officers' application, when a test wants one */

static int start (void **state)
{
    (void)state;
    memset (&seen, 0, sizeof seen);
    seen.is_live = true;
    const struct http_settings settings = {.listen = "127.0.0.1:0",
                                           .threads = 2,
                                           .most_in_flight = 8,
                                           .most_connections = 256,
                                           .upload_seconds = 30,
                                           .public_rate = 100};
    live = live_new (STREAMS_MOST, TICK_MS);
    const struct http_parts parts = {client_new ("gateway", 8, NULL), web_folder ? assets_load (web_folder) : NULL,
                                     live};
    http = http_start (&settings, &parts);
    return http ? 0 : -1;
}

static int stop (void **state)
{
    (void)state;
    http_stop (&http);
    return 0;
}

/* ---- answers ----------------------------------------------------------------------------------------------------- */

static void a_query_is_asked_and_answered (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /v1/applications?kecamatan=35.29.22&q=a%20b HTTP/1.1\r\n" GOOD
                           "X-Correlation-Id: my-id\r\n" END "\r\n"),
                      200);
    assert_true (said ("\"method\":\"intake.application.list\""));
    assert_true (said ("\"params\":{\"kecamatan\":\"35.29.22\",\"q\":\"a b\"}"));
    assert_true (said ("\"claims\":{\"account\":\"a-1\",\"username\":\"siti\",\"name\":\"Siti\",\"grants\":[]}"));
    assert_true (said ("\"correlation\":\"my-id\""));
    assert_true (said ("X-Correlation-Id: my-id\r\n"));
    assert_true (said ("Cache-Control: no-store\r\n"));
    assert_true (said ("X-Content-Type-Options: nosniff\r\n"));
    assert_int_equal (raw ("GET /v1/applications HTTP/1.1\r\n" GOOD END "\r\n"), 200);
    assert_int_equal (seen.resolved, 1); /* the second time from memory */
    assert_int_equal (raw ("HEAD /v1/applications HTTP/1.1\r\n" GOOD END "\r\n"), 200);
    assert_false (said ("intake.application.list"));
}

static void a_command_brings_key_and_body (void **state)
{
    (void)state;
    assert_int_equal (
        raw ("POST /v1/payment/bills/x/cash HTTP/1.1\r\n" GOOD JSON KEY END "Content-Length: 2\r\n\r\n{}"), 503);
    assert_true (said ("\"code\":\"service_unavailable\"") && said ("Layanan payment"));
    assert_true (said ("Retry-After: 1\r\n"));
    assert_int_equal (raw ("POST /v1/applications HTTP/1.1\r\n" GOOD JSON KEY END "Content-Length: 7\r\n\r\n{\"a\":1}"),
                      200);
    assert_true (said ("\"key\":\"k-1\"") && said ("\"body\":\"{\\\"a\\\":1}\""));
    assert_int_equal (raw ("POST /v1/applications HTTP/1.1\r\n" GOOD JSON KEY END
                           "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n"),
                      200);
    assert_true (said ("\"body\":\"{\\\"a\\\":1}\""));
    assert_int_equal (raw ("GET /v1/payment/bills/x HTTP/1.1\r\n" GOOD END "\r\n"), 504);
    assert_true (said ("\"code\":\"deadline_exceeded\""));
    assert_int_equal (raw ("GET /v1/accounts HTTP/1.1\r\n" GOOD END "\r\n"), 503);
    assert_true (said ("\"code\":\"overloaded\""));
}

static void bytes_have_their_name (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /v1/applications/x/receipt.pdf HTTP/1.1\r\n" GOOD END "\r\n"), 200);
    assert_true (said ("Content-Type: application/pdf\r\n") && said ("\r\n\r\n%PDF-1.7"));
    assert_true (said ("Content-Disposition: inline; filename=\"tanda terima.pdf\"\r\n"));
}

static void health_names_the_missing (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /v1/health HTTP/1.1\r\n" END "\r\n"), 200);
    assert_true (said ("\"status\":\"ready\"") && said ("\"missing\":[]") && !said ("4711"));
    seen.is_live = false;
    assert_int_equal (raw ("GET /v1/health HTTP/1.1\r\n" END "\r\n"), 503);
    assert_true (said ("\"status\":\"starting\"") && said ("\"missing\":[\"verification\"]"));
    assert_int_equal (seen.asked, 0);
}

static void sign_out_is_at_once (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /v1/sessions/current HTTP/1.1\r\n" GOOD END "\r\n"), 200);
    assert_int_equal (raw ("DELETE /v1/sessions/current HTTP/1.1\r\n" GOOD END "\r\n"), 200);
    assert_true (said ("\"body\":\"{\\\"token\\\":\\\"good\\\"}\""));
    assert_int_equal (raw ("GET /v1/sessions/current HTTP/1.1\r\n" GOOD END "\r\n"), 200);
    assert_int_equal (seen.resolved, 2);
}

static void public_lists_may_be_kept (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /v1/services HTTP/1.1\r\n" END "\r\n"), 200);
    assert_true (said ("Cache-Control: public, max-age=60\r\n") && said ("\"claims\":null"));
}

static void write_file (const char *folder, const char *name, const char *text)
{
    char path[200];
    snprintf (path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    fputs (text, file);
    fclose (file);
}

static int start_with_web (void **state)
{
    static char folder[40];
    char path[200];
    snprintf (folder, sizeof folder, "/tmp/paten_web_XXXXXX");
    web_folder = mkdtemp (folder);
    snprintf (path, sizeof path, "%s/aset", web_folder);
    assert_int_equal (mkdir (path, 0700), 0);
    write_file (web_folder, "index.html", "<p>petugas</p>");
    write_file (web_folder, "index.html.br", "brotli");
    write_file (web_folder, "aset/index-1.js", "start()");
    return start (state);
}

static int stop_with_web (void **state)
{
    static const char *const names[] = {"aset/index-1.js", "aset", "index.html", "index.html.br", ""};
    char path[200];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf (path, sizeof path, "%s/%s", web_folder, names[i]);
        assert_int_equal (remove (path), 0);
    }
    web_folder = NULL;
    return stop (state);
}

static void the_application_is_served (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /petugas/ HTTP/1.1\r\n" END "\r\n"), 200);
    assert_true (said ("Content-Type: text/html; charset=utf-8\r\n") && said ("\r\n\r\n<p>petugas</p>"));
    assert_true (said ("Cache-Control: no-cache\r\n") && said ("Vary: Accept-Encoding\r\n"));
    assert_true (said ("script-src 'self'") && said ("frame-ancestors 'none'") && said ("camera=(self)"));
    assert_true (said ("X-Content-Type-Options: nosniff\r\n") && said ("Referrer-Policy: no-referrer\r\n"));
    assert_int_equal (raw ("GET /petugas/loket/35.29.22?q=1&q=2 HTTP/1.1\r\n" END "\r\n"), 200);
    assert_true (said ("<p>petugas</p>"));
    assert_int_equal (raw ("GET /petugas/ HTTP/1.1\r\nAccept-Encoding: gzip, br\r\n" END "\r\n"), 200);
    assert_true (said ("Content-Encoding: br\r\n") && said ("\r\n\r\nbrotli"));
    assert_int_equal (raw ("GET /petugas/aset/index-1.js HTTP/1.1\r\n" END "\r\n"), 200);
    assert_true (said ("Cache-Control: public, max-age=31536000, immutable\r\n") && said ("start()"));
    assert_int_equal (raw ("HEAD /petugas/aset/index-1.js HTTP/1.1\r\n" END "\r\n"), 200);
    assert_true (said ("Content-Length: 7\r\n") && !said ("start()"));
    assert_int_equal (raw ("GET /petugas HTTP/1.1\r\n" END "\r\n"), 308);
    assert_true (said ("Location: /petugas/\r\n"));
    assert_int_equal (seen.asked, 0);
}

static void a_kept_file_is_not_sent_again (void **state)
{
    char request[300];
    (void)state;
    assert_int_equal (raw ("GET /petugas/ HTTP/1.1\r\n" END "\r\n"), 200);
    const char *etag = strstr (answer, "ETag: ");
    assert_non_null (etag);
    snprintf (request, sizeof request, "GET /petugas/ HTTP/1.1\r\nIf-None-Match: W/\"0\", %.34s\r\n" END "\r\n",
              etag + 6);
    assert_int_equal (raw (request), 304);
    assert_true (said ("ETag: ") && said ("Cache-Control: no-cache\r\n") && !said ("petugas</p>"));
    snprintf (request + strlen (request) - 2, 40, "Accept-Encoding: br\r\n\r\n");
    assert_int_equal (raw (request), 200); /* another form is another thing */
}

static void nothing_outside_the_folder_has_a_name (void **state)
{
    static const char *const addresses[] = {
        "/petugas/nothing.js",     "/petugas/../../etc/hosts.conf", "/petugas/..%2f..%2fetc%2fhosts.conf",
        "/petugas/aset/../x.html", "/petugas/%2e%2e/index.html",    "/petugas//etc/ld.so.conf",
        "/petugas/index.html.br",  "/petugas/aset/index-1.js%00",   "/petugas/aset\\index-1.js",
    };
    char request[200];
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        snprintf (request, sizeof request, "GET %s HTTP/1.1\r\n" END "\r\n", addresses[i]);
        assert_int_equal (raw (request), 404);
    }
    assert_int_equal (raw ("GET /petugas/etc/passwd HTTP/1.1\r\n" END "\r\n"), 200); /* the application says that
                                                                                         it has no such place */
    assert_true (said ("<p>petugas</p>"));
    assert_int_equal (raw ("POST /petugas/ HTTP/1.1\r\nContent-Length: 0\r\n" END "\r\n"), 405);
}

/* ---- streams ----------------------------------------------------------------------------------------------------- */

/* What comes until `wanted` is in it or `ms` are over, added to `answer`; -1: the other side has closed. */
static int hear (int handle, const char *wanted, int ms)
{
    size_t used = strlen (answer);
    while (!strstr (answer, wanted)) {
        struct pollfd ready = {.fd = handle, .events = POLLIN};
        if (poll (&ready, 1, ms) == 0)
            return 0;
        ssize_t got = recv (handle, answer + used, sizeof answer - 1 - used, 0);
        if (got <= 0)
            return -1;
        answer[used += (size_t)got] = '\0';
    }
    return 1;
}

static int open_stream (const char *token)
{
    char request[200];
    snprintf (request, sizeof request, "GET /v1/changes HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n",
              token);
    int handle = dial ();
    put (handle, request, strlen (request));
    answer[0] = '\0';
    assert_int_equal (hear (handle, ":\n\n", 5000), 1);
    return handle;
}

static void a_stream_tells_that_something_moved (void **state)
{
    (void)state;
    int handle = open_stream ("good-1");
    assert_true (said ("HTTP/1.1 200") && said ("Content-Type: text/event-stream\r\n") &&
                 said ("Cache-Control: no-store"));
    answer[0] = '\0';
    live_heard (live, "step.requested", "35.29.01"); /* elsewhere */
    live_heard (live, "step.requested", "35.29.2");
    live_heard (live, "step.requested", "35.7");
    assert_int_equal (hear (handle, "moved", 4 * TICK_MS), 0);
    for (int i = 0; i < 50; i++)
        live_heard (live, "step.requested", "35.29.22");
    assert_int_equal (hear (handle, LIVE_MESSAGE, 5000), 1);
    answer[0] = '\0';
    assert_int_equal (hear (handle, "moved", 4 * TICK_MS), 0); /* fifty times is once */
    live_heard (live, "step.requested", "35.78.03");
    assert_int_equal (hear (handle, LIVE_MESSAGE, 5000), 1);
    answer[0] = '\0';
    live_heard (live, "application.closed", "");
    assert_int_equal (hear (handle, LIVE_MESSAGE, 5000), 1);
    close (handle);
}

static void a_stream_lives_for_a_while (void **state)
{
    (void)state;
    int handle = open_stream ("good-1");
    answer[0] = '\0';
    assert_int_equal (hear (handle, ":\n\n", 5000), 1);      /* a beat */
    assert_int_equal (hear (handle, "0\r\n\r\n", 30000), 1); /* the end, properly */
    assert_false (said ("moved"));
    close (handle);
    assert_int_equal (raw ("GET /v1/changes HTTP/1.1\r\n" END "\r\n"), 401);
    assert_int_equal (raw ("HEAD /v1/changes HTTP/1.1\r\n" GOOD END "\r\n"), 200);
}

static void streams_are_bounded (void **state)
{
    int handles[STREAMS_MOST];
    char token[20];
    (void)state;
    for (int i = 0; i < LIVE_OF_ONE_MOST; i++)
        handles[i] = open_stream ("good-1");
    for (int i = LIVE_OF_ONE_MOST; i < STREAMS_MOST; i++) {
        snprintf (token, sizeof token, "good-%d", i);
        handles[i] = open_stream (token);
    }
    assert_int_equal (raw ("GET /v1/changes HTTP/1.1\r\n" GOOD END "\r\n"), 503);
    close (handles[STREAMS_MOST - 1]); /* is noticed at the next message, at the latest */
    live_heard (live, "step.requested", "");
    usleep (4 * TICK_MS * 1000);
    live_heard (live, "step.requested", "");
    usleep (4 * TICK_MS * 1000);
    handles[STREAMS_MOST - 1] = open_stream ("good-1"); /* the ninth of one: his first must go */
    answer[0] = '\0';
    assert_int_equal (hear (handles[0], "0\r\n\r\n", 1000), 1);
    for (int i = 0; i < STREAMS_MOST; i++)
        close (handles[i]);
}

/* libmicrohttpd would abort if one were still suspended. */
static void streams_end_when_the_gateway_stops (void **state)
{
    (void)state;
    int handles[3];
    for (int i = 0; i < 3; i++)
        handles[i] = open_stream ("good-1");
    http_stop (&http);
    for (int i = 0; i < 3; i++) {
        answer[0] = '\0';
        assert_int_equal (hear (handles[i], "0\r\n\r\n", 1000), 1);
        close (handles[i]);
    }
}

static void without_a_folder_nothing_is_served (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /petugas/ HTTP/1.1\r\n" END "\r\n"), 404);
    assert_true (said ("\"code\":\"not_found\""));
    assert_int_equal (raw ("GET /petugas HTTP/1.1\r\nAccept: text/html\r\n" END "\r\n"), 404);
    assert_true (said ("text/html"));
}

/* ---- refusals ---------------------------------------------------------------------------------------------------- */

struct refusal {
    const char *request;
    int status;
    const char *code;
};

static void check_refusals (const struct refusal *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char code[80];
        snprintf (code, sizeof code, "\"code\":\"%s\"", cases[i].code);
        int status = raw (cases[i].request);
        if (status != cases[i].status || !said (code) || !said ("application/problem+json"))
            fail_msg ("%s\n→ %d %s", cases[i].request, status, answer);
    }
}

static void refusals_of_the_head (void **state)
{
    static const struct refusal cases[] = {
        {"GET /v1/nothing HTTP/1.1\r\n" END "\r\n", 404, "not_found"},
        {"GET /v1/services/%00 HTTP/1.1\r\n" END "\r\n", 400, "bad_request"},
        {"DELETE /v1/services HTTP/1.1\r\n" END "\r\n", 405, "method_not_allowed"},
        {"GET /v1/services?a=1&a=2 HTTP/1.1\r\n" END "\r\n", 400, "bad_request"},
        {"GET /v1/applications HTTP/1.1\r\n" END "\r\n", 401, "unauthenticated"},
        {"GET /v1/applications HTTP/1.1\r\nAuthorization: Basic YTpi\r\n" END "\r\n", 401, "unauthenticated"},
        {"GET /v1/applications HTTP/1.1\r\nAuthorization: Bearer evil\r\n" END "\r\n", 401, "unauthenticated"},
        {"POST /v1/applications HTTP/1.1\r\n" GOOD KEY END "Content-Length: 2\r\n\r\n{}", 415,
         "media_type_unsupported"},
        {"POST /v1/applications HTTP/1.1\r\n" GOOD JSON END "Content-Length: 2\r\n\r\n{}", 400,
         "idempotency_key_required"},
        {"POST /v1/files?purpose=photo HTTP/1.1\r\n" GOOD END "Content-Length: 0\r\n\r\n", 422, "file_empty"},
        {"POST /v1/files?size=9 HTTP/1.1\r\n" GOOD END "Content-Length: 1\r\n\r\nx", 400, "bad_request"},
        {"POST /v1/verifications?purpose=photo HTTP/1.1\r\n" END "Content-Length: 1\r\n\r\nx", 400, "bad_request"},
    };
    (void)state;
    check_refusals (cases, sizeof cases / sizeof cases[0]);
    assert_int_equal (seen.asked, seen.resolved);
}

/* None of these says "Connection: close": the gateway must close by itself, or the test would wait for ever. */
static void dishonest_framing_closes (void **state)
{
    static const struct refusal cases[] = {
        {"POST /v1/sessions HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", 400,
         "bad_request"},
        {"POST /v1/sessions HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400,
         "bad_request"},
        {"POST /v1/sessions HTTP/1.1\r\nHost: a\r\n" JSON
         "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n",
         400, "bad_request"},
        {"POST /v1/sessions HTTP/1.1\r\nHost: a\r\n" JSON "Transfer-Encoding: xchunked\r\n\r\n", 400, "bad_request"},
        {"GET /v1/health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "bad_request"},
        {"GET /v1/health HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 400, "bad_request"},
        {"POST /v1/files?purpose=photo HTTP/1.1\r\nHost: a\r\n" GOOD "Content-Length: 5242881\r\n\r\n", 413,
         "file_too_large"},
        {"POST /v1/files?purpose=photo HTTP/1.1\r\nHost: a\r\n" GOOD "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411,
         "length_required"},
        {"POST /v1/sessions HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: 65537\r\n\r\n", 413, "body_too_large"},
    };
    (void)state;
    check_refusals (cases, sizeof cases / sizeof cases[0]);
    assert_int_equal (seen.asked, 0);
    assert_true (raw ("nonsense\r\n\r\n") != 200);
    assert_false (said ("200 OK"));
    assert_int_equal (raw ("POST /v1/sessions HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: abc\r\n\r\n"), 400);
}

static void large_heads (void **state)
{
    (void)state;
    static char text[48 * 1024];
    int used = snprintf (text, sizeof text, "GET /v1/health HTTP/1.1\r\n" END "X-Long: ");
    memset (text + used, 'x', 40 * 1024);
    memcpy (text + used + 40 * 1024, "\r\n\r\n", 5);
    assert_int_equal (raw (text), 431);
    strcpy (text, "GET /");
    memset (text + 5, 'x', 40 * 1024 - 5);
    strcpy (text + 40 * 1024, " HTTP/1.1\r\n" END "\r\n");
    assert_int_equal (raw (text), 414);
}

/* A chunked body over the limit is read to its end and refused; the connection serves the next request. */
static void a_long_chunked_body (void **state)
{
    (void)state;
    enum { CHUNKS = 20, CHUNK = 4096 };
    static char text[CHUNKS * (CHUNK + 8) + 1024];
    int used = snprintf (text, sizeof text,
                         "POST /v1/sessions HTTP/1.1\r\nHost: a\r\n" JSON "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < CHUNKS; i++) {
        used += sprintf (text + used, "1000\r\n");
        memset (text + used, ' ', CHUNK);
        used += CHUNK;
        used += sprintf (text + used, "\r\n");
    }
    used += sprintf (text + used, "0\r\n\r\nGET /v1/health HTTP/1.1\r\n" END "\r\n");
    assert_int_equal (exchange_bytes (text, (size_t)used), 413);
    assert_true (said ("\"code\":\"body_too_large\"") && said ("\"status\":\"ready\""));
    assert_int_equal (seen.asked, 0);
}

/* A refused request's small body is swallowed; the next request on the connection is not made of it. */
static void a_refused_connection_stays_usable (void **state)
{
    (void)state;
    assert_int_equal (raw ("POST /v1/applications HTTP/1.1\r\nHost: a\r\n" JSON KEY "Content-Length: 45\r\n\r\n"
                           "GET /v1/nothing HTTP/1.1\r\nHost: a\r\nxx: yy\r\n\r\n"
                           "GET /v1/health HTTP/1.1\r\n" END "\r\n"),
                      401);
    assert_true (said ("\"status\":\"ready\"") && !said ("not_found"));
}

static void connections_are_kept (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /v1/services?q=first HTTP/1.1\r\nHost: a\r\n\r\n"
                           "GET /v1/applications?q=second HTTP/1.1\r\nHost: a\r\n" GOOD "\r\n"
                           "GET /v1/applications?q=third HTTP/1.1\r\nHost: a\r\n" GOOD "\r\n"
                           "GET /v1/nothing HTTP/1.1\r\nHost: a\r\n\r\n"
                           "DELETE /v1/health HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
                           "POST /v1/applications HTTP/1.1\r\nHost: a\r\n" GOOD JSON KEY "Content-Length: 2\r\n\r\n{}"
                           "POST /v1/applications HTTP/1.1\r\nHost: a\r\n" GOOD JSON KEY "Content-Length: 0\r\n\r\n"
                           "GET /v1/health HTTP/1.1\r\n" END "\r\n"),
                      200);
    assert_true (said ("first") && said ("second") && said ("third") && said ("not_found"));
    assert_true (said ("method_not_allowed") && said ("intake.application.register") && said ("\"ready\""));
}

static void too_many_at_once (void **state)
{
    (void)state;
    int handles[8];
    for (int i = 0; i < 8; i++) {
        handles[i] = dial ();
        const char text[] = "GET /v1/inspection/tasks HTTP/1.1\r\n" GOOD END "\r\n";
        put (handles[i], text, sizeof text - 1);
        while (seen.asked - seen.resolved <= i)
            usleep (1000);
    }
    assert_int_equal (raw ("GET /v1/applications HTTP/1.1\r\n" GOOD END "\r\n"), 503);
    assert_true (said ("\"code\":\"overloaded\"") && said ("Retry-After: "));
    assert_int_equal (raw ("GET /v1/health HTTP/1.1\r\n" END "\r\n"), 200);
    http_stop (&http); /* the eight are answered, not cut */
    for (int i = 0; i < 8; i++) {
        assert_int_equal (drain (handles[i]), 503);
        assert_true (said ("\"code\":\"service_unavailable\"") && said ("Connection: close"));
    }
}

static void knocking_too_often (void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++)
        assert_int_equal (raw ("GET /v1/track?number=1&code=2 HTTP/1.1\r\n" END "\r\n"), 200);
    int status = 200; /* the bucket fills while we knock, but more slowly than we do */
    for (int i = 0; i < 1000 && status == 200; i++)
        status = raw ("GET /v1/track?number=1&code=2 HTTP/1.1\r\n" END "\r\n");
    assert_int_equal (status, 429);
    assert_true (said ("\"code\":\"rate_limited\"") && said ("Retry-After: "));
    assert_int_equal (raw ("GET /v1/services HTTP/1.1\r\n" END "\r\n"), 200); /* not a rated address */
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static int send_file (const char *head, size_t size)
{
    char *text = malloc (size + 1024);
    int used = snprintf (text, 1024, "%sContent-Length: %zu\r\n\r\n", head, size);
    memset (text + used, 'f', size);
    int status = exchange_bytes (text, (size_t)used + size);
    free (text);
    return status;
}

static void a_file_goes_in_chunks (void **state)
{
    (void)state;
    assert_int_equal (
        send_file ("POST /v1/files?purpose=photo&kecamatan=35.29.22&name=a.jpg HTTP/1.1\r\n" GOOD END, 5 * 1024 * 1024),
        201);
    assert_true (said ("{\"file\":\"f-1\"}"));
    assert_int_equal (seen.chunks, 20);
    assert_int_equal (seen.upload_bytes, 5 * 1024 * 1024);
    seen.upload_bytes = 0;
    assert_int_equal (send_file ("POST /v1/files?purpose=photo HTTP/1.1\r\n" GOOD END, 1), 201);
    seen.upload_bytes = 0;
    assert_int_equal (send_file ("POST /v1/files?purpose=photo HTTP/1.1\r\n" GOOD END, 256 * 1024 + 1), 201);
    assert_int_equal (seen.chunks, 23);
}

static void a_file_is_verified (void **state)
{
    (void)state;
    assert_int_equal (send_file ("POST /v1/verifications HTTP/1.1\r\n" END, 300000), 200);
    assert_true (said ("\"method\":\"signing.file.verify\"") && said ("\"params\":{\"file\":\"f-1\"}"));
}

static void a_refused_file (void **state)
{
    (void)state;
    assert_int_equal (send_file ("POST /v1/files?purpose=nonsense HTTP/1.1\r\n" GOOD END, 1000000), 422);
    assert_true (said ("\"code\":\"schema_violation\""));
    assert_int_equal (seen.chunks, 1);
    assert_int_equal (seen.finished, 0);
}

/* ---- pages ------------------------------------------------------------------------------------------------------- */

static void pages_are_html_with_their_policy (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /v/abc HTTP/1.1\r\n" END "\r\n"), 200);
    assert_true (said ("Content-Type: text/html; charset=utf-8\r\n") && said (">ASLI</h1>"));
    assert_true (said ("Content-Security-Policy: default-src 'none'; style-src 'sha256-"));
    assert_true (said ("Cache-Control: no-store\r\n"));
    assert_int_equal (raw ("GET /lacak?number=1&code=2 HTTP/1.1\r\n" END "\r\n"), 200);
    assert_int_equal (seen.asked, 2);
    assert_int_equal (raw ("HEAD /v HTTP/1.1\r\n" END "\r\n"), 200);
    assert_int_equal (raw ("GET /lacak HTTP/1.1\r\n" END "\r\n"), 200);
    assert_true (said ("name=\"number\""));
    assert_int_equal (seen.asked, 2); /* a form asks nobody */
}

static void who_takes_html_is_refused_in_html (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /nothing HTTP/1.1\r\nAccept: text/html,*/*\r\n" END "\r\n"), 404);
    assert_true (said ("text/html; charset=utf-8") && said ("Alamat tidak ditemukan."));
    assert_int_equal (raw ("GET /nothing HTTP/1.1\r\nAccept: */*\r\n" END "\r\n"), 404);
    assert_true (said ("application/problem+json"));
    assert_int_equal (raw ("GET /v1/applications HTTP/1.1\r\nAccept: text/html\r\n" END "\r\n"), 401);
    assert_true (said ("application/problem+json")); /* the interface of programs stays one */
}

#define FORM "POST /v HTTP/1.1\r\n" END "Content-Type: multipart/form-data; boundary=XX\r\n"
#define PART "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n"

/* A form with the file of `size` bytes between `begin` and `end`; the bytes look like boundaries as often as they can. */
static int send_form (const char *begin, size_t size, const char *end)
{
    static const char tease[] = "\r\n--X\r\n--\r\n\r";
    size_t length = strlen (begin) + size + strlen (end);
    char *text = malloc (length + 300);
    int used = snprintf (text, 300, FORM "Content-Length: %zu\r\n\r\n%s", length, begin);
    for (size_t i = 0; i < size; i++)
        text[(size_t)used + i] = tease[i % (sizeof tease - 1)];
    strcpy (text + used + size, end);
    int status = exchange_bytes (text, (size_t)used + size + strlen (end));
    free (text);
    return status;
}

static void a_form_brings_its_file (void **state)
{
    static const size_t sizes[] = {1, 4095, 4096, 4097, 256 * 1024 - 4096, 256 * 1024, 256 * 1024 + 1, 3000000};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        seen.upload_bytes = 0;
        assert_int_equal (send_form (PART, sizes[i], "\r\n--XX--\r\n"), 200);
        assert_int_equal (seen.upload_bytes, sizes[i]);
        assert_true (said ("text/html") && said ("<h1"));
    }
    seen.upload_bytes = 0;
    assert_int_equal (
        send_form ("--XX\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx\r\n" PART, 5000, "\r\n--XX--\r\n"),
        200);
    assert_int_equal (seen.upload_bytes, 5000);
}

static void broken_forms (void **state)
{
    (void)state;
    assert_int_equal (send_form (PART, 100, ""), 400);                            /* never ends */
    assert_int_equal (send_form ("no form at all", 100, "\r\n"), 422);            /* nothing but preamble */
    assert_int_equal (send_form (PART "a\r\n" PART, 100, "\r\n--XX--\r\n"), 400); /* two files */
    assert_int_equal (send_form (PART, 0, "\r\n--XX--\r\n"), 422);                /* an empty one */
    assert_int_equal (send_form ("--XX--\r\n", 0, ""), 422);                      /* none */
    assert_int_equal (raw ("POST /v HTTP/1.1\r\n" END "Content-Type: application/pdf\r\nContent-Length: 1\r\n\r\nx"),
                      415);
    assert_int_equal (
        raw ("POST /v HTTP/1.1\r\n" END "Content-Type: multipart/form-data\r\nContent-Length: 1\r\n\r\nx"), 415);
    assert_int_equal (raw (FORM "Content-Length: 5242881\r\n\r\n"), 413);
    assert_true (said ("text/html"));
    assert_int_equal (seen.finished, 0);
}

/* Bodies that stop midway, connections that are reset at any point: nothing is asked for them, nothing stays (ASan). */
static void aborted_connections (void **state)
{
    (void)state;
    static const char *const texts[] = {
        "POST /v1/applications HTTP/1.1\r\nHost: a\r\n" GOOD JSON KEY "Content-Length: 100\r\n\r\n{\"a\":",
        "POST /v1/applications HTTP/1.1\r\nHost: a\r\n" GOOD JSON KEY "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"a",
        "POST /v1/files?purpose=photo HTTP/1.1\r\nHost: a\r\n" GOOD "Content-Length: 1000\r\n\r\nabc",
        "GET /v1/applications HTTP/1.1\r\nHost: a\r\n" GOOD "\r\nGET /v1/applica",
        "POST /v1/sessions HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: 2\r\n\r\n{}",
        "GET /v1/services HT",
        "",
    };
    for (size_t i = 0; i < 700; i++) {
        int handle = dial ();
        const char *text = texts[i % (sizeof texts / sizeof texts[0])];
        put (handle, text, strlen (text));
        if (i % 2) {
            struct linger reset = {.l_onoff = 1, .l_linger = 0};
            setsockopt (handle, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        }
        close (handle);
    }
    int status = 503; /* until the last of them is over */
    while (status == 503)
        status = raw ("GET /v1/applications HTTP/1.1\r\n" GOOD END "\r\n");
    assert_int_equal (status, 200);
    assert_int_equal (seen.chunks, 0);
}

#define WITH_GATEWAY(test) cmocka_unit_test_setup_teardown (test, start, stop)

int main (void)
{
    const struct CMUnitTest tests[] = {
        WITH_GATEWAY (a_query_is_asked_and_answered),
        WITH_GATEWAY (a_command_brings_key_and_body),
        WITH_GATEWAY (bytes_have_their_name),
        WITH_GATEWAY (health_names_the_missing),
        WITH_GATEWAY (sign_out_is_at_once),
        WITH_GATEWAY (public_lists_may_be_kept),
        WITH_GATEWAY (refusals_of_the_head),
        WITH_GATEWAY (dishonest_framing_closes),
        WITH_GATEWAY (large_heads),
        WITH_GATEWAY (a_long_chunked_body),
        WITH_GATEWAY (a_refused_connection_stays_usable),
        WITH_GATEWAY (connections_are_kept),
        WITH_GATEWAY (too_many_at_once),
        WITH_GATEWAY (knocking_too_often),
        WITH_GATEWAY (a_file_goes_in_chunks),
        WITH_GATEWAY (a_file_is_verified),
        WITH_GATEWAY (a_refused_file),
        WITH_GATEWAY (pages_are_html_with_their_policy),
        WITH_GATEWAY (who_takes_html_is_refused_in_html),
        WITH_GATEWAY (a_form_brings_its_file),
        WITH_GATEWAY (broken_forms),
        WITH_GATEWAY (aborted_connections),
        cmocka_unit_test_setup_teardown (the_application_is_served, start_with_web, stop_with_web),
        cmocka_unit_test_setup_teardown (a_kept_file_is_not_sent_again, start_with_web, stop_with_web),
        cmocka_unit_test_setup_teardown (nothing_outside_the_folder_has_a_name, start_with_web, stop_with_web),
        WITH_GATEWAY (without_a_folder_nothing_is_served),
        WITH_GATEWAY (a_stream_tells_that_something_moved),
        WITH_GATEWAY (a_stream_lives_for_a_while),
        WITH_GATEWAY (streams_are_bounded),
        WITH_GATEWAY (streams_end_when_the_gateway_stops),
    };
    signal (SIGPIPE, SIG_IGN);
    log_open ("test", LEVEL_ERROR);
    return cmocka_run_group_tests (tests, NULL, NULL);
}
