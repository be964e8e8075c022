/* What the document service keeps: see document_store.h. */
#include "document_store.h"

#include "common/auto.h"
#include "common/rows.h"
#include "document_sql.h"

#include <assert.h>

/* ---- templates ---------------------------------------------------------------------------------------------- */

int template_add (db_t *db, const struct template_new *template)
{
    AUTO (db_rows) rows = NULL;
    AUTO_FREE char *body = db_json_text (template->template);
    AUTO_FREE char *constants = db_json_text (template->constants);
    int rc = db_query (db, &SQL_TEMPLATE_ADD, &rows, template->code, DB_INT (template->version), body, constants,
                       template->sha256, DB_INT (template->published_ms), template->account);
    return rc < 0 ? rc : db_affected (rows) > 0;
}

int template_find (db_t *db, const char *code, int version, db_rows_t **ret_rows)
{
    const char *wanted = version ? DB_INT (version) : NULL;
    int rc = db_query (db, &SQL_TEMPLATE_FIND, ret_rows, code, wanted);
    return rc < 0 ? rc : db_count (*ret_rows);
}

int template_newest (db_t *db, const char *code, int *ret_version)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_TEMPLATE_NEWEST, &rows, code);
    if (rc < 0 || db_count (rows) == 0)
        return rc;
    *ret_version = (int)db_int (rows, 0, "version");
    return 1;
}

/* ---- drafts ------------------------------------------------------------------------------------------------- */

int task_add (db_t *db, const struct task_new *task)
{
    const struct station_request *asked = task->asked;
    AUTO_FREE char *config = db_json_text (asked->config);
    return db_query (db, &SQL_TASK_ADD, NULL, asked->application, asked->step, DB_INT (asked->attempt), asked->number,
                     asked->kecamatan, asked->service, DB_INT (asked->service_version), asked->due_on, config,
                     task->reason, DB_INT (asked->requested_at_ms));
}

int objection_put (db_t *db, const char *application, const char *step, const char *reason, int64_t returned_ms)
{
    return db_query (db, &SQL_OBJECTION_PUT, NULL, application, step, reason, DB_INT (returned_ms));
}

static int task_read (db_t *db, const struct db_statement *statement, const char *application, struct task *ret)
{
    *ret = (struct task){0};
    if (db_query (db, statement, &ret->rows, application) < 0)
        return -1;
    const db_rows_t *rows = ret->rows;
    if (db_count (rows) == 0)
        return 0;
    bool known = document_draft_state_parse (db_text (rows, 0, "state"), &ret->state);
    assert (known && "the table's CHECK keeps others out");
    (void)known;
    ret->id = db_int (rows, 0, "id");
    ret->application = db_text (rows, 0, "application");
    ret->step = db_text (rows, 0, "step");
    ret->number = db_text (rows, 0, "number");
    ret->kecamatan = db_text (rows, 0, "kecamatan");
    ret->service = db_text (rows, 0, "service");
    ret->ended_by_name = db_text (rows, 0, "ended_by_name");
    ret->attempt = (int)db_int (rows, 0, "attempt");
    ret->ended_ms = db_int (rows, 0, "ended_at_ms");
    ret->config = db_json (rows, 0, "config");
    return 1;
}

int task_find (db_t *db, const char *application, struct task *ret_task)
{
    return task_read (db, &SQL_TASK_FIND, application, ret_task);
}

int task_lock (db_t *db, const char *application, struct task *ret_task)
{
    return task_read (db, &SQL_TASK_LOCK, application, ret_task);
}

void task_clear (struct task *task)
{
    json_decref (task->config);
    db_rows_destroy (&task->rows);
    *task = (struct task){0};
}

int task_end (db_t *db, int64_t id, enum document_draft_state to, const char *account, const char *name,
              int64_t ended_ms)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_TASK_END, &rows, DB_INT (id), document_draft_state_name (to), DB_INT (ended_ms),
                       account, name);
    return rows_changed_one (rc, rows);
}

