/* Files that people bring: piece by piece, then checked as a whole.  The gateway chooses the upload's id; who finishes
 * must be who began. */
#include "archive_methods.h"

#include "common/id.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_SIZE 24

/* What both methods say about an upload. */
struct upload {
    const char *id;
    enum archive_purpose purpose;
    const char *place; /* NULL: verification, which belongs to nobody and no place */
    const char *owner;
};

/* Decodes and authorises.  False: the refusal is already the answer. */
static bool upload_decode (struct call *call, struct upload *ret)
{
    *ret = (struct upload){.id = json_text (call->params, "upload"),
                           .purpose = archive_purpose_parse (json_text (call->params, "purpose"))};
    if (ret->purpose == ARCHIVE_VERIFICATION)
        return true;
    ret->place = json_text (call->params, "kecamatan");
    if (ret->place == NULL) {
        refuse_field (call, ERR_SCHEMA_VIOLATION, "params:", "why", "/kecamatan wajib diisi", NULL);
        return false;
    }
    if (!require_role (call, ROLES_ANY, ret->place))
        return false;
    ret->owner = call->caller->account;
    return true;
}

static bool same_text (const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp (a, b) == 0;
}

/* The same person, for the same purpose and place, as when it began? */
static bool upload_is_ours (const db_rows_t *rows, const struct upload *upload)
{
    return db_count (rows) == 1 && strcmp (db_text (rows, 0, "purpose"), archive_purpose_name (upload->purpose)) == 0 &&
           same_text (db_text (rows, 0, "place"), upload->place) &&
           same_text (db_text (rows, 0, "owner"), upload->owner);
}

static int refuse_too_large (struct call *call, int64_t limit)
{
    char text[NUMBER_SIZE];
    return refuse (call, ERR_FILE_TOO_LARGE, "limit", db_int_text (text, limit), NULL);
}

static int refuse_out_of_order (struct call *call, int64_t stored)
{
    char text[NUMBER_SIZE];
    return refuse (call, ERR_CHUNK_OUT_OF_ORDER, "size", db_int_text (text, stored), NULL);
}

/* The public shares a bounded room. */
static int upload_has_room (struct call *call, const struct upload *upload, bool *ret_has_room)
{
    int64_t load = 0;
    int rc =
        upload->purpose == ARCHIVE_VERIFICATION ? store_upload_load (call->db, call->now - ARCHIVE_KEEP_MS, &load) : 0;
    *ret_has_room = load + (int64_t)call->blob_size <= ARCHIVE_PUBLIC_MOST;
    return rc;
}

static int upload_begin (struct call *call, const struct upload *upload)
{
    int rc = store_upload_begin (call->db, upload->id, upload->purpose, upload->place, upload->owner, call->now);
    return rc < 0 ? rc : sweep_schedule (call);
}

static int reply_stored (struct call *call, const char *upload, int64_t size)
{
    return reply_json (call, 200, json_pack ("{s:s, s:I}", "upload", upload, "size", (json_int_t)size));
}

/* A piece that is there already: fine if it is the same. */
static int upload_repeat (struct call *call, const char *upload, int64_t offset, int64_t stored)
{
    AUTO_FREE void *bytes = NULL;
    size_t size;
    int rc = store_upload_chunk (call->db, upload, offset, &bytes, &size);
    if (rc < 0)
        return rc;
    bool is_same = bytes != NULL && size == call->blob_size && memcmp (bytes, call->blob, size) == 0;
    return is_same ? reply_stored (call, upload, stored) : refuse_out_of_order (call, stored);
}

static int upload_continue (struct call *call, const struct upload *upload, int64_t offset)
{
    AUTO (db_rows) rows = NULL;
    int rc = store_upload_lock (call->db, upload->id, &rows);
    if (rc < 0)
        return rc;
    if (!upload_is_ours (rows, upload) || !db_is_null (rows, 0, "file"))
        return refuse (call, ERR_UPLOAD_UNKNOWN, NULL);
    int64_t stored = db_int (rows, 0, "size");
    switch (archive_chunk_check (stored, offset, call->blob_size)) {
    case ARCHIVE_CHUNK_EMPTY:
        return refuse (call, ERR_FILE_EMPTY, NULL);
    case ARCHIVE_CHUNK_TOO_LARGE:
        return refuse_too_large (call, ARCHIVE_CHUNK_MOST);
    case ARCHIVE_FILE_TOO_LARGE:
        return refuse_too_large (call, ARCHIVE_FILE_MOST);
    case ARCHIVE_CHUNK_GAP:
        return refuse_out_of_order (call, stored);
    case ARCHIVE_CHUNK_REPEAT:
        return upload_repeat (call, upload->id, offset, stored);
    case ARCHIVE_CHUNK_NEXT:
        break;
    }
    rc = store_upload_append (call->db, upload->id, offset, call->blob, call->blob_size);
    return rc < 0 ? rc : reply_stored (call, upload->id, stored + (int64_t)call->blob_size);
}

int archive_upload_append (struct call *call)
{
    struct upload upload;
    if (!upload_decode (call, &upload))
        return 0;
    int64_t offset = atoll (json_text (call->params, "offset"));
    if (offset == 0) {
        bool has_room;
        int rc = upload_has_room (call, &upload, &has_room);
        if (rc == 0 && !has_room)
            return refuse (call, ERR_OVERLOADED, NULL);
        if (rc == 0)
            rc = upload_begin (call, &upload);
        if (rc < 0)
            return rc;
    }
    return upload_continue (call, &upload, offset);
}

