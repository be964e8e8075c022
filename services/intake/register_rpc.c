/* The loket: an application is registered, or given back with the list of what is missing, and later completed. */
#include "common/auto.h"
#include "common/id.h"
#include "common/local_time.h"
#include "intake_citizen.h"
#include "intake_files.h"
#include "intake_flow.h"
#include "intake_form.h"
#include "intake_methods.h"
#include "intake_view.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define MS_PER_MINUTE INT64_C (60000)
#define DAY_MS        (INT64_C (24) * 60 * MS_PER_MINUTE)

/* ---- what is brought ---------------------------------------------------------------------------------------- */

static const json_t *definition_of (const json_t *content, const char *code)
{
    size_t i;
    json_t *definition;
    json_array_foreach (json_object_get (json_object_get (content, "published"), "requirements"), i, definition)
    {
        if (strcmp (json_text (definition, "code"), code) == 0)
            return definition;
    }
    return NULL;
}

/* Codes known, none twice, files fit.  False: the refusal is given. */
static bool provided_fit (struct call *call, const json_t *content, const char *kecamatan)
{
    json_auto_t *seen = json_object ();
    size_t i;
    json_t *provided;
    json_array_foreach (json_object_get (call->body, "requirements"), i, provided)
    {
        char pointer[64];
        const char *code = json_text (provided, "code"), *file = json_text (provided, "file");
        snprintf (pointer, sizeof pointer, "/requirements/%zu/code", i);
        if (!definition_of (content, code)) {
            refuse_field (call, ERR_REQUIREMENT_UNKNOWN, pointer, "code", code, NULL);
            return false;
        }
        if (json_object_get (seen, code)) {
            refuse_field (call, ERR_SCHEMA_VIOLATION, pointer, "why", "persyaratan disebut dua kali", NULL);
            return false;
        }
        json_object_set_new (seen, code, json_true ());
        snprintf (pointer, sizeof pointer, "/requirements/%zu/file", i);
        if (file && !intake_file_fits (call, json_object_get (call->prepared, file), "requirement", kecamatan, pointer))
            return false;
    }
    return true;
}

/* The papers as they go on record: with the hash that the archive has told of each file.  A new reference. */
static json_t *brought (const struct call *call)
{
    json_t *list = json_array ();
    size_t i;
    json_t *provided;
    json_array_foreach (json_object_get (call->body, "requirements"), i, provided)
    {
        json_t *item = json_copy (provided);
        const char *file = json_text (item, "file");
        if (file)
            view_set (item, "file_sha256", json_text (json_object_get (call->prepared, file), "sha256"));
        json_array_append_new (list, item);
    }
    return list;
}

static int put_brought (struct call *call, const char *application, const json_t *list)
{
    return json_array_size (list) == 0 ? 0 : requirement_put (call->db, application, list, call->now);
}

/* ---- the applicant ------------------------------------------------------------------------------------------ */

static bool people_fit (struct call *call)
{
    const json_t *person = json_object_get (call->body, "applicant");
    const char *birth_text = json_text (person, "birth_date");
    struct civil_date birth, today = local_time_date (call->now);
    if (!calendar_parse (birth_text, strlen (birth_text), &birth) || !intake_birth_fits (birth, today)) {
        refuse_field (call, ERR_SCHEMA_VIOLATION, "/applicant/birth_date", "why", "tanggal lahir tidak mungkin", NULL);
        return false;
    }
    enum nik_sex sex = strcmp (json_text (person, "sex"), "L") == 0 ? NIK_SEX_MALE : NIK_SEX_FEMALE;
    enum nik_verdict verdict = nik_check (json_text (person, "nik"), &birth, sex);
    const char *pointer = "/applicant/nik";
    const json_t *representative = json_object_get (call->body, "acting_for");
    if (verdict == NIK_OK && representative) {
        verdict = nik_check (json_text (representative, "nik"), NULL, NIK_SEX_UNKNOWN);
        pointer = "/acting_for/nik";
    }
    if (verdict != NIK_OK)
        refuse_field (call, ERR_NIK_IMPOSSIBLE, pointer, "why", intake_nik_words (verdict), NULL);
    return verdict == NIK_OK;
}

