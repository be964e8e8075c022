/* Files that are kept: what is known of them, their bytes, and those that services put. */
#include "archive_methods.h"

#include "common/id.h"
#include "common/log.h"

#include <string.h>

#define NUMBER_SIZE 24

/* Roles that need a citizen's papers for their work. */
#define READERS "loket,verifikator,petugas_teknis,operator,kasi_pelayanan,sekcam,camat,penyerahan,admin_kabupaten"

json_t *file_json (const db_rows_t *rows)
{
    json_t *file = json_pack ("{s:s, s:s, s:I, s:s, s:s, s:s}", "file", db_text (rows, 0, "id"), "sha256",
                              db_text (rows, 0, "sha256"), "size", (json_int_t)db_int (rows, 0, "size"), "media_type",
                              db_text (rows, 0, "media_type"), "name", db_text (rows, 0, "name"), "purpose",
                              db_text (rows, 0, "purpose"));
    if (!db_is_null (rows, 0, "place"))
        json_object_set_new (file, "place", json_string (db_text (rows, 0, "place")));
    return file;
}

void file_publish (struct call *call, const struct archive_file *file)
{
    json_t *body = json_pack ("{s:s, s:s, s:I, s:s, s:s}", "file", file->id, "sha256", file->sha256, "size",
                              (json_int_t)file->size, "media_type", archive_media_type (file->type), "purpose",
                              archive_purpose_name (file->purpose));
    if (file->place != NULL)
        json_object_set_new (body, "place", json_string (file->place));
    publish (call, "archive.file_kept", file->id, body);
}

int archive_file_stat (struct call *call)
{
    AUTO (db_rows) rows = NULL;
    int rc = store_file_find (call->db, json_text (call->params, "file"), &rows);
    if (rc < 0)
        return rc;
    if (db_count (rows) == 0)
        return refuse (call, ERR_FILE_UNKNOWN, NULL);
    return reply_json (call, 200, file_json (rows));
}

/* Officers of the file's kecamatan who work with papers see it; what was brought to be verified belongs to nobody and is read by signing
 * alone. */
int archive_file_get (struct call *call)
{
    AUTO (db_rows) rows = NULL;
    int rc = store_file_find (call->db, json_text (call->params, "file"), &rows);
    if (rc < 0)
        return rc;
    bool is_person = strcmp (call->from, "gateway") == 0;
    if (db_count (rows) == 0 || (is_person && db_is_null (rows, 0, "place")))
        return refuse (call, ERR_FILE_UNKNOWN, NULL);
    if (is_person && !require_role (call, READERS, db_text (rows, 0, "place")))
        return 0;
    if (is_person) /* who saw a citizen's paper can be told later */
        log_line (LEVEL_INFO, "file.read", "file", db_text (rows, 0, "id"), "account", call->caller->account, NULL);
    uint8_t *bytes = NULL;
    int64_t size = db_int (rows, 0, "size");
    rc = store_object_read (call->db, db_text (rows, 0, "sha256"), size, &bytes);
    if (rc < 0)
        return rc;
    return reply_bytes (call, db_text (rows, 0, "media_type"), bytes, (size_t)size, db_text (rows, 0, "name"));
}

/* The same bytes for the same purpose and place were put before. */
static int reply_made (struct call *call, const struct archive_file *file)
{
    AUTO (db_rows) made = NULL;
    AUTO (db_rows) rows = NULL;
    if (store_file_made (call->db, file->sha256, file->purpose, file->place, &made) < 0 || db_count (made) != 1 ||
        store_file_find (call->db, db_text (made, 0, "id"), &rows) < 0 || db_count (rows) != 1)
        return -1;
    return reply_json (call, 200, file_json (rows));
}

static int put_keep (struct call *call, const struct archive_file *file)
{
    bool is_new, added = false;
    int rc = store_object_keep (call->db, file->sha256, file->size, call->now, &is_new);
    if (rc == 0 && is_new)
        rc = store_object_write (call->db, file->sha256, call->blob, call->blob_size);
    if (rc == 0)
        rc = store_file_add (call->db, file, &added);
    if (rc < 0)
        return rc;
    if (!added)
        return reply_made (call, file);
    file_publish (call, file);
    AUTO (db_rows) rows = NULL;
    if (store_file_find (call->db, file->id, &rows) < 0 || db_count (rows) != 1)
        return -1;
    return reply_json (call, 201, file_json (rows));
}

int archive_file_put (struct call *call)
{
    char limit[NUMBER_SIZE], id[ID_UUID_SIZE], sha256[ID_SHA256_SIZE], name[ARCHIVE_NAME_SIZE];
    if (call->blob_size == 0)
        return refuse (call, ERR_FILE_EMPTY, NULL);
    if (call->blob_size > ARCHIVE_PUT_MOST)
        return refuse (call, ERR_FILE_TOO_LARGE, "limit", db_int_text (limit, ARCHIVE_PUT_MOST), NULL);
    enum archive_purpose purpose = archive_purpose_parse (json_text (call->params, "purpose"));
    enum archive_type type = archive_sniff (call->blob, call->blob_size);
    if (!archive_type_fits (purpose, type) || type != archive_media_type_parse (json_text (call->params, "media_type")))
        return refuse (call, ERR_FILE_TYPE_REFUSED, NULL);
    id_uuid7 (call->now, id);
    id_sha256_hex (call->blob, call->blob_size, sha256);
    archive_name (json_text (call->params, "name"), type, name);
    struct archive_file file = {
        .id = id,
        .sha256 = sha256,
        .name = name,
        .type = type,
        .purpose = purpose,
        .place = json_text (call->params, "place"),
        .size = (int64_t)call->blob_size,
        .created_ms = call->now,
    };
    return put_keep (call, &file);
}