/* ---- finishing ---------------------------------------------------------------------------------------------- */

/* All pieces in one buffer of malloc ().  Negative also when they do not fill it. */
static int upload_read (db_t *db, const char *upload, size_t size, uint8_t **ret_bytes)
{
    AUTO_FREE uint8_t *bytes = malloc (size);
    assert (bytes != NULL);
    for (size_t at = 0, length; at < size; at += length) {
        AUTO_FREE void *chunk = NULL;
        int rc = store_upload_chunk (db, upload, (int64_t)at, &chunk, &length);
        if (rc < 0 || chunk == NULL || length == 0 || length > size - at)
            return -1;
        memcpy (bytes + at, chunk, length);
    }
    *ret_bytes = bytes;
    bytes = NULL;
    return 0;
}

static json_t *finished_json (const char *id, const char *sha256, int64_t size, const char *media_type,
                              const char *name)
{
    return json_pack ("{s:s, s:s, s:I, s:s, s:s}", "file", id, "sha256", sha256, "size", (json_int_t)size, "media_type",
                      media_type, "name", name);
}

/* Finished before: the same reply again. */
static int reply_finished (struct call *call, const char *file)
{
    AUTO (db_rows) rows = NULL;
    int rc = store_file_find (call->db, file, &rows);
    if (rc < 0)
        return rc;
    if (db_count (rows) == 0)
        return refuse (call, ERR_UPLOAD_UNKNOWN, NULL);
    return reply_json (call, 201,
                       finished_json (file, db_text (rows, 0, "sha256"), db_int (rows, 0, "size"),
                                      db_text (rows, 0, "media_type"), db_text (rows, 0, "name")));
}

/* Keeps the checked content of the upload as a file. */
static int upload_keep (struct call *call, const struct upload *upload, const struct archive_file *file)
{
    bool is_new, added;
    int rc = store_object_keep (call->db, file->sha256, file->size, call->now, &is_new);
    if (rc == 0 && is_new)
        rc = store_object_take (call->db, file->sha256, upload->id);
    if (rc == 0)
        rc = store_file_add (call->db, file, &added);
    if (rc == 0)
        rc = store_upload_finish (call->db, upload->id, file->id);
    if (rc == 0 && file->retain_until_ms != 0)
        rc = sweep_schedule (call);
    if (rc < 0)
        return rc;
    file_publish (call, file);
    return reply_json (call, 201,
                       finished_json (file->id, file->sha256, file->size, archive_media_type (file->type), file->name));
}

/* All bytes are there: what are they? */
static int upload_check (struct call *call, const struct upload *upload, int64_t size)
{
    AUTO_FREE uint8_t *bytes = NULL;
    int rc = upload_read (call->db, upload->id, (size_t)size, &bytes);
    if (rc < 0)
        return rc;
    enum archive_type type = archive_sniff (bytes, (size_t)size);
    if (!archive_type_fits (upload->purpose, type))
        return refuse (call, ERR_FILE_TYPE_REFUSED, NULL);
    char id[ID_UUID_SIZE], sha256[ID_SHA256_SIZE], name[ARCHIVE_NAME_SIZE];
    id_uuid7 (call->now, id);
    id_sha256_hex (bytes, (size_t)size, sha256);
    archive_name (json_text (call->params, "name"), type, name);
    struct archive_file file = {
        .id = id,
        .sha256 = sha256,
        .name = name,
        .type = type,
        .purpose = upload->purpose,
        .place = upload->place,
        .owner = upload->owner,
        .size = size,
        .created_ms = call->now,
        .retain_until_ms = archive_retain_until (upload->purpose, call->now),
    };
    return upload_keep (call, upload, &file);
}

int archive_upload_finish (struct call *call)
{
    struct upload upload;
    if (!upload_decode (call, &upload))
        return 0;
    const char *declared_text = json_text (call->params, "size");
    int64_t declared = atoll (declared_text);
    AUTO (db_rows) rows = NULL;
    int rc = store_upload_lock (call->db, upload.id, &rows);
    if (rc < 0)
        return rc;
    if (db_count (rows) == 0 && declared == 0) /* a body without a byte never began */
        return refuse (call, ERR_FILE_EMPTY, NULL);
    if (!upload_is_ours (rows, &upload))
        return refuse (call, ERR_UPLOAD_UNKNOWN, NULL);
    if (!db_is_null (rows, 0, "file"))
        return reply_finished (call, db_text (rows, 0, "file"));

    int64_t stored = db_int (rows, 0, "size");
    char received[NUMBER_SIZE];
    switch (archive_size_check (stored, declared)) {
    case ARCHIVE_EMPTY:
        return refuse (call, ERR_FILE_EMPTY, NULL);
    case ARCHIVE_SIZE_MISMATCH:
        return refuse (call, ERR_SIZE_MISMATCH, "size", declared_text, "received", db_int_text (received, stored),
                       NULL);
    case ARCHIVE_OK:
        break;
    }
    return upload_check (call, &upload, stored);
}
