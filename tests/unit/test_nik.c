/* NIK: every day, month and year digit pair, every shape that is refused. */
#include "common/nik.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define VALID "3529014708900001" /* synthetic: Kota Sumenep, female, 7 August 1990 */

static void make (char nik[NIK_LENGTH + 1], int day, int month, int year)
{
    memcpy (nik, "3529010000000001", NIK_LENGTH + 1);
    const int parts[] = {day, month, year};
    for (int i = 0; i < 3; i++) {
        nik[6 + 2 * i] = (char)('0' + parts[i] / 10);
        nik[7 + 2 * i] = (char)('0' + parts[i] % 10);
    }
}

/* Does the day exist in 19YY or 20YY?  Written out apart from the calendar. */
static bool exists (int day, int month, int year)
{
    if (month < 1 || month > 12 || day < 1) {
        return false;
    }
    int last = month == 2 ? (year % 4 == 0 ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    return day <= last;
}

static void test_every_date (void **state)
{
    (void)state;
    size_t good = 0;
    for (int year = 0; year < 100; year++) {
        for (int month = 0; month < 100; month++) {
            for (int day = 0; day < 100; day++) {
                char nik[NIK_LENGTH + 1];
                make (nik, day, month, year);
                bool female = day > 40, want = exists (female ? day - 40 : day, month, year);
                enum nik_verdict verdict = nik_check (nik, NULL, NIK_SEX_UNKNOWN);
                assert_int_equal (verdict, want ? NIK_OK : NIK_IMPOSSIBLE_DATE);
                good += want;
                if (!want) {
                    continue;
                }
                enum nik_sex sex = female ? NIK_SEX_FEMALE : NIK_SEX_MALE;
                enum nik_sex other = female ? NIK_SEX_MALE : NIK_SEX_FEMALE;
                struct civil_date birth = {1900 + year, month, female ? day - 40 : day};
                assert_int_equal (nik_check (nik, &birth, sex), NIK_OK);
                birth.year += 100;
                assert_int_equal (nik_check (nik, &birth, sex), NIK_OK);
                assert_int_equal (nik_check (nik, &birth, other), NIK_SEX_MISMATCH);
                birth.day++;
                assert_int_equal (nik_check (nik, &birth, sex), NIK_BIRTH_DATE_MISMATCH);
                birth.day--;
                birth.month = month % 12 + 1;
                assert_int_equal (nik_check (nik, &birth, sex), NIK_BIRTH_DATE_MISMATCH);
                birth.month = month;
                birth.year++;
                assert_int_equal (nik_check (nik, &birth, other), NIK_BIRTH_DATE_MISMATCH);
            }
        }
    }
    assert_int_equal (good, 2 * (100 * 365 + 25));
}

static void test_shapes (void **state)
{
    (void)state;
    static const struct {
        const char *nik;
        enum nik_verdict verdict;
    } cases[] = {
        {VALID, NIK_OK},
        {"", NIK_WRONG_LENGTH},
        {"352901470890000", NIK_WRONG_LENGTH},
        {"35290147089000011", NIK_WRONG_LENGTH},
        {"3529014708900001 ", NIK_WRONG_LENGTH},
        {"352901470890000x", NIK_NOT_DIGITS},
        {"-529014708900001", NIK_NOT_DIGITS},
        {"35290147089000\xd9\xa1", NIK_NOT_DIGITS},
        {"3529014708900000", NIK_SERIAL_ZERO},
        {"3529010000000000", NIK_SERIAL_ZERO},
        {"3529017208900001", NIK_IMPOSSIBLE_DATE},
        {"3529014708900010", NIK_OK},
        {"3529014708909999", NIK_OK},
        {"0000000101010001", NIK_OK}, /* a region is never judged here */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum nik_verdict verdict = nik_check (cases[i].nik, NULL, NIK_SEX_UNKNOWN);
        assert_string_equal (nik_verdict_name (verdict), nik_verdict_name (cases[i].verdict));
    }
}

static void test_region (void **state)
{
    (void)state;
    static const char *const same[] = {"35", "35.29", "35.29.01", "35.29.01.1015", "3529011015", "352901"};
    static const char *const other[] = {"36", "35.28", "35.29.22", "35.29.02.2001", "3", "35.2", "35.29.0",
                                        "",   "x",     "."};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        assert_true (nik_region_matches (VALID, same[i]));
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        assert_false (nik_region_matches (VALID, other[i]));
    }
    assert_false (nik_region_matches ("3529", "35.29"));
}

static void test_mask (void **state)
{
    (void)state;
    char masked[NIK_LENGTH + 1];
    nik_mask (VALID, masked);
    assert_string_equal (masked, "352901******0001");
    nik_mask ("123", masked);
    assert_string_equal (masked, "****************");
    nik_mask (VALID "1", masked);
    assert_string_equal (masked, "****************");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_every_date),
        cmocka_unit_test (test_shapes),
        cmocka_unit_test (test_region),
        cmocka_unit_test (test_mask),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
