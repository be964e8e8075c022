/* The register of legal numbers, and the unsigned final document. */
#include "common/id.h"
#include "document_ask.h"
#include "document_methods.h"
#include "document_store.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_ROWS 50 /* when the caller names no limit; the contract allows 1 to 100 */
#define READERS   "admin_kabupaten,camat,sekcam,kasi_pelayanan,operator,penyerahan,loket"
#define SIGNERS   "camat,sekcam,kasi_pelayanan,operator"

/* In the order in which the numbers were given; "series" shows that they add up. */
int document_number_list (struct call *call)
{
    const json_t *params = call->params;
    const char *kecamatan = json_text (params, "kecamatan"), *limit_text = json_text (params, "limit");
    const char *series = json_text (params, "series"), *year = json_text (params, "year");
    if (!require_role (call, READERS, kecamatan))
        return 0;
    int limit = limit_text ? atoi (limit_text) : PAGE_ROWS;
    AUTO (db_rows) rows = NULL;
    AUTO (db_rows) sums = NULL;
    if (number_list (call->db, kecamatan, series, year, json_text (params, "after"), limit + 1, &rows) < 0 ||
        number_sums (call->db, kecamatan, series, year, &sums) < 0)
        return -1;
    json_t *numbers = json_array (), *totals = json_array ();
    for (int i = 0; i < db_count (rows) && i < limit; i++)
        json_array_append_new (numbers, number_json (rows, i));
    for (int i = 0; i < db_count (sums); i++)
        json_array_append_new (totals, number_sum_json (sums, i));
    const char *next = db_count (rows) > limit ? db_text (rows, limit - 1, "id") : NULL;
    return reply_json (call, 200, json_pack ("{s:o, s:o, s:s*}", "numbers", numbers, "series", totals, "next", next));
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
