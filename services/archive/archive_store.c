/* The statements of archive, see archive_store.h. */
#include "archive_store.h"

#include "archive_sql.h"
#include "common/rows.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- uploads ------------------------------------------------------------------------------------------------ */

int store_upload_begin (db_t *db, const char *upload, enum archive_purpose purpose, const char *place,
                        const char *owner, int64_t now_ms)
{
    return db_query (db, &SQL_UPLOAD_BEGIN, NULL, upload, archive_purpose_name (purpose), place, owner,
                     DB_INT (now_ms));
}

int store_upload_lock (db_t *db, const char *upload, db_rows_t **ret)
{
    return db_query (db, &SQL_UPLOAD_LOCK, ret, upload);
}

int store_upload_load (db_t *db, int64_t since_ms, int64_t *ret_size)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_UPLOAD_LOAD, &rows, DB_INT (since_ms));
    *ret_size = rc == 0 ? db_int (rows, 0, "size") : 0;
    return rc;
}

int store_upload_append (db_t *db, const char *upload, int64_t offset, const void *bytes, size_t size)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query_bytes (db, &SQL_UPLOAD_CHUNK_ADD, NULL, bytes, size, upload, DB_INT (offset));
    if (rc == 0)
        rc = db_query (db, &SQL_UPLOAD_GROW, &rows, upload, DB_INT (size));
    return rows_changed_one (rc, rows);
}

int store_upload_chunk (db_t *db, const char *upload, int64_t offset, void **ret_bytes, size_t *ret_size)
{
    AUTO (db_rows) rows = NULL;
    *ret_bytes = NULL;
    *ret_size = 0;
    int rc = db_query (db, &SQL_UPLOAD_CHUNK_AT, &rows, upload, DB_INT (offset));
    if (rc == 0 && db_count (rows) == 1)
        *ret_bytes = db_bytes (rows, 0, "bytes", ret_size);
    return rc;
}

int store_upload_finish (db_t *db, const char *upload, const char *file)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_UPLOAD_FINISH, &rows, upload, file);
    rc = rows_changed_one (rc, rows);
    return rc < 0 ? rc : db_query (db, &SQL_UPLOAD_CHUNKS_DROP, NULL, upload);
}

int store_uploads_purge (db_t *db, int64_t before_ms, int limit, int64_t *ret_purged)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_UPLOADS_PURGE, &rows, DB_INT (before_ms), DB_INT (limit));
    *ret_purged = rc == 0 ? db_affected (rows) : 0;
    return rc;
}

/* ---- contents ----------------------------------------------------------------------------------------------- */

int store_object_keep (db_t *db, const char *sha256, int64_t size, int64_t now_ms, bool *ret_is_new)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_OBJECT_KEEP, &rows, sha256, DB_INT (size), DB_INT (now_ms));
    *ret_is_new = rc == 0 && db_bool (rows, 0, "is_new");
    return rc;
}

int store_object_take (db_t *db, const char *sha256, const char *upload)
{
    return db_query (db, &SQL_OBJECT_CHUNKS_TAKE, NULL, sha256, upload);
}

int store_object_write (db_t *db, const char *sha256, const uint8_t *bytes, size_t size)
{
    for (size_t at = 0; at < size; at += ARCHIVE_CHUNK_MOST) {
        size_t length = size - at < ARCHIVE_CHUNK_MOST ? size - at : ARCHIVE_CHUNK_MOST;
        int rc = db_query_bytes (db, &SQL_OBJECT_CHUNK_ADD, NULL, bytes + at, length, sha256, DB_INT (at));
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* One chunk into its place; *ret_length 0: none begins there. */
static int object_read_chunk (db_t *db, const char *sha256, uint8_t *bytes, size_t at, size_t size, size_t *ret_length)
{
    AUTO (db_rows) rows = NULL;
    *ret_length = 0;
    int rc = db_query (db, &SQL_OBJECT_CHUNK_AT, &rows, sha256, DB_INT (at));
    if (rc < 0 || db_count (rows) == 0)
        return rc;
    AUTO_FREE void *chunk = db_bytes (rows, 0, "bytes", ret_length);
    if (*ret_length > size - at)
        return -1;
    memcpy (bytes + at, chunk, *ret_length);
    return 0;
}

int store_object_read (db_t *db, const char *sha256, int64_t size, uint8_t **ret_bytes)
{
    AUTO_FREE uint8_t *bytes = malloc ((size_t)size);
    assert (size > 0 && bytes != NULL);
    for (size_t at = 0, length; at < (size_t)size; at += length) {
        int rc = object_read_chunk (db, sha256, bytes, at, (size_t)size, &length);
        if (rc < 0 || length == 0)
            return -1;
    }
    *ret_bytes = bytes;
    bytes = NULL;
    return 0;
}

int store_objects_purge (db_t *db, const char *objects)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_OBJECTS_LOCK, &rows, objects);
    return rc < 0 ? rc : db_query (db, &SQL_OBJECTS_PURGE, NULL, objects);
}

/* ---- files -------------------------------------------------------------------------------------------------- */

int store_file_add (db_t *db, const struct archive_file *file, bool *ret_added)
{
    AUTO (db_rows) rows = NULL;
    const char *retain_until = file->retain_until_ms != 0 ? DB_INT (file->retain_until_ms) : NULL;
    int rc = db_query (db, &SQL_FILE_ADD, &rows, file->id, file->sha256, archive_media_type (file->type), file->name,
                       archive_purpose_name (file->purpose), file->place, file->owner, DB_INT (file->created_ms),
                       retain_until);
    *ret_added = rc == 0 && db_count (rows) == 1;
    return rc;
}

int store_file_find (db_t *db, const char *file, db_rows_t **ret)
{
    return db_query (db, &SQL_FILE_FIND, ret, file);
}

int store_file_made (db_t *db, const char *sha256, enum archive_purpose purpose, const char *place, db_rows_t **ret)
{
    return db_query (db, &SQL_FILE_MADE, ret, sha256, archive_purpose_name (purpose), place);
}

int store_files_purge (db_t *db, int64_t before_ms, int limit, char **ret_objects, int64_t *ret_purged)
{
    AUTO (db_rows) rows = NULL;
    *ret_objects = NULL;
    *ret_purged = 0;
    int rc = db_query (db, &SQL_FILES_PURGE, &rows, DB_INT (before_ms), DB_INT (limit));
    if (rc < 0)
        return rc;
    *ret_objects = strdup (db_text (rows, 0, "objects"));
    *ret_purged = db_int (rows, 0, "files");
    return *ret_objects != NULL ? 0 : -1;
}