int task_list (db_t *db, const char *places, const char *after, int limit, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_TASK_LIST, ret_rows, places, after, DB_INT (limit));
}

json_t *task_json (const db_rows_t *rows, int row)
{
    return json_pack ("{s:s, s:s, s:I, s:s, s:s, s:s, s:I, s:s, s:s, s:o, s:s*}", "application",
                      db_text (rows, row, "application"), "step", db_text (rows, row, "step"), "attempt",
                      (json_int_t)db_int (rows, row, "attempt"), "number", db_text (rows, row, "number"), "kecamatan",
                      db_text (rows, row, "kecamatan"), "service", db_text (rows, row, "service"), "service_version",
                      (json_int_t)db_int (rows, row, "service_version"), "due_on", db_text (rows, row, "due_on"),
                      "state", db_text (rows, row, "state"), "requested_at", rows_moment (rows, row, "requested_at_ms"),
                      "reason", db_text (rows, row, "reason"));
}

int draft_add (db_t *db, const struct draft_new *draft)
{
    AUTO_FREE char *filled = db_json_text (draft->filled);
    AUTO_FREE char *signer = db_json_text (draft->signer);
    return db_query (db, &SQL_DRAFT_ADD, NULL, DB_INT (draft->task), draft->application, draft->template,
                     DB_INT (draft->template_version), draft->content, draft->content_sha256, filled, signer,
                     DB_INT (draft->submitted_ms));
}

int draft_find (db_t *db, const char *application, db_rows_t **ret_rows)
{
    int rc = db_query (db, &SQL_DRAFT_FIND, ret_rows, application);
    return rc < 0 ? rc : db_count (*ret_rows);
}

int draft_of_content (db_t *db, const char *application, const char *content_sha256, int64_t *ret_id)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_DRAFT_OF_CONTENT, &rows, application, content_sha256);
    if (rc < 0 || db_count (rows) == 0)
        return rc;
    *ret_id = db_int (rows, 0, "id");
    return 1;
}

/* ---- numbers ------------------------------------------------------------------------------------------------ */

int number_next (db_t *db, const char *kecamatan, const char *series, int year, int64_t *ret_seq)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_NUMBER_NEXT, &rows, kecamatan, series, DB_INT (year));
    if (rc == 0)
        *ret_seq = db_int (rows, 0, "last");
    return rc;
}

int number_add (db_t *db, const struct number_new *number, int64_t *ret_id)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_NUMBER_ADD, &rows, number->kecamatan, number->series, DB_INT (number->year),
                       DB_INT (number->seq), number->number, number->application, number->service,
                       DB_INT (number->allocated_ms));
    if (rc == 0)
        *ret_id = db_int (rows, 0, "id");
    return rc;
}

int number_end (db_t *db, int64_t id, enum document_number_state to, const char *reason, int64_t ended_ms)
{
    AUTO (db_rows) rows = NULL;
    int rc =
        db_query (db, &SQL_NUMBER_END, &rows, DB_INT (id), document_number_state_name (to), reason, DB_INT (ended_ms));
    return rows_changed_one (rc, rows);
}

int number_list (db_t *db, const char *kecamatan, const char *series, const char *year, const char *after, int limit,
                 db_rows_t **ret_rows)
{
    return db_query (db, &SQL_NUMBER_LIST, ret_rows, kecamatan, series, year, after, DB_INT (limit));
}

int number_sums (db_t *db, const char *kecamatan, const char *series, const char *year, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_NUMBER_SUMS, ret_rows, kecamatan, series, year);
}

