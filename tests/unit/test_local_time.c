/* Local moments: there and back over every hour of several years, and texts that are no moments. */
#include "common/local_time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void known_moments (void **state)
{
    (void)state;
    char text[LOCAL_TIME_RFC3339_SIZE], words[LOCAL_TIME_WORDS_SIZE];
    local_time_rfc3339 (0, text);
    assert_string_equal (text, "1970-01-01T07:00:00+07:00");
    local_time_rfc3339 (1795317356999, text);
    assert_string_equal (text, "2026-11-22T10:15:56+07:00");
    local_time_words (1795317356999, words);
    assert_string_equal (words, "22 November 2026 pukul 10.15 WIB");
    /* the local day begins seven hours before that of Greenwich */
    local_time_rfc3339 (1795280399000, text);
    assert_string_equal (text, "2026-11-21T23:59:59+07:00");
    assert_int_equal (local_time_date (1795280399000).day, 21);
    assert_int_equal (local_time_date (1795280400000).day, 22);
}

static void there_and_back (void **state)
{
    (void)state;
    char text[LOCAL_TIME_RFC3339_SIZE];
    int64_t back;
    for (int64_t ms = 0; ms < 4102444800000; ms += 86399 * 1000 * 17) {
        local_time_rfc3339 (ms, text);
        assert_true (local_time_parse (text, &back));
        assert_true (back == ms);
    }
}

static void offsets_and_fractions (void **state)
{
    (void)state;
    static const char *const same[] = {
        "2026-11-22T10:15:56.25+07:00", "2026-11-22T03:15:56.250Z",     "2026-11-22t03:15:56.2500001z",
        "2026-11-21T22:15:56.25-05:00", "2026-11-22T03:15:56.25-00:00", "2026-11-22T12:15:56.25+09:00",
    };
    int64_t ms;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        assert_true (local_time_parse (same[i], &ms));
        assert_true (ms == 1795317356250);
    }
    assert_true (local_time_parse ("2016-12-31T23:59:60Z", &ms));
    assert_true (ms == 1483228799000);
}

static void no_moments (void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2026-11-22",
        "2026-11-22T10:15:56",
        "2026-11-22 10:15:56Z",
        "2026-02-29T10:15:56Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T10:60:00Z",
        "2026-11-22T10:15:61Z",
        "2026-11-22T10:15:56.Z",
        "2026-11-22T10:15:56+0700",
        "2026-11-22T10:15:56+24:00",
        "2026-11-22T10:15:56+07:60",
        "2026-11-22T10:15:56+07:00 ",
        "2026-11-22T1a:15:56Z",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+07:00",
    };
    int64_t ms;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (local_time_parse (bad[i], &ms))
            fail_msg ("taken for a moment: %s", bad[i]);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (known_moments),
        cmocka_unit_test (there_and_back),
        cmocka_unit_test (offsets_and_fractions),
        cmocka_unit_test (no_moments),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
