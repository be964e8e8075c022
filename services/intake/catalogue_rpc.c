/* Publishing the catalogue: by the admin of the kabupaten, versions for ever. */
#include "common/auto.h"
#include "intake_form.h"
#include "intake_json.h"
#include "intake_methods.h"
#include "intake_store.h"

#include <stdio.h>
#include <string.h>

#define ADMIN "admin_kabupaten"

/* ---- places and days ---------------------------------------------------------------------------------------- */

/* "07:30" before "15:00"?  The pattern holds by the request's schema, the order and the range do not. */
static bool hours_hold (const json_t *kecamatan)
{
    const json_t *hours = json_object_get (kecamatan, "opening_hours");
    int opens = minute_from_text (json_text (hours, "opens")), closes = minute_from_text (json_text (hours, "closes"));
    return opens >= 0 && closes > opens;
}

/* The first entry that belongs elsewhere or opens after it closes; false: the refusal is given. */
static bool kecamatan_hold (struct call *call, const char *kabupaten)
{
    size_t i;
    json_t *kecamatan;
    json_array_foreach (json_object_get (call->body, "kecamatan"), i, kecamatan)
    {
        char pointer[64];
        const char *code = json_text (kecamatan, "code");
        bool inside = strncmp (code, kabupaten, strlen (kabupaten)) == 0;
        if (inside && hours_hold (kecamatan))
            continue;
        snprintf (pointer, sizeof pointer, "/kecamatan/%zu/%s", i, inside ? "opening_hours" : "code");
        refuse_field (call, ERR_SCHEMA_VIOLATION, pointer, "why",
                      inside ? "jam tutup harus sesudah jam buka" : "kode di luar kabupaten ini", NULL);
        return false;
    }
    return true;
}

int intake_kecamatan_publish (struct call *call)
{
    const json_t *kabupaten = json_object_get (call->body, "kabupaten");
    const json_t *list = json_object_get (call->body, "kecamatan");
    const char *code = json_text (kabupaten, "code");
    if (!require_role (call, ADMIN, code) || !kecamatan_hold (call, code))
        return 0;
    int rc = kabupaten_put (call->db, kabupaten, call->now);
    for (size_t i = 0; rc == 0 && i < json_array_size (list); i++)
        rc = kecamatan_put (call->db, code, json_array_get (list, i), call->now);
    if (rc < 0)
        return rc;
    publish (call, "catalogue.changed", code, json_pack ("{s:s, s:s}", "what", "kecamatan", "code", code));
    return reply_json (call, 200,
                       json_pack ("{s:s, s:i}", "kabupaten", code, "kecamatan", (int)json_array_size (list)));
}

/* Where the caller is an admin: a deployment has one catalogue, so any such grant will do.  The runtime let only admins
 * in; asking again makes the role and the place part of what is published. */
static bool require_admin (struct call *call)
{
    size_t i;
    json_t *grant;
    json_array_foreach (call->caller ? call->caller->grants : NULL, i, grant)
    {
        const char *role = json_text (grant, "role"), *place = json_text (grant, "place");
        if (role && place && strcmp (role, ADMIN) == 0)
            return require_role (call, ADMIN, place);
    }
    refuse (call, ERR_FORBIDDEN_ROLE, "roles", ADMIN, NULL);
    return false;
}

int intake_holiday_publish (struct call *call)
{
    const json_t *holidays = json_object_get (call->body, "holidays");
    const json_t *removed = json_object_get (call->body, "removed");
    if (!require_admin (call))
        return 0;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < json_array_size (removed); i++)
        rc = holiday_remove (call->db, json_string_value (json_array_get (removed, i)));
    for (size_t i = 0; rc == 0 && i < json_array_size (holidays); i++)
        rc = holiday_put (call->db, json_array_get (holidays, i), call->now);
    if (rc < 0)
        return rc;
    publish (call, "catalogue.changed", "holiday", json_pack ("{s:s, s:s}", "what", "holiday", "code", "holiday"));
    return reply_json (call, 200,
                       json_pack ("{s:i, s:i}", "holidays", (int)json_array_size (holidays), "removed",
                                  (int)json_array_size (removed)));
}

/* ---- versions ----------------------------------------------------------------------------------------------- */

/* New and same give the same answer, so that publishing twice is harmless. */
static int answer_publication (struct call *call, const char *what, int publication)
{
    const char *code = json_text (call->body, "code");
    int version = (int)json_int (call->body, "version", 0);
    char text[16];
    snprintf (text, sizeof text, "%d", version);
    if (publication == PUBLICATION_OTHER)
        return refuse_field (call, ERR_VERSION_EXISTS, "/version", "version", text, NULL);
    if (publication == PUBLICATION_NEW)
        publish (call, "catalogue.changed", code,
                 json_pack ("{s:s, s:s, s:i}", "what", what, "code", code, "version", version));
    return reply_json (call, 201, json_pack ("{s:s, s:i}", "code", code, "version", version));
}