static void warn (json_t *warnings, const char *code, const char *detail)
{
    json_array_append_new (warnings, json_pack ("{s:s, s:s}", "code", code, "detail", detail));
}

/* People move and kecamatan are split: told to the officer, never in the way. */
static void warn_region (const json_t *body, json_t *warnings)
{
    const json_t *person = json_object_get (body, "applicant");
    const char *region = json_text (person, "region");
    if (!nik_region_matches (json_text (person, "nik"), region ? region : json_text (body, "kecamatan")))
        warn (warnings, "nik_region", "Kode wilayah pada NIK berbeda dari wilayah pemohon; periksa KTP dan KK.");
}

/* The same person asks for the same twice on one day: usually a slip, sometimes a right.  So it warns. */
static int warn_duplicate (struct call *call, json_t *warnings)
{
    struct civil_date today = local_time_date (call->now);
    int64_t from_ms = calendar_to_unix (today, 0, LOCAL_TIME_OFFSET_MINUTES) * 1000;
    const json_t *person = json_object_get (call->body, "applicant");
    AUTO (db_rows) rows = NULL;
    int rc = application_same_day (call->db, json_text (person, "nik"), json_text (call->body, "service"), from_ms,
                                   from_ms + DAY_MS, &rows);
    if (rc < 0 || db_count (rows) == 0)
        return rc;
    char detail[160];
    const char *number = db_text (rows, 0, "number");
    snprintf (detail, sizeof detail, "Pemohon sudah mengajukan layanan ini hari ini (%s).",
              number ? number : "belum lengkap, belum bernomor");
    warn (warnings, "duplicate_today", detail);
    return 0;
}

/* ---- registration ------------------------------------------------------------------------------------------- */

/* The form suits the schema and does not ask for more than the Camat may give.  *ret_facts is new.  False: refused. */
static bool form_fits (struct call *call, const struct version *version, json_t **ret_facts)
{
    const json_t *content = version->content;
    char pointer[JSON_POINTER_SIZE], why[512];
    const json_t *form = json_object_get (call->body, "form");
    if (!form_check (version->form, content, form, pointer, why, sizeof why)) {
        refuse_field (call, ERR_SCHEMA_VIOLATION, pointer, "why", why, NULL);
        return false;
    }
    json_auto_t *facts = form_facts (content, form);
    const char *limit = NULL;
    bool due = false;
    enum expr_verdict verdict = form_limits (content, facts, &limit);
    if (verdict == EXPR_OK && limit) {
        refuse_field (call, ERR_BEYOND_AUTHORITY, "/form", "why", limit, NULL);
        return false;
    }
    const char *fault = form_formula_words (verdict);
    if (verdict != EXPR_OK || !form_fee_due (content, facts, &due, &fault)) {
        refuse_field (call, ERR_FORMULA_INVALID, "/form", "why", fault, NULL);
        return false;
    }
    json_object_set_new (facts, "fee_due", json_boolean (due));
    *ret_facts = json_incref (facts);
    return true;
}

static void publish_incomplete (struct call *call, const struct application *application,
                                const struct checklist *checklist)
{
    const char *stage = application->status == INTAKE_INCOMPLETE ? "loket" : "verification";
    publish (call, "application.incomplete", application->id,
             json_pack ("{s:s, s:s, s:s, s:s, s:o, s:o*}", "application", application->id, "kecamatan",
                        application->kecamatan, "service", application->version->service, "stage", stage, "missing",
                        view_missing_texts (checklist, false), "channels", flow_channels (call)));
}

/* The case as it now stands, with what is missing and what to look at twice.  Borrows `warnings`. */
static int answer_case (struct call *call, int status, const struct application *application,
                        const struct checklist *checklist, json_t *warnings)
{
    json_t *body = view_head (application);
    json_object_set_new (body, "missing", view_missing (checklist));
    json_object_set (body, "warnings", warnings);
    return reply_json (call, status, body);
}

