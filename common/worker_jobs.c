/* One due job: lease it, perform it outside any transaction, conclude it inside one.  The lease of a worker that dies
 * ends with its connection; so a job may be performed twice and must carry its own idempotency key to the outside. */
#include "common/kill_point.h"
#include "common/log.h"
#include "common/pulse.h"
#include "common/worker.h"
#include "runtime_sql.h"

#include <sodium.h>

enum { JOB_BACKOFF_MS = 500, JOB_BACKOFF_MOST_MS = 10 * 60 * 1000 };

static const struct job_kind *job_kind_find (const struct worker *worker, const char *name)
{
    for (const struct job_kind *kind = worker->runtime->service->jobs; kind && kind->name; kind++)
        if (streq (kind->name, name))
            return kind;
    return NULL;
}

/* Doubles with every attempt, bounded, with jitter of half of it: many failed jobs must not come back in one wave. */
static int64_t job_backoff (int attempt)
{
    int64_t delay = JOB_BACKOFF_MS;
    for (int i = 1; i < attempt && delay < JOB_BACKOFF_MOST_MS; i++)
        delay *= 2;
    if (delay > JOB_BACKOFF_MOST_MS)
        delay = JOB_BACKOFF_MOST_MS;
    return delay / 2 + randombytes_uniform ((uint32_t)delay);
}

/* Ends the job together with what `fn` saves.  0 if that is committed. */
static int job_finish (struct worker *worker, struct call *call, const struct job *job, job_fn *fn, const char *state)
{
    reply_clear (call->reply);
    AUTO (db_rows) ended = NULL;
    if (db_begin (worker->db) < 0 || db_query (worker->db, &SQL_JOB_END, &ended, job->id, state,
                                               worker->note[0] ? worker->note : NULL, DB_INT (job->attempt)) < 0)
        return -1;
    if (db_affected (ended) == 0) { /* the lease ran out and another worker has it: its word counts */
        worker_rollback (worker);
        return 0;
    }
    if (fn && (fn (call, job) < 0 || call->reply->refused))
        return -1;
    return worker_commit (worker, call, NULL, 0);
}

/* Why it did not end: the handler's own note, its refusal, or the database's words. */
static void job_reason (struct worker *worker, struct call *call)
{
    if (worker->note[0])
        return;
    if (call->reply->refused)
        job_note (call, "refused: %s", error_registry[call->reply->code].code);
    else
        job_note (call, "%s %.300s", db_sqlstate (worker->db), db_error (worker->db));
}

static void job_later (struct worker *worker, struct call *call, const struct job *job)
{
    job_reason (worker, call);
    worker_rollback (worker);
    int64_t delay = job_backoff (job->attempt);
    log_line (LEVEL_WARN, "job.again", "kind", job->kind, "key", job->key, "note", worker->note, NULL);
    if (db_query (worker->db, &SQL_JOB_AGAIN, NULL, job->id, DB_INT (delay), worker->note, DB_INT (job->attempt)) < 0)
        log_line (LEVEL_WARN, "job.lease_kept", "kind", job->kind, "key", job->key,
                  NULL); /* due again when it runs out */
}

/* Outside any transaction: 0 done; negative: try again later; positive: it will never be done. */
static int job_perform (struct worker *worker, struct call *call, const struct job *job, const struct job_kind *kind)
{
    if (!kind) {
        job_note (call, "this version knows no such kind of job");
        return 1;
    }
    if (job->attempt > kind->max_attempts) { /* the last attempts took their worker down with them */
        job_note (call, "attempt %d never ended", kind->max_attempts);
        return 1;
    }
    if (kind->perform && kind->perform (call, job) < 0)
        return job->attempt < kind->max_attempts ? -1 : 1;
    if (!call->reply->refused)
        return 0;
    if (!worker->note[0])
        job_note (call, "refused: %s", error_registry[call->reply->code].code);
    return 1;
}

static void job_failed (struct worker *worker, struct call *call, const struct job *job, const struct job_kind *kind)
{
    log_line (LEVEL_ERROR, "job.failed", "kind", job->kind, "key", job->key, "note", worker->note, NULL);
    if (job_finish (worker, call, job, kind ? kind->give_up : NULL, "failed") < 0)
        job_later (worker, call, job);
}

static void job_run (struct worker *worker, struct call *call, const struct job *job)
{
    const struct job_kind *kind = job_kind_find (worker, job->kind);
    KILL_POINT ("job.taken");
    int rc = job_perform (worker, call, job, kind);
    KILL_POINT ("job.performed");
    if (rc == 0 && job_finish (worker, call, job, kind->conclude, "done") < 0) {
        rc = job->attempt < kind->max_attempts || worker_environment_failed (worker) ? -1 : 1;
        job_reason (worker, call);
        worker_rollback (worker);
    }
    metric_add (&pulse_jobs_ended, rc == 0 ? PULSE_JOB_DONE : rc < 0 ? PULSE_JOB_AGAIN : PULSE_JOB_FAILED, 0, 1);
    if (rc < 0)
        job_later (worker, call, job);
    else if (rc > 0)
        job_failed (worker, call, job, kind);
}

void worker_job (struct worker *worker)
{
    AUTO (db_rows) rows = NULL;
    if (!worker->runtime->service->jobs || db_query0 (worker->db, &SQL_JOB_TAKE, &rows) < 0 || db_count (rows) == 0)
        return; /* a database that is away is noticed, and told, by the sweep */
    struct call call;
    struct reply reply;
    worker_unit (worker, &call, &reply, db_text (rows, 0, "correlation"));
    worker->actor = db_json (rows, 0, "actor");
    json_auto_t *payload = db_json (rows, 0, "payload");
    struct job job = {.id = db_text (rows, 0, "id"),
                      .kind = db_text (rows, 0, "kind"),
                      .key = db_text (rows, 0, "key"),
                      .payload = payload,
                      .attempt = (int)db_int (rows, 0, "attempts")};
    job_run (worker, &call, &job);
    worker_unit_end (worker, &call);
    worker->report->jobs = true; /* perhaps there is another one */
}
