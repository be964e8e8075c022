/* Rendering the final document: the first time under its new number ("finalize"), and each day anew under the same
 * number until it is signed ("renew"), because a document bears the day on which it is signed.
 *
 * What cannot be made does not wait in silence.  A first rendering that is refused, or does not succeed within a day,
 * goes back to the operator with the reason; its number is void.  A renewal goes on: the file lies on the Camat's desk,
 * who sees that it is out of date (document_being_renewed) and may give it back, and tomorrow's signer may be printable.
 *
 * Performed outside any transaction and perhaps twice: token, number and creation date are kept beforehand, so that the
 * same day gives the same bytes and the archive keeps one file. */
#include "common/id.h"
#include "common/local_time.h"
#include "common/station.h"
#include "document_ask.h"
#include "document_data.h"
#include "document_final.h"
#include "document_methods.h"
#include "document_store.h"
#include "document_template.h"

#include <stdlib.h>
#include <string.h>

#define RENEW "renew"

/* ---- perform ------------------------------------------------------------------------------------------------ */

/* Kept for the operator, if this attempt should be the last one. */
static void keep_reason (struct call *call, const char *what, const char *detail)
{
    char reason[DOCUMENT_FAULT_SIZE + 80];
    snprintf (reason, sizeof reason, "%s %s.", what, detail);
    json_decref (call->prepared);
    call->prepared = json_pack ("{s:s}", "reason", reason);
}

/* Who signs here today; nobody yet: tried again until somebody is appointed. */
static int resolve_signer (struct call *call, const char *kecamatan, const char *today, json_t **ret_signer)
{
    AUTO_REPLY reply = {0};
    if (call_service (call, "signing.signer.resolve", json_pack ("{s:s, s:s}", "kecamatan", kecamatan, "on", today),
                      NULL, NULL, 0, &reply) < 0)
        return -1;
    if (reply.status != 200 || !json_text (reply.body, "account")) {
        keep_reason (call, "Belum ada pejabat penanda tangan pada", today);
        job_note (call, "no signer in %s on %s (%d)", kecamatan, today, reply.status);
        return -1;
    }
    *ret_signer = json_incref (reply.body);
    return 0;
}

static json_t *final_data (const struct final *final, const json_t *constants, const json_t *signer, const char *today)
{
    json_auto_t *content = db_json (final->rows, 0, "content");
    json_t *data = json_incref (json_object_get (content, "data"));
    data_add_constants (data, constants);
    data_add_signer (data, signer);
    data_add_document (data, final->number, today);
    data_add_addresses (data, conf_text ("PATEN_PUBLIC_URL"), final->token);
    return data;
}

static int keep_file (struct call *call, const struct final *final, const void *bytes, size_t size, json_t **ret_file)
{
    char name[64];
    snprintf (name, sizeof name, "%s.pdf", final->token);
    AUTO_REPLY reply = {0};
    if (call_service (call, "archive.file.put",
                      json_pack ("{s:s, s:s, s:s, s:s}", "purpose", "document", "place", final->kecamatan, "name", name,
                                 "media_type", "application/pdf"),
                      NULL, bytes, size, &reply) < 0)
        return -1;
    if (reply.status >= 300 || !json_text (reply.body, "file") || !json_text (reply.body, "sha256")) {
        job_note (call, "the archive refused the document: %d", reply.status);
        return -1;
    }
    *ret_file = json_incref (reply.body);
    return 0;
}

/* Time may help a renewal, by another signer or another spelling; a first rendering goes back at once. */
static int cannot_print (struct call *call, const struct template_fault *fault, bool is_renewal)
{
    char why[DOCUMENT_FAULT_SIZE];
    document_fault_text (fault, why);
    keep_reason (call, "Dokumen tidak dapat dicetak:", why);
    job_note (call, "cannot be printed: %s", why);
    return is_renewal ? -1 : refuse (call, ERR_DOCUMENT_UNPRINTABLE, "why", why, NULL);
}

static int render_and_keep (struct call *call, const struct final *final, const json_t *signer, const char *today)
{
    AUTO_TEMPLATE template;
    int rc = document_template_load (call, db_text (final->rows, 0, "template"),
                                     (int)db_int (final->rows, 0, "template_version"), &template);
    if (rc <= 0)
        return rc;
    json_auto_t *data = final_data (final, template.constants, signer, today), *file = NULL;
    struct document_paper paper = {.template = template.template,
                                   .data = data,
                                   .title = final->number,
                                   .created_ms = db_int (final->rows, 0, "requested_at_ms")};
    void *bytes = NULL;
    size_t size = 0;
    struct template_fault fault;
    rc = document_draw (&paper, &bytes, &size, &fault);
    if (rc <= 0)
        return rc < 0 ? rc : cannot_print (call, &fault, final->state == DOCUMENT_FINAL_READY);
    rc = keep_file (call, final, bytes, size, &file);
    free (bytes);
    if (rc < 0)
        return rc;
    call->prepared =
        json_pack ("{s:I, s:s, s:O, s:O, s:O}", "final", (json_int_t) final->id, "dated", today, "file",
                   json_object_get (file, "file"), "sha256", json_object_get (file, "sha256"), "signer", signer);
    return 0;
}