static int refuse_workflow (struct call *call, enum workflow_verdict verdict, const struct workflow_offence *offence)
{
    char why[256];
    snprintf (why, sizeof why, "%s: %s%s%s", workflow_verdict_text (verdict), offence->step,
              offence->outcome ? " / " : "", offence->outcome ? offence->outcome : "");
    return refuse (call, ERR_WORKFLOW_INVALID, "why", why, NULL);
}

int intake_workflow_publish (struct call *call)
{
    if (!require_admin (call))
        return 0;
    struct workflow workflow;
    struct workflow_offence offence = {0};
    workflow_from_json (call->body, &workflow);
    enum workflow_verdict verdict = workflow_check (&workflow, &offence);
    if (verdict != WORKFLOW_OK)
        return refuse_workflow (call, verdict, &offence);
    char sha256[ID_SHA256_SIZE];
    content_hash (call->body, sha256);
    int publication = workflow_put (call->db, call->body, &workflow, sha256, call->now);
    return publication < 0 ? publication : answer_publication (call, "workflow", publication);
}

static int refuse_service (struct call *call, enum form_verdict verdict, const char *why)
{
    switch (verdict) {
    case FORM_OK:
    case FORM_VERDICTS:
        break;
    case FORM_SCHEMA_INVALID:
        return refuse_field (call, ERR_SCHEMA_INVALID, "/form_schema", "why", why, NULL);
    case FORM_FACT_INVALID:
        return refuse_field (call, ERR_SCHEMA_INVALID, "/facts", "why", why, NULL);
    case FORM_FORMULA_INVALID:
        return refuse (call, ERR_FORMULA_INVALID, "why", why, NULL);
    case FORM_COST_CONTRADICTS:
        return refuse_field (call, ERR_SCHEMA_VIOLATION, "/published/cost", "why", why, NULL);
    case FORM_REQUIREMENT_TWICE:
        return refuse_field (call, ERR_SCHEMA_VIOLATION, "/published/requirements", "why", why, NULL);
    }
    return refuse (call, ERR_SCHEMA_INVALID, "why", why ? why : "?", NULL);
}

/* 1: that workflow version is published; 0: the refusal is given; negative. */
static int require_workflow (struct call *call)
{
    const json_t *reference = json_object_get (call->body, "workflow");
    int version = (int)json_int (reference, "version", 0);
    char text[16];
    struct workflow workflow;
    int rc = workflow_load (call->db, json_text (reference, "code"), version, &workflow);
    snprintf (text, sizeof text, "%d", version);
    if (rc == 0)
        refuse_field (call, ERR_WORKFLOW_UNKNOWN, "/workflow", "workflow", json_text (reference, "code"), "version",
                      text, NULL);
    return rc;
}

/* A legal number names its series and year once and for all: counted per year, so the year must stand in it; and two series
 * must not write their numbers alike.  1: sound, 0: the refusal is given. */
static int require_numbering (struct call *call)
{
    const char *format = json_text_at (call->body, "steps.drafting.number_format");
    const char *series = json_text_at (call->body, "steps.drafting.series");
    const char *pointer = "/steps/drafting/number_format";
    if (!format || !series)
        return refuse_field (call, ERR_NUMBERING_INVALID, pointer, "why", "format nomor dan seri harus diisi", NULL);
    if (!strstr (format, "{nomor") || !strstr (format, "{tahun}"))
        return refuse_field (call, ERR_NUMBERING_INVALID, pointer, "why", "harus memuat {nomor} dan {tahun}", NULL);
    AUTO (db_rows) rows = NULL;
    if (service_number_rival (call->db, format, series, &rows) < 0)
        return -1;
    if (db_count (rows) == 0)
        return 1;
    char why[200];
    snprintf (why, sizeof why, "format yang sama dipakai seri lain pada layanan %s", db_text (rows, 0, "service"));
    return refuse_field (call, ERR_NUMBERING_INVALID, pointer, "why", why, NULL);
}

int intake_service_publish (struct call *call)
{
    if (!require_admin (call))
        return 0;
    AUTO_FREE char *why = NULL;
    enum form_verdict verdict = form_check_service (call->body, &why);
    if (verdict != FORM_OK)
        return refuse_service (call, verdict, why);
    const char *valid_from = json_text (call->body, "valid_from"), *valid_to = json_text (call->body, "valid_to");
    if (valid_to && strcmp (valid_to, valid_from) < 0)
        return refuse_field (call, ERR_SCHEMA_VIOLATION, "/valid_to", "why", "berakhir sebelum berlaku", NULL);
    int rc = require_workflow (call);
    if (rc > 0)
        rc = require_numbering (call);
    if (rc <= 0)
        return rc;
    char sha256[ID_SHA256_SIZE];
    content_hash (call->body, sha256);
    int publication = service_put (call->db, call->body, sha256, call->now);
    return publication < 0 ? publication : answer_publication (call, "service", publication);
}
