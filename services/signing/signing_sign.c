/* The Camat's signature.  Outside any transaction: fetch the very bytes that were shown, sign them, store the signed
 * file. Then, in one transaction: the desk is still the same, the record, the event.  So the state never runs ahead of
 * the file; a signed file that nobody recorded (a crash in between) is an orphan in the archive and harms nothing. */
#include "common/id.h"
#include "common/local_time.h"
#include "common/station.h"
#include "pades.h"
#include "signer_key.h"
#include "signing_methods.h"
#include "signing_sql.h"
#include "signing_store.h"

#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const char *const outcomes[] = {"signed", "passphrase_wrong", "signer_unfit", "failed", NULL};
enum { OUTCOME_SIGNED, OUTCOME_PASSPHRASE, OUTCOME_UNFIT, OUTCOME_FAILED };
struct metric signing_attempts = {
    .name = "paten_signature_attempts",
    .kind = METRIC_COUNTER,
    .help = "Signatures that a Camat wanted, by outcome; signer_unfit: the key file cannot be "
            "read or used; failed: the archive or something else did not do its part.",
    .labels = {{"outcome", outcomes}}};

static signer_cache_t *known_signers; /* made before the workers, gone after them */

int signing_sign_start (void)
{
    known_signers = signer_cache_new ();
    return known_signers ? 0 : -1;
}

void signing_sign_stop (void)
{
    signer_cache_destroy (&known_signers);
}

/* Finds the desk and asks the rules.  1: go on; 0: refused; negative: failed. */
static int sign_may (struct call *call, struct desk_row *row, int found)
{
    if (found < 0)
        return -1;
    if (found == 0)
        return refuse (call, ERR_TASK_UNKNOWN, NULL);
    if (!require_role (call, "camat", row->kecamatan))
        return 0;
    struct signing_approval approval = {
        .level = SIGNING_CAMAT, .account = call->caller->account, .seen_sha256 = json_text (call->body, "sha256")};
    struct signing_answer answer = signing_approve (&row->desk, &approval);
    if (answer.verdict != SIGNING_ACCEPTED)
        return refuse_verdict (call, row, &answer);
    return 1;
}

/* The signer of today, who must be the caller and the one whose name the document bears; and the document of today. */
static int sign_signer (struct call *call, const struct desk_row *row, db_rows_t **ret)
{
    char today[CALENDAR_DATE_SIZE];
    calendar_print (local_time_date (call->now), today);
    if (db_query (call->db, &SQL_SIGNER_RESOLVE, ret, row->kecamatan, today) < 0)
        return -1;
    const char *account = db_count (*ret) ? db_text (*ret, 0, "account") : NULL;
    const char *printed = json_text (row->document, "signer");
    if (!account || strcmp (account, call->caller->account) != 0 || (printed && strcmp (printed, account) != 0))
        return refuse (call, ERR_SIGNER_UNKNOWN, "kecamatan", row->kecamatan, "on", today, NULL);
    const char *dated = json_text (row->document, "dated");
    if (!dated || strcmp (dated, today) != 0) /* it is being rendered anew for the new day (document.renewed) */
        return refuse (call, ERR_DOCUMENT_BEING_RENEWED, NULL);
    return 1;
}

static int sign_key (struct call *call, const char *key_file, signer_key_t **ret)
{
    char path[PATH_MAX];
    snprintf (path, sizeof path, "%s/%s", conf_text ("PATEN_SIGNERS_DIR"), key_file);
    int verdict = signer_key_open (ret, path, json_text (call->body, "passphrase"), known_signers);
    if (verdict < 0) {
        metric_add (&signing_attempts, OUTCOME_UNFIT, 0, 1);
        job_note (call, "the key file of the signer cannot be read");
        return refuse (call, ERR_SIGNER_UNFIT, "why", "berkas sertifikat tidak dapat dibaca", NULL);
    }
    switch ((enum signer_key_verdict)verdict) {
    case SIGNER_KEY_WRONG_PASSPHRASE:
        metric_add (&signing_attempts, OUTCOME_PASSPHRASE, 0, 1);
        return refuse_field (call, ERR_PASSPHRASE_WRONG, "/passphrase", NULL);
    case SIGNER_KEY_BROKEN_FILE:
    case SIGNER_KEY_INCOMPLETE:
        metric_add (&signing_attempts, OUTCOME_UNFIT, 0, 1);
        return refuse (call, ERR_SIGNER_UNFIT, "why", "berkas sertifikat rusak", NULL);
    case SIGNER_KEY_OPEN:
        break;
    }
    return 1;
}

/* The bytes of the task's file, which must be those whose hash was shown. */
static int sign_fetch (struct call *call, const struct desk_row *row, struct service_reply *ret)
{
    const char *file = json_text (row->document, "file");
    if (call_service (call, "archive.file.get", json_pack ("{s:s}", "file", file ? file : ""), NULL, NULL, 0, ret) < 0)
        return -1;
    char sha256[ID_SHA256_SIZE] = "";
    if (ret->status == 200 && ret->bytes)
        id_sha256_hex (ret->bytes, ret->size, sha256);
    if (strcmp (sha256, row->desk.document_sha256) != 0)
        return refuse (call, ERR_CONTENT_CHANGED, NULL);
    return 1;
}

