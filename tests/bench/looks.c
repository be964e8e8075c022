/* bench_looks: the same GET again and again, one at a time; JSON of the times on standard output.
 *
 * bench_looks ADDRESS PATH COUNT      (127.0.0.1:8080 /v1/services 3000); exit code 1 when an answer is not 200 */
#include "http_client.h"
#include "samples.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct look {
    bool done;
    int status;
    int64_t took_us;
};

static void on_answer (void *context, const struct http_answer *answer)
{
    *(struct look *)context = (struct look){.done = true, .status = answer->status, .took_us = answer->took_us};
}

static bool look_once (http_client_t *client, const char *request, int size, struct look *look)
{
    *look = (struct look){0};
    if (http_client_send (client, request, (size_t)size, on_answer, look) < 0)
        return false;
    while (!look->done)
        if (http_client_wait (client, 1000) < 0)
            return false;
    return look->status == 200;
}

int main (int argc, char **argv)
{
    if (argc != 4) {
        fprintf (stderr, "usage: bench_looks ADDRESS PATH COUNT\n");
        return 2;
    }
    http_client_t *client = http_client_new (argv[1]);
    if (!client)
        return 1;
    char request[1000];
    int size = snprintf (request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", argv[2], argv[1]);
    struct samples samples = {0};
    long count = strtol (argv[3], NULL, 10);
    for (long i = -count / 10; i < count; i++) { /* the first ones warm up */
        struct look look;
        if (!look_once (client, request, size, &look)) {
            fprintf (stderr, "%s%s answered %d\n", argv[1], argv[2], look.status);
            return 1;
        }
        if (i >= 0)
            samples_add (&samples, look.took_us);
    }
    json_auto_t *result = samples_json (&samples);
    json_dumpf (result, stdout, JSON_COMPACT);
    printf ("\n");
    samples_free (&samples);
    http_client_destroy (&client);
    return 0;
}
