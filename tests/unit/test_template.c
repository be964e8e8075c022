/* Templates: what is accepted, what is refused and where, what a text becomes, which fields a template needs; and that
 * the shape in C and the JSON Schema agree, judged by our validator and by an independent one. */
#include "common/schema.h"
#include "template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static json_t *load (const char *path)
{
    json_error_t error;
    json_t *value = json_load_file (path, JSON_REJECT_DUPLICATES, &error);
    if (!value)
        print_error ("%s: %s\n", path, error.text);
    assert_non_null (value);
    return value;
}

static json_t *parse (const char *text)
{
    json_t *value = json_loads (text, JSON_DECODE_ANY, NULL);
    assert_non_null (value);
    return value;
}

/* A template of one block. */
static json_t *with_block (const char *block)
{
    return json_pack ("{s:s, s:{s:s, s:s, s:i}, s:[o]}", "name", "x", "page", "size", "A4", "font", "Liberation Serif",
                      "font_size_pt", 11, "blocks", parse (block));
}

/* ---- texts -------------------------------------------------------------------------------------------------- */

static const char data_text[] =
    "{\"a\": \"x<b>&'\", \"n\": 1250000, \"r\": 3.5, \"neg\": -0.25, \"d\": \"2026-01-05\","
    " \"t\": \"2026-01-05T08:30:00+07:00\", \"z\": \"2026-01-05T20:30:00Z\", \"empty\": \" \", \"nil\": null,"
    " \"o\": {\"p\": {\"q\": \"dalam\"}}, \"raas\": \"Ra'as é\", \"yes\": true, \"list\": [1]}";

static int fill (const char *text, enum template_syntax syntax, char *ret_text, size_t size,
                 struct template_fault *fault)
{
    json_auto_t *data = parse (data_text);
    g_autoptr (GString) out = g_string_new (NULL);
    struct template_scope scope = {.data = data};
    *fault = (struct template_fault){.where = ""};
    int verdict = template_text_fill (text, syntax, &scope, out, fault);
    g_strlcpy (ret_text, out->str, size);
    return verdict;
}

static void test_fill (void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"<b>{{a}}</b> &amp; co", "<b>x&lt;b&gt;&amp;&apos;</b> &amp; co"},
        {"{{n}} {{n|number}} {{n|rupiah}} {{n|rupiah_sen}}", "1250000 1.250.000 Rp 1.250.000 Rp 1.250.000,00"},
        {"{{n|terbilang}} rupiah", "satu juta dua ratus lima puluh ribu rupiah"},
        {"{{r|number}} {{r}} {{neg}}", "3,5 3,5 -0,25"},
        {"{{d|date}}/{{d|day_date}}/{{d|roman_month}}", "5 Januari 2026/Senin, 5 Januari 2026/I"},
        {"{{t|date}} {{t|time}}", "5 Januari 2026 08.30"},
        {"{{o.p.q}} {{raas|upper}} {{yes}}", "dalam RA&apos;AS É ya"},
        {"[{{absent?}}{{empty?}}{{nil?}}{{o.x.y?|date}}]", "[]"},
        {"", ""},
    };
    char text[256];
    struct template_fault fault;
    for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
        assert_null (template_text_check (cases[i].text, TEMPLATE_MARKUP));
        assert_int_equal (fill (cases[i].text, TEMPLATE_MARKUP, text, sizeof text, &fault), TEMPLATE_OK);
        assert_string_equal (text, cases[i].expected);
    }
    assert_int_equal (fill ("https://x/?a=1&b={{a}}", TEMPLATE_BARE, text, sizeof text, &fault), TEMPLATE_OK);
    assert_string_equal (text, "https://x/?a=1&b=x<b>&'");
}

