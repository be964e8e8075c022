/* Signing in and out, and who holds a token.  A token is 32 random bytes that only its holder has: the database keeps
 * its SHA-256 (enough for a random secret; a password would need more). */
#include "identity_methods.h"
#include "identity_password.h"
#include "identity_store.h"

#include "common/id.h"
#include "common/local_time.h"

#include <stdio.h>
#include <string.h>

enum { TOKEN_BYTES = 32, SWEEP_BATCH = 500, SWEEP_BATCHES = 40 };

static void today (const struct call *call, char ret_date[CALENDAR_DATE_SIZE])
{
    calendar_print (local_time_date (call->now), ret_date);
}

/* Counted outside the transaction: the refusal would take it back. */
static int sign_in_failed (struct call *call, const char *username)
{
    int rc = store_login_failed (call->db, username, call->now);
    return rc < 0 ? rc : refuse (call, ERR_CREDENTIALS_WRONG, NULL);
}

/* Unknown name, wrong password and disabled account look alike and take as long. */
static int sign_in_check (struct call *call, const char *username, const char *password)
{
    struct identity_attempts attempts;
    int rc = store_login_attempts (call->db, username, &attempts);
    if (rc < 0)
        return rc;
    int wait_s = identity_login_wait (attempts, call->now);
    if (wait_s > 0) {
        char seconds[12];
        snprintf (seconds, sizeof seconds, "%d", wait_s);
        refuse (call, ERR_RATE_LIMITED, "seconds", seconds, NULL);
        refusal_add (call, "retry_after_s", json_integer (wait_s)); /* the gateway makes the header of it */
        return 0;
    }

    AUTO (db_rows) rows = NULL;
    char date[CALENDAR_DATE_SIZE];
    today (call, date);
    rc = store_login_find (call->db, username, date, &rows);
    if (rc < 0)
        return rc;
    bool known = db_count (rows) == 1;
    if (!identity_password_matches (known ? db_text (rows, 0, "password_hash") : NULL, password) ||
        strcmp (db_text (rows, 0, "status"), "active") != 0)
        return sign_in_failed (call, username);
    call->prepared = json_pack ("{s:s, s:s, s:s, s:o}", "account", db_text (rows, 0, "id"), "name",
                                db_text (rows, 0, "name"), "username", username, "grants", db_json (rows, 0, "grants"));
    return 0;
}

int identity_session_open_before (struct call *call)
{
    char username[IDENTITY_USERNAME_SIZE];
    if (!identity_username (json_text (call->body, "username"), username))
        return refuse (call, ERR_CREDENTIALS_WRONG, NULL);
    if (!identity_password_enter ())
        return refuse (call, ERR_OVERLOADED, NULL);
    int rc = sign_in_check (call, username, json_text (call->body, "password"));
    identity_password_leave ();
    return rc;
}

static int sweep_later (struct call *call, int64_t expires_ms)
{
    int64_t at_ms = identity_sweep_at (expires_ms);
    char date[CALENDAR_DATE_SIZE];
    calendar_print (local_time_date (at_ms), date);
    return job_add (call, "sweep", date, json_object (), at_ms - call->now);
}

int identity_session_open (struct call *call)
{
    const char *account = json_text (call->prepared, "account");
    char token[ID_BASE64_SIZE (TOKEN_BYTES)], sha256[ID_SHA256_SIZE], expires_at[LOCAL_TIME_RFC3339_SIZE];
    int64_t expires_ms = call->now + IDENTITY_SESSION_MS;
    id_token_base64url (TOKEN_BYTES, token);
    id_sha256_hex (token, strlen (token), sha256);
    local_time_rfc3339 (expires_ms, expires_at);

    if (store_session_add (call->db, sha256, account, call->now, expires_ms) < 0 ||
        store_login_reset (call->db, json_text (call->prepared, "username")) < 0 || sweep_later (call, expires_ms) < 0)
        return -1;
    publish (call, "identity.session_opened", account,
             json_pack ("{s:s, s:s}", "account", account, "expires_at", expires_at));
    return reply_json (call, 201,
                       json_pack ("{s:s, s:s, s:s, s:s, s:O}", "token", token, "expires_at", expires_at, "account",
                                  account, "name", json_text (call->prepared, "name"), "grants",
                                  json_object_get (call->prepared, "grants")));
}

int identity_session_resolve (struct call *call)
{
    const char *token = json_text (call->body, "token");
    char sha256[ID_SHA256_SIZE], date[CALENDAR_DATE_SIZE], expires_at[LOCAL_TIME_RFC3339_SIZE];
    id_sha256_hex (token, strlen (token), sha256);
    today (call, date);
    AUTO (db_rows) rows = NULL;
    int rc = store_session_find (call->db, sha256, date, &rows);
    if (rc < 0)
        return rc;
    if (db_count (rows) == 0)
        return refuse (call, ERR_UNAUTHENTICATED, NULL);
    struct identity_session session = {
        .account_is_active = strcmp (db_text (rows, 0, "status"), "active") == 0,
        .ended = db_bool (rows, 0, "ended"),
        .expires_ms = db_int (rows, 0, "expires_ms"),
    };
    if (!identity_session_counts (session, call->now))
        return refuse (call, ERR_UNAUTHENTICATED, NULL);
    local_time_rfc3339 (session.expires_ms, expires_at);
    return reply_json (call, 200,
                       json_pack ("{s:s, s:s, s:s, s:o, s:s}", "account", db_text (rows, 0, "account"), "username",
                                  db_text (rows, 0, "username"), "name", db_text (rows, 0, "name"), "grants",
                                  db_json (rows, 0, "grants"), "expires_at", expires_at));
}

int identity_session_get (struct call *call)
{
    AUTO (db_rows) rows = NULL;
    int rc = store_account_find (call->db, call->caller->account, &rows);
    if (rc < 0)
        return rc;
    if (db_count (rows) == 0)
        return refuse (call, ERR_UNAUTHENTICATED, NULL);
    json_t *account = store_account_json (rows, 0);
    json_object_set_new (account, "grants", json_deep_copy (call->caller->grants));
    return reply_json (call, 200, account);
}

int identity_session_close (struct call *call)
{
    const char *token = json_text (call->body, "token");
    char sha256[ID_SHA256_SIZE];
    id_sha256_hex (token, strlen (token), sha256);
    int rc = store_session_end (call->db, sha256, call->now);
    return rc < 0 ? rc : reply_json (call, 200, json_pack ("{s:b}", "closed", true));
}

/* In small transactions of its own, so that no sign-in waits for it.  What one run leaves, the next day's takes. */
int session_sweep (struct call *call, const struct job *job)
{
    (void)job;
    int64_t purged = SWEEP_BATCH;
    for (int batch = 0; batch < SWEEP_BATCHES && purged == SWEEP_BATCH; batch++) {
        int rc = store_sessions_purge (call->db, call->now, SWEEP_BATCH, &purged);
        if (rc < 0)
            return rc;
    }
    return 0;
}
