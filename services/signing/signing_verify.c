/* Anyone proves a document: by the address in its QR code, or by the file itself.  And its revocation. */
#include "pdf_verify.h"
#include "signing_methods.h"
#include "signing_sql.h"
#include "signing_store.h"

#include <stdlib.h>
#include <string.h>

/* Tokens are lower-case; people copy them from paper as they please. */
int signing_document_verify (struct call *call)
{
    AUTO (db_rows) rows = NULL;
    AUTO_FREE char *token = strdup (json_text (call->params, "token"));
    for (char *at = token; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    if (db_query (call->db, &SQL_DOCUMENT_OF_TOKEN, &rows, token) < 0)
        return -1;
    if (db_count (rows) == 0)
        return refuse (call, ERR_TOKEN_UNKNOWN, NULL);
    return reply_json (call, 200, document_json (rows));
}

/* The verdict in words for the one who holds the paper. */
static const char *verdict_words (enum pdf_verdict verdict)
{
    switch (verdict) {
    case PDF_VALID:
        return "Tanda tangan elektronik sah dan mencakup seluruh isi berkas.";
    case PDF_NOT_PDF:
        return "Berkas ini bukan PDF yang dapat dibaca.";
    case PDF_TOO_LARGE:
        return "Berkas terlalu besar.";
    case PDF_UNSIGNED:
        return "Berkas ini tidak ditandatangani secara elektronik.";
    case PDF_FORM_UNKNOWN:
        return "Bentuk tanda tangan ini bukan buatan sistem PATEN.";
    case PDF_BYTE_RANGE_WRONG:
    case PDF_PADDING_NOT_EMPTY:
    case PDF_CHANGED_AFTER_SIGNING:
    case PDF_DIGEST_MISMATCH:
        return "Berkas telah diubah setelah ditandatangani.";
    case PDF_SIGNATURE_INVALID:
    case PDF_WEAK_ALGORITHM:
        return "Tanda tangan elektronik tidak sah.";
    case PDF_CERTIFICATE_UNTRUSTED:
        return "Sertifikat penanda tangan tidak dikenal.";
    case PDF_CERTIFICATE_NOT_YET_VALID:
    case PDF_CERTIFICATE_EXPIRED:
        return "Sertifikat tidak berlaku pada saat penandatanganan.";
    case PDF_REVOCATION_UNKNOWN:
        return "Status pencabutan sertifikat tidak dapat dipastikan.";
    case PDF_CERTIFICATE_REVOKED:
        return "Sertifikat penanda tangan telah dicabut.";
    }
    return "Tanda tangan elektronik tidak sah.";
}

/* A certificate revoked later does not spoil what our own record shows to have been signed before. */
static bool signed_before_revocation (const db_rows_t *record, const struct pdf_verify_result *result)
{
    return db_count (record) > 0 && db_int (record, 0, "signed_at_ms") / 1000 < result->revoked_at;
}

static json_t *verify_json (const db_rows_t *record, enum pdf_verdict verdict, const struct pdf_verify_result *result)
{
    bool on_record = db_count (record) > 0;
    bool proven =
        verdict == PDF_VALID || (verdict == PDF_CERTIFICATE_REVOKED && signed_before_revocation (record, result));
    bool revoked = on_record && !db_is_null (record, 0, "revoked_at_ms");
    const char *words = verdict_words (verdict);
    if (proven && !on_record)
        words = "Tanda tangan sah, tetapi berkas ini tidak tercatat sebagai dokumen yang diterbitkan.";
    else if (proven && revoked)
        words = "Dokumen ini asli, tetapi telah dicabut.";
    json_t *answer =
        json_pack ("{s:b, s:s, s:s, s:s, s:b}", "valid", proven && on_record && !revoked, "verdict",
                   pdf_verdict_code (verdict), "explanation", words, "sha256", result->sha256, "on_record", on_record);
    if (on_record)
        json_object_set_new (answer, "document", document_json (record));
    return answer;
}

int signing_file_verify (struct call *call)
{
    AUTO_REPLY file = {0};
    const char *id = json_text (call->params, "file");
    if (call_service (call, "archive.file.get", json_pack ("{s:s}", "file", id), NULL, NULL, 0, &file) < 0)
        return -1;
    if (file.status != 200 || !file.bytes)
        return refuse (call, ERR_FILE_UNKNOWN, NULL);
    __attribute__ ((cleanup (pdf_trust_destroy))) pdf_trust_t *trust = NULL;
    /* read each time: the list of revoked certificates is renewed while the service runs */
    if (pdf_trust_new (&trust, conf_text ("PATEN_CA_FILE"), conf_text ("PATEN_CRL_FILE")) < 0) {
        job_note (call, "PATEN_CA_FILE or PATEN_CRL_FILE cannot be read");
        return -1;
    }
    struct pdf_verify_result result = {0};
    int verdict = pdf_verify (trust, call->now / 1000, file.bytes, file.size, &result);
    if (verdict < 0)
        return -1;
    AUTO (db_rows) record = NULL;
    if (db_query (call->db, &SQL_DOCUMENT_OF_SHA256, &record, result.sha256) < 0)
        return -1;
    return reply_json (call, 200, verify_json (record, (enum pdf_verdict)verdict, &result));
}

/* The signed file, for the officers who hand it over and for the notification of the applicant. */
int signing_document_get (struct call *call)
{
    AUTO (db_rows) rows = NULL;
    if (db_query (call->db, &SQL_DOCUMENT_OF_APPLICATION, &rows, json_text (call->params, "application")) < 0)
        return -1;
    if (db_count (rows) == 0)
        return refuse (call, ERR_DOCUMENT_NOT_READY, NULL);
    if (!require_role (call, ROLES_ANY, db_text (rows, 0, "kecamatan")))
        return 0;
    AUTO_REPLY file = {0};
    if (call_service (call, "archive.file.get", json_pack ("{s:s}", "file", db_text (rows, 0, "file")), NULL, NULL, 0,
                      &file) < 0)
        return -1;
    if (file.status != 200 || !file.bytes)
        return refuse (call, ERR_FILE_UNKNOWN, NULL);
    char name[100];
    snprintf (name, sizeof name, "%s.pdf", db_text (rows, 0, "token"));
    void *bytes = file.bytes;
    file.bytes = NULL;
    return reply_bytes (call, "application/pdf", bytes, file.size, name);
}

int signing_document_revoke (struct call *call)
{
    const char *application = json_text (call->params, "application"), *reason = json_text (call->body, "reason");
    AUTO (db_rows) rows = NULL;
    if (db_query (call->db, &SQL_DOCUMENT_OF_APPLICATION, &rows, application) < 0)
        return -1;
    if (db_count (rows) == 0)
        return refuse (call, ERR_DOCUMENT_NOT_READY, NULL);
    if (!require_role (call, "camat,admin_kabupaten", db_text (rows, 0, "kecamatan")))
        return 0;
    AUTO (db_rows) revoked = NULL;
    if (db_query (call->db, &SQL_DOCUMENT_REVOKE, &revoked, application, call->caller->account, reason,
                  DB_INT (call->now)) < 0)
        return -1;
    if (db_count (revoked) == 0)
        return refuse (call, ERR_DOCUMENT_REVOKED, NULL);
    publish (call, "document.revoked", application,
             json_pack ("{s:s, s:s, s:s}", "application", application, "token", db_text (revoked, 0, "token"), "reason",
                        reason));
    return reply_json (call, 200,
                       json_pack ("{s:s, s:s, s:s}", "application", application, "token", db_text (revoked, 0, "token"),
                                  "status", "revoked"));
}
