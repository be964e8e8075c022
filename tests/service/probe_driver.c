/* Asks services through common/client.h for the tests: one JSON object per line in, one per answer out, in the order of the answers.
 *   in   {"id":1,"method":"probe.note.put","key":"…","body":{…} or "text","within_ms":5000}
 *   out  {"id":1,"status":201,"body":{…},"size":12}
 * Ends at the end of its input, when all is answered. */
#include "common/client.h"
#include "common/log.h"
#include "common/wire.h"

#include <pthread.h>

enum { IN_FLIGHT_MOST = 2000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;
static int open_questions;

static void tell (json_int_t id, int status, const char *body, size_t size)
{
    json_t *value = json_loadb (body, size, JSON_DECODE_ANY, NULL);
    json_auto_t *line = json_pack ("{s:I, s:i, s:o, s:I}", "id", id, "status", status, "body",
                                   value ? value : json_null (), "size", (json_int_t)size);
    AUTO_FREE char *text = json_dumps (line, JSON_COMPACT);
    pthread_mutex_lock (&lock);
    printf ("%s\n", text);
    fflush (stdout);
    open_questions--;
    pthread_cond_signal (&answered);
    pthread_mutex_unlock (&lock);
}

static void done (void *context, const struct client_reply *reply)
{
    json_int_t *id = context;
    tell (*id, reply->status, reply->body, reply->body_size);
    free (id);
}

static void ask (client_t *client, const json_t *line)
{
    json_int_t *id = malloc (sizeof *id);
    assert (id);
    *id = json_integer_value (json_object_get (line, "id"));
    const json_t *body = json_object_get (line, "body");
    AUTO_FREE char *encoded = json_is_string (body) ? strdup (json_string_value (body)) : json_dumps (body, 0);
    char correlation[40];
    snprintf (correlation, sizeof correlation, "driver-%" JSON_INTEGER_FORMAT, *id);
    struct client_request request = {
        .method = json_string_value (json_object_get (line, "method")),
        .idempotency_key = json_string_value (json_object_get (line, "key")),
        .correlation = correlation,
        .deadline = wire_now () + json_integer_value (json_object_get (line, "within_ms")),
        .body = encoded,
        .body_size = encoded ? strlen (encoded) : 0,
    };
    pthread_mutex_lock (&lock);
    open_questions++;
    pthread_mutex_unlock (&lock);
    if (client_ask (client, &request, done, id) < 0) {
        tell (*id, 503, "\"too many in flight\"", strlen ("\"too many in flight\""));
        free (id);
    }
}

int main (void)
{
    log_open ("driver", LEVEL_INFO);
    zsys_handler_set (NULL);
    client_t *client = client_new ("gateway", IN_FLIGHT_MOST, NULL);
    if (!client)
        return EXIT_FAILURE;
    char *text = NULL;
    size_t size = 0;
    while (getline (&text, &size, stdin) > 0) {
        json_auto_t *line = json_loads (text, 0, NULL);
        assert (line);
        ask (client, line);
    }
    free (text);
    pthread_mutex_lock (&lock);
    while (open_questions > 0)
        pthread_cond_wait (&answered, &lock);
    pthread_mutex_unlock (&lock);
    client_destroy (&client);
    return EXIT_SUCCESS;
}
