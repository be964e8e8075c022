/* bench_echo: the service that tests/bench/backbone measures, on the real runtime.  Its one argument says who it is:
 *   echo    producer: a command that locks a row, changes it, writes an audit row and says so, over our log or into an
 *           outbox table, so that both ways begin with the very same work; or to nobody, to know what that work costs
 *   sink    consumer of our log: one row for each event
 *   intake  stands behind the gateway's route /v1/services and answers at once
 * It is never installed. */
#include "common/service.h"
#include "echo_requests.h"
#include "echo_sql.h"
#include "sink_sql.h"

#include <stdio.h>
#include <string.h>

/* ---- echo -------------------------------------------------------------------------------------------------------- */

/* The event goes into the outbox together with the audit row; `notify`: and the relay is woken. */
static int move_to_outbox (struct call *call, const char *item, const char *before, const char *after, bool notify)
{
    return db_query (call->db, notify ? &SQL_AUDIT_OUTBOX_NOTIFY : &SQL_AUDIT_OUTBOX, NULL,
                     DB_INT (json_integer_value (json_object_get (call->body, "n"))), item, before, after,
                     call->correlation, DB_INT (json_integer_value (json_object_get (call->body, "events"))));
}

/* `tell` false: the command alone, without an event. */
static int move_to_log (struct call *call, const char *item, const char *before, const char *after, bool tell)
{
    json_int_t n = json_integer_value (json_object_get (call->body, "n"));
    json_int_t events = tell ? json_integer_value (json_object_get (call->body, "events")) : 0;
    if (db_query (call->db, &SQL_AUDIT_ADD, NULL, DB_INT (n), item, before, after, call->correlation) < 0)
        return -1;
    for (json_int_t i = 0; i < events; i++)
        publish (call, "echo.moved", item, json_pack ("{s:I, s:s}", "n", n + i, "item", item));
    return 0;
}

static int item_move (struct call *call)
{
    const char *item = json_text (call->body, "item"), *way = json_text (call->body, "way");
    AUTO (db_rows) rows = NULL;
    if (db_query (call->db, &SQL_ITEM_LOCK, &rows, item) < 0)
        return -1;
    if (db_count (rows) == 0)
        return refuse (call, ERR_NOT_FOUND, NULL);
    char before[24], after[24];
    snprintf (before, sizeof before, "%s", db_text (rows, 0, "amount"));
    db_int_text (after, db_int (rows, 0, "amount") + 1);
    if (db_query (call->db, &SQL_ITEM_MOVE, NULL, item, after) < 0)
        return -1;
    int rc = strncmp (way, "outbox", strlen ("outbox")) == 0
                 ? move_to_outbox (call, item, before, after, strcmp (way, "outbox_notify") == 0)
                 : move_to_log (call, item, before, after, strcmp (way, "log") == 0);
    return rc < 0 ? rc : reply_json (call, 200, json_pack ("{s:s}", "amount", after));
}

static const struct method echo_methods[] = {
    {"echo.item.move", METHOD_COMMAND, ROLES_PUBLIC, "gateway", NULL, item_move},
    {0},
};

static const struct service echo = {
    .name = "echo", .statements = echo_statements, .requests = echo_requests, .methods = echo_methods};

/* ---- sink -------------------------------------------------------------------------------------------------------- */

static int on_moved (struct call *call, const struct event *event)
{
    return db_query (call->db, &SQL_EFFECT_ADD, NULL, DB_INT (json_integer_value (json_object_get (event->body, "n"))),
                     event->key);
}

static const struct subscription sink_subscriptions[] = {
    {"echo.moved", on_moved, EVENT_AT_ONCE},
    {0},
};

static const struct service sink = {.name = "sink", .statements = sink_statements, .subscriptions = sink_subscriptions};

/* ---- intake ------------------------------------------------------------------------------------------------------ */

static int service_list (struct call *call)
{
    return reply_json (call, 200, json_pack ("{s:[]}", "services"));
}

static const struct method intake_methods[] = {
    {"intake.service.list", METHOD_QUERY, ROLES_PUBLIC, "gateway", NULL, service_list},
    {0},
};

static const struct service intake = {.name = "intake", .requests = echo_requests, .methods = intake_methods};

int main (int argc, char **argv)
{
    static const struct service *const services[] = {&echo, &sink, &intake};
    for (size_t i = 0; argc == 2 && i < sizeof services / sizeof *services; i++)
        if (strcmp (argv[1], services[i]->name) == 0)
            return service_main (services[i]);
    fprintf (stderr, "usage: bench_echo echo|sink|intake\n");
    return 2;
}