/* The file as it lies on the counter now: number it, or give it back.  *ret_done false: refused. */
static int judge_at_loket (struct call *call, const struct office *office, struct application *application,
                           const struct checklist *checklist, bool *ret_done)
{
    *ret_done = true;
    if (checklist_is_complete (checklist))
        return flow_register (call, office, application, ret_done);
    publish_incomplete (call, application, checklist);
    return 0;
}

/* 1: there is such a kecamatan; 0: the refusal is given; negative. */
static int require_office (struct call *call, const char *kecamatan, struct office *ret_office)
{
    int rc = office_load (call->db, kecamatan, local_time_date (call->now), ret_office);
    return rc == 0 ? refuse_field (call, ERR_KECAMATAN_UNKNOWN, "/kecamatan", "kecamatan", kecamatan, NULL) : rc;
}

/* Judges the new case and puts it on record. */
static int take_in (struct call *call, const struct office *office, struct application *application, json_t *warnings)
{
    AUTO_CHECKLIST checklist = {0};
    bool done = false;
    checklist_read (application->version, brought (call), &checklist);
    int rc = judge_at_loket (call, office, application, &checklist, &done);
    if (rc < 0 || !done)
        return rc;
    rc = application_put (call->db, application, json_object_get (call->body, "applicant"),
                          json_object_get (call->body, "acting_for"), json_object_get (call->body, "form"));
    if (rc == 0)
        rc = put_brought (call, application->id, checklist.brought);
    return rc < 0 ? rc : answer_case (call, 201, application, &checklist, warnings);
}

int intake_application_register (struct call *call)
{
    const char *kecamatan = json_text (call->body, "kecamatan");
    if (!require_role (call, "loket", kecamatan))
        return 0;
    struct office office;
    char id[ID_UUID_SIZE];
    id_uuid7 (call->now, id);
    AUTO_APPLICATION application = {
        .id = id, .kecamatan = kecamatan, .unit = office.unit, .status = INTAKE_INCOMPLETE, .created_ms = call->now};
    int rc = require_office (call, kecamatan, &office);
    if (rc == 1)
        rc = intake_require_service (call, json_text (call->body, "service"), kecamatan, &application.version);
    if (rc <= 0)
        return rc;
    assert (application.version);
    if (!people_fit (call) || !form_fits (call, application.version, &application.facts) ||
        !provided_fit (call, application.version->content, kecamatan))
        return 0;
    json_auto_t *warnings = json_array ();
    warn_region (call->body, warnings);
    rc = warn_duplicate (call, warnings);
    return rc < 0 ? rc : take_in (call, &office, &application, warnings);
}

/* ---- completion --------------------------------------------------------------------------------------------- */

/* Are these the bytes that lie there already, or are none brought? */
static bool is_same_file (const json_t *prepared, const char *file, const struct view_item *item)
{
    if (!file || !item->file)
        return !file;
    const char *sha256 = json_text (json_object_get (prepared, file), "sha256");
    return strcmp (file, item->file) == 0 || (sha256 && item->file_sha256 && strcmp (sha256, item->file_sha256) == 0);
}

/* What the verifier found wanting is not answered by bringing it again as it is.  False: the refusal is given. */
static bool provided_answer (struct call *call, const struct checklist *checklist)
{
    size_t i;
    json_t *provided;
    json_array_foreach (json_object_get (call->body, "requirements"), i, provided)
    {
        const struct view_item *item = checklist_find (checklist, json_text (provided, "code"));
        const char *note = json_text (provided, "note");
        if (!item) /* provided_fit () has refused unknown codes */
            continue;
        struct intake_brought brought = {.asked_again = item->rule.asked_again,
                                         .same_file = is_same_file (call->prepared, json_text (provided, "file"), item),
                                         .original_seen = json_flag (provided, "original_seen", false),
                                         .new_note = note && (!item->note || strcmp (note, item->note) != 0)};
        if (intake_is_answer (&brought))
            continue;
        char pointer[64];
        snprintf (pointer, sizeof pointer, "/requirements/%zu/file", i);
        refuse_field (call, ERR_REQUIREMENT_UNCHANGED, pointer, "name", item->name, NULL);
        return false;
    }
    return true;
}