static void test_fill_refuses (void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum template_verdict verdict;
        const char *field;
    } cases[] = {
        {"{{absent}}", TEMPLATE_FIELD_MISSING, "absent"}, {"{{empty}}", TEMPLATE_FIELD_MISSING, "empty"},
        {"{{nil|date}}", TEMPLATE_FIELD_MISSING, "nil"},  {"{{o.p.x}}", TEMPLATE_FIELD_MISSING, "o.p.x"},
        {"{{a.b}}", TEMPLATE_FIELD_MISSING, "a.b"},       {"{{a|date}}", TEMPLATE_FIELD_TYPE, "a"},
        {"{{n|date}}", TEMPLATE_FIELD_TYPE, "n"},         {"{{z|date}}", TEMPLATE_FIELD_TYPE, "z"},
        {"{{d|time}}", TEMPLATE_FIELD_TYPE, "d"},         {"{{r|rupiah}}", TEMPLATE_FIELD_TYPE, "r"},
        {"{{a|terbilang}}", TEMPLATE_FIELD_TYPE, "a"},    {"{{o}}", TEMPLATE_FIELD_TYPE, "o"},
        {"{{list|number}}", TEMPLATE_FIELD_TYPE, "list"}, {"{{n?|date}}", TEMPLATE_FIELD_TYPE, "n"},
    };
    char text[256];
    struct template_fault fault;
    for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
        assert_int_equal (fill (cases[i].text, TEMPLATE_MARKUP, text, sizeof text, &fault), cases[i].verdict);
        assert_string_equal (fault.field, cases[i].field);
        assert_non_null (strstr (fault.detail, cases[i].field));
    }
}

