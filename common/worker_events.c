/* The next events of one or several partitions: lock the cursors, handle in order, advance, all in one transaction.  At
 * least once on the wire, exactly once in effect.  Partitions that fail together are tried one by one, a partition that
 * fails is tried without the event that failed; the one that keeps failing is buried. */
#include "common/id.h"
#include "common/kill_point.h"
#include "common/log.h"
#include "common/pulse.h"
#include "common/worker.h"
#include "runtime_sql.h"

#include <inttypes.h>

static const struct subscription *event_subscription (const struct worker *worker, const char *topic)
{
    for (const struct subscription *s = worker->runtime->service->subscriptions; s->topic; s++)
        if (streq (s->topic, topic))
            return s;
    return NULL;
}

static int event_handle (struct worker *worker, const db_rows_t *rows, int row, int partition)
{
    struct call call;
    struct reply reply;
    worker_unit (worker, &call, &reply, db_text (rows, row, "correlation"));
    json_auto_t *actor = db_json (rows, row, "actor");
    json_auto_t *body = db_json (rows, row, "body");
    struct event event = {.partition = partition,
                          .seq = db_int (rows, row, "seq"),
                          .id = db_text (rows, row, "id"),
                          .topic = db_text (rows, row, "topic"),
                          .key = db_text (rows, row, "key"),
                          .producer = db_text (rows, row, "producer"),
                          .correlation = db_text (rows, row, "correlation"),
                          .occurred_at = db_int (rows, row, "occurred_ms"),
                          .actor = actor,
                          .body = body};
    const struct subscription *subscription = event_subscription (worker, event.topic);
    int rc = subscription ? subscription->handle (&call, &event) : 0;
    if (rc == 0 && reply.refused) {
        job_note (&call, "refused: %s", error_registry[reply.code].code);
        rc = -1;
    }
    if (rc == 0 && subscription)
        metric_add (&pulse_events, (size_t)(subscription - worker->runtime->service->subscriptions), 0, 1);
    reply_clear (&reply);
    json_decref (call.prepared);
    return rc;
}

/* The next events of some partitions, in one transaction. */
struct batch {
    uint64_t partitions;
    int limit;    /* events of each partition */
    bool careful; /* each event's statements end before the next event: a failure is the fault of the right one */
    /* what came of it */
    int64_t heads[ID_PARTITIONS]; /* how far each cursor may go; 0: it stays */
    uint64_t more;                /* partitions in which the log may hold more */
    int good;                     /* events that went well */
    int failed_partition;
    int64_t failed_seq; /* the event that failed; 0: none, or not a single event's fault */
};

static uint64_t bit_of (int partition)
{
    return UINT64_C (1) << partition;
}

/* Writes down why; the event that failed, if it was one, is counted. */
static void batch_failed (struct worker *worker, const struct batch *batch)
{
    char why[1000], seq[24];
    const char *state = db_sqlstate (worker->db), *error = db_error (worker->db);
    snprintf (why, sizeof why, "%s%s%s%s%s", worker->note, worker->note[0] && error[0] ? " " : "", state,
              state[0] ? " " : "", error);
    bool environment = worker_environment_failed (worker) || worker_may_retry (worker);
    worker_rollback (worker);
    metric_add (&pulse_event_failures, 0, 0, 1);
    AUTO (db_rows) rows = NULL;
    bool buried = false;
    if (!environment && db_query (worker->db, &SQL_BUS_FAIL, &rows, DB_INT (batch->failed_partition),
                                  DB_INT (batch->failed_seq), why, DB_INT (WORKER_EVENT_FAILURES)) == 0)
        buried = db_bool (rows, 0, "buried");
    log_line (buried ? LEVEL_ERROR : LEVEL_WARN, buried ? "event.buried" : "event.failed", "partition",
              DB_INT (batch->failed_partition), "seq", db_int_text (seq, batch->failed_seq), "why", why, NULL);
    worker->report->unfit = environment && !db_alive (worker->db);
    worker->report->behind |= batch->partitions;
    if (!buried)
        worker->report->retry |= batch->partitions;
}

static int batch_take (struct worker *worker, const struct batch *batch, db_rows_t **ret_rows)
{
    char partitions[ID_PARTITIONS * 3 + 2]; /* "{4,17}" */
    size_t end = 0;
    for (int p = 0; p < ID_PARTITIONS; p++)
        if (batch->partitions & bit_of (p))
            end += (size_t)snprintf (partitions + end, sizeof partitions - end, "%c%d", end ? ',' : '{', p);
    snprintf (partitions + end, sizeof partitions - end, "}");
    if (db_begin (worker->db) < 0)
        return -1;
    return db_query (worker->db, &SQL_BUS_TAKE, ret_rows, partitions, worker->runtime->topics_array,
                     DB_INT (batch->limit));
}

/* The rest is left for the next transaction: another handler's events might not fit, or it lasts long already. */
static bool batch_ends (const struct worker *worker, const struct batch *batch, int64_t began)
{
    return worker->outbox_count > WORKER_OUTBOX_MOST - WORKER_PUBLISH_MOST ||
           (batch->good > 0 && wire_ticks () - began >= WORKER_EVENT_MS);
}

