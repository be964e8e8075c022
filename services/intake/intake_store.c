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
    application->closed_ms = db_int (rows, 0, "closed_ms");
    application->received_on = db_text (rows, 0, "received_on");
    application->due_on = db_text (rows, 0, "due_on");
    application->due_original_on = db_text (rows, 0, "due_original_on");
    application->wait = !db_is_null (rows, 0, "wait_minutes");
    application->wait_minutes = (int)db_int (rows, 0, "wait_minutes");
    application->paused_days = (int)db_int (rows, 0, "paused_days");
}

int application_load (db_t *db, const char *id, enum application_access access, struct application *ret_application)
{
    memset (ret_application, 0, sizeof *ret_application);
    const struct db_statement *statement = access == APPLICATION_LOCK ? &SQL_APPLICATION_LOCK : &SQL_APPLICATION_FIND;
    int rc = db_query (db, statement, &ret_application->rows, id);
    if (rc < 0 || db_count (ret_application->rows) == 0)
        return rc;
    const db_rows_t *rows = ret_application->rows;
    ret_application->facts = db_json (rows, 0, "facts");
    ret_application->content = db_json (rows, 0, "content");
    ret_application->id = db_text (rows, 0, "id");
    ret_application->kecamatan = db_text (rows, 0, "kecamatan");
    ret_application->unit = db_text (rows, 0, "unit");
    ret_application->service = db_text (rows, 0, "service");
    ret_application->service_name = db_text (rows, 0, "service_name");
    ret_application->service_version = (int)db_int (rows, 0, "service_version");
    ret_application->workflow = db_text (rows, 0, "workflow");
    ret_application->workflow_version = (int)db_int (rows, 0, "workflow_version");
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

void application_clear (struct application *application)
{
    json_decref (application->facts);
    json_decref (application->content);
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
    return db_query (db, &SQL_APPLICATION_LIST, ret_rows, query->places, query->kecamatan, query->status, query->prefix,
                     query->page.after, DB_INT (query->page.limit + 1));
}

int applicant_find (db_t *db, const char *application, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_APPLICANT_FIND, ret_rows, application);
}

int requirement_list (db_t *db, const char *application, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_REQUIREMENT_LIST, ret_rows, application);
}

int step_list (db_t *db, const char *application, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_STEP_LIST, ret_rows, application);
}

/* ---- writing ------------------------------------------------------------------------------------------------ */

static int applicant_put (db_t *db, const struct application_new *application)
{
    const json_t *person = application->applicant, *representative = application->acting_for;
    AUTO_FREE char *form = json_dumps (application->form, JSON_COMPACT);
    return db_query (db, &SQL_APPLICANT_PUT, NULL, application->id, json_text (person, "nik"),
                     json_text (person, "name"), json_text (person, "birth_place"), json_text (person, "birth_date"),
                     json_text (person, "sex"), json_text (person, "address"), json_text (person, "job"),
                     json_text (person, "phone"), json_text (person, "email"), json_text (person, "region"),
                     json_text (representative, "nik"), json_text (representative, "name"),
                     json_text (representative, "relation"), form);
}

int application_put (db_t *db, const struct application_new *application, int64_t now)
{
    AUTO_FREE char *facts = db_json_text (application->facts);
    int rc = db_query (db, &SQL_APPLICATION_PUT, NULL, application->id, application->kecamatan, application->service,
                       DB_INT (application->service_version), facts, DB_INT (now));
    return rc < 0 ? rc : applicant_put (db, application);
}

int application_register (db_t *db, const char *id, const struct registration *registration, int64_t now)
{
    char received_on[CALENDAR_DATE_SIZE], due_on[CALENDAR_DATE_SIZE];
    calendar_print (registration->promise->received_on, received_on);
    calendar_print (registration->promise->due_on, due_on);
    AUTO (db_rows) rows = NULL;
    int rc =
        db_query (db, &SQL_APPLICATION_REGISTER, &rows, id, registration->number, registration->short_code,
                  DB_INT (now), received_on, due_on,
                  registration->promise->wait ? DB_INT (registration->duration.minutes) : NULL, registration->step);
    return rows_changed_one (rc, rows);
}

int application_move (db_t *db, const struct application *application, const char *to_step, int attempt)
{
    AUTO_FREE char *facts = db_json_text (application->facts);
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_APPLICATION_MOVE, &rows, application->id, application->step, to_step, DB_INT (attempt),
                       facts);
    return rows_changed_one (rc, rows);
}

int application_extend (db_t *db, const char *id, struct civil_date due_on, int more_days)
{
    char text[CALENDAR_DATE_SIZE];
    calendar_print (due_on, text);
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_APPLICATION_EXTEND, &rows, id, text, DB_INT (more_days));
    return rows_changed_one (rc, rows);
}

int application_close (db_t *db, const struct application *application, enum intake_status status, const char *reason,
                       const char *handed_to, int64_t now)
{
    AUTO_FREE char *facts = db_json_text (application->facts);
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_APPLICATION_CLOSE, &rows, application->id, intake_status_name (status), facts,
                       DB_INT (now), reason, handed_to);
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
                       DB_BOOL (json_flag (handover, "nik_confirmed", false)), json_text (handover, "note"));
    return rows_changed_one (rc, rows);
}

int requirement_put (db_t *db, const char *application, const json_t *provided, const char *file_sha256, int64_t now)
{
    return db_query (db, &SQL_REQUIREMENT_PUT, NULL, application, json_text (provided, "code"),
                     json_text (provided, "file"), DB_BOOL (json_flag (provided, "original_seen", false)),
                     json_text (provided, "note"), DB_INT (now), file_sha256);
}

int requirement_ask_again (db_t *db, const char *application, const char *code, const char *note)
{
    return db_query (db, &SQL_REQUIREMENT_ASK_AGAIN, NULL, application, code, note);
}

int step_begin (db_t *db, const char *application, const struct workflow_step *step, int64_t now, int *ret_attempt)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_STEP_BEGIN, &rows, application, step->step, step->station, step->role, DB_INT (now));
    if (rc == 0)
        *ret_attempt = (int)db_int (rows, 0, "attempt");
    return rc;
}

int step_end (db_t *db, const struct application *application, const struct step_ending *ending, int64_t now,
              int64_t *ret_started_ms)
{
    AUTO_FREE char *actor = db_json_text (ending->actor);
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_STEP_END, &rows, application->id, application->step, DB_INT (application->attempt),
                       DB_INT (now), ending->outcome, actor, ending->reason, ending->requirement, ending->legal_basis);
    if (rc == 0)
        *ret_started_ms = db_int (rows, 0, "started_ms");
    return rows_changed_one (rc, rows);
}

int disclosure_put (db_t *db, const char *application, const char *asked_by, const char *account, const char *username,
                    const char *correlation, int64_t now)
{
    return db_query (db, &SQL_DISCLOSURE_PUT, NULL, application, asked_by, account, username, correlation,
                     DB_INT (now));
}
