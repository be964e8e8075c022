/* What officers ask of the inspection service: their visits, one visit, and the letter of assignment.  Recording the
 * findings is inspection_record.c. */
#include "common/local_time.h"
#include "common/page.h"
#include "inspection_methods.h"
#include "inspection_refusal.h"
#include "inspection_store.h"

#define LETTER_NUMBER_SIZE 48

/* ---- reading ------------------------------------------------------------------------------------------------ */

int inspection_visit_list (struct call *call)
{
    const char *kecamatan = json_text (call->params, "kecamatan");
    if (kecamatan && !require_role (call, "petugas_teknis", kecamatan))
        return 0;
    struct page page = page_asked (call->params);
    AUTO_FREE char *places = call_places (call, "petugas_teknis");
    AUTO (db_rows) rows = NULL;
    int rc = visit_list (call->db, places, json_text (call->params, "state"), page.after, page.limit + 1, &rows);
    return rc < 0 ? rc : reply_json (call, 200, page_json (&page, rows, "visits", visit_json, "id"));
}

int inspection_visit_get (struct call *call)
{
    AUTO (db_rows) rows = NULL;
    AUTO (db_rows) letter_rows = NULL;
    int rc = visit_history (call->db, json_text (call->params, "application"), &rows);
    if (rc < 0)
        return rc;
    if (db_count (rows) == 0)
        return refuse (call, ERR_TASK_UNKNOWN, NULL);
    if (!require_role (call, INSPECTION_READERS, db_text (rows, 0, "kecamatan")))
        return 0;
    rc = letter_history (call->db, db_int (rows, 0, "id"), &letter_rows);
    if (rc < 0)
        return rc;
    json_t *letters = json_array (), *earlier = json_array ();
    for (int row = 0; row < db_count (letter_rows); row++)
        json_array_append_new (letters, letter_json (letter_rows, row));
    for (int row = 1; row < db_count (rows); row++)
        json_array_append_new (earlier, visit_json (rows, row));
    return reply_json (
        call, 200,
        json_pack ("{s:o, s:o, s:o}", "visit", visit_json (rows, 0), "letters", letters, "earlier", earlier));
}

/* ---- scheduling --------------------------------------------------------------------------------------------- */

/* Writes the next letter: its number is allocated, its row kept, the visit moved on. */
static int save_letter (struct call *call, const struct visit_locked *visit, enum inspection_state to,
                        char ret_number[LETTER_NUMBER_SIZE])
{
    int64_t serial;
    int year = local_time_date (call->now).year;
    int rc = letter_next (call->db, visit->visit.kecamatan, year, &serial);
    if (rc < 0)
        return rc;
    snprintf (ret_number, LETTER_NUMBER_SIZE, "ST-%04lld/%s/%d", (long long)serial, visit->visit.kecamatan, year);
    struct letter letter = {
        .letter_number = ret_number,
        .visit = visit->id,
        .date = json_text (call->body, "date"),
        .time = json_text (call->body, "time"),
        .officers = json_object_get (call->body, "officers"),
        .note = json_text (call->body, "note"),
        .account = call->caller->account,
        .name = call->caller->name,
        .issued_at_ms = call->now,
    };
    rc = letter_add (call->db, &letter);
    return rc < 0 ? rc : visit_schedule (call->db, visit->id, to, ret_number);
}

static int schedule_locked (struct call *call, const char *application, const struct visit_locked *visit)
{
    const char *date = json_text (call->body, "date");
    struct inspection_plan plan = {.replaces = json_text (call->body, "replaces")};
    if (!calendar_parse (date, CALENDAR_DATE_SIZE - 1, &plan.date))
        return refuse_field (call, ERR_SCHEMA_VIOLATION, "/date", "why", "tanggal tidak ada", NULL);
    struct inspection_answer answer = inspection_schedule (&visit->visit, &plan, local_time_date (call->now));
    if (answer.verdict != INSPECTION_ACCEPTED)
        return inspection_refuse (call, &answer, visit);
    char number[LETTER_NUMBER_SIZE];
    int rc = save_letter (call, visit, answer.to, number);
    if (rc < 0)
        return rc;
    const char *time = json_text (call->body, "time");
    publish (call, "inspection.scheduled", application,
             json_pack ("{s:s, s:s, s:i, s:s, s:s, s:s, s:s*, s:s*}", "application", application, "step", visit->step,
                        "attempt", visit->attempt, "kecamatan", visit->visit.kecamatan, "letter_number", number, "date",
                        date, "time", time, "replaces", plan.replaces));
    return reply_json (call, 200,
                       json_pack ("{s:s, s:i, s:s, s:s, s:s, s:s*}", "application", application, "attempt",
                                  visit->attempt, "state", inspection_state_name (answer.to), "letter_number", number,
                                  "date", date, "time", time));
}

int inspection_visit_schedule (struct call *call)
{
    const char *application = json_text (call->params, "application");
    AUTO_VISIT visit = {0};
    int found = visit_lock (call->db, application, &visit);
    if (found < 0)
        return found;
    if (found == 0)
        return refuse (call, ERR_TASK_UNKNOWN, NULL);
    if (!require_role (call, "petugas_teknis", visit.visit.kecamatan))
        return 0;
    return schedule_locked (call, application, &visit);
}