/* Handles what was taken. */
static int batch_handle (struct worker *worker, struct batch *batch, const db_rows_t *rows)
{
    int64_t last[ID_PARTITIONS] = {0};
    int taken[ID_PARTITIONS] = {0};
    int64_t began = wire_ticks ();
    for (int row = 0; row < db_count (rows); row++) {
        int p = (int)db_int (rows, row, "partition");
        if (batch->more & bit_of (p))
            continue;
        if (batch_ends (worker, batch, began)) {
            batch->more |= bit_of (p);
            batch->heads[p] = last[p];
            continue;
        }
        batch->heads[p] = db_int (rows, row, "head");
        if (db_is_null (rows, row, "seq")) /* only what concerns others lies before the head */
            continue;
        last[p] = db_int (rows, row, "seq");
        batch->failed_partition = p;
        batch->failed_seq = last[p];
        bool is_flushed = batch->careful || batch->good % WORKER_EVENT_FLUSH == WORKER_EVENT_FLUSH - 1;
        if (event_handle (worker, rows, row, p) < 0 || (is_flushed && db_flush (worker->db) < 0))
            return -1;
        batch->good++;
        if (++taken[p] == batch->limit) {
            batch->more |= bit_of (p);
            batch->heads[p] = last[p];
        }
    }
    return 0;
}

/* COMMIT of the events' effects and of the cursors. */
static int batch_commit (struct worker *worker, const struct batch *batch, const char *correlation)
{
    char partitions[ID_PARTITIONS * 3 + 2], heads[ID_PARTITIONS * 21 + 2];
    size_t end = 0, heads_end = 0;
    for (int p = 0; p < ID_PARTITIONS; p++)
        if (batch->heads[p]) {
            char before = end ? ',' : '{';
            end += (size_t)snprintf (partitions + end, sizeof partitions - end, "%c%d", before, p);
            heads_end +=
                (size_t)snprintf (heads + heads_end, sizeof heads - heads_end, "%c%" PRId64, before, batch->heads[p]);
        }
    snprintf (partitions + end, sizeof partitions - end, end ? "}" : "{}");
    snprintf (heads + heads_end, sizeof heads - heads_end, end ? "}" : "{}");
    const char *params[] = {partitions, heads};
    struct db_step advance = {&SQL_BUS_ADVANCE, params, 2};
    struct call call;
    struct reply reply;
    worker_unit (worker, &call, &reply, correlation);
    return worker_commit (worker, &call, &advance, 1);
}

/* 0; -1: all of it failed, the transaction is still to be rolled back. */
static int batch_run (struct worker *worker, struct batch *batch)
{
    AUTO (db_rows) rows = NULL;
    if (batch_take (worker, batch, &rows) < 0)
        return -1;
    int count = db_count (rows);
    if (count == 0) { /* another member holds them */
        worker_rollback (worker);
        return 0;
    }
    KILL_POINT ("events.taken");
    if (batch_handle (worker, batch, rows) < 0)
        return -1;
    KILL_POINT ("events.handled");
    if (batch_commit (worker, batch, db_text (rows, count - 1, "correlation")) == 0)
        return 0;
    if (batch->good > 1) { /* one of them: find out which by going on one by one */
        batch->good = 1;
        batch->failed_seq = 0;
    } else {
        batch->good = 0;
    }
    return -1;
}

static int batch_again (struct worker *worker, struct batch *batch, int limit)
{
    worker_rollback (worker);
    *batch = (struct batch){
        .partitions = batch->partitions, .limit = limit, .careful = true, .failed_partition = batch->failed_partition};
    return batch_run (worker, batch);
}

/* One partition: what went well before an event that failed keeps its place, without it. */
static void events_alone (struct worker *worker, int partition)
{
    struct batch batch = {.partitions = bit_of (partition), .limit = WORKER_EVENT_BATCH, .failed_partition = partition};
    int rc = batch_run (worker, &batch);
    if (rc < 0 && !worker_environment_failed (worker))
        rc = batch_again (worker, &batch, WORKER_EVENT_BATCH); /* which one is it? */
    if (rc < 0 && batch.good > 0 && !worker_environment_failed (worker))
        rc = batch_again (worker, &batch, batch.good); /* without it */
    if (rc < 0)
        batch_failed (worker, &batch);
    else
        worker->report->behind |= batch.more;
}

/* Several partitions: all of them, or each alone, so that a failure costs nobody else's events anything. */
static void events_together (struct worker *worker, uint64_t partitions)
{
    struct batch batch = {.partitions = partitions, .limit = WORKER_EVENT_BATCH / __builtin_popcountll (partitions)};
    if (batch_run (worker, &batch) == 0) {
        worker->report->behind |= batch.more;
        return;
    }
    if (worker_environment_failed (worker)) {
        batch_failed (worker, &batch);
        return;
    }
    worker_rollback (worker);
    for (int p = 0; p < ID_PARTITIONS; p++) {
        if (!(partitions & bit_of (p)))
            continue;
        if (worker->report->unfit)
            worker->report->behind |= bit_of (p);
        else
            events_alone (worker, p);
    }
}

void worker_events (struct worker *worker, uint64_t partitions)
{
    if (__builtin_popcountll (partitions) == 1)
        events_alone (worker, __builtin_ctzll (partitions));
    else
        events_together (worker, partitions);
    log_correlation (NULL);
}
