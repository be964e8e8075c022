/* One partition's next events: lock the cursor, handle in order, advance, all in one transaction.  At least once on the
 * wire, exactly once in effect.  A batch that fails is tried again event by event; the one that keeps failing is
 * buried. */
#include "common/log.h"
#include "common/worker.h"
#include "runtime_sql.h"

static event_fn *event_handler (const struct worker *worker, const char *topic)
{
    for (const struct subscription *s = worker->runtime->service->subscriptions; s->topic; s++)
        if (streq (s->topic, topic))
            return s->handle;
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
    event_fn *handle = event_handler (worker, event.topic);
    int rc = handle ? handle (&call, &event) : 0;
    if (rc == 0 && reply.refused) {
        job_note (&call, "refused: %s", error_registry[reply.code].code);
        rc = -1;
    }
    reply_clear (&reply);
    json_decref (call.prepared);
    return rc;
}

/* Writes down why the event at `seq` failed; true if that was the last straw. */
static void event_failed (struct worker *worker, int partition, int64_t seq)
{
    char why[600];
    snprintf (why, sizeof why, "%s %s %s", worker->note, db_sqlstate (worker->db), db_error (worker->db));
    bool environment = worker_environment_failed (worker) || worker_may_retry (worker);
    worker_rollback (worker);
    AUTO (db_rows) rows = NULL;
    bool buried = false;
    if (!environment && db_query (worker->db, &SQL_BUS_FAIL, &rows, DB_INT (partition), DB_INT (seq), why,
                                  DB_INT (WORKER_EVENT_FAILURES)) == 0)
        buried = db_bool (rows, 0, "buried");
    char text[24];
    log_line (buried ? LEVEL_ERROR : LEVEL_WARN, buried ? "event.buried" : "event.failed", "seq",
              db_int_text (text, seq), "why", why, NULL);
    worker->report->retry_ms = buried ? 0 : 250;
    worker->report->behind |= UINT64_C (1) << partition;
}

/* One transaction.  *ret_seq: the event that failed (0: not an event's fault).  Returns the number of events or -1. */
static int events_batch (struct worker *worker, int partition, int limit, int64_t *ret_seq)
{
    *ret_seq = 0;
    AUTO (db_rows) rows = NULL;
    if (db_begin (worker->db) < 0 || db_query (worker->db, &SQL_BUS_TAKE, &rows, DB_INT (partition),
                                               worker->runtime->topics_array, DB_INT (limit)) < 0)
        return -1;
    int count = db_count (rows);
    if (count == 0) { /* another member holds it */
        worker_rollback (worker);
        return 0;
    }
    int64_t head = db_int (rows, 0, "head");
    int handled = 0;
    for (int i = 0; i < count && !db_is_null (rows, i, "seq"); i++, handled++)
        if (event_handle (worker, rows, i, partition) < 0) {
            *ret_seq = db_int (rows, i, "seq");
            return -1;
        }
    struct call call;
    struct reply reply;
    worker_unit (worker, &call, &reply, handled ? db_text (rows, handled - 1, "correlation") : NULL);
    char partition_text[24], head_text[24];
    const char *params[] = {db_int_text (partition_text, partition), db_int_text (head_text, head)};
    struct db_step advance = {&SQL_BUS_ADVANCE, params, 2};
    return worker_commit (worker, &call, &advance, 1) < 0 ? -1 : handled;
}

void worker_events (struct worker *worker, int partition)
{
    int64_t failed = 0;
    int limit = WORKER_EVENT_BATCH;
    int handled = events_batch (worker, partition, limit, &failed);
    if (handled < 0 && failed) { /* alone: its fault must not cost its neighbours their place */
        worker_rollback (worker);
        limit = 1;
        handled = events_batch (worker, partition, limit, &failed);
    }
    if (handled < 0)
        event_failed (worker, partition, failed);
    else if (handled == limit)
        worker->report->behind |= UINT64_C (1) << partition; /* there may be more */
    log_correlation (NULL);
}
