/* Dates against Python's datetime, day by day; working days against counting them one by one. */
#include "common/calendar.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RANGE_START "1890, 1, 1"
#define RANGE_DAYS  "80000" /* to 2109 */

/* Each line of Python: the date, days since 1970, the ISO weekday. */
static void test_against_python (void **state)
{
    (void)state;
    FILE *python = popen ("/usr/bin/python3 -c 'from datetime import date, timedelta as d\n"
                          "e = date(1970, 1, 1)\n"
                          "a = date(" RANGE_START ")\n"
                          "for i in [*range(" RANGE_DAYS "), (date(1,1,1)-a).days, (date(9999,12,31)-a).days,"
                          " (date(1600,2,29)-a).days, (date(1500,3,1)-a).days]:\n"
                          " x = a + d(i); print(x.isoformat(), (x - e).days, x.isoweekday())'",
                          "r");
    assert_non_null (python);
    char text[32];
    int64_t day_number;
    int weekday, lines = 0;
    while (fscanf (python, "%31s %" SCNd64 " %d", text, &day_number, &weekday) == 3) {
        struct civil_date date, back;
        assert_true (calendar_parse (text, strlen (text), &date));
        assert_int_equal (calendar_day_number (date), day_number);
        assert_true (calendar_from_day_number (day_number, &back));
        assert_int_equal (calendar_compare (date, back), 0);
        assert_int_equal (calendar_weekday (date), weekday);
        char printed[CALENDAR_DATE_SIZE];
        calendar_print (date, printed);
        assert_string_equal (printed, text);
        lines++;
    }
    assert_int_equal (pclose (python), 0);
    assert_int_equal (lines, atoi (RANGE_DAYS) + 4);
}

/* Every date of 10,000 years follows the one before it. */
static void test_every_day (void **state)
{
    (void)state;
    struct civil_date want = {1, 1, 1}, date = want, next;
    int64_t number = calendar_day_number (want);
    for (;; number++) {
        assert_true (calendar_from_day_number (number, &date));
        assert_int_equal (calendar_compare (date, want), 0);
        assert_int_equal (calendar_day_number (want), number);
        if (++want.day > calendar_days_in_month (want.year, want.month)) {
            want.day = 1;
            if (++want.month > 12) {
                want.month = 1;
                if (++want.year > 9999) {
                    break;
                }
            }
        }
        assert_true (calendar_compare (date, want) < 0);
        assert_true (calendar_compare (want, date) > 0);
    }
    assert_false (calendar_from_day_number (number + 1, &next));
    assert_false (calendar_from_day_number (calendar_day_number ((struct civil_date){1, 1, 1}) - 1, &next));
    assert_false (calendar_add_days (date, 1, &next));
    assert_false (calendar_add_days (date, INT64_MAX, &next));
    assert_false (calendar_add_days ((struct civil_date){1, 1, 1}, INT64_MIN, &next));
    assert_true (calendar_add_days ((struct civil_date){2024, 2, 28}, 1, &next));
    assert_int_equal (next.day, 29);
}

static void test_validity (void **state)
{
    (void)state;
    static const char *const bad[] = {"2026-02-29", "1900-02-29", "2026-13-01",  "2026-00-10", "2026-01-00",
                                      "2026-04-31", "0000-01-01", "2026-1-01",   "2026/01/01", "2026-01-1x",
                                      "+026-01-01", "",           "2026-01-011", "-001-01-01"};
    struct civil_date date;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false (calendar_parse (bad[i], strlen (bad[i]), &date));
    }
    assert_true (calendar_parse ("2000-02-29", 10, &date));
    assert_true (calendar_is_leap (2000) && calendar_is_leap (2024));
    assert_false (calendar_is_leap (1900) || calendar_is_leap (2026));
    assert_false (calendar_is_valid ((struct civil_date){10000, 1, 1}));
}

static void expect_local (int64_t seconds, int offset, const char *want, int want_minute)
{
    struct civil_date date;
    int minute;
    char text[CALENDAR_DATE_SIZE];
    assert_true (calendar_from_unix (seconds, offset, &date, &minute));
    calendar_print (date, text);
    assert_string_equal (text, want);
    assert_int_equal (minute, want_minute);
    assert_int_equal (calendar_to_unix (date, minute, offset), seconds - ((seconds % 60) + 60) % 60);
}

