/* One partition's next events: lock the cursor, handle in order, advance, all in one transaction.  At least once on the
 * wire, exactly once in effect.  A batch that fails is tried again without the event that failed; the one that keeps failing
 * is buried. */
#include "common/log.h"
#include "common/worker.h"
#include "runtime_sql.h"

enum { EVENT_RETRY_MS = 250 };

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

/* Writes down why the event at `seq` failed (0: no single event did, so nothing is counted). */
static void event_failed (struct worker *worker, int partition, int64_t seq)
{
    char why[1000], text[24];
    const char *state = db_sqlstate (worker->db), *error = db_error (worker->db);
    snprintf (why, sizeof why, "%s%s%s%s%s", worker->note, worker->note[0] && error[0] ? " " : "", state,
              state[0] ? " " : "", error);
    bool environment = worker_environment_failed (worker) || worker_may_retry (worker);
    worker_rollback (worker);
    AUTO (db_rows) rows = NULL;
    bool buried = false;
    if (!environment && db_query (worker->db, &SQL_BUS_FAIL, &rows, DB_INT (partition), DB_INT (seq), why,
                                  DB_INT (WORKER_EVENT_FAILURES)) == 0)
        buried = db_bool (rows, 0, "buried");
    log_line (buried ? LEVEL_ERROR : LEVEL_WARN, buried ? "event.buried" : "event.failed", "partition",
              DB_INT (partition), "seq", db_int_text (text, seq), "why", why, NULL);
    worker->report->unfit = environment && !db_alive (worker->db);
    worker->report->retry_ms = buried ? 0 : EVENT_RETRY_MS;
    worker->report->behind |= UINT64_C (1) << partition;
}

struct batch {
    int64_t failed_seq; /* the event that failed; 0: none, or not a single event's fault */
    int before_failed;  /* events that went well before it, and were rolled back with it */
    bool more;          /* the log may hold more */
};

/* COMMIT of the events' effects and of the cursor.  head: how far the cursor may go. */
static int events_commit (struct worker *worker, int partition, int64_t head, const char *correlation)
{
    struct call call;
    struct reply reply;
    char partition_text[24], head_text[24];
    const char *params[] = {db_int_text (partition_text, partition), db_int_text (head_text, head)};
    struct db_step advance = {&SQL_BUS_ADVANCE, params, 2};
    worker_unit (worker, &call, &reply, correlation);
    return worker_commit (worker, &call, &advance, 1);
}

/* One transaction with at most `limit` events.  0, or -1: all of it rolled back. */
static int events_batch (struct worker *worker, int partition, int limit, struct batch *ret)
{
    *ret = (struct batch){0};
    AUTO (db_rows) rows = NULL;
    if (db_begin (worker->db) < 0 || db_query (worker->db, &SQL_BUS_TAKE, &rows, DB_INT (partition),
                                               worker->runtime->topics_array, DB_INT (limit)) < 0)
        return -1;
    int count = db_count (rows);
    if (count == 0) { /* another member holds it */
        worker_rollback (worker);
        return 0;
    }
    int64_t head = db_int (rows, 0, "head"), last = 0;
    int done = 0;
    for (; done < count && !db_is_null (rows, done, "seq"); done++) {
        if (worker->outbox_count > WORKER_OUTBOX_MOST - WORKER_PUBLISH_MOST) {
            head = last;
            ret->more = true;
            break;
        }
        last = db_int (rows, done, "seq");
        if (event_handle (worker, rows, done, partition) < 0) {
            ret->failed_seq = last;
            ret->before_failed = done;
            return -1;
        }
    }
    if (events_commit (worker, partition, head, done ? db_text (rows, done - 1, "correlation") : NULL) == 0) {
        ret->more = ret->more || done == limit;
        return 0;
    }
    ret->failed_seq = done == 1 ? last : 0;
    ret->before_failed = done > 1 ? 1 : 0; /* one of them: find out which by going on one by one */
    return -1;
}

void worker_events (struct worker *worker, int partition)
{
    struct batch batch;
    int rc = events_batch (worker, partition, WORKER_EVENT_BATCH, &batch);
    if (rc < 0 && batch.before_failed > 0 && !worker_environment_failed (worker)) {
        worker_rollback (worker); /* its fault must not cost its neighbours their place */
        rc = events_batch (worker, partition, batch.before_failed, &batch);
    }
    if (rc < 0)
        event_failed (worker, partition, batch.failed_seq);
    else if (batch.more)
        worker->report->behind |= UINT64_C (1) << partition;
    log_correlation (NULL);
}
