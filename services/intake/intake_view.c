/* A case as JSON.  See intake_view.h. */
#include "intake_view.h"

#include "common/auto.h"
#include "common/local_time.h"
#include "intake_citizen.h"

#include <assert.h>
#include <string.h>

void view_set (json_t *object, const char *name, const char *text)
{
    if (text)
        json_object_set_new (object, name, json_string (text));
}

void view_set_time (json_t *object, const char *name, int64_t unix_ms)
{
    char text[LOCAL_TIME_RFC3339_SIZE];
    if (unix_ms == 0)
        return;
    local_time_rfc3339 (unix_ms, text);
    json_object_set_new (object, name, json_string (text));
}

/* ---- the checklist ------------------------------------------------------------------------------------------ */

static void read_item (struct view_item *item, const json_t *definition, const json_t *brought)
{
    *item = (struct view_item){.code = json_text (definition, "code"),
                               .name = json_text (definition, "name"),
                               .how = json_text (definition, "how"),
                               .rule.mandatory = json_flag (definition, "mandatory", true)};
    item->rule.how = intake_how_from (item->how);
    item->note = json_text (definition, "note");
    size_t i;
    json_t *what;
    json_array_foreach (brought, i, what)
    {
        if (strcmp (json_text (what, "code"), item->code) != 0)
            continue;
        item->file = json_text (what, "file");
        item->file_sha256 = json_text (what, "file_sha256");
        if (json_text (what, "note"))
            item->note = json_text (what, "note");
        item->rule.has_file = item->file != NULL;
        item->rule.original_seen = json_flag (what, "original_seen", false);
        item->rule.asked_again = json_flag (what, "asked_again", false);
    }
}

void checklist_read (const struct version *version, json_t *brought, struct checklist *ret_checklist)
{
    ret_checklist->brought = brought;
    ret_checklist->count = 0;
    size_t i;
    json_t *definition;
    json_array_foreach (json_object_get (json_object_get (version->content, "published"), "requirements"), i,
                        definition)
    {
        assert (ret_checklist->count < VIEW_REQUIREMENTS_MAX && "bounded by the schema of service.publish");
        read_item (&ret_checklist->items[ret_checklist->count++], definition, brought);
    }
}

int checklist_load (db_t *db, const struct application *application, struct checklist *ret_checklist)
{
    int rc;
    checklist_read (application->version, requirement_list (db, application->id, &rc), ret_checklist);
    return rc;
}

void checklist_of_case (const struct application *application, struct checklist *ret_checklist)
{
    checklist_read (application->version, db_json (application->rows, 0, "requirements"), ret_checklist);
}

const struct view_item *checklist_find (const struct checklist *checklist, const char *code)
{
    for (size_t i = 0; i < checklist->count; i++)
        if (strcmp (checklist->items[i].code, code) == 0)
            return &checklist->items[i];
    return NULL;
}

bool checklist_is_complete (const struct checklist *checklist)
{
    for (size_t i = 0; i < checklist->count; i++)
        if (intake_is_missing (&checklist->items[i].rule))
            return false;
    return true;
}

void checklist_clear (struct checklist *checklist)
{
    json_decref (checklist->brought);
}

static json_t *item_head (const struct view_item *item)
{
    json_t *object = json_pack ("{s:s, s:s, s:s}", "code", item->code, "name", item->name, "how", item->how);
    view_set (object, "note", item->note);
    return object;
}

json_t *view_missing (const struct checklist *checklist)
{
    json_t *list = json_array ();
    for (size_t i = 0; i < checklist->count; i++)
        if (intake_is_missing (&checklist->items[i].rule))
            json_array_append_new (list, item_head (&checklist->items[i]));
    return list;
}

json_t *view_missing_texts (const struct checklist *checklist, bool names)
{
    json_t *list = json_array ();
    for (size_t i = 0; i < checklist->count; i++) {
        const struct view_item *item = &checklist->items[i];
        if (intake_is_missing (&item->rule))
            json_array_append_new (list, json_string (names ? item->name : item->code));
    }
    return list;
}

json_t *view_requirements (const struct checklist *checklist)
{
    json_t *list = json_array ();
    for (size_t i = 0; i < checklist->count; i++) {
        const struct view_item *item = &checklist->items[i];
        json_t *object = item_head (item);
        json_object_set_new (object, "mandatory", json_boolean (item->rule.mandatory));
        json_object_set_new (object, "original_seen", json_boolean (item->rule.original_seen));
        json_object_set_new (object, "missing", json_boolean (intake_is_missing (&item->rule)));
        view_set (object, "file", item->file);
        json_array_append_new (list, object);
    }
    return list;
}

/* ---- the case ----------------------------------------------------------------------------------------------- */

