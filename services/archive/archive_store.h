/* One typed function per statement of sql/queries.sql.  All return 0, or negative when the environment failed.  A found
 * row is the caller's; a row that is not there is not a failure: db_count () tells. */
#pragma once

#include "archive.h"
#include "common/auto.h"
#include "common/db.h"

struct archive_file {
    const char *id, *sha256, *name;
    enum archive_type type;
    enum archive_purpose purpose;
    const char *place; /* NULL: of no place (verification) */
    const char *owner; /* account, NULL: a service or the public */
    int64_t size;
    int64_t created_ms;
    int64_t retain_until_ms; /* 0: no end */
};

/* Nothing happens when it exists. */
int store_upload_begin (db_t *db, const char *upload, enum archive_purpose purpose, const char *place,
                        const char *owner, int64_t now_ms);
int store_upload_lock (db_t *db, const char *upload, db_rows_t **ret);
/* Bytes that the public has brought since then. */
int store_upload_load (db_t *db, int64_t since_ms, int64_t *ret_size);
/* Stores the piece and lets the upload grow by it. */
int store_upload_append (db_t *db, const char *upload, int64_t offset, const void *bytes, size_t size);
/* *ret_bytes is malloc'ed, NULL if no piece begins there. */
int store_upload_chunk (db_t *db, const char *upload, int64_t offset, void **ret_bytes, size_t *ret_size);
/* The upload is this file now; its pieces go. */
int store_upload_finish (db_t *db, const char *upload, const char *file);
int store_uploads_purge (db_t *db, int64_t before_ms, int limit, int64_t *ret_purged);

/* Locks the content until the end of the transaction; *ret_is_new: its chunks are still to be stored. */
int store_object_keep (db_t *db, const char *sha256, int64_t size, int64_t now_ms, bool *ret_is_new);
int store_object_take (db_t *db, const char *sha256, const char *upload);
/* Stores the bytes in chunks. */
int store_object_write (db_t *db, const char *sha256, const uint8_t *bytes, size_t size);
/* The whole content; *ret_bytes is malloc'ed.  Negative also when chunks are missing. */
int store_object_read (db_t *db, const char *sha256, int64_t size, uint8_t **ret_bytes);
/* Deletes those of the array literal '{sha256,...}' to which no file refers any more. */
int store_objects_purge (db_t *db, const char *objects);

/* *ret_added false: a service made the same file before. */
int store_file_add (db_t *db, const struct archive_file *file, bool *ret_added);
int store_file_find (db_t *db, const char *file, db_rows_t **ret);
int store_file_made (db_t *db, const char *sha256, enum archive_purpose purpose, const char *place, db_rows_t **ret);
/* The contents that they had, as an array literal for store_objects_purge (); free () it. */
int store_files_purge (db_t *db, int64_t before_ms, int limit, char **ret_objects, int64_t *ret_purged);
