/* The case itself: read by officers and by the services that print and notify, withdrawn, handed over.  Whoever is told
 * personal data is written down. */
#include "common/auto.h"
#include "common/nik.h"
#include "intake_citizen.h"
#include "intake_files.h"
#include "intake_flow.h"
#include "intake_methods.h"
#include "intake_view.h"

/* ---- reading ------------------------------------------------------------------------------------------------ */

static int disclose (struct call *call, const char *application)
{
    const struct claims *caller = call->caller;
    return disclosure_put (call->db, application, call->from, caller ? caller->account : NULL,
                           caller ? caller->username : NULL, call->correlation ? call->correlation : "", call->now);
}

/* The case with its person, form and steps: what an officer's screen shows.  NULL with a negative *ret_rc. */
static json_t *whole_case (struct call *call, const struct application *application, const struct checklist *checklist,
                           int *ret_rc)
{
    json_t *form, *acting_for;
    json_auto_t *applicant = view_applicant (call->db, application->id, &form, &acting_for, ret_rc);
    json_auto_t *steps = *ret_rc < 0 ? NULL : view_steps (call->db, application->id, ret_rc);
    json_auto_t *owned_form = form, *owned_acting_for = acting_for;
    if (*ret_rc < 0)
        return NULL;
    json_t *body = view_head (application);
    json_object_set (body, "applicant", applicant);
    json_object_set (body, "form", owned_form);
    json_object_set (body, "acting_for", owned_acting_for);
    json_object_set (body, "facts", application->facts);
    json_object_set_new (body, "requirements", view_requirements (checklist));
    json_object_set_new (body, "missing", view_missing (checklist));
    json_object_set (body, "steps", steps);
    return body;
}

int intake_application_get (struct call *call)
{
    AUTO_APPLICATION application;
    AUTO_CHECKLIST checklist = {0};
    int rc = application_load (call->db, json_text (call->params, "application"), APPLICATION_READ, &application);
    if (rc == 0)
        return refuse (call, ERR_APPLICATION_UNKNOWN, NULL);
    if (rc < 0 || !require_role (call, INTAKE_READERS, application.kecamatan))
        return rc < 0 ? rc : 0;
    rc = checklist_load (call->db, &application, &checklist);
    json_t *body = rc < 0 ? NULL : whole_case (call, &application, &checklist, &rc);
    if (rc == 0)
        rc = disclose (call, application.id);
    if (rc < 0) {
        json_decref (body);
        return rc;
    }
    return reply_json (call, 200, body);
}

/* A line of the list shows enough of the NIK to tell two namesakes apart, and no more. */
static json_t *list_line (const db_rows_t *rows, int row)
{
    char masked[NIK_LENGTH + 1];
    nik_mask (db_text (rows, row, "nik"), masked);
    bool wait = !db_is_null (rows, row, "wait_minutes");
    json_t *line =
        json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s?, s:b}", "application", db_text (rows, row, "id"),
                   "kecamatan", db_text (rows, row, "kecamatan"), "service", db_text (rows, row, "service"),
                   "service_name", db_text (rows, row, "service_name"), "status", db_text (rows, row, "status"), "name",
                   db_text (rows, row, "name"), "nik_masked", masked, "promised_on",
                   wait ? NULL : db_text (rows, row, "due_on"), "wait", wait);
    view_set (line, "number", db_text (rows, row, "number"));
    view_set (line, "step", db_text (rows, row, "step"));
    view_set_time (line, "created_at", db_int (rows, row, "created_ms"));
    return line;
}

int intake_application_list (struct call *call)
{
    AUTO_FREE char *places = call_places (call, INTAKE_READERS);
    struct application_query query = {.places = places,
                                      .kecamatan = json_text (call->params, "kecamatan"),
                                      .status = json_text (call->params, "status"),
                                      .prefix = json_text (call->params, "q"),
                                      .page = page_asked (call->params)};
    if (query.kecamatan && !require_role (call, INTAKE_READERS, query.kecamatan))
        return 0;
    AUTO (db_rows) rows = NULL;
    int rc = application_list (call->db, &query, &rows);
    return rc < 0 ? rc : reply_json (call, 200, page_json (&query.page, rows, "applications", list_line, "id"));
}

/* ---- for the services that print and notify ----------------------------------------------------------------- */

int intake_case_get (struct call *call)
{
    AUTO_APPLICATION application;
    AUTO_CHECKLIST checklist = {0};
    AUTO (db_rows) kecamatan = NULL;
    int rc = application_load (call->db, json_text (call->params, "application"), APPLICATION_READ, &application);
    if (rc == 0)
        return refuse (call, ERR_APPLICATION_UNKNOWN, NULL);
    if (rc < 0 || (call->caller && !require_role (call, INTAKE_PRINTED_FOR, application.kecamatan)))
        return rc < 0 ? rc : 0;
    rc = checklist_load (call->db, &application, &checklist);
    if (rc == 0)
        rc = kecamatan_find (call->db, application.kecamatan, &kecamatan);
    json_auto_t *whole = rc < 0 ? NULL : whole_case (call, &application, &checklist, &rc);
    if (rc == 0)
        rc = disclose (call, application.id);
    return rc < 0 ? rc : reply_json (call, 200, view_for_print (&application, whole, kecamatan));
}

/* ---- the way out -------------------------------------------------------------------------------------------- */

static int answer_closed (struct call *call, const char *id)
{
    AUTO_APPLICATION application;
    int rc = application_load (call->db, id, APPLICATION_READ, &application);
    return rc < 0 ? rc : reply_json (call, 200, view_head (&application));
}

int intake_application_withdraw (struct call *call)
{
    AUTO_APPLICATION application;
    int rc = intake_open_case (call, "loket", INTAKE_WITHDRAW, &application);
    if (rc <= 0)
        return rc;
    json_auto_t *actor = flow_caller (call, "loket", application.kecamatan);
    rc = flow_withdraw (call, &application, actor, json_text (call->body, "reason"));
    return rc < 0 ? rc : answer_closed (call, application.id);
}

/* A collector is a person with a possible NIK and a written authority of this kecamatan.  False: refused. */
static bool collector_fits (struct call *call, const char *kecamatan)
{
    const json_t *collector = json_object_get (call->body, "collector");
    if (!collector)
        return true;
    enum nik_verdict verdict = nik_check (json_text (collector, "nik"), NULL, NIK_SEX_UNKNOWN);
    if (verdict != NIK_OK) {
        refuse_field (call, ERR_NIK_IMPOSSIBLE, "/collector/nik", "why", intake_nik_words (verdict), NULL);
        return false;
    }
    return intake_file_fits (call, call->prepared, "authority", kecamatan, "/collector/authority_file");
}

int intake_application_handover (struct call *call)
{
    AUTO_APPLICATION application;
    int rc = intake_open_case (call, "penyerahan", INTAKE_HAND_OVER, &application);
    if (rc <= 0 || !collector_fits (call, application.kecamatan))
        return rc < 0 ? rc : 0;
    const char *to = json_text (call->body, "to");
    json_auto_t *actor = flow_caller (call, "penyerahan", application.kecamatan);
    struct flow_result result = {.station = "intake", .outcome = "ok", .actor = actor, .handed_to = to};
    bool done = false;
    rc = handover_put (call->db, application.id, call->body);
    if (rc < 0)
        return rc;
    publish (call, "application.handed_over", application.id,
             json_pack ("{s:s, s:s}", "application", application.id, "to", to));
    rc = flow_end_step (call, &application, &result, &done);
    return rc < 0 || !done ? rc : answer_closed (call, application.id);
}
