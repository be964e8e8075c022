/* The applications' part of intake_store.h.  A row that is under lock and does not change is a bug, never silence. */
#include "intake_store.h"

#include "common/auto.h"
#include "common/rows.h"
#include "intake_sql.h"

#include <string.h>

/* ---- reading ------------------------------------------------------------------------------------------------ */

static void read_dates (struct application *application, const db_rows_t *rows)
{
    application->created_ms = db_int (rows, 0, "created_ms");
    application->registered_ms = db_int (rows, 0, "registered_ms");
    application->step_started_ms = db_int (rows, 0, "step_started_ms");
    application->closed_ms = db_int (rows, 0, "closed_ms");
    application->received_on = db_text (rows, 0, "received_on");
    application->due_on = db_text (rows, 0, "due_on");
    application->due_original_on = db_text (rows, 0, "due_original_on");
    application->wait = !db_is_null (rows, 0, "wait_minutes");
    application->wait_minutes = (int)db_int (rows, 0, "wait_minutes");
    application->paused_days = (int)db_int (rows, 0, "paused_days");
}

/* ret_application->rows hold one row or none.  1, 0, or negative. */
static int read_application (db_t *db, struct application *ret_application)
{
    const db_rows_t *rows = ret_application->rows;
    if (db_count (rows) == 0)
        return 0;
    int rc = version_hold (db, db_text (rows, 0, "service"), (int)db_int (rows, 0, "service_version"),
                           &ret_application->version);
    if (rc < 0)
        return rc;
    ret_application->facts = db_json (rows, 0, "facts");
    ret_application->id = db_text (rows, 0, "id");
    ret_application->kecamatan = db_text (rows, 0, "kecamatan");
    ret_application->unit = db_text (rows, 0, "unit");
    ret_application->number = db_text (rows, 0, "number");
    ret_application->short_code = db_text (rows, 0, "short_code");
    ret_application->step = db_text (rows, 0, "step");
    ret_application->attempt = (int)db_int (rows, 0, "attempt");
    ret_application->closed_reason = db_text (rows, 0, "closed_reason");
    ret_application->handed_to = db_text (rows, 0, "handed_to");
    ret_application->status = intake_status_from (db_text (rows, 0, "status"));
    read_dates (ret_application, rows);
    return 1;
}

int application_load (db_t *db, const char *id, enum application_access access, struct application *ret_application)
{
    memset (ret_application, 0, sizeof *ret_application);
    const struct db_statement *statement = access == APPLICATION_LOCK ? &SQL_APPLICATION_LOCK : &SQL_APPLICATION_FIND;
    int rc = db_query (db, statement, &ret_application->rows, id);
    return rc < 0 ? rc : read_application (db, ret_application);
}

int case_disclose (db_t *db, const char *id, const struct disclosure *disclosure, int64_t now,
                   struct application *ret_application)
{
    memset (ret_application, 0, sizeof *ret_application);
    int rc = db_query (db, &SQL_CASE_DISCLOSE, &ret_application->rows, id, disclosure->asked_by, disclosure->account,
                       disclosure->username, disclosure->correlation, DB_INT (now));
    return rc < 0 ? rc : read_application (db, ret_application);
}

void application_clear (struct application *application)
{
    json_decref (application->facts);
    version_release (&application->version);
    db_rows_destroy (&application->rows);
}

int application_same_day (db_t *db, const char *nik, const char *service, int64_t from_ms, int64_t to_ms,
                          db_rows_t **ret_rows)
{
    return db_query (db, &SQL_APPLICATION_SAME_DAY, ret_rows, nik, service, DB_INT (from_ms), DB_INT (to_ms));
}

int application_by_number (db_t *db, const char *number, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_APPLICATION_BY_NUMBER, ret_rows, number);
}

int application_list (db_t *db, const struct application_query *query, db_rows_t **ret_rows)
{
    if (query->step)
        return db_query (db, &SQL_APPLICATION_AT_STEP, ret_rows, query->places, query->kecamatan, query->status,
                         query->prefix, query->short_code, query->page.after, DB_INT (query->page.limit + 1),
                         query->step);
    return db_query (db, &SQL_APPLICATION_LIST, ret_rows, query->places, query->kecamatan, query->status, query->prefix,
                     query->short_code, query->page.after, DB_INT (query->page.limit + 1));
}

