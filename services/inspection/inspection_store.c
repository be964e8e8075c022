/* What the inspection service keeps: see inspection_store.h. */
#include "inspection_store.h"

#include "common/auto.h"
#include "common/local_time.h"
#include "common/rows.h"
#include "inspection_sql.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int visit_add (db_t *db, const struct visit_request *request)
{
    AUTO_FREE char *facts = db_json_text (request->facts);
    AUTO_FREE char *findings_schema = db_json_text (request->findings_schema);
    AUTO_FREE char *measured = db_json_text (request->measured);
    const struct station_request *asked = request->asked;
    return db_query (db, &SQL_VISIT_ADD, NULL, asked->application, asked->step, DB_INT (asked->attempt), asked->number,
                     asked->kecamatan, asked->service, DB_INT (asked->service_version), asked->due_on, facts,
                     findings_schema, measured, DB_INT (asked->requested_at_ms));
}

/* The table's CHECK keeps other states out. */
static enum inspection_state state_of (const db_rows_t *rows, int row)
{
    enum inspection_state state = INSPECTION_REQUESTED;
    bool known = inspection_state_parse (db_text (rows, row, "state"), &state);
    assert (known);
    (void)known;
    return state;
}

/* The letter in force, read after the visit is locked. */
static int letter_get (db_t *db, struct visit_locked *visit)
{
    int rc = db_query (db, &SQL_LETTER_GET, &visit->letter_rows, visit->visit.letter_number);
    if (rc < 0)
        return rc;
    assert (db_count (visit->letter_rows) == 1); /* foreign key */
    visit->issued_by_name = db_text (visit->letter_rows, 0, "issued_by_name");
    visit->visit.letter_at_ms = db_int (visit->letter_rows, 0, "issued_at_ms");
    return 0;
}

int visit_lock (db_t *db, const char *application, struct visit_locked *ret_visit)
{
    *ret_visit = (struct visit_locked){0};
    int rc = db_query (db, &SQL_VISIT_LOCK, &ret_visit->rows, application);
    const db_rows_t *rows = ret_visit->rows;
    if (rc < 0 || db_count (rows) == 0)
        return rc;
    ret_visit->id = db_int (rows, 0, "id");
    ret_visit->step = db_text (rows, 0, "step");
    ret_visit->attempt = (int)db_int (rows, 0, "attempt");
    ret_visit->visit = (struct inspection_visit){
        .state = state_of (rows, 0),
        .kecamatan = db_text (rows, 0, "kecamatan"),
        .letter_number = db_text (rows, 0, "letter_number"),
    };
    ret_visit->findings_schema = db_json (rows, 0, "findings_schema");
    ret_visit->measured = db_json (rows, 0, "measured");
    ret_visit->recorded_by_name = db_text (rows, 0, "recorded_by_name");
    ret_visit->recorded_at_ms = db_int (rows, 0, "recorded_at_ms");
    if (ret_visit->visit.letter_number)
        rc = letter_get (db, ret_visit);
    return rc < 0 ? rc : 1;
}

void visit_locked_clear (struct visit_locked *visit)
{
    json_decref (visit->findings_schema);
    json_decref (visit->measured);
    db_rows_destroy (&visit->rows);
    db_rows_destroy (&visit->letter_rows);
}

int letter_next (db_t *db, const char *kecamatan, int year, int64_t *ret_serial)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_LETTER_NEXT, &rows, kecamatan, DB_INT (year));
    if (rc == 0)
        *ret_serial = db_int (rows, 0, "last");
    return rc;
}

int letter_add (db_t *db, const struct letter *letter)
{
    AUTO_FREE char *officers = db_json_text (letter->officers);
    return db_query (db, &SQL_LETTER_ADD, NULL, letter->letter_number, DB_INT (letter->visit), letter->date,
                     letter->time, officers, letter->note, letter->account, letter->name,
                     DB_INT (letter->issued_at_ms));
}

int visit_schedule (db_t *db, int64_t id, enum inspection_state state, const char *letter_number)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_VISIT_SCHEDULE, &rows, DB_INT (id), inspection_state_name (state), letter_number);
    return rows_changed_one (rc, rows);
}

