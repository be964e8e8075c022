/* bench_outbox: relay and consumer of the outbox pattern.
 *
 *   bench_outbox relay|consume|purge rabbit|nats ADDRESS CONNINFO [--batch N] [--poll MS] [--listen]
 *
 * The producer's half, which writes the outbox row in its own transaction, is bench_echo's (echo/main.c). */
#include "outbox.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile sig_atomic_t ended;

static void on_signal (int number)
{
    (void)number;
    ended = 1;
}

bool outbox_ended (void)
{
    return ended != 0;
}

static void fail (PGconn *database, const char *what)
{
    fprintf (stderr, "bench_outbox: %s: %s", what, PQerrorMessage (database));
    exit (1);
}

PGconn *outbox_connect (const char *conninfo, const struct outbox_statement *statements, size_t count)
{
    PGconn *database = PQconnectdb (conninfo);
    if (PQstatus (database) != CONNECTION_OK)
        fail (database, "connect");
    for (size_t i = 0; i < count; i++) {
        PGresult *result = PQprepare (database, statements[i].name, statements[i].sql, 0, NULL);
        if (PQresultStatus (result) != PGRES_COMMAND_OK)
            fail (database, statements[i].name);
        PQclear (result);
    }
    return database;
}

PGresult *outbox_result (PGconn *database, ExecStatusType expected)
{
    PGresult *result = PQgetResult (database);
    if (!result)
        result = PQgetResult (database);
    if (PQresultStatus (result) != expected)
        fail (database, "statement");
    return result;
}

static int purge (const struct outbox_options *options)
{
    carrier_t *carrier = options->kind->open (options->address, false);
    if (!carrier)
        return 1;
    int rc = options->kind->purge (carrier);
    options->kind->close (carrier);
    return rc < 0 ? 1 : 0;
}

static bool read_options (struct outbox_options *options, int argc, char **argv)
{
    static const struct option known[] = {{"batch", required_argument, NULL, 'b'},
                                          {"poll", required_argument, NULL, 'p'},
                                          {"listen", no_argument, NULL, 'l'},
                                          {0}};
    *options = (struct outbox_options){.batch = 1, .poll_ms = 5};
    for (int option; (option = getopt_long (argc, argv, "", known, NULL)) != -1;) {
        if (option == 'b')
            options->batch = (int)strtol (optarg, NULL, 10);
        else if (option == 'p')
            options->poll_ms = (int)strtol (optarg, NULL, 10);
        else if (option == 'l')
            options->listen = true;
        else
            return false;
    }
    if (argc - optind != 4)
        return false;
    static const struct carrier_kind *const kinds[] = {&carrier_rabbit, &carrier_nats};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp (argv[optind + 1], kinds[i]->name) == 0)
            options->kind = kinds[i];
    options->address = argv[optind + 2];
    options->database = argv[optind + 3];
    return options->kind && options->batch > 0 && options->batch <= CARRIER_BATCH_MOST && options->poll_ms > 0;
}

int main (int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run) (const struct outbox_options *options);
    } roles[] = {{"relay", relay_run}, {"consume", consumer_run}, {"purge", purge}};
    struct outbox_options options;
    if (read_options (&options, argc, argv)) {
        struct sigaction action = {.sa_handler = on_signal}; /* no SA_RESTART: waits end */
        sigaction (SIGTERM, &action, NULL);
        for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
            if (strcmp (argv[optind], roles[i].name) == 0)
                return roles[i].run (&options);
    }
    fprintf (
        stderr,
        "usage: bench_outbox relay|consume|purge rabbit|nats ADDRESS CONNINFO [--batch N] [--poll MS] [--listen]\n");
    return 2;
}
