/* Frames in and out (common/wire.c): what the other side wrote is not believed. */
#include "common/auto.h"
#include "common/wire.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { FALLBACK = -7 };

static zmsg_t *with_frame (const void *bytes, size_t size)
{
    zmsg_t *message = zmsg_new ();
    zmsg_addmem (message, bytes, size);
    return message;
}

static void text_comes_back (void **state)
{
    (void)state;
    AUTO (zmsg) message = with_frame ("abc", 3);
    AUTO_FREE char *text = wire_pop_text (message);
    assert_string_equal (text, "abc");
    assert_null (wire_pop_text (message)); /* the end */
}

static void empty_text_is_text (void **state)
{
    (void)state;
    AUTO (zmsg) message = with_frame ("", 0);
    AUTO_FREE char *text = wire_pop_text (message);
    assert_string_equal (text, "");
}

static void text_with_nul_is_none (void **state)
{
    (void)state;
    AUTO (zmsg) message = with_frame ("a\0b", 3);
    assert_null (wire_pop_text (message));
    assert_int_equal (zmsg_size (message), 0); /* and the frame is gone: the next one is the next one */
}

static void numbers_are_whole_decimal_text (void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } cases[] = {
        {"0", 0},
        {"42", 42},
        {"-1", -1},
        {"9223372036854775807", INT64_MAX},
        {"", FALLBACK},
        {"x", FALLBACK},
        {"1x", FALLBACK},
        {"1.5", FALLBACK},
        {"0x10", FALLBACK},
        {"1 ", FALLBACK},
        {" 1", FALLBACK},
        {"+1", FALLBACK},
        {"--1", FALLBACK},
        {"9223372036854775808", FALLBACK},
        {"-9223372036854775809", FALLBACK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO (zmsg) message = with_frame (cases[i].text, strlen (cases[i].text));
        int64_t value = wire_pop_int (message, FALLBACK);
        if (value != cases[i].value)
            fail_msg ("\"%s\" became %" PRId64, cases[i].text, value);
    }
    AUTO (zmsg) none = zmsg_new ();
    assert_int_equal (wire_pop_int (none, FALLBACK), FALLBACK);
}

static void numbers_go_round (void **state)
{
    (void)state;
    static const int64_t values[] = {0, 1, -1, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        AUTO (zmsg) message = zmsg_new ();
        wire_add_int (message, values[i]);
        assert_true (wire_pop_int (message, FALLBACK) == values[i]);
    }
}

static void bytes_have_a_nul_behind_them (void **state)
{
    (void)state;
    AUTO (zmsg) message = with_frame ("a\0b", 3);
    size_t size = 99;
    AUTO_FREE char *bytes = wire_pop_bytes (message, &size);
    assert_int_equal (size, 3);
    assert_memory_equal (bytes, "a\0b\0", 4);
    AUTO_FREE char *end = wire_pop_bytes (message, &size);
    assert_int_equal (size, 0);
    assert_string_equal (end, "");
}

static void packed_comes_back (void **state)
{
    (void)state;
    char big[70000]; /* a length of three bytes */
    memset (big, 'b', sizeof big);
    AUTO (zmsg) message = with_frame ("a\0b", 3);
    zmsg_addmem (message, "", 0);
    zmsg_addmem (message, big, sizeof big);
    AUTO (zframe) packed = wire_pack (message);
    AUTO (zmsg) back = wire_unpack (packed);
    assert_int_equal (zmsg_size (back), 3);
    for (zframe_t *frame = zmsg_first (message), *other = zmsg_first (back); frame; frame = zmsg_next (message)) {
        assert_true (zframe_eq (frame, other));
        other = zmsg_next (back);
    }
}

static void empty_packed_is_a_knock (void **state)
{
    (void)state;
    AUTO (zframe) nothing = zframe_new ("", 0);
    AUTO (zmsg) knock = wire_unpack (nothing);
    AUTO_FREE char *kind = wire_pop_text (knock);
    assert_string_equal (kind, WIRE_KNOCK);
}

/* Lengths that lie, and cuts. */
static void badly_packed_is_none (void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
    } cases[] = {
        {"\0\0\0\2a", 5},
        {"\0\0\0\1a\0\0\0\1", 9},
        {"\0\0\0", 3},
        {"\xff\xff\xff\xff"
         "a",
         5},
        {"\x80\0\0\0", 4},
        {"a", 1},
        {"\0\0\0\0\0\0\0\1", 8},
        {"\0\0\0\1ab", 6},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO (zframe) packed = zframe_new (cases[i].bytes, cases[i].size);
        AUTO (zmsg) message = wire_unpack (packed);
        if (message)
            fail_msg ("case %zu became a message", i);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (packed_comes_back),
        cmocka_unit_test (empty_packed_is_a_knock),
        cmocka_unit_test (badly_packed_is_none),
        cmocka_unit_test (text_comes_back),
        cmocka_unit_test (empty_text_is_text),
        cmocka_unit_test (text_with_nul_is_none),
        cmocka_unit_test (numbers_are_whole_decimal_text),
        cmocka_unit_test (numbers_go_round),
        cmocka_unit_test (bytes_have_a_nul_behind_them),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