int visit_record (db_t *db, int64_t id, const struct visit_report *report)
{
    AUTO (db_rows) rows = NULL;
    AUTO_FREE char *findings = db_json_text (report->findings);
    AUTO_FREE char *photos = db_json_text (report->photos);
    AUTO_FREE char *latitude = db_json_text (json_object_get (report->position, "latitude"));
    AUTO_FREE char *longitude = db_json_text (json_object_get (report->position, "longitude"));
    AUTO_FREE char *accuracy_m = db_json_text (json_object_get (report->position, "accuracy_m"));
    int rc = db_query (db, &SQL_VISIT_RECORD, &rows, DB_INT (id), inspection_state_name (report->state), findings,
                       photos, latitude, longitude, accuracy_m, DB_INT (report->visited_at_ms),
                       inspection_result_name (report->result), report->reason, report->legal_basis, report->account,
                       report->name, DB_INT (report->recorded_at_ms));
    return rows_changed_one (rc, rows);
}

int visit_close (db_t *db, int64_t id, enum inspection_state state, int64_t closed_at_ms)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_VISIT_CLOSE, &rows, DB_INT (id), inspection_state_name (state), DB_INT (closed_at_ms));
    return rows_changed_one (rc, rows);
}

int visit_list (db_t *db, const char *places, const char *state, const char *after, int rows, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_VISIT_LIST, ret_rows, places, state, after, DB_INT (rows));
}

int visit_history (db_t *db, const char *application, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_VISIT_HISTORY, ret_rows, application);
}

int letter_history (db_t *db, int64_t visit, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_LETTER_HISTORY, ret_rows, DB_INT (visit));
}

/* ---- rows as the contract shows them; members that are not there are left out ------------------------------- */

static json_t *number_json (const db_rows_t *rows, int row, const char *column)
{
    return json_real (strtod (db_text (rows, row, column), NULL));
}

json_t *letter_json (const db_rows_t *rows, int row)
{
    return json_pack ("{s:s, s:s, s:s*, s:o, s:s*, s:o, s:{s:s}}", "letter_number",
                      db_text (rows, row, "letter_number"), "date", db_text (rows, row, "date"), "time",
                      db_text (rows, row, "time"), "officers", db_json (rows, row, "officers"), "note",
                      db_text (rows, row, "note"), "issued_at", rows_moment (rows, row, "issued_at_ms"), "issued_by",
                      "name", db_text (rows, row, "issued_by_name"));
}

/* Was the field visited on the day that the letter in force names?  Another day is no offence, but is shown. */
static bool on_scheduled_day (const db_rows_t *rows, int row)
{
    char visited_on[CALENDAR_DATE_SIZE];
    calendar_print (local_time_date (db_int (rows, row, "visited_at_ms")), visited_on);
    return strcmp (visited_on, db_text (rows, row, "date")) == 0;
}

static json_t *report_json (const db_rows_t *rows, int row)
{
    return json_pack (
        "{s:s, s:s*, s:s*, s:o, s:o, s:{s:o, s:o, s:o}, s:o, s:b, s:o, s:{s:s}}", "result",
        db_text (rows, row, "result"), "reason", db_text (rows, row, "reason"), "legal_basis",
        db_text (rows, row, "legal_basis"), "findings", db_json (rows, row, "findings"), "photos",
        db_json (rows, row, "photos"), "position", "latitude", number_json (rows, row, "latitude"), "longitude",
        number_json (rows, row, "longitude"), "accuracy_m", number_json (rows, row, "accuracy_m"), "visited_at",
        rows_moment (rows, row, "visited_at_ms"), "on_scheduled_day", on_scheduled_day (rows, row), "recorded_at",
        rows_moment (rows, row, "recorded_at_ms"), "recorded_by", "name", db_text (rows, row, "recorded_by_name"));
}

json_t *visit_json (const db_rows_t *rows, int row)
{
    json_t *visit =
        json_pack ("{s:s, s:s, s:I, s:s, s:s, s:s, s:I, s:s, s:s, s:o, s:o, s:o}", "application",
                   db_text (rows, row, "application"), "step", db_text (rows, row, "step"), "attempt",
                   (json_int_t)db_int (rows, row, "attempt"), "number", db_text (rows, row, "number"), "kecamatan",
                   db_text (rows, row, "kecamatan"), "service", db_text (rows, row, "service"), "service_version",
                   (json_int_t)db_int (rows, row, "service_version"), "due_on", db_text (rows, row, "due_on"), "state",
                   db_text (rows, row, "state"), "facts", db_json (rows, row, "facts"), "findings_schema",
                   db_json (rows, row, "findings_schema"), "requested_at", rows_moment (rows, row, "requested_at_ms"));
    if (!db_is_null (rows, row, "letter_number")) {
        json_auto_t *letter = letter_json (rows, row);
        json_object_update (visit, letter);
    }
    if (!db_is_null (rows, row, "result"))
        json_object_set_new (visit, "report", report_json (rows, row));
    return visit;
}
