/* Money at its extremes: a refused operation writes nothing. */
#include "common/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const int64_t amounts[] = {INT64_MIN, INT64_MIN + 1, -1250000, -1, 0, 1, 2, 1250000, INT64_MAX - 1, INT64_MAX};
enum { AMOUNTS = sizeof amounts / sizeof *amounts };

__extension__ typedef __int128 wide_t;

static void expect (bool done, money_t got, wide_t want)
{
    bool fits = want >= INT64_MIN && want <= INT64_MAX;
    assert_int_equal (done, fits);
    assert_int_equal (money_to_rupiah (got), fits ? (int64_t)want : 42);
}

static void test_arithmetic (void **state)
{
    (void)state;
    for (int i = 0; i < AMOUNTS; i++) {
        for (int j = 0; j < AMOUNTS; j++) {
            money_t a = money_from_rupiah (amounts[i]), b = money_from_rupiah (amounts[j]);
            money_t sum = money_from_rupiah (42), difference = sum, product = sum;
            bool done = money_add (a, b, &sum);
            expect (done, sum, (wide_t)amounts[i] + amounts[j]);
            done = money_sub (a, b, &difference);
            expect (done, difference, (wide_t)amounts[i] - amounts[j]);
            done = money_mul (a, amounts[j], &product);
            expect (done, product, (wide_t)amounts[i] * amounts[j]);
            assert_int_equal (money_compare (a, b), (i > j) - (i < j));
        }
        assert_int_equal (money_is_zero (money_from_rupiah (amounts[i])), amounts[i] == 0);
        assert_int_equal (money_is_negative (money_from_rupiah (amounts[i])), amounts[i] < 0);
    }
    assert_true (money_is_zero (money_zero ()));
}

static void test_text (void **state)
{
    (void)state;
    for (int i = 0; i < AMOUNTS; i++) {
        char text[MONEY_TEXT_SIZE], want[MONEY_TEXT_SIZE];
        size_t length = money_print (money_from_rupiah (amounts[i]), text);
        snprintf (want, sizeof want, "%lld", (long long)amounts[i]);
        assert_string_equal (text, want);
        assert_int_equal (length, strlen (want));
        money_t back;
        assert_true (money_parse (text, length, &back));
        assert_int_equal (money_to_rupiah (back), amounts[i]);
    }
    static const char *const bad[] = {"",
                                      "-",
                                      "-0",
                                      "007",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1.000",
                                      "1,0",
                                      "1e3",
                                      "--1",
                                      "Rp1",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        money_t kept = money_from_rupiah (42);
        assert_false (money_parse (bad[i], strlen (bad[i]), &kept));
        assert_int_equal (money_to_rupiah (kept), 42);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test (test_arithmetic), cmocka_unit_test (test_text)};
    return cmocka_run_group_tests (tests, NULL, NULL);
}