static void test_unsafe_values (void **state)
{
    (void)state;
    static const char *const unsafe[] = {
        "a\nb",
        "a\tb",
        "a\x01",
        "a\x7f",
        "a\xC2\x85" /* C1 NEL */,
        "a\xE2\x80\xAE" /* U+202E */,
        "a\xE2\x80\x8F",
        "a\xE2\x81\xA6",
        "a\xD8\x9C",
        "a\xE2\x80\x8B" /* zero width */,
        "a\xEF\xBB\xBF",
        "a\xE2\x80\xA8",
        "a\xC2\xAD",
        "a\xEE\x80\x80" /* private use */,
        "a\xEF\xBF\xBD",
    };
    for (size_t i = 0; i < G_N_ELEMENTS (unsafe); i++) {
        json_auto_t *data = json_pack ("{s:s}", "v", unsafe[i]);
        g_autoptr (GString) out = g_string_new (NULL);
        struct template_fault fault = {.where = ""};
        struct template_scope scope = {.data = data};
        assert_int_equal (template_text_fill ("{{v}}", TEMPLATE_MARKUP, &scope, out, &fault), TEMPLATE_FIELD_UNSAFE);
        assert_int_equal (template_text_fill ("{{v}}", TEMPLATE_BARE, &scope, out, &fault), TEMPLATE_FIELD_UNSAFE);
        assert_string_equal (fault.field, "v");
    }
    assert_false (template_is_safe ("\xC3", 1, false));
    assert_false (template_is_safe ("a\0b", 3, true));
    assert_true (template_is_safe ("Ra'as – é m²\n", 17, true));

    char long_text[TEMPLATE_VALUE_MAX + 2];
    memset (long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    json_auto_t *data = json_pack ("{s:s}", "v", long_text);
    g_autoptr (GString) out = g_string_new (NULL);
    struct template_fault fault = {.where = ""};
    struct template_scope scope = {.data = data};
    assert_int_equal (template_text_fill ("{{v}}", TEMPLATE_MARKUP, &scope, out, &fault), TEMPLATE_FIELD_TOO_LONG);
}

static void test_malformed_texts (void **state)
{
    (void)state;
    static const char *const malformed[] = {
        "{{a",
        "{{}}",
        "{{ a }}",
        "{{A}}",
        "{{a.}}",
        "{{.a}}",
        "{{a|money}}",
        "{{a|}}",
        "{{a|date|x}}",
        "a}}",
        "{{{{a}}}}",
        "<b>x",
        "x</b>",
        "<b><i>x</b></i>",
        "<span size='9'>x</span>",
        "<a href='x'>x</a>",
        "<B>x</B>",
        "<b >x</b>",
        "a < b",
        "a & b",
        "&nbsp;",
        "&#65;",
        "a\x01",
        "a\xE2\x80\xAE",
        "<!-- x -->",
        "\xFF",
        "<b><b><b><b><b><b><b><b><b>x</b></b></b></b></b></b></b></b></b>",
    };
    for (size_t i = 0; i < G_N_ELEMENTS (malformed); i++)
        if (!template_text_check (malformed[i], TEMPLATE_MARKUP))
            fail_msg ("accepted: %s", malformed[i]);
    assert_null (template_text_check ("line\nline {{a?|date}} <sub>2</sub>", TEMPLATE_MARKUP));
    assert_null (template_text_check ("https://x/?a<b&c={{a}}", TEMPLATE_BARE));
}

/* ---- shape -------------------------------------------------------------------------------------------------- */

static void test_refusals_name_the_place (void **state)
{
    (void)state;
    static const struct {
        const char *block, *where;
    } cases[] = {
        {"{\"type\": \"p\", \"text\": \"{{Bad}}\"}", "/blocks/0/text"},
        {"{\"type\": \"p\", \"text\": \"{{item.name}}\"}", "/blocks/0/text"},
        {"{\"type\": \"list\", \"items\": [\"a\", \"<x>\"]}", "/blocks/0/items/1"},
        {"{\"type\": \"if\", \"field\": \"a\", \"then\": [], \"else\": [{\"type\": \"space\", \"mm\": -1}]}",
         "/blocks/0/else/0/mm"},
        {"{\"type\": \"kv\", \"rows\": [{\"label\": \"a\", \"value\": \"{{index}}\"}]}", "/blocks/0/rows/0/value"},
        {"{\"type\": \"each\", \"from\": \"item.x\", \"blocks\": []}", "/blocks/0/from"},
        {"{\"type\": \"table\", \"columns\": [{\"width\": 1}], \"rows\": [[\"a\"], [\"a\", \"b\"]]}", "/blocks/0"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
        json_auto_t *template_json = with_block (cases[i].block);
        struct template_fault fault;
        assert_int_equal (template_check (template_json, &fault), TEMPLATE_MALFORMED);
        assert_string_equal (fault.where, cases[i].where);
        assert_true (strlen (fault.detail) > 0);
    }
}

static void test_depth_and_size_are_bounded (void **state)
{
    (void)state;
    struct template_fault fault;
    json_t *block = parse ("{\"type\": \"space\", \"mm\": 1}");
    for (int i = 0; i < 40; i++)
        block = json_pack ("{s:s, s:s, s:[o]}", "type", "if", "field", "a", "then", block);
    json_auto_t *deep = json_pack ("{s:s, s:{s:s, s:s, s:i}, s:[o]}", "name", "x", "page", "size", "A4", "font",
                                   "Liberation Serif", "font_size_pt", 11, "blocks", block);
    assert_int_equal (template_check (deep, &fault), TEMPLATE_MALFORMED);

    json_auto_t *wide = with_block ("{\"type\": \"each\", \"from\": \"a\", \"blocks\": []}");
    json_t *blocks = json_object_get (json_array_get (json_object_get (wide, "blocks"), 0), "blocks");
    for (int i = 0; i < TEMPLATE_BLOCKS_MAX; i++)
        json_array_append_new (blocks, parse ("{\"type\": \"rule\"}"));
    assert_int_equal (template_check (wide, &fault), TEMPLATE_MALFORMED);
}

/* ---- fields ------------------------------------------------------------------------------------------------- */

static void test_fields (void **state)
{
    (void)state;
    json_auto_t *template_json = with_block ("{\"type\": \"if\", \"field\": \"bill.amount\", \"then\": [{\"type\": "
                                             "\"p\", \"text\": \"{{bill.amount|rupiah}} {{z}}\"}]}");
    json_t *blocks = json_object_get (template_json, "blocks");
    json_array_append_new (blocks, parse ("{\"type\": \"p\", \"text\": \"{{z?}} {{a.b?}} {{a.b}} {{d|date}}\"}"));
    json_array_append_new (
        blocks, parse ("{\"type\": \"list\", \"from\": \"r\", \"text\": \"{{index}} {{item.name}} {{z}}\"}"));
    json_auto_t *fields = template_fields (template_json);
    json_auto_t *expected = parse ("[{\"field\": \"a.b\", \"format\": \"\", \"optional\": false},"
                                   " {\"field\": \"bill.amount\", \"format\": \"\", \"optional\": true},"
                                   " {\"field\": \"bill.amount\", \"format\": \"rupiah\", \"optional\": true},"
                                   " {\"field\": \"d\", \"format\": \"date\", \"optional\": false},"
                                   " {\"field\": \"r[].name\", \"format\": \"\", \"optional\": false},"
                                   " {\"field\": \"z\", \"format\": \"\", \"optional\": false}]");
    assert_true (json_equal (fields, expected));

    json_auto_t *broken = parse ("{}");
    assert_null (template_fields (broken));
}

/* ---- the schema says the same ------------------------------------------------------------------------------- */

/* One '1' or '0' per template, as our own check sees them. */
static void own_verdicts (const json_t *templates, char *ret_text)
{
    for (size_t i = 0; i < json_array_size (templates); i++) {
        struct template_fault fault;
        *ret_text++ = template_check (json_array_get (templates, i), &fault) == TEMPLATE_OK ? '1' : '0';
    }
    *ret_text = '\0';
}

static void assert_independent_verdicts (const json_t *templates, const char *expected)
{
    char line[256] = "";
    g_autofree char *path = NULL;
    int file = g_file_open_tmp ("template-XXXXXX.json", &path, NULL);
    assert_true (file >= 0);
    assert_int_equal (json_dumpfd (templates, file, 0), 0);
    assert_int_equal (close (file), 0);
    g_autofree char *command =
        g_strdup_printf ("/usr/bin/python3 tests/unit/template_schema.py proto/template.json %s", path);
    FILE *answer = popen (command, "r");
    assert_non_null (answer);
    assert_non_null (fgets (line, sizeof line, answer));
    assert_int_equal (pclose (answer), 0);
    assert_int_equal (remove (path), 0);
    line[strcspn (line, "\n")] = '\0';
    assert_string_equal (line, expected);
}

static void assert_agreement (const json_t *templates, char expected)
{
    json_auto_t *document = load ("proto/template.json");
    char *error = NULL, verdicts[256];
    schema_t *schema = schema_new (document, &error);
    if (!schema)
        fail_msg ("%s", error);
    own_verdicts (templates, verdicts);
    assert_true (strlen (verdicts) > 0);
    for (size_t i = 0; verdicts[i]; i++) {
        if (verdicts[i] != expected || schema_check (schema, json_array_get (templates, i), NULL) != (expected == '1'))
            fail_msg ("template %zu of those that should be %c", i, expected);
    }
    schema_destroy (&schema);
    assert_independent_verdicts (templates, verdicts);
}

static void test_schema_agrees (void **state)
{
    (void)state;
    json_auto_t *schema = load ("proto/template.json");
    assert_agreement (json_object_get (schema, "examples"), '1');
    assert_agreement (json_object_get (schema, "invalid"), '0');
}

static void test_demo_templates_are_valid (void **state)
{
    (void)state;
    json_auto_t *templates = json_array ();
    const char *name;
    g_autoptr (GDir) folder = g_dir_open ("deploy/demo.d/templates", 0, NULL);
    assert_non_null (folder);
    while ((name = g_dir_read_name (folder))) {
        g_autofree char *path = g_build_filename ("deploy/demo.d/templates", name, NULL);
        json_array_append_new (templates, load (path));
    }
    assert_true (json_array_size (templates) >= 8);
    assert_agreement (templates, '1');
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_fill),
        cmocka_unit_test (test_fill_refuses),
        cmocka_unit_test (test_unsafe_values),
        cmocka_unit_test (test_malformed_texts),
        cmocka_unit_test (test_refusals_name_the_place),
        cmocka_unit_test (test_depth_and_size_are_bounded),
        cmocka_unit_test (test_fields),
        cmocka_unit_test (test_schema_agrees),
        cmocka_unit_test (test_demo_templates_are_valid),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
