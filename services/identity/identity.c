/* The rules of identity, see identity.h. */
#include "identity.h"

#include "common/local_time.h"

#include <assert.h>
#include <string.h>

static const char roles[][16] = {
    "pemandu",        "informasi", "loket", "verifikator", "petugas_teknis", "operator",
    "kasi_pelayanan", "sekcam",    "camat", "kasir",       "penyerahan",     "admin_kabupaten",
};

int identity_login_wait (struct identity_attempts attempts, int64_t now_ms)
{
    assert (attempts.failures >= 0);
    int64_t ends_ms = attempts.window_started_ms + IDENTITY_LOGIN_WINDOW_MS;
    if (attempts.failures < IDENTITY_LOGIN_FAILURES || now_ms >= ends_ms)
        return 0;
    int64_t left_ms = ends_ms - now_ms;
    if (left_ms > IDENTITY_LOGIN_WINDOW_MS) /* the clock went back: never longer than one window */
        left_ms = IDENTITY_LOGIN_WINDOW_MS;
    return (int)((left_ms + 999) / 1000);
}

bool identity_username (const char *typed, char ret_username[IDENTITY_USERNAME_SIZE])
{
    size_t length = strlen (typed);
    ret_username[0] = '\0';
    if (length == 0 || length >= IDENTITY_USERNAME_SIZE)
        return false;
    for (size_t i = 0; i <= length; i++)
        ret_username[i] = (char)(typed[i] >= 'A' && typed[i] <= 'Z' ? typed[i] - 'A' + 'a' : typed[i]);
    return true;
}

bool identity_session_counts (struct identity_session session, int64_t now_ms)
{
    return session.account_is_active && !session.ended && now_ms < session.expires_ms;
}

/* "dd.dd" repeated: 2 parts are a kabupaten, 3 a kecamatan; 0 for anything else. */
static int place_parts (const char *place)
{
    size_t length = strlen (place);
    if (length != 5 && length != 8)
        return 0;
    for (size_t i = 0; i < length; i++) {
        bool is_dot = i % 3 == 2;
        if (is_dot ? place[i] != '.' : place[i] < '0' || place[i] > '9')
            return 0;
    }
    return length == 5 ? 2 : 3;
}

bool identity_may_hold (const char *role, const char *place)
{
    int parts = place_parts (place);
    if (parts == 0)
        return false;
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (strcmp (roles[i], role) == 0)
            return parts == 2 || strcmp (role, "admin_kabupaten") != 0;
    return false;
}

bool identity_period_is_sound (const char *from, const char *until)
{
    struct civil_date first, last;
    if (from != NULL && !calendar_parse (from, strlen (from), &first))
        return false;
    if (until != NULL && !calendar_parse (until, strlen (until), &last))
        return false;
    return from == NULL || until == NULL || calendar_compare (first, last) <= 0;
}

bool identity_may_change (enum identity_change change, bool is_own_account)
{
    switch (change) {
    case IDENTITY_DISABLE:
    case IDENTITY_DROP_ADMIN:
        return !is_own_account;
    case IDENTITY_ENABLE:
    case IDENTITY_KEEP_ADMIN:
        return true;
    }
    assert (false);
    return false;
}

int64_t identity_sweep_at (int64_t expires_ms)
{
    struct civil_date day, next;
    bool in_range = calendar_from_unix (expires_ms / 1000, LOCAL_TIME_OFFSET_MINUTES, &day, NULL) &&
                    calendar_add_days (day, 1, &next);
    assert (in_range);
    (void)in_range;
    return calendar_to_unix (next, 3 * 60, LOCAL_TIME_OFFSET_MINUTES) * 1000;
}
