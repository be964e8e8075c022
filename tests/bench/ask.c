/* bench_ask: commands to bench_echo through common/client.h, as the gateway would send them; how many were answered and
 * how long they took, as JSON on standard output.  "errors": those not answered by 200; they count for nothing else.
 *
 *   bench_ask [--seconds S] [--in-flight N | --rate R] [--events K] [--way log|outbox|outbox_notify|none] [--from N]
 *             [--replicas N] [--backlog B --database CONNINFO --consumed SQL]
 *
 * Closed loop: N at once, each answered one makes room for the next.  Open loop (--rate): R per second on a fixed
 * timetable; the time of a command counts from its place in the timetable, so a system that falls behind shows it.
 * It begins when the brokers tell of so many replicas.
 * --backlog: no further commands while more than B events wait for their consumer, so that the consumer's speed is what
 * limits; --consumed is the question that counts what it has handled.  Numbers of events start at --from. */
#include "samples.h"

#include "common/auto.h"
#include "common/client.h"
#include "common/id.h"
#include "common/log.h"
#include "common/wire.h"

#include <getopt.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { ITEMS = 10000, IN_FLIGHT_MOST = 4000, DEADLINE_MS = 20000, LOOK_MS = 10, PATIENCE_MS = 20000 };

struct options {
    double seconds, rate;
    int in_flight, events, backlog, replicas;
    int64_t from;
    const char *way, *database, *consumed;
};

static struct {
    struct options options;
    client_t *client;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t idle;
    struct samples samples;
    int64_t commands, errors;
    int open, parked; /* parked: places of the closed loop that wait for the consumer */
    bool ended, held, answered;
} load = {.lock = PTHREAD_MUTEX_INITIALIZER, .idle = PTHREAD_COND_INITIALIZER};

