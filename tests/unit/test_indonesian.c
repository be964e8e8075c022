/* Numbers, money and dates in Indonesian: the examples that domain experts give, the edges of the types, and buffers
 * that are too small. */
#include "common/indonesian.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void assert_words (int64_t number, const char *expected)
{
    char words[INDONESIAN_WORDS_SIZE];
    assert_int_equal (indonesian_terbilang (number, words, sizeof words), strlen (expected));
    assert_string_equal (words, expected);
}

static void test_terbilang (void **state)
{
    (void)state;
    assert_words (0, "nol");
    assert_words (1, "satu");
    assert_words (10, "sepuluh");
    assert_words (11, "sebelas");
    assert_words (12, "dua belas");
    assert_words (19, "sembilan belas");
    assert_words (20, "dua puluh");
    assert_words (21, "dua puluh satu");
    assert_words (100, "seratus");
    assert_words (101, "seratus satu");
    assert_words (111, "seratus sebelas");
    assert_words (200, "dua ratus");
    assert_words (1000, "seribu");
    assert_words (1100, "seribu seratus");
    assert_words (2000, "dua ribu");
    assert_words (11000, "sebelas ribu");
    assert_words (21000, "dua puluh satu ribu");
    assert_words (100000, "seratus ribu");
    assert_words (101000, "seratus satu ribu");
    assert_words (1000000, "satu juta");
    assert_words (1001000, "satu juta seribu");
    assert_words (1250000, "satu juta dua ratus lima puluh ribu");
    assert_words (1000000000, "satu miliar");
    assert_words (1000000000000, "satu triliun");
    assert_words (-42, "minus empat puluh dua");
}

/* Every number has words of its own, and no group ever says "satu ratus" or "satu ribu" where the language says se-. */
static void test_terbilang_shape (void **state)
{
    (void)state;
    char words[INDONESIAN_WORDS_SIZE], before[INDONESIAN_WORDS_SIZE] = "";
    for (int64_t number = 1; number < 30000; number++) {
        assert_true (indonesian_terbilang (number, words, sizeof words) > 0);
        assert_string_not_equal (words, before);
        assert_null (strstr (words, "satu ratus"));
        assert_null (strstr (words, "satu puluh"));
        assert_null (strstr (words, "satu belas"));
        assert_null (strstr (words, "  "));
        if (number < 20000)
            assert_true (strncmp (words, "satu ribu", 9) != 0);
        strcpy (before, words);
    }
}

static void test_terbilang_edges (void **state)
{
    (void)state;
    char words[INDONESIAN_WORDS_SIZE];
    assert_true (indonesian_terbilang (INT64_MAX, words, sizeof words) > 0);
    assert_non_null (strstr (words, "sembilan kuintiliun dua ratus dua puluh tiga kuadriliun"));
    assert_true (indonesian_terbilang (INT64_MIN, words, sizeof words) > 0);
    assert_int_equal (strncmp (words, "minus sembilan kuintiliun", 25), 0);
    assert_true (indonesian_terbilang (8999999999999999999, words, sizeof words) > 0);

    char small[8];
    assert_int_equal (indonesian_terbilang (10, small, sizeof small), 7); /* "sepuluh" and its NUL just fit */
    assert_int_equal (indonesian_terbilang (100000, small, sizeof small), -1);
    assert_string_equal (small, "");
    assert_int_equal (indonesian_terbilang (1, small, 0), -1);
}

static void test_money (void **state)
{
    (void)state;
    char text[INDONESIAN_AMOUNT_SIZE];
    assert_int_equal (indonesian_rupiah (1250000, text, sizeof text), 12);
    assert_string_equal (text, "Rp 1.250.000");
    indonesian_rupiah (0, text, sizeof text);
    assert_string_equal (text, "Rp 0");
    indonesian_rupiah (999, text, sizeof text);
    assert_string_equal (text, "Rp 999");
    indonesian_rupiah (-1000, text, sizeof text);
    assert_string_equal (text, "-Rp 1.000");
    indonesian_rupiah_sen (1250000, text, sizeof text);
    assert_string_equal (text, "Rp 1.250.000,00");
    indonesian_rupiah_sen (INT64_MIN, text, sizeof text);
    assert_string_equal (text, "-Rp 9.223.372.036.854.775.808,00");
    indonesian_number (-1234567, text, sizeof text);
    assert_string_equal (text, "-1.234.567");
    assert_int_equal (indonesian_rupiah (1000, text, 8), -1);
    assert_int_equal (indonesian_rupiah (1000, text, 9), 8);
}

static void test_dates (void **state)
{
    (void)state;
    char text[INDONESIAN_DATE_SIZE];
    assert_int_equal (indonesian_date (2026, 1, 5, text, sizeof text), 14);
    assert_string_equal (text, "5 Januari 2026");
    indonesian_day_date (2026, 1, 5, text, sizeof text);
    assert_string_equal (text, "Senin, 5 Januari 2026");
    indonesian_day_date (1945, 8, 17, text, sizeof text);
    assert_string_equal (text, "Jumat, 17 Agustus 1945");
    indonesian_day_date (2024, 2, 29, text, sizeof text);
    assert_string_equal (text, "Kamis, 29 Februari 2024");
    indonesian_day_date (2026, 11, 22, text, sizeof text);
    assert_string_equal (text, "Minggu, 22 November 2026");
    assert_int_equal (indonesian_date (2026, 2, 29, text, sizeof text), -1);
    assert_string_equal (text, "");
    assert_int_equal (indonesian_date (1900, 2, 29, text, sizeof text), -1);
    assert_int_equal (indonesian_date (2026, 13, 1, text, sizeof text), -1);
    assert_int_equal (indonesian_date (2026, 0, 1, text, sizeof text), -1);
    assert_int_equal (indonesian_date (2026, 4, 31, text, sizeof text), -1);
    assert_int_equal (indonesian_date (0, 1, 1, text, sizeof text), -1);
    assert_int_equal (indonesian_date (10000, 1, 1, text, sizeof text), -1);
}

static void test_roman_and_upper (void **state)
{
    (void)state;
    assert_string_equal (indonesian_roman_month (1), "I");
    assert_string_equal (indonesian_roman_month (8), "VIII");
    assert_string_equal (indonesian_roman_month (12), "XII");
    assert_null (indonesian_roman_month (0));
    assert_null (indonesian_roman_month (13));

    char text[16];
    assert_int_equal (indonesian_upper_ascii ("Ra'as é z", text, sizeof text), 10);
    assert_string_equal (text, "RA'AS é Z");
    assert_int_equal (indonesian_upper_ascii ("sepuluh", text, 7), -1);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_terbilang),       cmocka_unit_test (test_terbilang_shape),
        cmocka_unit_test (test_terbilang_edges), cmocka_unit_test (test_money),
        cmocka_unit_test (test_dates),           cmocka_unit_test (test_roman_and_upper),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
