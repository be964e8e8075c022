/* What the verification service keeps: see verification_store.h. */
#include "verification_store.h"

#include "common/auto.h"
#include "common/rows.h"
#include "verification_sql.h"

#include <assert.h>

int task_add (db_t *db, const struct task_request *request)
{
    AUTO_FREE char *facts = db_json_text (request->facts);
    AUTO_FREE char *requirements = db_json_text (request->requirements);
    AUTO_FREE char *outcomes = request->outcomes ? db_json_text (request->outcomes) : NULL;
    const struct station_request *asked = request->asked;
    return db_query (db, &SQL_TASK_ADD, NULL, asked->application, asked->step, DB_INT (asked->attempt), asked->number,
                     asked->kecamatan, asked->service, DB_INT (asked->service_version), asked->due_on, facts,
                     requirements, outcomes, json_text (asked->body, "reason"), DB_INT (asked->requested_at_ms));
}

/* The table's CHECK keeps other states out. */
static enum verification_state state_of (const db_rows_t *rows, int row)
{
    enum verification_state state = VERIFICATION_OPEN;
    bool known = verification_state_parse (db_text (rows, row, "state"), &state);
    assert (known);
    (void)known;
    return state;
}

int task_lock (db_t *db, const char *application, db_rows_t **ret_rows, struct task_locked *ret_task)
{
    int rc = db_query (db, &SQL_TASK_LOCK, ret_rows, application);
    if (rc < 0 || db_count (*ret_rows) == 0)
        return rc;
    const db_rows_t *rows = *ret_rows;
    *ret_task = (struct task_locked){
        .id = db_int (rows, 0, "id"),
        .step = db_text (rows, 0, "step"),
        .kecamatan = db_text (rows, 0, "kecamatan"),
        .attempt = (int)db_int (rows, 0, "attempt"),
        .state = state_of (rows, 0),
        .requirements = db_json (rows, 0, "requirements"),
        .outcomes = db_json (rows, 0, "outcomes"),
        .decided_by_name = db_text (rows, 0, "decided_by_name"),
        .decided_at_ms = db_int (rows, 0, "decided_at_ms"),
    };
    return 1;
}

void task_locked_clear (struct task_locked *task)
{
    json_decref (task->requirements);
    json_decref (task->outcomes);
    task->requirements = task->outcomes = NULL;
}

int task_decide (db_t *db, int64_t id, const struct task_decision *decision)
{
    AUTO (db_rows) rows = NULL;
    AUTO_FREE char *missing = decision->missing ? db_json_text (decision->missing) : NULL;
    int rc =
        db_query (db, &SQL_TASK_DECIDE, &rows, DB_INT (id), verification_state_name (decision->state),
                  verification_outcome_name (decision->outcome), decision->requirement, decision->reason,
                  decision->legal_basis, missing, decision->account, decision->name, DB_INT (decision->decided_at_ms));
    return rows_changed_one (rc, rows);
}

int task_close (db_t *db, int64_t id, enum verification_state state, int64_t closed_at_ms)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_TASK_CLOSE, &rows, DB_INT (id), verification_state_name (state), DB_INT (closed_at_ms));
    return rows_changed_one (rc, rows);
}

int task_list (db_t *db, const char *places, const char *state, const char *after, int rows, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_TASK_LIST, ret_rows, places, state, after, DB_INT (rows));
}

int task_history (db_t *db, const char *application, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_TASK_HISTORY, ret_rows, application);
}

/* Members that are not there are left out. */
static json_t *decision_json (const db_rows_t *rows, int row)
{
    json_t *decision =
        json_pack ("{s:s, s:o, s:{s:s}, s:s*, s:s*, s:s*}", "outcome", db_text (rows, row, "outcome"), "decided_at",
                   rows_moment (rows, row, "decided_at_ms"), "decided_by", "name",
                   db_text (rows, row, "decided_by_name"), "requirement", db_text (rows, row, "requirement"), "reason",
                   db_text (rows, row, "reason"), "legal_basis", db_text (rows, row, "legal_basis"));
    if (!db_is_null (rows, row, "missing"))
        json_object_set_new (decision, "missing", db_json (rows, row, "missing"));
    return decision;
}

json_t *task_json (const db_rows_t *rows, int row)
{
    json_t *task =
        json_pack ("{s:s, s:s, s:I, s:s, s:s, s:s, s:I, s:s, s:s, s:o, s:o, s:o}", "application",
                   db_text (rows, row, "application"), "step", db_text (rows, row, "step"), "attempt",
                   (json_int_t)db_int (rows, row, "attempt"), "number", db_text (rows, row, "number"), "kecamatan",
                   db_text (rows, row, "kecamatan"), "service", db_text (rows, row, "service"), "service_version",
                   (json_int_t)db_int (rows, row, "service_version"), "due_on", db_text (rows, row, "due_on"), "state",
                   db_text (rows, row, "state"), "facts", db_json (rows, row, "facts"), "requirements",
                   db_json (rows, row, "requirements"), "requested_at", rows_moment (rows, row, "requested_at_ms"));
    if (!db_is_null (rows, row, "return_reason"))
        json_object_set_new (task, "reason", json_string (db_text (rows, row, "return_reason")));
    if (!db_is_null (rows, row, "outcomes"))
        json_object_set_new (task, "outcomes", db_json (rows, row, "outcomes"));
    if (!db_is_null (rows, row, "outcome"))
        json_object_set_new (task, "decision", decision_json (rows, row));
    return task;
}
