/* The consumer: takes what has come, up to a batch, and writes inbox rows and effects in one transaction, in one round
 * trip; then acknowledges all of it at once.  A message that was seen before leaves no second effect. */
#include "outbox.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { WAIT_MS = 200 };

static const struct outbox_statement statements[] = {
    {"effect",
     "WITH fresh AS (INSERT INTO sink.inbox (event) VALUES ($1::uuid) ON CONFLICT DO NOTHING RETURNING event) "
     "INSERT INTO sink.effect (n, item) SELECT $2::bigint, $3::integer FROM fresh"},
    {"begin", "BEGIN"},
    {"commit", "COMMIT"},
};

static void send_effect (PGconn *database, const struct parcel *parcel)
{
    json_auto_t *message = json_loadb (parcel->body, parcel->size, 0, NULL);
    const char *event = NULL, *key = NULL;
    json_int_t n = 0;
    if (json_unpack (message, "{s:s, s:s, s:{s:I}}", "event", &event, "key", &key, "body", "n", &n) < 0) {
        fprintf (stderr, "bench_outbox: a message that the relay never sent\n");
        exit (1);
    }
    char number[24];
    snprintf (number, sizeof number, "%lld", (long long)n);
    const char *const params[] = {event, number, key};
    PQsendQueryPrepared (database, "effect", 3, params, NULL, NULL, 0);
}

/* `first` and whatever else is here already.  The last one taken in *ret_last. */
static int consume_batch (const struct outbox_options *options, PGconn *database, carrier_t *carrier,
                          const struct parcel *first, struct parcel *ret_last)
{
    int count = 0, more = 1;
    *ret_last = *first;
    PQsendQueryPrepared (database, "begin", 0, NULL, NULL, NULL, 0);
    do {
        send_effect (database, ret_last);
        count++;
        if (count < options->batch)
            more = options->kind->next (carrier, 0, ret_last);
    } while (count < options->batch && more > 0);
    PQsendQueryPrepared (database, "commit", 0, NULL, NULL, NULL, 0);
    PQpipelineSync (database);
    for (int i = 0; i < count + 2; i++)
        PQclear (outbox_result (database, PGRES_COMMAND_OK));
    PQclear (outbox_result (database, PGRES_PIPELINE_SYNC));
    return more < 0 ? -1 : options->kind->ack (carrier, ret_last);
}

int consumer_run (const struct outbox_options *options)
{
    PGconn *database = outbox_connect (options->database, statements, sizeof statements / sizeof *statements);
    PQenterPipelineMode (database);
    carrier_t *carrier = options->kind->open (options->address, true);
    int rc = carrier ? 0 : -1;
    while (rc >= 0 && !outbox_ended ()) {
        struct parcel first, last;
        rc = options->kind->next (carrier, WAIT_MS, &first);
        if (rc > 0)
            rc = consume_batch (options, database, carrier, &first, &last);
    }
    if (carrier)
        options->kind->close (carrier);
    PQfinish (database);
    return rc < 0 ? 1 : 0;
}
