/* The statements of identity, see identity_store.h. */
#include "identity_store.h"

#include "common/id.h"
#include "common/json.h"
#include "common/rows.h"
#include "identity_sql.h"

int store_account_add (db_t *db, const struct identity_account *account, int64_t now_ms, bool *ret_added)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_ACCOUNT_ADD, &rows, account->id, account->username, account->name, account->nip,
                       account->place, account->password_hash, DB_INT (now_ms), account->created_by);
    *ret_added = rc == 0 && db_count (rows) == 1;
    return rc;
}

int store_account_find (db_t *db, const char *account, db_rows_t **ret)
{
    return db_query (db, &SQL_ACCOUNT_FIND, ret, account);
}

int store_account_lock (db_t *db, const char *account, db_rows_t **ret)
{
    return db_query (db, &SQL_ACCOUNT_LOCK, ret, account);
}

int store_account_page (db_t *db, const char *places, const char *place, const char *search, const char *after,
                        int limit, db_rows_t **ret)
{
    return db_query (db, &SQL_ACCOUNT_PAGE, ret, places, place, search, after, DB_INT (limit));
}

int store_account_set_status (db_t *db, const char *account, const char *status)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_ACCOUNT_SET_STATUS, &rows, account, status);
    return rows_changed_one (rc, rows);
}

int store_grants_set (db_t *db, const char *account, const json_t *grants)
{
    AUTO_FREE char *text = db_json_text (grants);
    int rc = db_query (db, &SQL_GRANTS_CLEAR, NULL, account);
    return rc < 0 ? rc : db_query (db, &SQL_GRANTS_ADD, NULL, account, text);
}

json_t *store_account_json (const db_rows_t *rows, int row)
{
    json_t *account = json_pack ("{s:s, s:s, s:s, s:s, s:s, s:o}", "account", db_text (rows, row, "id"), "username",
                                 db_text (rows, row, "username"), "name", db_text (rows, row, "name"), "place",
                                 db_text (rows, row, "place"), "status", db_text (rows, row, "status"), "grants",
                                 db_json (rows, row, "grants"));
    if (!db_is_null (rows, row, "nip"))
        json_object_set_new (account, "nip", json_string (db_text (rows, row, "nip")));
    return account;
}

int store_login_find (db_t *db, const char *username, const char *today, db_rows_t **ret)
{
    return db_query (db, &SQL_LOGIN_FIND, ret, username, today);
}

int store_login_attempts (db_t *db, const char *username, struct identity_attempts *ret)
{
    AUTO (db_rows) rows = NULL;
    *ret = (struct identity_attempts){0};
    int rc = db_query (db, &SQL_LOGIN_ATTEMPTS, &rows, username);
    if (rc == 0 && db_count (rows) == 1)
        *ret = (struct identity_attempts){.failures = (int)db_int (rows, 0, "failures"),
                                          .window_started_ms = db_int (rows, 0, "window_started_ms")};
    return rc;
}

int store_login_failed (db_t *db, const char *username, int64_t now_ms)
{
    return db_query (db, &SQL_LOGIN_FAILED, NULL, username, DB_INT (now_ms), DB_INT (IDENTITY_LOGIN_WINDOW_MS));
}

int store_login_reset (db_t *db, const char *username)
{
    return db_query (db, &SQL_LOGIN_RESET, NULL, username);
}

int store_session_add (db_t *db, const char *token_sha256, const char *account, int64_t now_ms, int64_t expires_ms)
{
    return db_query (db, &SQL_SESSION_ADD, NULL, token_sha256, account, DB_INT (now_ms), DB_INT (expires_ms));
}

int store_session_find (db_t *db, const char *token_sha256, const char *today, db_rows_t **ret)
{
    return db_query (db, &SQL_SESSION_FIND, ret, token_sha256, today);
}

int store_session_end (db_t *db, const char *token_sha256, int64_t now_ms)
{
    return db_query (db, &SQL_SESSION_END, NULL, token_sha256, DB_INT (now_ms));
}

int store_sessions_end (db_t *db, const char *account, int64_t now_ms)
{
    return db_query (db, &SQL_SESSIONS_END, NULL, account, DB_INT (now_ms));
}

int store_sessions_purge (db_t *db, int64_t before_ms, int limit, int64_t *ret_purged)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_SESSIONS_PURGE, &rows, DB_INT (before_ms), DB_INT (limit));
    *ret_purged = rc == 0 ? db_affected (rows) : 0;
    return rc;
}

int store_bootstrap_publish (db_t *db, const char *account, const char *correlation, const json_t *body)
{
    AUTO_FREE char *text = db_json_text (body);
    return db_query (db, &SQL_BOOTSTRAP_PUBLISH, NULL, DB_INT (id_partition (account)), account, correlation, text);
}
