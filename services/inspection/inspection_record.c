/* The report of a field check: photos are looked up in the archive before the transaction, findings are held against
 * the form of the service, what was measured goes on as facts. */
#include "common/local_time.h"
#include "common/schema.h"
#include "common/station.h"
#include "inspection_methods.h"
#include "inspection_refusal.h"
#include "inspection_store.h"

#include <assert.h>
#include <string.h>

/* ---- before the transaction: the photos --------------------------------------------------------------------- */

/* The archive's word on one file: {place, purpose, media_type}; NULL with *ret_rc 0 when refused, else negative. */
static json_t *stat_photo (struct call *call, size_t index, int *ret_rc)
{
    AUTO_REPLY reply = {0};
    const char *file = json_string_value (json_array_get (json_object_get (call->body, "photos"), index));
    *ret_rc = call_service (call, "archive.file.stat", json_pack ("{s:s}", "file", file), NULL, NULL, 0, &reply);
    if (*ret_rc < 0)
        return NULL;
    if (reply.status == 200)
        return json_incref (reply.body);
    if (reply.status != 404) {
        *ret_rc = -1;
        return NULL;
    }
    char pointer[32];
    snprintf (pointer, sizeof pointer, "/photos/%zu", index);
    *ret_rc = refuse_field (call, ERR_FILE_UNKNOWN, pointer, NULL);
    return NULL;
}

int inspection_visit_record_before (struct call *call)
{
    json_auto_t *known = json_array ();
    size_t count = json_array_size (json_object_get (call->body, "photos"));
    for (size_t i = 0; i < count; i++) {
        int rc;
        json_t *photo = stat_photo (call, i, &rc);
        if (!photo)
            return rc;
        json_array_append_new (known, photo);
    }
    call->prepared = json_incref (known);
    return 0;
}

/* ---- in the transaction ------------------------------------------------------------------------------------- */

static size_t decode_photos (const json_t *known, struct inspection_photo photos[INSPECTION_PHOTOS_MAX])
{
    size_t count = json_array_size (known);
    assert (count <= INSPECTION_PHOTOS_MAX); /* the contract's maxItems */
    for (size_t i = 0; i < count; i++) {
        const json_t *photo = json_array_get (known, i);
        const char *purpose = json_text (photo, "purpose"), *media_type = json_text (photo, "media_type");
        const char *place = json_text (photo, "place");
        photos[i].place = place ? place : "";
        photos[i].is_photo = purpose && strcmp (purpose, "photo") == 0 && media_type &&
                             strncmp (media_type, "image/", sizeof "image/" - 1) == 0;
    }
    return count;
}

/* True when the findings fit the form; else the refusal is the answer. */
static bool findings_fit (struct call *call, const json_t *findings_schema)
{
    AUTO_FREE char *error = NULL;
    AUTO (schema) schema = schema_new (findings_schema, &error);
    if (!schema) {
        refuse (call, ERR_SCHEMA_INVALID, "why", error, NULL);
        return false;
    }
    struct schema_fault fault;
    if (schema_check (schema, json_object_get (call->body, "findings"), &fault))
        return true;
    char pointer[JSON_POINTER_SIZE + sizeof "/findings"], why[JSON_POINTER_SIZE];
    snprintf (pointer, sizeof pointer, "/findings%s", fault.pointer);
    if (fault.member[0])
        snprintf (why, sizeof why, "temuan %s tidak memenuhi aturan %s", fault.member, fault.keyword);
    else
        snprintf (why, sizeof why, "temuan tidak memenuhi aturan %s", fault.keyword);
    refuse_field (call, ERR_SCHEMA_VIOLATION, pointer, "why", why, NULL);
    refusal_add (call, "keyword", json_string (fault.keyword));
    return false;
}

/* The findings that the service calls measured, when they are numbers or truths: facts carry no texts of people. */
static json_t *measured_facts (const json_t *findings, const json_t *measured)
{
    json_t *facts = json_object ();
    for (size_t i = 0; i < json_array_size (measured); i++) {
        const char *name = json_string_value (json_array_get (measured, i));
        json_t *value = name ? json_object_get (findings, name) : NULL;
        if (json_is_number (value) || json_is_boolean (value))
            json_object_set (facts, name, value);
    }
    return facts;
}

static int save (struct call *call, const struct visit_locked *visit, const struct inspection_report *report,
                 enum inspection_state to)
{
    struct visit_report row = {
        .state = to,
        .findings = json_object_get (call->body, "findings"),
        .photos = json_object_get (call->body, "photos"),
        .position = json_object_get (call->body, "position"),
        .visited_at_ms = report->visited_at_ms,
        .result = report->result,
        .reason = report->reason,
        .legal_basis = report->legal_basis,
        .account = call->caller->account,
        .name = call->caller->name,
        .recorded_at_ms = call->now,
    };
    return visit_record (call->db, visit->id, &row);
}

static void announce (struct call *call, const char *application, const struct visit_locked *visit,
                      const struct inspection_report *report)
{
    const char *result = inspection_result_name (report->result);
    char visited_at[LOCAL_TIME_RFC3339_SIZE];
    local_time_rfc3339 (report->visited_at_ms, visited_at);
    publish (call, "inspection.recorded", application,
             json_pack ("{s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:i}", "application", application, "step", visit->step,
                        "attempt", visit->attempt, "kecamatan", visit->visit.kecamatan, "letter_number",
                        visit->visit.letter_number, "visited_at", visited_at, "result", result, "photos",
                        (int)report->photo_count));
    json_t *facts = measured_facts (json_object_get (call->body, "findings"), visit->measured);
    publish (call, "step.completed", application,
             station_completed (application, visit->step, visit->attempt, result,
                                json_pack ("{s:o, s:s*, s:s*}", "facts", facts, "reason", report->reason, "legal_basis",
                                           report->legal_basis)));
}

static int record_locked (struct call *call, const char *application, const struct visit_locked *visit)
{
    struct inspection_photo photos[INSPECTION_PHOTOS_MAX];
    struct inspection_report report = {
        .reason = json_text (call->body, "reason"),
        .legal_basis = json_text (call->body, "legal_basis"),
        .photos = photos,
        .photo_count = decode_photos (call->prepared, photos),
    };
    bool known = inspection_result_parse (json_text (call->body, "result"), &report.result);
    assert (known); /* the contract's enum */
    (void)known;
    if (!local_time_parse (json_text (call->body, "visited_at"), &report.visited_at_ms))
        return refuse_field (call, ERR_SCHEMA_VIOLATION, "/visited_at", "why", "waktu tidak ada", NULL);
    struct inspection_answer answer = inspection_record (&visit->visit, &report, call->now);
    if (answer.verdict != INSPECTION_ACCEPTED)
        return inspection_refuse (call, &answer, visit);
    if (!findings_fit (call, visit->findings_schema))
        return 0;
    int rc = save (call, visit, &report, answer.to);
    if (rc < 0)
        return rc;
    announce (call, application, visit, &report);
    return reply_json (call, 200,
                       json_pack ("{s:s, s:i, s:s, s:s}", "application", application, "attempt", visit->attempt,
                                  "state", inspection_state_name (answer.to), "result",
                                  inspection_result_name (report.result)));
}

int inspection_visit_record (struct call *call)
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
    return record_locked (call, application, &visit);
}