static void test_unix (void **state)
{
    (void)state;
    expect_local (0, 0, "1970-01-01", 0);
    expect_local (-1, 0, "1969-12-31", 1439);
    expect_local (0, CALENDAR_WIB_MINUTES, "1970-01-01", 420);
    expect_local (1767199859, CALENDAR_WIB_MINUTES, "2025-12-31", 1430); /* 2025-12-31T16:50:59Z */
    expect_local (1767200400, CALENDAR_WIB_MINUTES, "2026-01-01", 0);    /* 2025-12-31T17:00:00Z */
    expect_local (1767200400, CALENDAR_WIT_MINUTES, "2026-01-01", 120);
    expect_local (0, -60, "1969-12-31", 1380);
    struct civil_date date;
    assert_false (calendar_from_unix (INT64_MAX, 420, &date, NULL));
    assert_false (calendar_from_unix (INT64_MIN, -420, &date, NULL));
    assert_false (calendar_from_unix (INT64_MAX / 2, 0, &date, NULL));
}

/* August 2026: the 17th, a Monday, is Independence Day; the 25th stands for a day of cuti bersama. */
static const struct civil_date holidays[] = {{2026, 8, 25}, {2026, 8, 17}, {2026, 8, 22}};
static const struct working_calendar office = {.weekdays = CALENDAR_MONDAY_TO_FRIDAY,
                                               .holidays = holidays,
                                               .holiday_count = 3,
                                               .opens_minute = 450,
                                               .closes_minute = 960};

static bool counts (struct civil_date date, unsigned last_weekday)
{
    for (size_t i = 0; i < 3; i++) {
        if (memcmp (&holidays[i], &date, sizeof date) == 0) {
            return false;
        }
    }
    return (unsigned)calendar_weekday (date) <= last_weekday;
}

static void test_working_days (void **state)
{
    (void)state;
    struct working_calendar six = office;
    six.weekdays = CALENDAR_MONDAY_TO_SATURDAY;
    for (int day = 1; day <= 31; day++) {
        struct civil_date from = {2026, 8, day};
        for (unsigned last = 5; last <= 6; last++) {
            const struct working_calendar *calendar = last == 5 ? &office : &six;
            assert_int_equal (calendar_is_working_day (calendar, from), counts (from, last));
            struct civil_date at = from, got;
            for (int n = 1; n <= 60; n++) {
                do {
                    assert_true (calendar_add_days (at, 1, &at));
                } while (!counts (at, last));
                assert_true (calendar_add_working_days (calendar, from, n, &got));
                assert_int_equal (calendar_compare (got, at), 0);
            }
        }
    }
}

static void expect_received (struct civil_date date, int minute, struct civil_date want)
{
    struct civil_date got;
    assert_true (calendar_received_on (&office, date, minute, &got));
    assert_int_equal (calendar_compare (got, want), 0);
}

static void test_opening_hours (void **state)
{
    (void)state;
    const struct civil_date friday = {2026, 8, 14}, saturday = {2026, 8, 15}, tuesday = {2026, 8, 18};
    expect_received (friday, 0, friday);
    expect_received (friday, 959, friday);
    expect_received (friday, 960, tuesday); /* over the weekend and Independence Day */
    expect_received (saturday, 600, tuesday);
    expect_received ((struct civil_date){2026, 8, 17}, 600, tuesday);
    assert_false (calendar_is_open (&office, friday, 449));
    assert_true (calendar_is_open (&office, friday, 450));
    assert_true (calendar_is_open (&office, friday, 959));
    assert_false (calendar_is_open (&office, friday, 960));
    assert_false (calendar_is_open (&office, saturday, 600));
}

static void test_limits (void **state)
{
    (void)state;
    struct civil_date friday = {2026, 8, 14}, got = {1, 2, 3};
    struct working_calendar never = office;
    never.weekdays = 0;
    assert_false (calendar_add_working_days (&never, friday, 1, &got));
    assert_false (calendar_received_on (&never, friday, 0, &got));
    assert_false (calendar_add_working_days (&office, friday, -1, &got));
    assert_false (calendar_add_working_days (&office, friday, CALENDAR_WORKING_DAYS_MAX + 1, &got));
    assert_false (calendar_add_working_days (&office, (struct civil_date){9999, 12, 31}, 1, &got));
    assert_int_equal (got.year, 1);
    assert_true (calendar_add_working_days (&office, friday, CALENDAR_WORKING_DAYS_MAX, &got));
    assert_true (calendar_add_working_days (&office, friday, 0, &got));
    assert_int_equal (calendar_compare (got, friday), 0);
    assert_true (calendar_add_working_days (&office, (struct civil_date){2026, 8, 15}, 0, &got));
    assert_int_equal (got.day, 18);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_against_python), cmocka_unit_test (test_every_day),
        cmocka_unit_test (test_validity),       cmocka_unit_test (test_unix),
        cmocka_unit_test (test_working_days),   cmocka_unit_test (test_opening_hours),
        cmocka_unit_test (test_limits),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
