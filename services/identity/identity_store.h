/* One typed function per statement of sql/queries.sql.  All return 0, or negative when the environment failed.  A found
 * row is the caller's; a row that is not there is not a failure: db_count () tells. */
#pragma once

#include "common/auto.h"
#include "common/db.h"
#include "identity.h"

struct identity_account {
    const char *id, *username, *name, *nip, *place; /* nip may be NULL */
    const char *password_hash;
    const char *created_by; /* NULL: the first one */
};

/* *ret_added false: the user name is taken. */
int store_account_add (db_t *db, const struct identity_account *account, int64_t now_ms, bool *ret_added);
int store_account_find (db_t *db, const char *account, db_rows_t **ret);
int store_account_lock (db_t *db, const char *account, db_rows_t **ret);

/* places: an array literal, the reach of whoever asks; place, search: NULL for all; after: "" for the first page. */
int store_account_page (db_t *db, const char *places, const char *place, const char *search, const char *after,
                        int limit, db_rows_t **ret);
int store_account_set_status (db_t *db, const char *account, const char *status);

/* Replaces all grants; [{"role","place","from"?,"until"?}]. */
int store_grants_set (db_t *db, const char *account, const json_t *grants);

/* An account row (store_account_find, store_account_page) as replies show it; a new reference. */
json_t *store_account_json (const db_rows_t *rows, int row);

/* today: YYYY-MM-DD, the day by which grants count. */
int store_login_find (db_t *db, const char *username, const char *today, db_rows_t **ret);
int store_login_attempts (db_t *db, const char *username, struct identity_attempts *ret);
int store_login_failed (db_t *db, const char *username, int64_t now_ms);
int store_login_reset (db_t *db, const char *username);

int store_session_add (db_t *db, const char *token_sha256, const char *account, int64_t now_ms, int64_t expires_ms);
int store_session_find (db_t *db, const char *token_sha256, const char *today, db_rows_t **ret);
int store_session_end (db_t *db, const char *token_sha256, int64_t now_ms);
int store_sessions_end (db_t *db, const char *account, int64_t now_ms);
int store_sessions_purge (db_t *db, int64_t before_ms, int limit, int64_t *ret_purged);

/* The event of an account made by store_account_add () outside a request. */
int store_bootstrap_publish (db_t *db, const char *account, const char *correlation, const json_t *body);
