/* The first administrator, see identity_bootstrap.h. */
#include "identity_bootstrap.h"

#include "common/conf.h"
#include "common/id.h"
#include "identity_password.h"
#include "identity_sql.h"
#include "identity_store.h"

#include <getopt.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { PASSWORD_LEAST = 10, PASSWORD_SIZE = 201 };

static const struct setting settings[] = {
    {.name = "PATEN_DB", .type = SETTING_TEXT, .help = "libpq connection string of the login role identity"},
    {0},
};

struct order {
    const char *username, *password_file, *place;
};

static int fail (const char *what)
{
    fprintf (stderr, "identity: %s\n", what);
    return 1;
}

static bool order_parse (int count, char *const arguments[], struct order *ret)
{
    static const struct option options[] = {
        {"create-admin", required_argument, NULL, 'u'},
        {"password-file", required_argument, NULL, 'f'},
        {"place", required_argument, NULL, 'p'},
        {0},
    };
    *ret = (struct order){0};
    for (int option; (option = getopt_long (count, arguments, "", options, NULL)) != -1;) {
        if (option == 'u')
            ret->username = optarg;
        else if (option == 'f')
            ret->password_file = optarg;
        else if (option == 'p')
            ret->place = optarg;
        else
            return false;
    }
    return optind == count && ret->username != NULL && ret->password_file != NULL && ret->place != NULL;
}

/* The first line of the file. */
static int password_read (const char *path, char ret_password[PASSWORD_SIZE])
{
    FILE *file = fopen (path, "re");
    if (file == NULL)
        return -1;
    size_t size = fread (ret_password, 1, PASSWORD_SIZE - 1, file);
    fclose (file);
    ret_password[size] = '\0';
    ret_password[strcspn (ret_password, "\r\n")] = '\0';
    return strlen (ret_password) >= PASSWORD_LEAST ? 0 : -1;
}

static int admin_add (db_t *db, const struct order *order, const char *hash)
{
    struct timespec clock;
    clock_gettime (CLOCK_REALTIME, &clock);
    int64_t now_ms = (int64_t)clock.tv_sec * 1000 + clock.tv_nsec / 1000000;
    char id[ID_UUID_SIZE], correlation[ID_UUID_SIZE];
    id_uuid7 (now_ms, id);
    id_uuid7 (now_ms, correlation);
    struct identity_account account = {
        .id = id,
        .username = order->username,
        .name = "Administrator Kabupaten",
        .place = order->place,
        .password_hash = hash,
    };
    bool added;
    if (store_account_add (db, &account, now_ms, &added) < 0)
        return -1;
    if (!added)
        return 0;
    json_auto_t *grants = json_pack ("[{s:s, s:s}]", "role", "admin_kabupaten", "place", order->place);
    json_auto_t *body = json_pack ("{s:s, s:s, s:O}", "account", id, "place", order->place, "grants", grants);
    int rc = store_grants_set (db, id, grants);
    return rc < 0 ? rc : store_bootstrap_publish (db, id, correlation, body);
}

int identity_bootstrap (int count, char *const arguments[])
{
    struct order order;
    char password[PASSWORD_SIZE], hash[IDENTITY_HASH_SIZE];
    if (!order_parse (count, arguments, &order))
        return fail ("usage: identity --create-admin USERNAME --password-file FILE --place KABUPATEN");
    if (!identity_may_hold ("admin_kabupaten", order.place))
        return fail ("--place: a kabupaten's code, as in 35.29");
    if (password_read (order.password_file, password) < 0)
        return fail ("--password-file: a readable file with a password of at least 10 bytes");
    if (identity_password_start () < 0 || identity_password_hash (password, hash) < 0)
        return fail ("no memory for the password's hash");
    sodium_memzero (password, sizeof password);
    if (conf_load (settings) < 0)
        return 1;

    const struct db_statement *const *const lists[] = {identity_statements, NULL};
    AUTO (db) db = db_new (conf_text ("PATEN_DB"), lists);
    if (db_ensure (db) < 0 || db_begin (db) < 0 || admin_add (db, &order, hash) < 0 || db_commit (db) < 0) {
        fprintf (stderr, "identity: the administrator could not be stored: %s\n", db_error (db));
        return 1;
    }
    return 0;
}
