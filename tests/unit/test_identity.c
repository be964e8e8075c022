/* The rules of identity: who waits, which session counts, who may hold what; and that passwords are hashed. */
#include "identity.h"
#include "identity_password.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define START INT64_C (1795000000000)

static void test_waiting (void **state)
{
    (void)state;
    for (int failures = 0; failures < 12; failures++)
        for (int64_t after = 0; after <= IDENTITY_LOGIN_WINDOW_MS + 1000; after += 500) {
            struct identity_attempts attempts = {failures, START};
            int wait_s = identity_login_wait (attempts, START + after);
            int64_t left_ms = IDENTITY_LOGIN_WINDOW_MS - after;
            if (failures < IDENTITY_LOGIN_FAILURES || left_ms <= 0) {
                assert_int_equal (wait_s, 0);
            } else {
                assert_true (wait_s * INT64_C (1000) >= left_ms); /* who waits that long, may try */
                assert_true (wait_s * INT64_C (1000) < left_ms + 1000);
            }
        }
    struct identity_attempts ahead = {9, START + 86400000}; /* a clock that was wrong locks nobody out for a day */
    assert_int_equal (identity_login_wait (ahead, START), IDENTITY_LOGIN_WINDOW_MS / 1000);
}

static void test_session (void **state)
{
    (void)state;
    for (int bits = 0; bits < 4; bits++)
        for (int64_t delta = -1; delta <= 1; delta++) {
            struct identity_session session = {
                .account_is_active = (bits & 1) != 0, .ended = (bits & 2) != 0, .expires_ms = START};
            assert_int_equal (identity_session_counts (session, START + delta), bits == 1 && delta < 0);
        }
}

static void test_username (void **state)
{
    (void)state;
    char name[IDENTITY_USERNAME_SIZE], typed[80];
    assert_true (identity_username ("Loket.RAAS", name));
    assert_string_equal (name, "loket.raas");
    assert_true (identity_username ("\xc3\x89mile", name)); /* other letters stay: no account has them */
    assert_string_equal (name, "\xc3\x89mile");
    for (size_t length = 0; length < sizeof typed; length++) {
        memset (typed, 'A', length);
        typed[length] = '\0';
        bool fits = length > 0 && length < IDENTITY_USERNAME_SIZE;
        assert_int_equal (identity_username (typed, name), fits);
        assert_int_equal (strlen (name), fits ? length : 0);
    }
}

static void test_grants (void **state)
{
    (void)state;
    static const char *const station_roles[] = {"pemandu",        "informasi", "loket",          "verifikator",
                                                "petugas_teknis", "operator",  "kasi_pelayanan", "sekcam",
                                                "camat",          "kasir",     "penyerahan"};
    for (size_t i = 0; i < sizeof station_roles / sizeof *station_roles; i++) {
        assert_true (identity_may_hold (station_roles[i], "35.29.22"));
        assert_true (identity_may_hold (station_roles[i], "35.29"));
    }
    assert_true (identity_may_hold ("admin_kabupaten", "35.29"));
    assert_false (identity_may_hold ("admin_kabupaten", "35.29.22"));
    static const char *const bad_places[] = {"",       "35",      "35.29.",    "35.2",     "3529",
                                             "352922", "35.29.2", "35.29.222", "35-29-22", "ab.cd"};
    for (size_t i = 0; i < sizeof bad_places / sizeof *bad_places; i++)
        assert_false (identity_may_hold ("loket", bad_places[i]));
    static const char *const bad_roles[] = {"", "Loket", "loket ", "lok", "raja", "loket,camat"};
    for (size_t i = 0; i < sizeof bad_roles / sizeof *bad_roles; i++)
        assert_false (identity_may_hold (bad_roles[i], "35.29.22"));

    assert_true (identity_period_is_sound (NULL, NULL));
    assert_true (identity_period_is_sound ("2026-12-01", NULL));
    assert_true (identity_period_is_sound ("2026-12-01", "2026-12-01"));
    assert_false (identity_period_is_sound ("2026-12-02", "2026-12-01"));
    assert_false (identity_period_is_sound (NULL, "2026-02-30"));
}

static void test_own_account (void **state)
{
    (void)state;
    for (int own = 0; own < 2; own++) {
        assert_int_equal (identity_may_change (IDENTITY_DISABLE, own != 0), own == 0);
        assert_int_equal (identity_may_change (IDENTITY_DROP_ADMIN, own != 0), own == 0);
        assert_true (identity_may_change (IDENTITY_ENABLE, own != 0));
        assert_true (identity_may_change (IDENTITY_KEEP_ADMIN, own != 0));
    }
}

static void test_sweep (void **state)
{
    (void)state;
    for (int64_t hour = 0; hour < 72;
         hour++) { /* always later than the expiry, at 20:00 UTC = 03:00 WIB, within 27 h */
        int64_t expires_ms = START + hour * 3600000, at_ms = identity_sweep_at (expires_ms);
        assert_true (at_ms > expires_ms && at_ms - expires_ms <= INT64_C (27) * 3600000);
        assert_int_equal (at_ms / 1000 % 86400, 20 * 3600);
    }
}

static void test_password (void **state)
{
    (void)state;
    char first[IDENTITY_HASH_SIZE], second[IDENTITY_HASH_SIZE];
    assert_int_equal (identity_password_start (), 0);
    assert_true (identity_password_enter ());
    assert_int_equal (identity_password_hash ("paten-demo-2026", first), 0);
    assert_int_equal (identity_password_hash ("paten-demo-2026", second), 0);
    assert_non_null (strstr (first, "$argon2id$v=19$m=65536,t=3,p=1$"));
    assert_string_not_equal (first, second);
    assert_true (identity_password_matches (first, "paten-demo-2026"));
    assert_false (identity_password_matches (first, "paten-demo-2027"));
    assert_false (identity_password_matches (first, ""));
    assert_false (identity_password_matches (NULL, "paten-demo-2026"));
    assert_true (identity_password_enter ()); /* two may hash at a time, not three */
    assert_false (identity_password_enter ());
    identity_password_leave ();
    assert_true (identity_password_enter ());
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_waiting),  cmocka_unit_test (test_session),     cmocka_unit_test (test_username),
        cmocka_unit_test (test_grants),   cmocka_unit_test (test_own_account), cmocka_unit_test (test_sweep),
        cmocka_unit_test (test_password),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
