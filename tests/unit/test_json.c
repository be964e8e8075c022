/* What may come in as JSON, and what may not. */
#include "common/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct json_fault parse_size (const char *text, size_t size, const struct json_limits *limits)
{
    /* An exact copy on the heap, so that the sanitizer sees a read past the end. */
    char *copy = malloc (size ? size : 1);
    assert_non_null (copy);
    memcpy (copy, text, size);
    struct json_fault fault;
    json_t *value = json_parse_strict (copy, size, limits, &fault);
    assert_int_equal (value != NULL, fault.kind == JSON_FAULT_NONE);
    json_decref (value);
    free (copy);
    return fault;
}

static struct json_fault parse (const char *text, const struct json_limits *limits)
{
    return parse_size (text, strlen (text), limits);
}

static void test_accepted (void **state)
{
    (void)state;
    static const char *const good[] = {
        "{}",
        "[]",
        "\"\"",
        "null",
        " 1 ",
        "-9223372036854775808",
        "9223372036854775807",
        "1.7976931348623157e308",
        "1e-400",
        "{\"a\":[1,2,{\"b\":\"Ra'as \\n\\t \\u00e9 \\ud83d\\ude00 é\"}],\"c\":{\"a\":1}}",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_string_equal (json_fault_name (parse (good[i], NULL).kind), "none");
    }
}

static void test_refused (void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *fault;
        const char *pointer;
    } cases[] = {
        {"", "malformed", ""},
        {"{", "malformed", ""},
        {"{\"a\":1,}", "malformed", ""},
        {"[1 2]", "malformed", ""},
        {"{} {}", "malformed", ""},
        {"'a'", "malformed", ""},
        {"NaN", "malformed", ""},
        {"01", "malformed", ""},
        {"\"a", "malformed", ""},
        {"\"a\\", "malformed", ""},
        {"\"a\nb\"", "malformed", ""},
        {"\"\\ud800\"", "malformed", ""},
        {"\"\\udc00\\ud800\"", "malformed", ""},
        {"\xef\xbb\xbf{}", "malformed", ""},
        {"{\"a\":1,\"a\":1}", "duplicate_key", ""},
        {"[{\"x\":{\"a\":1,\"\\u0061\":2}}]", "duplicate_key", ""},
        {"\"\xff\"", "invalid_utf8", ""},
        {"\"\xc0\xaf\"", "invalid_utf8", ""},
        {"\"\xed\xa0\x80\"", "invalid_utf8", ""},
        {"{\"\xff\":1}", "invalid_utf8", ""},
        {"\"\\u0000\"", "forbidden_character", ""},
        {"{\"a\\u0000b\":1}", "forbidden_character", ""},
        {"{\"a\":[0,\"\\u0007\"]}", "forbidden_character", "/a/1"},
        {"{\"a/b\":{\"~\":\"\\r\"}}", "forbidden_character", "/a~1b/~0"},
        {"{\"name\":\"\\u202eabc\"}", "forbidden_character", "/name"},
        {"{\"name\":\"\xe2\x80\xae\"}", "forbidden_character", "/name"},
        {"{\"name\":{\"\\u2066\":1}}", "forbidden_character", "/name"},
        {"[\"\\u0085\"]", "forbidden_character", "/0"},
        {"[\"\\ufeff\"]", "forbidden_character", "/0"},
        {"[\"\\uffff\"]", "forbidden_character", "/0"},
        {"[\"\\udbff\\udfff\"]", "forbidden_character", "/0"},
        {"9223372036854775808", "number_out_of_range", ""},
        {"-9223372036854775809", "number_out_of_range", ""},
        {"[1e309]", "number_out_of_range", ""},
        {"[-1e309]", "number_out_of_range", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct json_fault fault = parse (cases[i].text, NULL);
        if (strcmp (json_fault_name (fault.kind), cases[i].fault) != 0) {
            fail_msg ("%s: %s instead of %s", cases[i].text, json_fault_name (fault.kind), cases[i].fault);
        }
        assert_string_equal (fault.pointer, cases[i].pointer);
    }
    assert_int_equal (parse_size ("\"a\0b\"", 5, NULL).kind, JSON_FAULT_MALFORMED);
    assert_int_equal (parse_size ("{}\0", 3, NULL).kind, JSON_FAULT_MALFORMED);
}

static void nest (char *text, size_t depth, const char *open, const char *close)
{
    text[0] = '\0';
    for (size_t i = 0; i < depth; i++) {
        strcat (text, open);
    }
    strcat (text, "0");
    for (size_t i = 0; i < depth; i++) {
        strcat (text, close);
    }
}

