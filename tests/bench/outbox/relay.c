/* The relay: reads what is unsent in the order of its ids, sends a batch, waits for the confirms of all of it, marks it
 * as sent.  Marking and reading the next batch share one round trip.  Dies and comes back: a batch is sent twice, and
 * the inbox notices. */
#include "outbox.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RELAY_BATCH = 200, RELAY_LISTEN_POLL_MS = 1000 };

static const struct outbox_statement statements[] = {
    {"unsent", "SELECT id, jsonb_build_object ('event', event, 'key', key, 'body', body)::text FROM echo.outbox "
               "WHERE sent_at IS NULL ORDER BY id LIMIT $1::integer"},
    {"mark", "UPDATE echo.outbox SET sent_at = clock_timestamp () WHERE id = ANY ($1::bigint[])"},
};

/* Two transactions in one round trip: what was sent is marked and committed, then the next batch is read. */
static PGresult *mark_and_read (PGconn *database, const char *sent)
{
    char limit[16];
    snprintf (limit, sizeof limit, "%d", RELAY_BATCH);
    if (sent) {
        PQsendQueryPrepared (database, "mark", 1, &sent, NULL, NULL, 0);
        PQpipelineSync (database);
    }
    const char *most = limit;
    PQsendQueryPrepared (database, "unsent", 1, &most, NULL, NULL, 0);
    PQpipelineSync (database);
    if (sent) {
        PQclear (outbox_result (database, PGRES_COMMAND_OK));
        PQclear (outbox_result (database, PGRES_PIPELINE_SYNC));
    }
    PGresult *rows = outbox_result (database, PGRES_TUPLES_OK);
    PQclear (outbox_result (database, PGRES_PIPELINE_SYNC));
    return rows;
}

/* Sends all rows and waits for the confirms; writes their ids as an array literal. */
static int send_batch (const struct outbox_options *options, carrier_t *carrier, const PGresult *rows,
                       char sent[RELAY_BATCH * 21 + 2])
{
    size_t end = 0;
    for (int i = 0; i < PQntuples (rows); i++) {
        if (options->kind->publish (carrier, PQgetvalue (rows, i, 1), (size_t)PQgetlength (rows, i, 1)) < 0)
            return -1;
        end += (size_t)sprintf (sent + end, "%c%s", end ? ',' : '{', PQgetvalue (rows, i, 0));
    }
    strcpy (sent + end, "}");
    return options->kind->confirm (carrier);
}

/* Until a NOTIFY or for the pause; one that came during the last read counts. */
static void rest (PGconn *database, const struct outbox_options *options)
{
    bool woken = false;
    PQconsumeInput (database);
    for (PGnotify *notify; (notify = PQnotifies (database)); PQfreemem (notify))
        woken = true;
    if (woken)
        return;
    struct pollfd socket = {.fd = PQsocket (database), .events = POLLIN};
    poll (&socket, options->listen ? 1 : 0, options->listen ? RELAY_LISTEN_POLL_MS : options->poll_ms);
}

int relay_run (const struct outbox_options *options)
{
    PGconn *database = outbox_connect (options->database, statements, sizeof statements / sizeof *statements);
    if (options->listen)
        PQclear (PQexec (database, "LISTEN outbox"));
    PQenterPipelineMode (database);
    carrier_t *carrier = options->kind->open (options->address, false);
    int rc = carrier ? 0 : -1;
    char sent[RELAY_BATCH * 21 + 2];
    bool is_sent = false;
    while (rc == 0 && !outbox_ended ()) {
        PGresult *rows = mark_and_read (database, is_sent ? sent : NULL);
        is_sent = PQntuples (rows) > 0;
        if (is_sent)
            rc = send_batch (options, carrier, rows, sent);
        else
            rest (database, options);
        PQclear (rows);
    }
    if (carrier)
        options->kind->close (carrier);
    PQfinish (database);
    return rc < 0 ? 1 : 0;
}