json_t *view_head (const struct application *application)
{
    json_t *head = json_pack ("{s:s, s:s, s:s, s:s, s:s, s:i, s:s?, s:b}", "application", application->id, "status",
                              intake_status_name (application->status), "kecamatan", application->kecamatan, "service",
                              application->version->service, "service_name", application->version->name,
                              "service_version", application->version->number, "promised_on",
                              application->wait ? NULL : application->due_on, "wait", application->wait);
    view_set (head, "number", application->number);
    view_set (head, "short_code", application->short_code);
    if (application->wait)
        json_object_set_new (head, "wait_minutes", json_integer (application->wait_minutes));
    view_set_time (head, "created_at", application->created_ms);
    view_set_time (head, "registered_at", application->registered_ms);
    view_set (head, "received_on", application->received_on);
    view_set (head, "due_on", application->due_on);
    view_set (head, "due_original_on", application->due_original_on);
    if (application->number)
        json_object_set_new (head, "paused_days", json_integer (application->paused_days));
    if (application->step) {
        json_object_set_new (head, "step", json_string (application->step));
        json_object_set_new (head, "attempt", json_integer (application->attempt));
    }
    view_set_time (head, "closed_at", application->closed_ms);
    view_set (head, "closed_reason", application->closed_reason);
    view_set (head, "handed_to", application->handed_to);
    return head;
}

static const char *const applicant_columns[] = {"nik",     "name", "birth_place", "birth_date", "sex",
                                                "address", "job",  "phone",       "email",      "region"};

json_t *view_applicant (const db_rows_t *rows)
{
    if (db_is_null (rows, 0, "nik"))
        return NULL;
    json_t *person = json_object ();
    for (size_t i = 0; i < sizeof applicant_columns / sizeof *applicant_columns; i++)
        view_set (person, applicant_columns[i], db_text (rows, 0, applicant_columns[i]));
    if (!db_is_null (rows, 0, "collector_nik"))
        json_object_set_new (person, "collector",
                             json_pack ("{s:s, s:s, s:s}", "nik", db_text (rows, 0, "collector_nik"), "name",
                                        db_text (rows, 0, "collector_name"), "authority_file",
                                        db_text (rows, 0, "collector_authority")));
    return person;
}

json_t *view_acting_for (const db_rows_t *rows)
{
    if (db_is_null (rows, 0, "representative_nik"))
        return NULL;
    return json_pack ("{s:s, s:s, s:s}", "nik", db_text (rows, 0, "representative_nik"), "name",
                      db_text (rows, 0, "representative_name"), "relation",
                      db_text (rows, 0, "representative_relation"));
}

json_t *view_handover (const struct application *application)
{
    const db_rows_t *rows = application->rows;
    if (!application->handed_to || db_is_null (rows, 0, "nik"))
        return NULL;
    bool confirmed = !db_is_null (rows, 0, "handover_nik_confirmed") && db_bool (rows, 0, "handover_nik_confirmed");
    json_t *handover = json_pack ("{s:b}", "nik_confirmed", confirmed);
    view_set (handover, "note", db_text (rows, 0, "handover_note"));
    view_set (handover, "signature_file", db_text (rows, 0, "handover_signature"));
    return handover;
}

json_t *view_form (const db_rows_t *rows)
{
    return db_is_null (rows, 0, "form") ? NULL : db_json (rows, 0, "form");
}

static json_t *step_view (const db_rows_t *rows, int row)
{
    const char *name = db_text (rows, row, "step");
    json_t *step = json_pack ("{s:s, s:s, s:i, s:s, s:s}", "step", name, "title", citizen_step (name), "attempt",
                              (int)db_int (rows, row, "attempt"), "station", db_text (rows, row, "station"), "role",
                              db_text (rows, row, "role"));
    view_set_time (step, "started_at", db_int (rows, row, "started_ms"));
    view_set_time (step, "ended_at", db_int (rows, row, "ended_ms"));
    static const char *const texts[] = {"outcome", "reason", "requirement", "legal_basis"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        view_set (step, texts[i], db_text (rows, row, texts[i]));
    if (!db_is_null (rows, row, "actor"))
        json_object_set_new (step, "actor", db_json (rows, row, "actor"));
    return step;
}

static json_t *running_step_view (const struct application *application)
{
    const struct workflow_step *running = workflow_find (&application->version->workflow, application->step);
    assert (running && "a case stands at a step of its workflow");
    json_t *step = json_pack ("{s:s, s:s, s:i, s:s, s:s}", "step", running->step, "title", citizen_step (running->step),
                              "attempt", application->attempt, "station", running->station, "role", running->role);
    view_set_time (step, "started_at", application->step_started_ms);
    return step;
}

json_t *view_steps (db_t *db, const struct application *application, int *ret_rc)
{
    AUTO (db_rows) rows = NULL;
    *ret_rc = step_list (db, application->id, &rows);
    if (*ret_rc < 0)
        return NULL;
    json_t *list = json_array ();
    for (int i = 0; i < db_count (rows); i++)
        json_array_append_new (list, step_view (rows, i));
    if (application->step)
        json_array_append_new (list, running_step_view (application));
    return list;
}