static void test_limits (void **state)
{
    (void)state;
    char text[2048];
    for (size_t depth = 1; depth <= JSON_DEPTH_MAX; depth++) {
        struct json_limits limits = {.depth = depth};
        nest (text, depth, "{\"a\":", "}");
        assert_int_equal (parse (text, &limits).kind, JSON_FAULT_NONE);
        nest (text, depth + 1, "[", "]");
        struct json_fault fault = parse (text, &limits);
        assert_int_equal (fault.kind, JSON_FAULT_TOO_DEEP);
        assert_int_equal (fault.position, depth);
    }
    nest (text, 33, "[", "]");
    assert_int_equal (parse (text, NULL).kind, JSON_FAULT_TOO_DEEP);
    assert_int_equal (parse ("[\"[[[[[\\\"[[[{{\",[]]", &(struct json_limits){.depth = 2}).kind, JSON_FAULT_NONE);

    struct json_limits limits = {.bytes = 20, .members = 2, .string_bytes = 3};
    assert_int_equal (parse ("[\"12345678\", 1234567]", &limits).kind, JSON_FAULT_TOO_LARGE);
    assert_int_equal (parse ("[1,2]", &limits).kind, JSON_FAULT_NONE);
    assert_string_equal (parse ("{\"a\":[1,2,3]}", &limits).pointer, "/a");
    assert_int_equal (parse ("{\"a\":1,\"b\":2,\"c\":3}", &limits).kind, JSON_FAULT_TOO_LARGE);
    assert_int_equal (parse ("[\"abc\"]", &limits).kind, JSON_FAULT_NONE);
    struct json_fault fault = parse ("[0,\"abcd\"]", &limits);
    assert_int_equal (fault.kind, JSON_FAULT_TOO_LARGE);
    assert_string_equal (fault.pointer, "/1");
    assert_int_equal (parse ("{\"abcd\":1}", &limits).kind, JSON_FAULT_TOO_LARGE);
}

/* A hostile megabyte of brackets must not reach anything that recurses. */
static void test_flood (void **state)
{
    (void)state;
    size_t size = 1024 * 1024;
    char *text = malloc (size + 1);
    assert_non_null (text);
    memset (text, '[', size + 1);
    assert_int_equal (parse_size (text, size, NULL).kind, JSON_FAULT_TOO_DEEP);
    assert_int_equal (parse_size (text, size + 1, NULL).kind, JSON_FAULT_TOO_LARGE);
    free (text);
}

/* Every prefix of a good text is refused, and nothing is read behind its end. */
static void test_prefixes (void **state)
{
    (void)state;
    const char *text = "{\"a\":[1,-2.5e3,true,null,{\"b\":\"\\u00e9\\\\ é\"}],\"c\":\"\\\"\"}";
    for (size_t size = 0; size < strlen (text); size++) {
        assert_int_not_equal (parse_size (text, size, NULL).kind, JSON_FAULT_NONE);
    }
    assert_int_equal (parse (text, NULL).kind, JSON_FAULT_NONE);
}

static void test_pointer (void **state)
{
    (void)state;
    char pointer[JSON_POINTER_SIZE] = "";
    json_pointer_push (pointer, "a/b~c");
    json_pointer_push (pointer, "");
    json_pointer_push (pointer, "é");
    assert_string_equal (pointer, "/a~1b~0c//é");
    for (int i = 0; i < 200; i++) {
        json_pointer_push (pointer, "é~");
        assert_true (strlen (pointer) < JSON_POINTER_SIZE);
    }
    json_t *check = json_string (pointer); /* NULL if it were cut within a character */
    assert_non_null (check);
    json_decref (check);
}

static void test_readers (void **state)
{
    (void)state;
    const char *text = "{\"a\":{\"b\":{\"c\":\"x\"},\"n\":7},\"s\":\"t\",\"f\":false,\"r\":1.5}";
    json_auto_t *value = json_parse_strict (text, strlen (text), NULL, NULL);
    assert_non_null (value);
    assert_string_equal (json_text (value, "s"), "t");
    assert_null (json_text (value, "a"));
    assert_null (json_text (value, "none"));
    assert_null (json_text (NULL, "s"));
    assert_int_equal (json_int (json_at (value, "a"), "n", 1), 7);
    assert_int_equal (json_int (value, "n", 1), 1);
    assert_int_equal (json_int (value, "r", 1), 1);
    assert_int_equal (json_int (value, "s", -1), -1);
    assert_false (json_flag (value, "f", true));
    assert_true (json_flag (value, "s", true));
    assert_string_equal (json_text_at (value, "a.b.c"), "x");
    assert_null (json_text_at (value, "a.b"));
    assert_null (json_text_at (value, "a.x.c"));
    assert_null (json_text_at (value, "s.x"));
    assert_null (json_text_at (value, ""));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_accepted), cmocka_unit_test (test_refused),  cmocka_unit_test (test_limits),
        cmocka_unit_test (test_flood),    cmocka_unit_test (test_prefixes), cmocka_unit_test (test_pointer),
        cmocka_unit_test (test_readers),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
