/* The register of legal numbers, and the unsigned final document. */
#include "common/id.h"
#include "common/page.h"
#include "document_ask.h"
#include "document_methods.h"
#include "document_store.h"

#include <string.h>

#define READERS "admin_kabupaten,camat,sekcam,kasi_pelayanan,operator,penyerahan,loket"
#define SIGNERS "camat,sekcam,kasi_pelayanan,operator"

/* In the order in which the numbers were given; "series" shows that they add up. */
int document_number_list (struct call *call)
{
    const json_t *params = call->params;
    const char *kecamatan = json_text (params, "kecamatan");
    const char *series = json_text (params, "series"), *year = json_text (params, "year");
    if (!require_role (call, READERS, kecamatan))
        return 0;
    struct page page = page_asked (params);
    AUTO (db_rows) rows = NULL;
    AUTO (db_rows) sums = NULL;
    if (number_list (call->db, kecamatan, series, year, page.after, page.limit + 1, &rows) < 0 ||
        number_sums (call->db, kecamatan, series, year, &sums) < 0)
        return -1;
    json_t *totals = json_array ();
    for (int i = 0; i < db_count (sums); i++)
        json_array_append_new (totals, number_sum_json (sums, i));
    json_t *body = page_json (&page, rows, "numbers", number_json, "id");
    json_object_set_new (body, "series", totals);
    return reply_json (call, 200, body);
}

/* The bytes of the archive, which must be those that were rendered. */
static int reply_file (struct call *call, const struct final *final)
{
    AUTO_REPLY reply = {0};
    if (call_service (call, "archive.file.get", json_pack ("{s:s}", "file", final->file), NULL, NULL, 0, &reply) < 0)
        return -1;
    char sha256[ID_SHA256_SIZE] = "", name[64];
    if (reply.status == 200 && reply.bytes)
        id_sha256_hex (reply.bytes, reply.size, sha256);
    if (strcmp (sha256, final->sha256) != 0) {
        job_note (call, "the archive has no such file: %d", reply.status);
        return -1;
    }
    void *bytes = reply.bytes;
    reply.bytes = NULL;
    snprintf (name, sizeof name, "%s.pdf", final->token);
    return reply_bytes (call, "application/pdf", bytes, reply.size, name);
}

int document_final_get (struct call *call)
{
    AUTO_FINAL final;
    int found = final_find (call->db, json_text (call->params, "application"), &final);
    if (found < 0)
        return found;
    if (found == 0)
        return refuse (call, ERR_DOCUMENT_NOT_READY, NULL);
    if (!require_role (call, SIGNERS, final.kecamatan))
        return 0;
    bool shown = final.state == DOCUMENT_FINAL_READY || final.state == DOCUMENT_FINAL_SIGNED;
    return shown ? reply_file (call, &final) : refuse (call, ERR_DOCUMENT_NOT_READY, NULL);
}