static int64_t now_us (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void ask (int64_t since_us);

/* In the client's thread.  The place in the closed loop is used again, kept back, or given up at the end. */
static void answered (void *context, const struct client_reply *reply)
{
    int64_t *since_us = context;
    int64_t took_us = now_us () - *since_us;
    free (since_us);
    pthread_mutex_lock (&load.lock);
    bool good = reply->status == 200;
    if (good && !load.ended)
        samples_add (&load.samples, took_us);
    if (!good && load.errors++ == 0)
        fprintf (stderr, "answer %d: %.*s\n", reply->status, (int)reply->body_size, (const char *)reply->body);
    bool again = !load.ended && load.options.rate <= 0;
    if (again && (load.held || !good)) { /* after a refusal not at once again */
        load.parked++;
        again = false;
    }
    if (!again && --load.open == 0)
        pthread_cond_signal (&load.idle);
    pthread_mutex_unlock (&load.lock);
    if (again)
        ask (now_us ());
}

/* The caller has counted it as open. */
static void ask (int64_t since_us)
{
    pthread_mutex_lock (&load.lock);
    int64_t n = load.options.from + load.commands++ * load.options.events;
    pthread_mutex_unlock (&load.lock);
    char key[ID_UUID_SIZE], body[200];
    id_uuid7 (wire_now (), key);
    int size = snprintf (body, sizeof body, "{\"item\":\"%ld\",\"n\":%lld,\"events\":%d,\"way\":\"%s\"}",
                         1 + random () % ITEMS, (long long)n, load.options.events, load.options.way);
    struct client_request request = {.method = "echo.item.move",
                                     .idempotency_key = key,
                                     .correlation = key,
                                     .deadline = wire_now () + DEADLINE_MS,
                                     .body = body,
                                     .body_size = (size_t)size};
    int64_t *context = malloc (sizeof *context);
    assert (context);
    *context = since_us;
    if (client_ask (load.client, &request, answered, context) < 0) {
        fprintf (stderr, "more than %d commands at once\n", IN_FLIGHT_MOST);
        exit (1);
    }
}

static void open_one (int64_t since_us)
{
    pthread_mutex_lock (&load.lock);
    load.open++;
    pthread_mutex_unlock (&load.lock);
    ask (since_us);
}

static void sleep_until (int64_t us)
{
    struct timespec at = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
}

static void run_timetable (int64_t end_us)
{
    double step_us = 1e6 / load.options.rate, due_us = (double)now_us ();
    for (; (int64_t)due_us < end_us; due_us += step_us) {
        sleep_until ((int64_t)due_us);
        open_one ((int64_t)due_us);
    }
}

/* ---- keeping the backlog bounded --------------------------------------------------------------------------------- */

static int64_t consumed_events (PGconn *database)
{
    PGresult *result = PQexec (database, load.options.consumed);
    if (PQresultStatus (result) != PGRES_TUPLES_OK || PQntuples (result) != 1) {
        fprintf (stderr, "--consumed: %s", PQerrorMessage (database));
        exit (1);
    }
    int64_t count = strtoll (PQgetvalue (result, 0, 0), NULL, 10);
    PQclear (result);
    return count;
}

/* Holds the loop while too much waits; places that were kept back come in again.  database NULL: nobody is waited for. */
static void regulate (PGconn *database)
{
    int64_t consumed = database ? consumed_events (database) : 0;
    pthread_mutex_lock (&load.lock);
    load.held = database && (load.commands - load.errors) * load.options.events - consumed > load.options.backlog;
    int release = load.held ? 0 : load.parked;
    load.parked -= release;
    pthread_mutex_unlock (&load.lock);
    while (release-- > 0)
        open_one (now_us ());
}

static void run_closed (int64_t end_us)
{
    PGconn *database = NULL;
    if (load.options.backlog > 0) {
        database = PQconnectdb (load.options.database);
        if (PQstatus (database) != CONNECTION_OK) {
            fprintf (stderr, "%s", PQerrorMessage (database));
            exit (1);
        }
    }
    for (int i = 0; i < load.options.in_flight; i++)
        open_one (now_us ());
    while (now_us () < end_us) {
        regulate (database);
        sleep_until (now_us () + LOOK_MS * 1000);
    }
    if (database)
        PQfinish (database);
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

/* False: the brokers do not tell of all replicas of echo within the patience. */
static bool wait_for_replicas (void)
{
    for (int waited_ms = 0; waited_ms < PATIENCE_MS; waited_ms += LOOK_MS) {
        json_auto_t *services = client_services (load.client, NULL);
        json_t *echo = json_object_get (services, "echo");
        if (json_integer_value (json_object_get (echo, "replicas")) >= load.options.replicas)
            return true;
        sleep_until (now_us () + LOOK_MS * 1000);
    }
    fprintf (stderr, "the broker knows fewer than %d replicas of echo\n", load.options.replicas);
    return false;
}

static void run (void)
{
    int64_t began_us = now_us (), end_us = began_us + (int64_t)(load.options.seconds * 1e6);
    if (load.options.rate > 0)
        run_timetable (end_us);
    else
        run_closed (end_us);
    pthread_mutex_lock (&load.lock);
    load.ended = true;
    double seconds = (double)(now_us () - began_us) / 1e6;
    size_t done = load.samples.count;
    while (load.open > 0)
        pthread_cond_wait (&load.idle, &load.lock);
    json_auto_t *result = json_pack ("{s:f, s:I, s:I, s:f, s:o}", "seconds", seconds, "commands",
                                     (json_int_t)load.commands, "errors", (json_int_t)load.errors, "per_second",
                                     (double)done / seconds, "command", samples_json (&load.samples));
    pthread_mutex_unlock (&load.lock);
    json_dumpf (result, stdout, JSON_COMPACT);
    printf ("\n");
    load.answered = done > 0;
    samples_free (&load.samples);
}

/* False: not understood. */
static bool read_options (struct options *options, int argc, char **argv)
{
    static const struct option known[] = {{"seconds", required_argument, NULL, 's'},
                                          {"in-flight", required_argument, NULL, 'i'},
                                          {"rate", required_argument, NULL, 'r'},
                                          {"events", required_argument, NULL, 'e'},
                                          {"way", required_argument, NULL, 'w'},
                                          {"from", required_argument, NULL, 'f'},
                                          {"replicas", required_argument, NULL, 'p'},
                                          {"backlog", required_argument, NULL, 'b'},
                                          {"database", required_argument, NULL, 'd'},
                                          {"consumed", required_argument, NULL, 'c'},
                                          {0}};
    *options = (struct options){.seconds = 10, .in_flight = 16, .events = 1, .replicas = 1, .from = 1, .way = "log"};
    for (int option; (option = getopt_long (argc, argv, "", known, NULL)) != -1;) {
        switch (option) {
        case 's':
            options->seconds = strtod (optarg, NULL);
            break;
        case 'i':
            options->in_flight = (int)strtol (optarg, NULL, 10);
            break;
        case 'r':
            options->rate = strtod (optarg, NULL);
            break;
        case 'e':
            options->events = (int)strtol (optarg, NULL, 10);
            break;
        case 'w':
            options->way = optarg;
            break;
        case 'f':
            options->from = strtoll (optarg, NULL, 10);
            break;
        case 'p':
            options->replicas = (int)strtol (optarg, NULL, 10);
            break;
        case 'b':
            options->backlog = (int)strtol (optarg, NULL, 10);
            break;
        case 'd':
            options->database = optarg;
            break;
        case 'c':
            options->consumed = optarg;
            break;
        default:
            return false;
        }
    }
    return optind == argc && options->seconds > 0 && options->events > 0 && options->in_flight > 0 &&
           options->in_flight < IN_FLIGHT_MOST && (options->backlog <= 0 || (options->database && options->consumed));
}

int main (int argc, char **argv)
{
    if (!read_options (&load.options, argc, argv)) {
        fprintf (stderr, "bench_ask: the options stand at the top of tests/bench/ask.c\n");
        return 2;
    }
    log_open ("bench_ask", LEVEL_INFO);
    zsys_handler_set (NULL);
    load.client = client_new ("gateway", IN_FLIGHT_MOST, NULL);
    if (!load.client)
        return 1;
    bool ready = wait_for_replicas ();
    if (ready)
        run ();
    client_destroy (&load.client);
    return ready && load.answered ? 0 : 1;
}
