/* See gateway_fixture.h. */
#include "gateway_fixture.h"

#include "common/log.h"

#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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

struct seen seen;

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

json_t *client_services (client_t *client, int64_t *age_ms)
{
    static const char *const names[] = {"archive", "document",     "identity", "inspection",  "intake",
                                        "payment", "notification", "signing",  "verification"};
    (void)client;
    *age_ms = 250;
    json_t *services = json_object ();
    for (int i = 0; i < (seen.is_live ? 9 : 8); i++)
        json_object_set_new (services, names[i], json_pack ("{s:i, s:[i]}", "replicas", 1, "pids", 4711));
    return services;
}

/* ---- a bare HTTP client ------------------------------------------------------------------------------------------ */

http_t *http;
live_t *live;
char answer[64 * 1024];

int dial (void)
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

void put (int handle, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t sent = send (handle, text, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* the other side may close early: that is what some tests want */
        text += sent;
        size -= (size_t)sent;
    }
}

int drain (int handle)
{
    size_t used = 0;
    for (ssize_t got; (got = recv (handle, answer + used, sizeof answer - 1 - used, 0)) > 0;)
        used += (size_t)got;
    answer[used] = '\0';
    close (handle);
    return used > 12 ? atoi (answer + 9) : 0;
}

int exchange_bytes (const char *text, size_t size)
{
    int handle = dial ();
    put (handle, text, size);
    return drain (handle);
}

int raw (const char *text)
{
    return exchange_bytes (text, strlen (text));
}

bool said (const char *text)
{
    return strstr (answer, text) != NULL;
}

/* ---- set-up and tear-down ---------------------------------------------------------------------------------------- */

int be_quiet (void **state)
{
    (void)state;
    signal (SIGPIPE, SIG_IGN);
    log_open ("test", LEVEL_ERROR);
    return 0;
}

int start_with (const char *web_folder)
{
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

int start (void **state)
{
    (void)state;
    return start_with (NULL);
}

int stop (void **state)
{
    (void)state;
    http_stop (&http);
    return 0;
}
