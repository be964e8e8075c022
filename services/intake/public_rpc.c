/* What anyone may read: the kecamatan, the published half of the standar pelayanan (Permenpan-RB 15/2014), and the
 * course of one's own application by number and short code.  No personal data leaves through here. */
#include "common/auto.h"
#include "common/id.h"
#include "common/local_time.h"
#include "intake_citizen.h"
#include "intake_methods.h"
#include "intake_view.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* ---- places ------------------------------------------------------------------------------------------------- */

static json_t *opening_hours (const db_rows_t *rows, int row)
{
    int64_t weekdays = db_int (rows, row, "weekdays");
    int opens = (int)db_int (rows, row, "opens_minute"), closes = (int)db_int (rows, row, "closes_minute");
    char from[16], to[16];
    snprintf (from, sizeof from, "%02d:%02d", opens / 60, opens % 60);
    snprintf (to, sizeof to, "%02d:%02d", closes / 60, closes % 60);
    json_t *days = json_array ();
    for (int day = 1; day <= 7; day++)
        if (weekdays & (1 << (day - 1)))
            json_array_append_new (days, json_integer (day));
    json_t *hours = json_pack ("{s:o, s:s, s:s}", "days", days, "opens", from, "closes", to);
    view_set (hours, "note", db_text (rows, row, "hours_note"));
    return hours;
}

static json_t *kecamatan_view (const db_rows_t *rows, int row)
{
    static const char *const texts[] = {"code",  "name",  "address",           "postal_code",
                                        "phone", "email", "complaint_channel", "maklumat"};
    json_t *kecamatan = json_object ();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        view_set (kecamatan, texts[i], db_text (rows, row, texts[i]));
    json_object_set_new (kecamatan, "opening_hours", opening_hours (rows, row));
    json_object_set_new (kecamatan, "kabupaten",
                         json_pack ("{s:s, s:s}", "code", db_text (rows, row, "kabupaten"), "name",
                                    db_text (rows, row, "kabupaten_name")));
    return kecamatan;
}

int intake_kecamatan_list (struct call *call)
{
    AUTO (db_rows) rows = NULL;
    int rc = kecamatan_list (call->db, NULL, &rows);
    if (rc < 0)
        return rc;
    json_t *list = json_array ();
    for (int i = 0; i < db_count (rows); i++)
        json_array_append_new (list, kecamatan_view (rows, i));
    return reply_json (call, 200, json_pack ("{s:o}", "kecamatan", list));
}

/* 1: *ret_view is the kecamatan; 0: the refusal is given; negative. */
static int require_kecamatan (struct call *call, const char *code, json_t **ret_view)
{
    AUTO (db_rows) rows = NULL;
    int rc = kecamatan_list (call->db, code, &rows);
    if (rc < 0)
        return rc;
    if (db_count (rows) == 0)
        return refuse (call, ERR_KECAMATAN_UNKNOWN, "kecamatan", code, NULL);
    *ret_view = kecamatan_view (rows, 0);
    return 1;
}

/* ---- services ----------------------------------------------------------------------------------------------- */

static json_t *service_view (const json_t *content)
{
    json_t *service =
        json_pack ("{s:s, s:s, s:O, s:s, s:O}", "code", json_text (content, "code"), "name",
                   json_text (content, "name"), "version", json_object_get (content, "version"), "valid_from",
                   json_text (content, "valid_from"), "published", json_object_get (content, "published"));
    view_set (service, "valid_to", json_text (content, "valid_to"));
    return service;
}

/* What is offered today, in one kecamatan or (NULL) anywhere. */
static int services_of (struct call *call, const char *kecamatan, json_t **ret_list)
{
    AUTO (db_rows) rows = NULL;
    char today[CALENDAR_DATE_SIZE];
    calendar_print (local_time_date (call->now), today);
    int rc = service_list (call->db, today, kecamatan, &rows);
    if (rc < 0)
        return rc;
    *ret_list = json_array ();
    for (int i = 0; i < db_count (rows); i++) {
        json_auto_t *content = db_json (rows, i, "content");
        json_array_append_new (*ret_list, service_view (content));
    }
    return 0;
}

int intake_service_list (struct call *call)
{
    json_t *list = NULL;
    int rc = services_of (call, json_text (call->params, "kecamatan"), &list);
    return rc < 0 ? rc : reply_json (call, 200, json_pack ("{s:o}", "services", list));
}

/* A kecamatan with its services: what its home page and its board say. */
int intake_kecamatan_get (struct call *call)
{
    const char *code = json_text (call->params, "kecamatan");
    json_auto_t *kecamatan = NULL;
    json_t *list = NULL;
    int rc = require_kecamatan (call, code, &kecamatan);
    if (rc <= 0)
        return rc;
    rc = services_of (call, code, &list);
    return rc < 0 ? rc : reply_json (call, 200, json_pack ("{s:O, s:o}", "kecamatan", kecamatan, "services", list));
}

/* A service that is not valid today: unknown, not yet, or ended, with the pointer to what replaces it. */
static int refuse_absent (struct call *call, const char *service, const char *today)
{
    AUTO (db_rows) rows = NULL;
    int rc = service_last (call->db, service, &rows);
    if (rc < 0)
        return rc;
    if (db_count (rows) == 0)
        return refuse (call, ERR_SERVICE_UNKNOWN, NULL);
    const char *replaced_by = db_text (rows, 0, "replaced_by");
    bool later = strcmp (db_text (rows, 0, "valid_from"), today) > 0;
    char why[400];
    snprintf (why, sizeof why, "%s%s",
              later         ? "Mulai berlaku pada "
              : replaced_by ? "Penggantinya: "
                            : "Masa berlakunya berakhir pada ",
              later         ? db_text (rows, 0, "valid_from")
              : replaced_by ? replaced_by
                            : db_text (rows, 0, "valid_to"));
    return refuse (call, ERR_SERVICE_CLOSED, "why", why, NULL);
}

