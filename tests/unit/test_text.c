/* UTF-8: every code point and every malformed form that Unicode's table names. */
#include "common/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static size_t encode (uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

static void test_every_code_point (void **state)
{
    (void)state;
    size_t forbidden = 0;
    for (uint32_t c = 0; c < 0x120000; c++) {
        char bytes[4];
        size_t size = encode (c, bytes);
        bool surrogate = c >= 0xd800 && c <= 0xdfff;
        enum text_verdict want = surrogate || c > 0x10ffff ? TEXT_INVALID_UTF8
                                 : text_is_forbidden (c)   ? TEXT_FORBIDDEN
                                                           : TEXT_OK;
        assert_int_equal (text_check (bytes, size, NULL), want);
        forbidden += want == TEXT_FORBIDDEN;
        if (want != TEXT_INVALID_UTF8) {
            assert_int_equal (text_length (bytes, size), 1);
        }
        for (size_t shorter = 1; shorter < size; shorter++) {
            assert_int_equal (text_check (bytes, shorter, NULL), TEXT_INVALID_UTF8);
        }
    }
    /* C0 but tab and LF, DEL and C1, bidi 1+2+5+4, BOM, 32 + 34 noncharacters */
    assert_int_equal (forbidden, 30 + 33 + 12 + 1 + 66);
}

static void test_forbidden_list (void **state)
{
    (void)state;
    static const uint32_t no[] = {0,      1,      0x0d,   0x1f,   0x7f,   0x80,   0x9f,   0x61c,    0x200e,  0x200f,
                                  0x202a, 0x202e, 0x2066, 0x2069, 0xfeff, 0xfdd0, 0xfffe, 0x10ffff, 0x1fffe, 0xfdef};
    static const uint32_t yes[] = {'\n', '\t', ' ', '~', 0xa0, 0x2019, 0x200d, 0x2029, 0x202f, 0x206a, 0xfffd, 0x1f600};
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        assert_true (text_is_forbidden (no[i]));
    }
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        assert_false (text_is_forbidden (yes[i]));
    }
}

static void test_malformed (void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x80",         "\xbf",      "\xc0\x80",         "\xc1\xbf",         "\xe0\x9f\xbf",
        "\xed\xa0\x80", "\xf5\x80",  "\xf0\x8f\x80\x80", "\xf4\x90\x80\x80", "\xff",
        "\xc3(",        "\xe2\x82(", "\xf0\x9f\x98("};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[16] = "ab";
        strcat (text, bad[i]);
        size_t position;
        assert_int_equal (text_check (text, strlen (text), &position), TEXT_INVALID_UTF8);
        assert_int_equal (position, 2);
    }
}

static void test_length_and_cut (void **state)
{
    (void)state;
    const char *text = "Ra'as – é😀";
    size_t size = strlen (text), position;
    assert_int_equal (text_check (text, size, &position), TEXT_OK);
    assert_int_equal (position, size);
    assert_int_equal (text_length (text, size), 10);
    assert_int_equal (text_cut (text, size, size), size);
    assert_int_equal (text_cut (text, size, size - 1), size - 4);
    assert_int_equal (text_cut (text, size, 7), 6);
    assert_int_equal (text_cut ("", 0, 0), 0);
    for (size_t limit = 0; limit <= size; limit++) {
        assert_int_equal (text_check (text, text_cut (text, size, limit), NULL), TEXT_OK);
    }
    assert_int_equal (text_check ("a\0b", 3, &position), TEXT_FORBIDDEN);
    assert_int_equal (position, 1);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_every_code_point),
        cmocka_unit_test (test_forbidden_list),
        cmocka_unit_test (test_malformed),
        cmocka_unit_test (test_length_and_cut),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