static int sign_store (struct call *call, const struct desk_row *row, const unsigned char *bytes, size_t size)
{
    char name[100];
    snprintf (name, sizeof name, "%s.pdf", json_text (row->document, "token"));
    AUTO_REPLY stored = {0};
    if (call_service (call, "archive.file.put",
                      json_pack ("{s:s, s:s, s:s, s:s}", "purpose", "signed", "place", row->kecamatan, "name", name,
                                 "media_type", "application/pdf"),
                      NULL, bytes, size, &stored) < 0)
        return -1;
    if (stored.status >= 300 || !json_text (stored.body, "file")) {
        job_note (call, "the archive refused the signed file: %d", stored.status);
        return -1;
    }
    json_object_set (call->prepared, "file", json_object_get (stored.body, "file"));
    json_object_set (call->prepared, "sha256", json_object_get (stored.body, "sha256"));
    return 1;
}

static int sign_bytes (struct call *call, const struct desk_row *row, signer_key_t *key, const db_rows_t *signer)
{
    AUTO_REPLY file = {0};
    int rc = sign_fetch (call, row, &file);
    if (rc <= 0)
        return rc;
    struct pades_signer with = signer_key_signer (key);
    struct pades_request request = {
        .time = call->now / 1000, .reason = db_text (signer, 0, "position"), .name = db_text (signer, 0, "name")};
    unsigned char *bytes = NULL;
    size_t size = 0;
    int verdict = pades_sign (&with, &request, file.bytes, file.size, &bytes, &size);
    if (verdict != PADES_SIGNED) {
        if (verdict >= 0)
            refuse (call, ERR_SIGNER_UNFIT, "why", pades_verdict_code ((enum pades_verdict)verdict), NULL);
        return verdict < 0 ? -1 : 0;
    }
    call->prepared =
        json_pack ("{s:s, s:s, s:s, s:s}", "name", db_text (signer, 0, "name"), "nip", db_text (signer, 0, "nip"),
                   "position", db_text (signer, 0, "position"), "certificate", signer_key_identity (key)->serial);
    rc = sign_store (call, row, bytes, size);
    free (bytes);
    return rc;
}

int signing_task_sign_before (struct call *call)
{
    AUTO_DESK row;
    int rc = sign_may (call, &row, desk_find (call->db, json_text (call->params, "application"), &row));
    if (rc <= 0)
        return rc;
    AUTO (db_rows) signer = NULL;
    rc = sign_signer (call, &row, &signer);
    if (rc <= 0)
        return rc;
    AUTO (signer_key) key = NULL;
    rc = sign_key (call, db_text (signer, 0, "key_file"), &key);
    if (rc > 0) {
        rc = sign_bytes (call, &row, key, signer);
        metric_add (&signing_attempts, rc > 0 ? OUTCOME_SIGNED : OUTCOME_FAILED, 0, 1);
    }
    return rc < 0 ? -1 : 0;
}

int signing_task_sign (struct call *call)
{
    const char *application = json_text (call->params, "application");
    AUTO_DESK row;
    int rc = sign_may (call, &row, desk_lock (call->db, application, &row));
    if (rc <= 0)
        return rc;
    const json_t *made = call->prepared, *document = row.document;
    const char *token = json_text (document, "token"), *file = json_text (made, "file");
    const char *sha256 = json_text (made, "sha256");
    if (db_query (call->db, &SQL_DOCUMENT_ADD, NULL, application, token, json_text (document, "number"),
                  json_text (document, "dated"), row.kecamatan, row.service, json_text (document, "file"),
                  row.desk.document_sha256, file, sha256, call->caller->account, json_text (made, "name"),
                  json_text (made, "nip"), json_text (made, "position"), json_text (made, "certificate"),
                  DB_INT (call->now)) < 0 ||
        desk_end (call, &row, SIGNING_DONE, NULL) < 0)
        return -1;
    char signed_at[LOCAL_TIME_RFC3339_SIZE];
    local_time_rfc3339 (call->now, signed_at);
    publish (call, "document.signed", application,
             json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "application", application, "token", token,
                        "number", json_text (document, "number"), "kecamatan", row.kecamatan, "service", row.service,
                        "file", file, "sha256", sha256, "signed_at", signed_at));
    publish (call, "step.completed", application, station_completed (application, row.step, row.attempt, "ok", NULL));
    return reply_json (call, 200,
                       json_pack ("{s:s, s:s, s:s, s:s, s:s}", "application", application, "number",
                                  json_text (document, "number"), "token", token, "sha256", sha256, "signed_at",
                                  signed_at));
}