json_t *requirement_list (db_t *db, const char *application, int *ret_rc)
{
    AUTO (db_rows) rows = NULL;
    *ret_rc = db_query (db, &SQL_REQUIREMENT_LIST, &rows, application);
    return *ret_rc < 0 ? NULL : db_json (rows, 0, "requirements");
}

int step_list (db_t *db, const char *application, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_STEP_LIST, ret_rows, application);
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

int application_put (db_t *db, const struct application *application, const json_t *applicant, const json_t *acting_for,
                     const json_t *form)
{
    AUTO_FREE char *facts = db_json_text (application->facts);
    AUTO_FREE char *form_text = json_dumps (form, JSON_COMPACT);
    bool numbered = application->number != NULL;
    return db_query (
        db, &SQL_APPLICATION_PUT, NULL, application->id, application->kecamatan, application->version->service,
        DB_INT (application->version->number), intake_status_name (application->status), facts,
        DB_INT (application->created_ms), application->number, application->short_code,
        numbered ? DB_INT (application->registered_ms) : NULL, application->received_on, application->due_on,
        application->wait ? DB_INT (application->wait_minutes) : NULL, application->step,
        numbered ? DB_INT (application->attempt) : NULL, json_text (applicant, "nik"), json_text (applicant, "name"),
        json_text (applicant, "birth_place"), json_text (applicant, "birth_date"), json_text (applicant, "sex"),
        json_text (applicant, "address"), json_text (applicant, "job"), json_text (applicant, "phone"),
        json_text (applicant, "email"), json_text (applicant, "region"), json_text (acting_for, "nik"),
        json_text (acting_for, "name"), json_text (acting_for, "relation"), form_text, application->registered_by);
}

int application_register (db_t *db, const struct application *application)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_APPLICATION_REGISTER, &rows, application->id, application->number,
                       application->short_code, DB_INT (application->registered_ms), application->received_on,
                       application->due_on, application->wait ? DB_INT (application->wait_minutes) : NULL,
                       application->step, DB_INT (application->attempt), application->registered_by);
    return rows_changed_one (rc, rows);
}

int application_advance (db_t *db, struct application *application, const struct step_ending *ending, int64_t now)
{
    AUTO_FREE char *facts = db_json_text (application->facts);
    AUTO_FREE char *actor = db_json_text (ending->actor);
    const struct workflow_step *ended = ending->step;
    AUTO (db_rows) rows = NULL;
    int rc =
        db_query (db, &SQL_APPLICATION_ADVANCE, &rows, application->id, ended ? ended->step : NULL,
                  ended ? ended->station : NULL, ended ? ended->role : NULL, DB_INT (now), ending->outcome, actor,
                  ending->reason, ending->requirement, ending->legal_basis, intake_status_name (application->status),
                  facts, application->step, application->closed_reason, application->handed_to);
    rc = rows_changed_one (rc, rows);
    if (rc == 0)
        application->attempt = (int)db_int (rows, 0, "attempt");
    return rc;
}

int application_extend (db_t *db, const char *id, struct civil_date due_on, int more_days)
{
    char text[CALENDAR_DATE_SIZE];
    calendar_print (due_on, text);
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_APPLICATION_EXTEND, &rows, id, text, DB_INT (more_days));
    return rows_changed_one (rc, rows);
}

int number_next (db_t *db, const char *kecamatan, int year, int64_t *ret_number)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_NUMBER_NEXT, &rows, kecamatan, DB_INT (year));
    if (rc == 0)
        *ret_number = db_int (rows, 0, "last");
    return rc;
}

int handover_put (db_t *db, const char *application, const json_t *handover)
{
    const json_t *collector = json_object_get (handover, "collector");
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_HANDOVER_PUT, &rows, application, json_text (collector, "nik"),
                       json_text (collector, "name"), json_text (collector, "authority_file"),
                       DB_BOOL (json_flag (handover, "nik_confirmed", false)), json_text (handover, "note"),
                       json_text (handover, "signature_file"));
    return rows_changed_one (rc, rows);
}

int requirement_put (db_t *db, const char *application, const json_t *brought, int64_t now)
{
    AUTO_FREE char *items = db_json_text (brought);
    return db_query (db, &SQL_REQUIREMENT_PUT, NULL, application, items, DB_INT (now));
}

int requirement_ask_again (db_t *db, const char *application, const char *code, const char *note)
{
    return db_query (db, &SQL_REQUIREMENT_ASK_AGAIN, NULL, application, code, note);
}
