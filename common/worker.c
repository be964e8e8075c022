/* The worker thread: takes one order at a time and reports when it is done. */
#include "common/worker.h"

#include "common/log.h"
#include "common/monitor.h"
#include "common/pulse.h"
#include "runtime_sql.h"

void request_destroy (struct request **request_p)
{
    struct request *request = *request_p;
    if (!request)
        return;
    zframe_destroy (&request->route);
    free (request->id);
    free (request->from);
    free (request->header);
    free (request->body);
    free (request->blob);
    free (request);
    *request_p = NULL;
}

void worker_unit (struct worker *worker, struct call *call, struct reply *reply, const char *correlation)
{
    static const char *const nobody = "-";
    memset (call, 0, sizeof *call);
    memset (reply, 0, sizeof *reply);
    call->db = worker->db;
    call->from = nobody;
    call->now = wire_now ();
    call->correlation = correlation ? correlation : nobody;
    call->worker = worker;
    call->reply = reply;
    worker->acting_role[0] = worker->acting_place[0] = '\0';
    worker->note[0] = worker->silent[0] = '\0';
    worker->deadline = 0;
    db_forget_error (worker->db);
    log_correlation (correlation);
}

void worker_unit_end (struct worker *worker, struct call *call)
{
    if (db_in_transaction (worker->db))
        worker_rollback (worker);
    reply_clear (call->reply);
    json_decref (call->prepared);
    json_decref (worker->claims_json);
    json_decref (worker->actor);
    worker->claims_json = worker->actor = NULL;
    log_correlation (NULL);
}

bool worker_environment_failed (struct worker *worker)
{
    const char *state = db_sqlstate (worker->db);
    /* connection, resources, lock timeout, operator, system, a server that has become read-only */
    static const char *const states[] = {"08", "53", "55P03", "57", "58", "25006"};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strncmp (state, states[i], strlen (states[i])) == 0)
            return true;
    return !db_alive (worker->db);
}

bool worker_may_retry (struct worker *worker)
{
    const char *state = db_sqlstate (worker->db);
    return streq (state, "40001") || streq (state, "40P01");
}

/* Stored replies, refusals and ended jobs have their age. */
static void worker_prune (struct worker *worker)
{
    if (wire_ticks () - worker->pruned < WORKER_PRUNE_MS)
        return;
    worker->pruned = wire_ticks ();
    db_query0 (worker->db, &SQL_IDEM_PRUNE, NULL);
    db_query0 (worker->db, &SQL_BUS_FORGET_REFUSALS, NULL);
    db_query0 (worker->db, &SQL_JOB_PRUNE, NULL);
}

/* Once a second: which partitions have moved without a nudge (lost message, restart, dead broker)?  And is a job due, or
 * held by a worker that is gone? */
void worker_sweep (struct worker *worker)
{
    worker->report->jobs = true;
    worker->report->unfit = db_ensure (worker->db) < 0;
    monitor_say (MONITOR_DATABASE, !worker->report->unfit);
    if (worker->report->unfit)
        return;
    worker_prune (worker);
    if (worker->runtime->service->jobs)
        db_query0 (worker->db, &SQL_JOB_FREE, NULL);
    if (!worker->runtime->service->subscriptions)
        return;
    AUTO (db_rows) rows = NULL;
    if (db_query (worker->db, &SQL_BUS_BEHIND, &rows, worker->runtime->topics_array) < 0) {
        worker->report->unfit = true;
        return;
    }
    for (int i = 0; i < db_count (rows); i++)
        worker->report->behind |= UINT64_C (1) << db_int (rows, i, "partition");
}

static void worker_obey (struct worker *worker, struct order *order)
{
    struct report *report = worker->report = calloc (1, sizeof *report);
    assert (report);
    report->kind = REPORT_DONE;
    db_forget_error (worker->db);
    worker->note[0] = '\0';
    switch (order->kind) {
    case ORDER_REQUEST:
        worker_request (worker, order->request);
        break;
    case ORDER_EVENTS:
        worker_events (worker, order->partitions);
        break;
    case ORDER_JOB:
        worker_job (worker);
        break;
    case ORDER_SWEEP:
        worker_sweep (worker);
        break;
    case ORDER_MEASURE:
        worker_measure (worker);
        break;
    case ORDER_ANSWER: /* to a question that was given up: nobody waits for it */
        zmsg_destroy (&order->answer);
        free (report);
        worker->report = NULL;
        return;
    }
    worker->report = NULL;
    HAND_OVER (report);
    zsock_send (worker->pipe, "p", report);
}

/* The group's cursors must exist before anything is consumed. */
static int worker_join (struct worker *worker)
{
    if (db_ensure (worker->db) < 0)
        return -1;
    return worker->runtime->service->subscriptions ? db_query (worker->db, &SQL_BUS_JOIN_GROUP, NULL, "f") : 0;
}

/* Orders are pointers, one frame of that size; zactor_destroy () sends the string "$TERM". */
struct order *worker_receive (struct worker *worker)
{
    AUTO (zmsg) message = zmsg_recv (worker->pipe);
    zframe_t *frame = message ? zmsg_first (message) : NULL;
    struct order *order = NULL;
    if (frame && zframe_size (frame) == sizeof order)
        memcpy (&order, zframe_data (frame), sizeof order);
    else if (frame)
        worker->ended = true;
    if (order)
        TAKE_OVER (order);
    return order;
}

void worker_main (zsock_t *pipe, void *argument)
{
    const struct worker_seed *seed = argument;
    struct worker worker = {.runtime = seed->runtime, .pipe = pipe, .asked = (int64_t)seed->index << WORKER_ASK_SHIFT};
    worker.db = db_new (conf_text ("PATEN_DB"), worker.runtime->statements);
    zsock_signal (pipe, 0); /* the loop need not wait for the database */
    int joined = worker_join (&worker);
    monitor_say (MONITOR_DATABASE, joined == 0);
    if (joined < 0)
        log_line (LEVEL_WARN, "db.unreachable", "sqlstate", db_sqlstate (worker.db), "error", db_error (worker.db),
                  NULL);
    while (!worker.ended) {
        struct order *order = worker_receive (&worker);
        if (!order)
            continue;
        if (joined < 0)
            joined = worker_join (&worker);
        worker_obey (&worker, order);
        free (order);
    }
    db_destroy (&worker.db);
}