/* A verdict other than INTAKE_OK as a refusal. */
static int refuse_verdict (struct call *call, const struct application *application, enum intake_verdict verdict)
{
    char when[LOCAL_TIME_WORDS_SIZE];
    switch (verdict) {
    case INTAKE_OK:
    case INTAKE_VERDICTS:
        break;
    case INTAKE_OUT_OF_ORDER:
        return refuse (call, ERR_STEP_OUT_OF_ORDER, "step",
                       application->step ? citizen_step (application->step) : "Loket", NULL);
    case INTAKE_CLOSED:
        return refuse (call, ERR_APPLICATION_CLOSED, "status", citizen_status (application->status), NULL);
    case INTAKE_UNPAID:
        return refuse (call, ERR_PAYMENT_MISSING, NULL);
    case INTAKE_ALREADY_HANDED_OVER:
        local_time_words (application->closed_ms, when);
        return refuse (call, ERR_ALREADY_HANDED_OVER, "when", when, NULL);
    }
    return -1;
}

int intake_open_case (struct call *call, const char *role, enum intake_command command,
                      struct application *ret_application)
{
    int rc = application_load (call->db, json_text (call->params, "application"), APPLICATION_LOCK, ret_application);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return refuse (call, ERR_APPLICATION_UNKNOWN, NULL);
    if (!require_role (call, role, ret_application->kecamatan))
        return 0;
    enum intake_verdict verdict =
        intake_decide (intake_state (ret_application->status, ret_application->step), command);
    return verdict == INTAKE_OK ? 1 : refuse_verdict (call, ret_application, verdict);
}

/* Given back by the verifier: when all is there the course goes on, else the list is told again. */
static int judge_completion (struct call *call, struct application *application, const struct checklist *checklist,
                             bool *ret_done)
{
    *ret_done = true;
    if (!checklist_is_complete (checklist)) {
        publish_incomplete (call, application, checklist);
        return 0;
    }
    json_auto_t *actor = flow_caller (call, "loket", application->kecamatan);
    struct flow_result result = {.station = "intake", .outcome = "ok", .actor = actor};
    return flow_end_step (call, application, &result, ret_done);
}

/* A case that never had a number: now it may get one. */
static int judge_again_at_loket (struct call *call, struct application *application, const struct checklist *checklist,
                                 bool *ret_done)
{
    struct office office;
    int rc = require_office (call, application->kecamatan, &office);
    if (rc == 1)
        rc = judge_at_loket (call, &office, application, checklist, ret_done);
    if (rc < 0 || !*ret_done || !application->number)
        return rc;
    return application_register (call->db, application);
}

/* Judges the case with what has been brought now. */
static int judge (struct call *call, struct application *application, bool *ret_done)
{
    AUTO_CHECKLIST checklist;
    int rc = checklist_load (call->db, application, &checklist);
    if (rc < 0)
        return rc;
    return application->status == INTAKE_INCOMPLETE ? judge_again_at_loket (call, application, &checklist, ret_done)
                                                    : judge_completion (call, application, &checklist, ret_done);
}

static int answer_completed (struct call *call, const char *id)
{
    AUTO_APPLICATION application;
    AUTO_CHECKLIST checklist = {0};
    json_auto_t *warnings = json_array ();
    int rc = application_load (call->db, id, APPLICATION_READ, &application);
    if (rc >= 0)
        rc = checklist_load (call->db, &application, &checklist);
    return rc < 0 ? rc : answer_case (call, 200, &application, &checklist, warnings);
}

int intake_application_complete (struct call *call)
{
    AUTO_APPLICATION application;
    int rc = intake_open_case (call, "loket", INTAKE_COMPLETE, &application);
    if (rc <= 0 || !provided_fit (call, application.version->content, application.kecamatan))
        return rc < 0 ? rc : 0;
    AUTO_CHECKLIST lying;
    rc = checklist_load (call->db, &application, &lying);
    if (rc < 0 || !provided_answer (call, &lying))
        return rc < 0 ? rc : 0;
    json_auto_t *list = brought (call);
    bool done = false;
    rc = put_brought (call, application.id, list);
    if (rc == 0)
        rc = judge (call, &application, &done);
    return rc < 0 || !done ? rc : answer_completed (call, application.id);
}
