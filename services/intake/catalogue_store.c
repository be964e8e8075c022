/* The catalogue's part of intake_store.h: places, days, versions. */
#include "common/auto.h"
#include "intake_json.h"
#include "intake_sql.h"
#include "intake_store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int kabupaten_put (db_t *db, const json_t *kabupaten, int64_t now)
{
    return db_query (db, &SQL_KABUPATEN_PUT, NULL, json_text (kabupaten, "code"), json_text (kabupaten, "name"),
                     json_text (kabupaten, "address"), json_text (kabupaten, "phone"), json_text (kabupaten, "email"),
                     json_text (kabupaten, "website"), DB_INT (now));
}

static unsigned weekdays_of (const json_t *days)
{
    unsigned bits = 0;
    size_t i;
    json_t *day;
    json_array_foreach (days, i, day)
    {
        bits |= 1u << (json_integer_value (day) - 1);
    }
    return bits;
}

int kecamatan_put (db_t *db, const char *kabupaten, const json_t *kecamatan, int64_t now)
{
    const json_t *hours = json_object_get (kecamatan, "opening_hours");
    return db_query (
        db, &SQL_KECAMATAN_PUT, NULL, json_text (kecamatan, "code"), kabupaten, json_text (kecamatan, "name"),
        json_text (kecamatan, "address"), json_text (kecamatan, "postal_code"), json_text (kecamatan, "phone"),
        json_text (kecamatan, "email"), json_text (kecamatan, "unit"),
        DB_INT (weekdays_of (json_object_get (hours, "days"))), DB_INT (minute_from_text (json_text (hours, "opens"))),
        DB_INT (minute_from_text (json_text (hours, "closes"))), json_text (hours, "note"),
        json_text (kecamatan, "complaint_channel"), json_text (kecamatan, "maklumat"), DB_INT (now));
}

int kecamatan_list (db_t *db, const char *code, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_KECAMATAN_LIST, ret_rows, code);
}

int kecamatan_find (db_t *db, const char *code, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_KECAMATAN_FIND, ret_rows, code);
}

int holiday_put (db_t *db, const json_t *holiday, int64_t now)
{
    return db_query (db, &SQL_HOLIDAY_PUT, NULL, json_text (holiday, "date"), json_text (holiday, "name"),
                     json_text (holiday, "note"), DB_INT (now));
}

int holiday_remove (db_t *db, const char *date)
{
    return db_query (db, &SQL_HOLIDAY_REMOVE, NULL, date);
}

static void read_holidays (const json_t *dates, struct office *office)
{
    size_t i;
    json_t *date;
    assert (json_array_size (dates) <= OFFICE_HOLIDAYS_MAX && "the statement is limited");
    json_array_foreach (dates, i, date)
    {
        const char *text = json_string_value (date);
        if (calendar_parse (text, strlen (text), &office->holidays[office->calendar.holiday_count]))
            office->calendar.holiday_count++;
    }
}

int office_load (db_t *db, const char *code, struct civil_date from, struct office *ret_office)
{
    char first[CALENDAR_DATE_SIZE];
    calendar_print (from, first);
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_OFFICE_FIND, &rows, code, first);
    if (rc < 0 || db_count (rows) == 0)
        return rc;
    snprintf (ret_office->unit, sizeof ret_office->unit, "%s", db_text (rows, 0, "unit"));
    ret_office->calendar = (struct working_calendar){.weekdays = (unsigned)db_int (rows, 0, "weekdays"),
                                                     .holidays = ret_office->holidays,
                                                     .opens_minute = (int)db_int (rows, 0, "opens_minute"),
                                                     .closes_minute = (int)db_int (rows, 0, "closes_minute")};
    json_auto_t *holidays = db_json (rows, 0, "holidays");
    read_holidays (holidays, ret_office);
    return 1;
}

/* ---- versions ----------------------------------------------------------------------------------------------- */

/* After an INSERT ... DO NOTHING: was it new, and if not, is the content on record the same? */
static int publication_of (db_t *db, const struct db_statement *hash, const db_rows_t *inserted, const char *name,
                           const char *version, const char *sha256)
{
    if (db_affected (inserted) == 1)
        return PUBLICATION_NEW;
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, hash, &rows, name, version);
    if (rc < 0)
        return rc;
    assert (db_count (rows) == 1);
    return strcmp (db_text (rows, 0, "sha256"), sha256) == 0 ? PUBLICATION_SAME : PUBLICATION_OTHER;
}

static int put_steps (db_t *db, const char *code, const char *version, const struct workflow *workflow)
{
    for (size_t i = 0; i < workflow->step_count; i++) {
        const struct workflow_step *step = &workflow->steps[i];
        int rc = db_query (db, &SQL_WORKFLOW_STEP_PUT, NULL, code, version, DB_INT (i + 1), step->step, step->station,
                           step->role);
        if (rc < 0)
            return rc;
    }
    for (size_t i = 0; i < workflow->transition_count; i++) {
        const struct workflow_transition *row = &workflow->transitions[i];
        bool always = !row->when_fact[0];
        int rc =
            db_query (db, &SQL_WORKFLOW_TRANSITION_PUT, NULL, code, version, DB_INT (i + 1), row->from, row->outcome,
                      row->to, always ? NULL : row->when_fact, always ? NULL : DB_BOOL (row->when_value));
        if (rc < 0)
            return rc;
    }
    return PUBLICATION_NEW;
}

