/* The case itself: read by officers and by the services that print and notify, withdrawn, handed over.  Whoever is told
 * personal data is written down. */
#include "common/auto.h"
#include "common/id.h"
#include "common/nik.h"
#include "intake_citizen.h"
#include "intake_files.h"
#include "intake_flow.h"
#include "intake_methods.h"
#include "intake_view.h"

/* ---- reading ------------------------------------------------------------------------------------------------ */

/* Loads params.application for somebody who is told personal data; the place is still to be checked. */
static int disclose (struct call *call, struct application *ret_application)
{
    const struct claims *caller = call->caller;
    struct disclosure disclosure = {.asked_by = call->from,
                                    .account = caller ? caller->account : NULL,
                                    .username = caller ? caller->username : NULL,
                                    .correlation = call->correlation ? call->correlation : ""};
    return case_disclose (call->db, json_text (call->params, "application"), &disclosure, call->now, ret_application);
}

int intake_application_get (struct call *call)
{
    AUTO_APPLICATION application;
    AUTO_CHECKLIST checklist = {0};
    int rc = disclose (call, &application);
    if (rc == 0)
        return refuse (call, ERR_APPLICATION_UNKNOWN, NULL);
    if (rc < 0 || !require_role (call, INTAKE_READERS, application.kecamatan))
        return rc < 0 ? rc : 0;
    json_auto_t *steps = view_steps (call->db, &application, &rc);
    if (rc < 0)
        return rc;
    checklist_of_case (&application, &checklist);
    json_t *body = view_head (&application);
    struct citizen_words words = citizen_words (application.status, application.step);
    json_object_set_new (body, "status_text", json_string (words.status));
    json_object_set_new (body, "next", json_string (words.next));
    json_t *person =
        json_pack ("{s:o*, s:o*, s:o*, s:o*, s:O, s:o, s:o, s:O}", "applicant", view_applicant (application.rows),
                   "handover", view_handover (&application), "form", view_form (application.rows), "acting_for",
                   view_acting_for (application.rows), "facts", application.facts, "requirements",
                   view_requirements (&checklist), "missing", view_missing (&checklist), "steps", steps);
    json_object_update_new (body, person);
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
    view_set (line, "due_on", db_text (rows, row, "due_on"));
    view_set (line, "step", db_text (rows, row, "step"));
    view_set_time (line, "step_started_at", db_int (rows, row, "step_started_ms"));
    view_set_time (line, "created_at", db_int (rows, row, "created_ms"));
    return line;
}

int intake_application_list (struct call *call)
{
    AUTO_FREE char *places = call_places (call, INTAKE_READERS);
    char code[SHORT_CODE_LENGTH + 1];
    struct application_query query = {.places = places,
                                      .kecamatan = json_text (call->params, "kecamatan"),
                                      .status = json_text (call->params, "status"),
                                      .step = json_text (call->params, "step"),
                                      .prefix = json_text (call->params, "q"),
                                      .page = page_asked (call->params)};
    if (query.prefix && id_code_normalise (query.prefix, SHORT_CODE_LENGTH, code))
        query.short_code = code;
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
    int rc = disclose (call, &application);
    if (rc == 0)
        return refuse (call, ERR_APPLICATION_UNKNOWN, NULL);
    if (rc < 0 || (call->caller && !require_role (call, INTAKE_PRINTED_FOR, application.kecamatan)))
        return rc < 0 ? rc : 0;
    checklist_of_case (&application, &checklist);
    return reply_json (call, 200, view_for_print (&application, &checklist));
}

/* ---- the way out -------------------------------------------------------------------------------------------- */

int intake_application_withdraw (struct call *call)
{
    AUTO_APPLICATION application;
    int rc = intake_open_case (call, "loket", INTAKE_WITHDRAW, &application);
    if (rc <= 0)
        return rc;
    json_auto_t *actor = flow_caller (call, "loket", application.kecamatan);
    rc = flow_withdraw (call, &application, actor, json_text (call->body, "reason"));
    return rc < 0 ? rc : reply_json (call, 200, view_head (&application));
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
    return intake_file_fits (call, json_object_get (call->prepared, "authority"), "authority", kecamatan,
                             "/collector/authority_file");
}

static bool signature_fits (struct call *call, const char *kecamatan)
{
    return !json_text (call->body, "signature_file") ||
           intake_file_fits (call, json_object_get (call->prepared, "signature"), "signature", kecamatan,
                             "/signature_file");
}

int intake_application_handover (struct call *call)
{
    AUTO_APPLICATION application;
    int rc = intake_open_case (call, "penyerahan", INTAKE_HAND_OVER, &application);
    if (rc <= 0 || !collector_fits (call, application.kecamatan) || !signature_fits (call, application.kecamatan))
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
    return rc < 0 || !done ? rc : reply_json (call, 200, view_head (&application));
}
