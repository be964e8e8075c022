/* Everything that the gateway reads of a browser, by way of the real daemon on a socket: heads, addresses and queries,
 * JSON bodies, uploads in chunks and forms (multipart).  The services are answered for by this file.
 * An input is what the browser sends on one connection. */
#include "common/auto.h"
#include "common/client.h"
#include "common/log.h"
#include "fuzz.h"
#include "gateway.h"
#include "http.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- the services, in place of common/client.c -------------------------------------------------------------------- */

struct _client_t {
    int unused;
};

client_t *client_new (const char *name, int most_in_flight, const struct client_ears *ears)
{
    (void)name;
    (void)most_in_flight;
    (void)ears;
    return calloc (1, sizeof (client_t));
}

void client_destroy (client_t **client)
{
    free (*client);
    *client = NULL;
}

static const char *reply_to (const char *method)
{
    if (strcmp (method, "identity.session.resolve") == 0)
        return "{\"account\":\"a-1\",\"username\":\"siti\",\"name\":\"Siti\",\"grants\":[],\"expires_at\":\"x\"}";
    if (strcmp (method, "archive.upload.finish") == 0)
        return "{\"file\":\"f-1\"}";
    return NULL;
}

/* Answers at once, in the caller's thread.  What has no answer of its own is told what it asked. */
int client_ask (client_t *client, const struct client_request *request, client_done_fn *done, void *context)
{
    (void)client;
    const char *known = reply_to (request->method);
    FUZZ_HOLDS (!request->blob || request->blob_size > 0);
    json_auto_t *echo = json_pack ("{s:s, s:s?, s:O?}", "method", request->method, "key", request->idempotency_key,
                                   "params", request->params);
    FUZZ_HOLDS (echo);
    AUTO_FREE char *told = json_dumps (echo, JSON_COMPACT);
    const char *body = known ? known : told;
    done (context, &(struct client_reply){200, "application/json", "a\xc3\xa9.pdf", body, strlen (body)});
    return 0;
}

json_t *client_services (client_t *client, int64_t *age_ms)
{
    (void)client;
    *age_ms = 0;
    return json_object ();
}

/* ---- the browser -------------------------------------------------------------------------------------------------- */

static http_t *http;

static void stop (void)
{
    http_stop (&http);
}

int LLVMFuzzerInitialize (int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    const struct http_settings settings = {.listen = "127.0.0.1:0",
                                           .threads = 1,
                                           .most_in_flight = 8,
                                           .most_connections = 64,
                                           .upload_seconds = 30,
                                           .public_rate = 100000000};
    log_open ("fuzz", LEVEL_ERROR);
    const struct http_parts parts = {client_new ("gateway", 8, NULL), NULL, live_new (8, LIVE_TICK_MS)};
    http = http_start (&settings, &parts);
    FUZZ_HOLDS (http);
    atexit (stop);
    return 0;
}

static int dial (void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl (INADDR_LOOPBACK),
                                  .sin_port = htons ((uint16_t)http_port (http))};
    struct timeval patience = {.tv_usec = 100000};
    struct linger at_once = {.l_onoff = 1};
    int handle = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    FUZZ_HOLDS (handle >= 0);
    setsockopt (handle, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt (handle, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    FUZZ_HOLDS (connect (handle, (struct sockaddr *)&address, sizeof address) == 0);
    return handle;
}

/* Every answer is one of HTTP/1.1 with a sane status, and nothing that was sent becomes a header of its own. */
static void hold_answer (const char *answer, size_t size)
{
    if (size == 0)
        return;
    FUZZ_HOLDS (size > 12 && memcmp (answer, "HTTP/1.", 7) == 0);
    const char *end = strstr (answer, "\r\n\r\n");
    const char *forged = strstr (answer, "X-Forged");
    FUZZ_HOLDS (!forged || (end && forged > end));
}

static void put (int handle, const void *bytes, size_t size)
{
    const char *at = bytes;
    for (ssize_t sent; size > 0 && (sent = send (handle, at, size, MSG_NOSIGNAL)) > 0; size -= (size_t)sent)
        at += sent; /* the other side may close early */
}

/* Says "Connection: close" in the first head unless the input speaks of connections itself: libmicrohttpd, at work for a
 * connection, may miss that the browser has no more to say, and would keep it for its next request. */
static void put_request (int handle, const uint8_t *bytes, size_t size)
{
    static const char close_line[] = "Connection: close\r\n";
    const uint8_t *line_end = size > 0 ? memchr (bytes, '\n', size) : NULL;
    size_t line = line_end && !memmem (bytes, size, "onnection", 9) ? (size_t)(line_end - bytes) + 1 : 0;
    put (handle, bytes, line);
    if (line > 0)
        put (handle, close_line, sizeof close_line - 1);
    put (handle, bytes + line, size - line);
    shutdown (handle, SHUT_WR);
}

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    static char answer[64 * 1024];
    int handle = dial ();
    put_request (handle, bytes, size);
    size_t used = 0;
    for (ssize_t got;
         used < sizeof answer - 1 && (got = recv (handle, answer + used, sizeof answer - 1 - used, 0)) > 0;)
        used += (size_t)got;
    answer[used] = '\0';
    close (handle);
    hold_answer (answer, used);
    return 0;
}