int workflow_put (db_t *db, const json_t *body, const struct workflow *workflow, const char *sha256, int64_t now)
{
    const char *code = json_text (body, "code"), *version = DB_INT (json_int (body, "version", 0));
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_WORKFLOW_PUT, &rows, code, version, json_text (body, "name"), workflow->start, sha256,
                       DB_INT (now));
    if (rc == 0)
        rc = publication_of (db, &SQL_WORKFLOW_HASH, rows, code, version, sha256);
    return rc == PUBLICATION_NEW ? put_steps (db, code, version, workflow) : rc;
}

/* '{35.29.21,35.29.22}': the codes hold digits and dots only.  NULL when the service is for all; free () it. */
static char *places_literal (const json_t *places)
{
    if (!places)
        return NULL;
    char *text = NULL;
    size_t size = 0, i;
    json_t *place;
    FILE *out = open_memstream (&text, &size);
    assert (out);
    json_array_foreach (places, i, place)
    {
        fprintf (out, "%c%s", i == 0 ? '{' : ',', json_string_value (place));
    }
    fputs (json_array_size (places) == 0 ? "{}" : "}", out);
    fclose (out);
    return text;
}

int service_put (db_t *db, const json_t *body, const char *sha256, int64_t now)
{
    const char *code = json_text (body, "code"), *version = DB_INT (json_int (body, "version", 0));
    const json_t *workflow = json_object_get (body, "workflow");
    AUTO_FREE char *content = json_dumps (body, JSON_COMPACT);
    AUTO_FREE char *places = places_literal (json_object_get (body, "kecamatan"));
    AUTO (db_rows) rows = NULL;
    int rc =
        db_query (db, &SQL_SERVICE_PUT, &rows, code, version, json_text (body, "name"), json_text (body, "valid_from"),
                  json_text (body, "valid_to"), json_text (body, "replaced_by"), places, json_text (workflow, "code"),
                  DB_INT (json_int (workflow, "version", 0)), content, sha256, DB_INT (now));
    return rc < 0 ? rc : publication_of (db, &SQL_SERVICE_HASH, rows, code, version, sha256);
}

int service_number_rival (db_t *db, const char *format, const char *series, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_SERVICE_NUMBER_RIVAL, ret_rows, format, series);
}

static void copy_text (char target[WORKFLOW_NAME_SIZE], const db_rows_t *rows, int row, const char *column)
{
    const char *text = db_text (rows, row, column);
    snprintf (target, WORKFLOW_NAME_SIZE, "%s", text ? text : "");
}

/* A row of the join: a transition, and its step when that is not yet known. */
static void add_row (struct workflow *workflow, const db_rows_t *rows, int row)
{
    assert (workflow->transition_count < WORKFLOW_TRANSITIONS_MAX);
    struct workflow_transition *transition = &workflow->transitions[workflow->transition_count++];
    copy_text (transition->from, rows, row, "step");
    copy_text (transition->outcome, rows, row, "outcome");
    copy_text (transition->to, rows, row, "to_step");
    copy_text (transition->when_fact, rows, row, "when_fact");
    transition->when_value = db_bool (rows, row, "when_value");
    if (workflow_find (workflow, transition->from))
        return;
    assert (workflow->step_count < WORKFLOW_STEPS_MAX);
    struct workflow_step *step = &workflow->steps[workflow->step_count++];
    copy_text (step->step, rows, row, "step");
    copy_text (step->station, rows, row, "station");
    copy_text (step->role, rows, row, "role");
}

int workflow_load (db_t *db, const char *workflow, int version, struct workflow *ret_workflow)
{
    memset (ret_workflow, 0, sizeof *ret_workflow);
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_WORKFLOW_ROWS, &rows, workflow, DB_INT (version));
    if (rc < 0 || db_count (rows) == 0)
        return rc;
    copy_text (ret_workflow->start, rows, 0, "start_step");
    for (int i = 0; i < db_count (rows); i++)
        add_row (ret_workflow, rows, i);
    return 1;
}

int version_read (db_t *db, const char *service, int number, struct version **ret_version)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_SERVICE_FIND, &rows, service, DB_INT (number));
    if (rc < 0)
        return rc;
    assert (db_count (rows) == 1 && "referred to by a row");
    struct version *version = calloc (1, sizeof *version);
    assert (version);
    rc = workflow_load (db, db_text (rows, 0, "workflow"), (int)db_int (rows, 0, "workflow_version"),
                        &version->workflow);
    if (rc < 0) {
        free (version);
        return rc;
    }
    version->service = strdup (service);
    version->name = strdup (db_text (rows, 0, "name"));
    version->number = number;
    version->content = db_json (rows, 0, "content");
    version->form = schema_new (json_object_get (version->content, "form_schema"), NULL);
    assert (version->form && "a published schema compiles");
    *ret_version = version;
    return 0;
}

int service_effective (db_t *db, const char *service, const char *on, const char *kecamatan, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_SERVICE_EFFECTIVE, ret_rows, service, on, kecamatan);
}

int service_last (db_t *db, const char *service, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_SERVICE_LAST, ret_rows, service);
}

int service_list (db_t *db, const char *on, const char *kecamatan, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_SERVICE_LIST, ret_rows, on, kecamatan);
}
