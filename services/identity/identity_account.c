/* Accounts as the kabupaten's administrators keep them. */
#include "identity_methods.h"
#include "identity_password.h"
#include "identity_store.h"

#include "common/id.h"
#include "common/page.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADMIN "admin_kabupaten"

/* May the caller give these roles, and may they be held there?  False: the refusal is already the answer. */
static bool grants_are_allowed (struct call *call, const json_t *grants)
{
    size_t i;
    json_t *grant;
    json_array_foreach (grants, i, grant)
    {
        const char *place = json_text (grant, "place");
        char pointer[40];
        snprintf (pointer, sizeof pointer, "/grants/%zu", i);
        if (!require_role (call, ADMIN, place))
            return false;
        if (!identity_may_hold (json_text (grant, "role"), place)) {
            refuse_field (call, ERR_SCHEMA_VIOLATION, pointer, "why", "peran ini tidak berlaku di wilayah tersebut",
                          NULL);
            return false;
        }
        if (!identity_period_is_sound (json_text (grant, "from"), json_text (grant, "until"))) {
            refuse_field (call, ERR_SCHEMA_VIOLATION, pointer, "why", "masa berlaku berakhir sebelum dimulai", NULL);
            return false;
        }
    }
    return true;
}

/* Role and place of each grant, for events: facts, no names. */
static json_t *grant_facts (const json_t *grants)
{
    json_t *facts = json_array ();
    size_t i;
    json_t *grant;
    json_array_foreach (grants, i, grant)
    {
        json_array_append_new (
            facts, json_pack ("{s:s, s:s}", "role", json_text (grant, "role"), "place", json_text (grant, "place")));
    }
    return facts;
}

static int reply_account (struct call *call, int status, const char *account)
{
    AUTO (db_rows) rows = NULL;
    int rc = store_account_find (call->db, account, &rows);
    if (rc < 0)
        return rc;
    assert (db_count (rows) == 1);
    return reply_json (call, status, store_account_json (rows, 0));
}

/* The hash is made before the transaction: it takes longer than everything else together. */
int identity_account_create_before (struct call *call)
{
    if (!require_role (call, ADMIN, json_text (call->body, "place")) ||
        !grants_are_allowed (call, json_object_get (call->body, "grants")))
        return 0;
    if (!identity_password_enter ())
        return refuse (call, ERR_OVERLOADED, NULL);
    char hash[IDENTITY_HASH_SIZE];
    int rc = identity_password_hash (json_text (call->body, "password"), hash);
    identity_password_leave ();
    if (rc < 0)
        return rc;
    call->prepared = json_pack ("{s:s}", "hash", hash);
    return 0;
}

int identity_account_create (struct call *call)
{
    const char *username = json_text (call->body, "username"), *place = json_text (call->body, "place");
    const json_t *grants = json_object_get (call->body, "grants");
    if (!require_role (call, ADMIN, place))
        return 0;
    char id[ID_UUID_SIZE];
    id_uuid7 (call->now, id);
    struct identity_account account = {
        .id = id,
        .username = username,
        .name = json_text (call->body, "name"),
        .nip = json_text (call->body, "nip"),
        .place = place,
        .password_hash = json_text (call->prepared, "hash"),
        .created_by = call->caller->account,
    };
    bool added;
    int rc = store_account_add (call->db, &account, call->now, &added);
    if (rc < 0)
        return rc;
    if (!added)
        return refuse_field (call, ERR_ACCOUNT_EXISTS, "/username", "username", username, NULL);
    rc = store_grants_set (call->db, id, grants);
    if (rc < 0)
        return rc;
    publish (call, "identity.account_created", id,
             json_pack ("{s:s, s:s, s:o}", "account", id, "place", place, "grants", grant_facts (grants)));
    return reply_account (call, 201, id);
}