int document_render_perform (struct call *call, const struct job *job)
{
    AUTO_FINAL final;
    json_auto_t *signer = NULL;
    char today[DOCUMENT_DATE_SIZE];
    document_today (call, today);
    int found = final_find (call->db, json_text (job->payload, "application"), &final);
    if (found <= 0)
        return found;
    const char *due_on = strrchr (job->key, '/');
    if (strcmp (job->kind, RENEW) == 0 && due_on && strcmp (due_on + 1, today) > 0) {
        job_note (call, "this clock says that the day has not changed yet");
        return -1;
    }
    bool current = final.dated && strcmp (final.dated, today) == 0;
    if (current || !document_final_rule (final.state, DOCUMENT_FINAL_RENDER).allowed)
        return 0; /* signed, void, or rendered for today already */
    if (resolve_signer (call, final.kecamatan, today, &signer) < 0)
        return -1;
    return render_and_keep (call, &final, signer, today);
}

/* ---- conclude ----------------------------------------------------------------------------------------------- */

/* "number", "dated", "token", "file", "sha256", "signer" (account): what the signing service shows and signs. */
static json_t *document_json (const struct final *final, const json_t *made)
{
    return json_pack ("{s:s, s:O, s:s, s:O, s:O, s:O}", "number", final->number, "dated",
                      json_object_get (made, "dated"), "token", final->token, "file", json_object_get (made, "file"),
                      "sha256", json_object_get (made, "sha256"), "signer",
                      json_object_get (json_object_get (made, "signer"), "account"));
}

static void announce (struct call *call, const char *application, const struct final *final)
{
    bool renewed = final->state == DOCUMENT_FINAL_READY;
    json_t *finalized = document_json (final, call->prepared);
    json_object_set_new (finalized, "application", json_string (application));
    json_object_set_new (finalized, "attempt", json_integer (final->attempt));
    publish (call, renewed ? "document.renewed" : "document.finalized", application, finalized);
    if (!renewed)
        publish (
            call, "step.completed", application,
            station_completed (application, final->step, final->attempt, "ok",
                               json_pack ("{s:{s:o}}", "facts", "document", document_json (final, call->prepared))));
}

/* One renewal for each day to come, until the document is signed or void. */
static int renew_tomorrow (struct call *call, const char *application, const struct final *final)
{
    char key[80], date[CALENDAR_DATE_SIZE];
    int64_t delay_ms = document_renewal_delay_ms (call->now, LOCAL_TIME_OFFSET_MINUTES);
    calendar_print (local_time_date (call->now + delay_ms), date);
    snprintf (key, sizeof key, "%s/%d/%s", application, final->attempt, date);
    return job_add (call, RENEW, key, json_pack ("{s:s}", "application", application), delay_ms);
}

/* Under lock: it may have been signed, returned or withdrawn while the pages were drawn; then nothing happens. */
int document_render_conclude (struct call *call, const struct job *job)
{
    const char *application = json_text (job->payload, "application");
    AUTO_FINAL final;
    int found = final_lock (call->db, application, &final);
    if (found <= 0)
        return found;
    struct document_final_rule rule = document_final_rule (final.state, DOCUMENT_FINAL_RENDER);
    if (!rule.allowed)
        return 0;
    if (call->prepared && json_int (call->prepared, "final", 0) == final.id) {
        struct final_rendering rendering = {.to = rule.to,
                                            .dated = json_text (call->prepared, "dated"),
                                            .file = json_text (call->prepared, "file"),
                                            .sha256 = json_text (call->prepared, "sha256"),
                                            .signer = json_object_get (call->prepared, "signer")};
        if (final_render (call->db, final.id, &rendering) < 0)
            return -1;
        announce (call, application, &final);
    }
    return renew_tomorrow (call, application, &final);
}

/* ---- give up ------------------------------------------------------------------------------------------------ */

int document_finalize_give_up (struct call *call, const struct job *job)
{
    const char *application = json_text (job->payload, "application"), *reason = json_text (call->prepared, "reason");
    AUTO_FINAL final;
    int found = final_lock (call->db, application, &final);
    if (found <= 0 || final.state != DOCUMENT_FINAL_REQUESTED) /* withdrawn meanwhile */
        return found < 0 ? found : 0;
    if (!reason)
        reason = "Dokumen tidak berhasil dibuat dalam satu hari; hubungi administrator sistem.";
    return document_final_return (call, application, &final, reason);
}

int document_renew_give_up (struct call *call, const struct job *job)
{
    const char *application = json_text (job->payload, "application");
    AUTO_FINAL final;
    int found = final_lock (call->db, application, &final);
    if (found <= 0 || final.state != DOCUMENT_FINAL_READY)
        return found < 0 ? found : 0;
    return renew_tomorrow (call, application, &final);
}