int intake_require_service (struct call *call, const char *service, const char *kecamatan,
                            const struct version **ret_version)
{
    AUTO (db_rows) rows = NULL;
    char today[CALENDAR_DATE_SIZE];
    calendar_print (local_time_date (call->now), today);
    int rc = service_effective (call->db, service, today, kecamatan, &rows);
    if (rc < 0)
        return rc;
    if (db_count (rows) == 0)
        return refuse_absent (call, service, today);
    if (!db_bool (rows, 0, "offered"))
        return refuse (call, ERR_SERVICE_NOT_OFFERED, "kecamatan", kecamatan, NULL);
    rc = version_hold (call->db, service, (int)db_int (rows, 0, "version"), ret_version);
    return rc < 0 ? rc : 1;
}

int intake_service_get (struct call *call)
{
    AUTO_VERSION version = NULL;
    const char *code = json_text (call->params, "kecamatan");
    json_auto_t *kecamatan = NULL;
    int rc = code ? require_kecamatan (call, code, &kecamatan) : 1;
    if (rc > 0)
        rc = intake_require_service (call, json_text (call->params, "service"), code, &version);
    if (rc <= 0)
        return rc;
    assert (version);
    json_auto_t *content = json_deep_copy (version->content);
    json_t *service = service_view (content);
    json_object_set (service, "form_schema", json_object_get (content, "form_schema"));
    json_object_set (service, "field_check", json_object_get (content, "field_check"));
    if (kecamatan)
        json_object_set (service, "kecamatan", kecamatan);
    return reply_json (call, 200, service);
}

/* ---- tracking ----------------------------------------------------------------------------------------------- */

/* The id of the case that number and code open, or NULL; takes as long for a wrong code as for an unknown number. */
static const char *match_code (const db_rows_t *rows, const char *typed)
{
    char code[SHORT_CODE_LENGTH + 1], expected[SHORT_CODE_LENGTH + 1] = "";
    bool readable = id_code_normalise (typed, SHORT_CODE_LENGTH, code);
    bool known = db_count (rows) == 1;
    if (!readable)
        memset (code, 0, sizeof code);
    if (known)
        snprintf (expected, sizeof expected, "%s", db_text (rows, 0, "short_code"));
    bool equal = sodium_memcmp (code, expected, SHORT_CODE_LENGTH) == 0;
    return readable && known && equal ? db_text (rows, 0, "id") : NULL;
}

/* Steps with dates only: neither who worked on it nor what an officer wrote. */
static json_t *public_steps (json_t *steps)
{
    json_t *list = json_array ();
    size_t i;
    json_t *step;
    json_array_foreach (steps, i, step)
    {
        json_t *shown = json_pack ("{s:s, s:s, s:s}", "step", json_text (step, "step"), "title",
                                   json_text (step, "title"), "started_at", json_text (step, "started_at"));
        view_set (shown, "ended_at", json_text (step, "ended_at"));
        json_array_append_new (list, shown);
    }
    return list;
}

static json_t *tracking_view (const struct application *application, const db_rows_t *kecamatan,
                              const struct checklist *checklist, json_t *steps)
{
    struct citizen_words words = citizen_words (application->status, application->step);
    json_t *place = json_pack ("{s:s, s:s, s:s}", "code", application->kecamatan, "name",
                               db_text (kecamatan, 0, "name"), "address", db_text (kecamatan, 0, "address"));
    view_set (place, "phone", db_text (kecamatan, 0, "phone"));
    json_t *view = json_pack (
        "{s:s, s:{s:s, s:s}, s:o, s:s, s:s, s:s, s:s?, s:b, s:o}", "number", application->number, "service", "code",
        application->version->service, "name", application->version->name, "kecamatan", place, "status",
        intake_status_name (application->status), "status_text", words.status, "next", words.next, "promised_on",
        application->wait ? NULL : application->due_on, "wait", application->wait, "steps", public_steps (steps));
    view_set_time (view, "registered_at", application->registered_ms);
    view_set_time (view, "closed_at", application->closed_ms);
    if (intake_state (application->status, application->step) == INTAKE_AT_COMPLETION)
        json_object_set_new (view, "missing", view_missing_texts (checklist, true));
    return view;
}

int intake_application_track (struct call *call)
{
    AUTO (db_rows) found = NULL;
    int rc = application_by_number (call->db, json_text (call->params, "number"), &found);
    if (rc < 0)
        return rc;
    const char *id = match_code (found, json_text (call->params, "code"));
    if (!id)
        return refuse (call, ERR_TRACKING_UNKNOWN, NULL);
    AUTO_APPLICATION application;
    AUTO_CHECKLIST checklist = {0};
    AUTO (db_rows) kecamatan = NULL;
    rc = application_load (call->db, id, APPLICATION_READ, &application);
    if (rc <= 0)
        return rc < 0 ? rc : refuse (call, ERR_TRACKING_UNKNOWN, NULL);
    rc = checklist_load (call->db, &application, &checklist);
    if (rc == 0)
        rc = kecamatan_find (call->db, application.kecamatan, &kecamatan);
    json_auto_t *steps = rc == 0 ? view_steps (call->db, &application, &rc) : NULL;
    if (rc < 0)
        return rc;
    return reply_json (call, 200, tracking_view (&application, kecamatan, &checklist, steps));
}