/* The places that the caller administers, '{35.29}'; free () it.  A kabupaten stands for all that is in it. */
static char *administered_places (const struct call *call)
{
    char *text = NULL;
    size_t size, i;
    FILE *out = open_memstream (&text, &size);
    assert (out != NULL);
    const char *separator = "";
    json_t *grant;
    fputc ('{', out);
    json_array_foreach (call->caller->grants, i, grant)
    {
        if (strcmp (json_text (grant, "role"), ADMIN) != 0)
            continue;
        fprintf (out, "%s\"%s\"", separator, json_text (grant, "place"));
        separator = ",";
    }
    fputc ('}', out);
    fclose (out);
    return text;
}

int identity_account_list (struct call *call)
{
    const char *kecamatan = json_text (call->params, "kecamatan");
    struct page page = page_asked (call->params);
    if (kecamatan != NULL && !require_role (call, ADMIN, kecamatan))
        return 0;
    AUTO_FREE char *places = administered_places (call);
    AUTO (db_rows) rows = NULL;
    int rc = store_account_page (call->db, places, kecamatan, json_text (call->params, "q"),
                                 page.after != NULL ? page.after : "", page.limit + 1, &rows);
    return rc < 0 ? rc : reply_json (call, 200, page_json (&page, rows, "accounts", store_account_json, "username"));
}

/* Locks the account that the path names and checks that the caller administers its place.  True: go on.  False: *ret_rc
 * is the handler's result. */
static bool account_taken_in_hand (struct call *call, const char *account, char ret_status[16], int *ret_rc)
{
    AUTO (db_rows) rows = NULL;
    *ret_rc = store_account_lock (call->db, account, &rows);
    if (*ret_rc < 0)
        return false;
    if (db_count (rows) == 0) {
        *ret_rc = refuse (call, ERR_ACCOUNT_UNKNOWN, NULL);
        return false;
    }
    snprintf (ret_status, 16, "%s", db_text (rows, 0, "status"));
    return require_role (call, ADMIN, db_text (rows, 0, "place"));
}

/* An administrator's grant without dates: one that lasts. */
static bool keeps_admin (const json_t *grants)
{
    size_t i;
    json_t *grant;
    json_array_foreach (grants, i, grant) if (strcmp (json_text (grant, "role"), ADMIN) == 0 &&
                                              json_text (grant, "from") == NULL &&
                                              json_text (grant, "until") == NULL) return true;
    return false;
}

int identity_account_grant (struct call *call)
{
    const char *account = json_text (call->params, "account");
    const json_t *grants = json_object_get (call->body, "grants");
    enum identity_change change = keeps_admin (grants) ? IDENTITY_KEEP_ADMIN : IDENTITY_DROP_ADMIN;
    char status[16];
    int rc;
    if (!account_taken_in_hand (call, account, status, &rc))
        return rc;
    if (!grants_are_allowed (call, grants))
        return 0;
    if (!identity_may_change (change, strcmp (account, call->caller->account) == 0))
        return refuse (call, ERR_OWN_ACCOUNT, NULL);
    rc = store_grants_set (call->db, account, grants);
    if (rc < 0)
        return rc;
    publish (call, "identity.account_changed", account,
             json_pack ("{s:s, s:s, s:s, s:o}", "account", account, "change", "grants", "status", status, "grants",
                        grant_facts (grants)));
    return reply_account (call, 200, account);
}

int identity_account_status (struct call *call)
{
    const char *account = json_text (call->params, "account"), *wanted = json_text (call->body, "status");
    bool disable = strcmp (wanted, "disabled") == 0;
    char status[16];
    int rc;
    if (!account_taken_in_hand (call, account, status, &rc))
        return rc;
    if (!identity_may_change (disable ? IDENTITY_DISABLE : IDENTITY_ENABLE,
                              strcmp (account, call->caller->account) == 0))
        return refuse (call, ERR_OWN_ACCOUNT, NULL);
    if (strcmp (status, wanted) == 0) /* nothing happens, so nothing is told */
        return reply_account (call, 200, account);
    rc = store_account_set_status (call->db, account, wanted);
    if (rc == 0 && disable)
        rc = store_sessions_end (call->db, account, call->now);
    if (rc < 0)
        return rc;
    publish (call, "identity.account_changed", account,
             json_pack ("{s:s, s:s, s:s}", "account", account, "change", "status", "status", wanted));
    return reply_account (call, 200, account);
}