json_t *number_json (const db_rows_t *rows, int row)
{
    json_t *number =
        json_pack ("{s:s, s:I, s:I, s:s, s:s, s:s, s:s, s:o, s:s*}", "series", db_text (rows, row, "series"), "year",
                   (json_int_t)db_int (rows, row, "year"), "seq", (json_int_t)db_int (rows, row, "seq"), "number",
                   db_text (rows, row, "number"), "state", db_text (rows, row, "state"), "application",
                   db_text (rows, row, "application"), "service", db_text (rows, row, "service"), "allocated_at",
                   rows_moment (rows, row, "allocated_at_ms"), "reason", db_text (rows, row, "reason"));
    if (!db_is_null (rows, row, "ended_at_ms"))
        json_object_set_new (number, "ended_at", rows_moment (rows, row, "ended_at_ms"));
    return number;
}

json_t *number_sum_json (const db_rows_t *rows, int row)
{
    return json_pack ("{s:s, s:I, s:I, s:I, s:I, s:I}", "series", db_text (rows, row, "series"), "year",
                      (json_int_t)db_int (rows, row, "year"), "last", (json_int_t)db_int (rows, row, "last"),
                      "allocated", (json_int_t)db_int (rows, row, "allocated"), "used",
                      (json_int_t)db_int (rows, row, "used"), "void", (json_int_t)db_int (rows, row, "void"));
}

/* ---- final documents ---------------------------------------------------------------------------------------- */

int final_known (db_t *db, const char *application, const char *step, int64_t attempt)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_FINAL_KNOWN, &rows, application, step, DB_INT (attempt));
    return rc < 0 ? rc : db_count (rows);
}

int final_add (db_t *db, const struct final_new *final)
{
    return db_query (db, &SQL_FINAL_ADD, NULL, final->application, final->step, DB_INT (final->attempt),
                     final->kecamatan, final->service, DB_INT (final->draft), DB_INT (final->number), final->token,
                     DB_INT (final->requested_ms));
}

static int final_read (db_t *db, const struct db_statement *statement, const char *application, struct final *ret)
{
    *ret = (struct final){0};
    if (db_query (db, statement, &ret->rows, application) < 0)
        return -1;
    const db_rows_t *rows = ret->rows;
    if (db_count (rows) == 0)
        return 0;
    bool known = document_final_state_parse (db_text (rows, 0, "state"), &ret->state);
    assert (known && "the table's CHECK keeps others out");
    (void)known;
    ret->id = db_int (rows, 0, "id");
    ret->number_id = db_int (rows, 0, "number_id");
    ret->step = db_text (rows, 0, "step");
    ret->kecamatan = db_text (rows, 0, "kecamatan");
    ret->service = db_text (rows, 0, "service");
    ret->token = db_text (rows, 0, "token");
    ret->number = db_text (rows, 0, "number");
    ret->dated = db_text (rows, 0, "dated");
    ret->file = db_text (rows, 0, "file");
    ret->sha256 = db_text (rows, 0, "sha256");
    ret->attempt = (int)db_int (rows, 0, "attempt");
    return 1;
}

int final_find (db_t *db, const char *application, struct final *ret_final)
{
    return final_read (db, &SQL_FINAL_FIND, application, ret_final);
}

int final_lock (db_t *db, const char *application, struct final *ret_final)
{
    return final_read (db, &SQL_FINAL_LOCK, application, ret_final);
}

void final_clear (struct final *final)
{
    db_rows_destroy (&final->rows);
    *final = (struct final){0};
}

int final_render (db_t *db, int64_t id, const struct final_rendering *rendering)
{
    AUTO (db_rows) rows = NULL;
    AUTO_FREE char *signer = db_json_text (rendering->signer);
    int rc = db_query (db, &SQL_FINAL_RENDER, &rows, DB_INT (id), document_final_state_name (rendering->to),
                       rendering->dated, rendering->file, rendering->sha256, signer);
    return rows_changed_one (rc, rows);
}

int final_end (db_t *db, int64_t id, enum document_final_state to)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_FINAL_END, &rows, DB_INT (id), document_final_state_name (to));
    return rows_changed_one (rc, rows);
}
