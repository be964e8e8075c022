/* Where pages end: long tables, what stays together, the receipt's strip of paper, documents that would never end. */
#include "render_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static json_t *page_template (const char *page, const char *blocks)
{
    json_t *template_json = json_pack ("{s:s, s:o, s:o, s:{s:b}}", "name", "x", "page", json_loads (page, 0, NULL),
                                       "blocks", json_loads (blocks, 0, NULL), "footer", "page_numbers", 1);
    assert_non_null (template_json);
    return template_json;
}

static const char a4[] = "{\"size\": \"A4\", \"font\": \"URW Bookman\", \"font_size_pt\": 11}";

static json_t *rows (size_t count)
{
    json_t *data = json_pack ("{s:[]}", "rows");
    for (size_t i = 0; i < count; i++)
        json_array_append_new (json_object_get (data, "rows"), json_pack ("{s:s}", "name", "Baris yang cukup panjang"));
    return data;
}

/* A long table repeats its header, and no line is lost at a page's end. */
static void test_table_over_pages (void **state)
{
    (void)state;
    json_auto_t *template_json = page_template (
        a4, "[{\"type\": \"table\", \"from\": \"rows\", \"columns\": [{\"header\": \"KEPALA\", \"width\": 1, \"text\": "
            "\"r{{index}}r\"}, {\"header\": \"Nama\", \"width\": 3, \"text\": \"{{item.name}}\"}]}]");
    json_auto_t *data = rows (120);
    struct render_output output;
    render (template_json, data, &output);
    assert_true (output.pages >= 3);
    g_autofree char *path = save (&output, "table");
    free (output.bytes);
    assert_sound (path);
    assert_fonts (path);
    g_autofree char *heads = say ("pdftotext '%s' - | grep -c KEPALA", path);
    assert_int_equal (atoi (heads), output.pages);
    g_autofree char *lines = say ("pdftotext -layout '%s' - | grep -oE 'r[0-9]+r' | sort -u | wc -l", path);
    assert_int_equal (atoi (lines), 120);
}

/* What asks to stay with the signature moves to its page. */
static void test_closing_stays_with_signature (void **state)
{
    (void)state;
    json_auto_t *template_json = page_template (
        a4, "[{\"type\": \"space\", \"mm\": 200}, {\"type\": \"p\", \"text\": \"Demikian.\", \"keep_with_next\": true},"
            " {\"type\": \"space\", \"mm\": 4}, {\"type\": \"sign\", \"signers\": [{\"place_date\": \"Sumenep\", "
            "\"name\": \"Nama\","
            " \"space_mm\": 40}]}]");
    json_auto_t *data = json_object ();
    struct render_output output;
    render (template_json, data, &output);
    assert_int_equal (output.pages, 2);
    g_autofree char *path = save (&output, "keep");
    free (output.bytes);
    g_autofree char *second = say ("pdftotext -f 2 -l 2 '%s' - | tr -s ' \\n' ' '", path);
    assert_non_null (strstr (second, "Demikian. Sumenep Nama"));
}

static void test_receipt_ends_with_its_text (void **state)
{
    (void)state;
    json_auto_t *template_json =
        page_template ("{\"size\": \"receipt\", \"width_mm\": 80, \"font\": \"Liberation Mono\", \"font_size_pt\": 9}",
                       "[{\"type\": \"p\", \"text\": \"A-017\", \"size_pt\": 30, \"align\": \"center\"}]");
    json_auto_t *data = json_object ();
    struct render_output output;
    render (template_json, data, &output);
    g_autofree char *path = save (&output, "receipt");
    free (output.bytes);
    g_autofree char *height = say ("pdfinfo '%s' 2>&1 | awk '/Page size/ {print $5}'", path);
    assert_in_range (atoi (height), 60, 140);
    assert_true (has_line (path, "A-017"));
}

static void test_endless_documents_are_refused (void **state)
{
    (void)state;
    struct render_output output;
    struct template_fault fault;
    json_auto_t *spaced = page_template (a4, "[{\"type\": \"each\", \"from\": \"rows\", \"blocks\": [{\"type\": "
                                             "\"space\", \"mm\": 200}, {\"type\": \"p\", \"text\": \"x\"}]}]");
    json_auto_t *many = rows (400);
    assert_int_equal (draw (spaced, many, &options, &output, &fault), TEMPLATE_OVERFLOW);
    json_auto_t *too_many = rows (TEMPLATE_ITEMS_MAX + 1);
    assert_int_equal (draw (spaced, too_many, &options, &output, &fault), TEMPLATE_FIELD_TOO_LONG);
    assert_string_equal (fault.field, "rows");

    json_auto_t *tall = page_template (
        a4, "[{\"type\": \"table\", \"columns\": [{\"width\": 1}, {\"width\": 20}], \"rows\": [[\"{{v}}\", \"x\"]]}]");
    char value[1001];
    memset (value, 'x', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    json_auto_t *data = json_pack ("{s:s}", "v", value);
    assert_int_equal (draw (tall, data, &options, &output, &fault), TEMPLATE_OVERFLOW);

    json_auto_t *narrow = page_template (a4, "[{\"type\": \"table\", \"columns\": [{\"width\": 1}, {\"width\": 100}],"
                                             " \"rows\": [[\"x\", \"x\"]]}]");
    assert_int_equal (draw (narrow, data, &options, &output, &fault), TEMPLATE_OVERFLOW);

    json_auto_t *code = page_template (a4, "[{\"type\": \"qr\", \"payload\": \"{{v}}\"}]");
    assert_int_equal (draw (code, data, &options, &output, &fault), TEMPLATE_OVERFLOW);
    assert_string_equal (fault.where, "/blocks/0");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_table_over_pages),
        cmocka_unit_test (test_closing_stays_with_signature),
        cmocka_unit_test (test_receipt_ends_with_its_text),
        cmocka_unit_test (test_endless_documents_are_refused),
    };
    return cmocka_run_group_tests (tests, set_up, tear_down);
}
