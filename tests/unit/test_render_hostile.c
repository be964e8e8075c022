/* Data that must not come out, or not like that: text posing as markup, unknown glyphs, direction overrides, values without
 * end or missing, emblems that PDF/A cannot hold. */
#include "render_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- text --------------------------------------------------------------------------------------------------- */

static int render_name (const char *name, struct template_fault *fault, struct render_output *output)
{
    json_auto_t *template_json = demo ("surat_keterangan_tidak_mampu");
    json_auto_t *data = json_deep_copy (sample);
    json_object_set_new (json_object_get (data, "applicant"), "name", json_string (name));
    return draw (template_json, data, &options, output, fault);
}

static void test_text_is_only_text (void **state)
{
    (void)state;
    static const char name[] = "<b>Ra'as</b> &amp; {{signer.nip}} <span size='99999'>\"x\"";
    struct render_output output;
    struct template_fault fault;
    assert_int_equal (render_name (name, &fault, &output), TEMPLATE_OK);
    g_autofree char *path = save (&output, "injection");
    free (output.bytes);
    assert_true (has_line (path, "<B>RA'AS</B> &AMP; {{SIGNER.NIP}} <SPAN SIZE='99999'>"));
}

static void test_unfit_text_is_refused (void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum template_verdict verdict;
        const char *field;
    } cases[] = {
        {"Siti \xF0\x9F\x98\x80", TEMPLATE_GLYPH_UNKNOWN, "applicant.name"},    /* emoji */
        {"\xEA\xA6\xB1\xEA\xA6\xB2", TEMPLATE_GLYPH_UNKNOWN, "applicant.name"}, /* Javanese script */
        {"Siti\xE2\x80\xAEhayA", TEMPLATE_FIELD_UNSAFE, "applicant.name"},      /* U+202E */
        {"Siti\x07", TEMPLATE_FIELD_UNSAFE, "applicant.name"},
        {"Siti\xC2\x9B", TEMPLATE_FIELD_UNSAFE, "applicant.name"}, /* C1 */
        {"", TEMPLATE_FIELD_MISSING, "applicant.name"},
        {"   ", TEMPLATE_FIELD_MISSING, "applicant.name"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
        struct render_output output;
        struct template_fault fault;
        assert_int_equal (render_name (cases[i].name, &fault, &output), cases[i].verdict);
        assert_string_equal (fault.field, cases[i].field);
        assert_string_equal (fault.where, "/blocks/5");
        assert_true (g_utf8_validate (fault.detail, -1, NULL) && fault.detail[0]);
        assert_null (output.bytes);
        assert_null (strstr (fault.detail, "Siti")); /* no personal data in messages */
        if (i == 0)
            assert_non_null (strstr (fault.detail, "U+1F600"));
    }
}

/* The longest name that data may hold, without a single space, stays inside the paper's margins. */
static void test_long_values_wrap (void **state)
{
    (void)state;
    char name[TEMPLATE_VALUE_MAX + 2];
    struct render_output output;
    struct template_fault fault;
    memset (name, 'W', sizeof name);
    name[TEMPLATE_VALUE_MAX] = '\0';
    assert_int_equal (render_name (name, &fault, &output), TEMPLATE_OK);
    assert_true (output.pages > 1);
    g_autofree char *path = save (&output, "long");
    free (output.bytes);
    g_autofree char *outside =
        say ("pdftotext -bbox '%s' - | awk -F'\"' '/<word/ && ($2 < 70 || $6 > 553.8 || $8 > 905)'", path);
    assert_string_equal (outside, "");
    assert_true (has_line (path, "Halaman 2 dari "));

    name[TEMPLATE_VALUE_MAX] = 'W';
    name[TEMPLATE_VALUE_MAX + 1] = '\0';
    assert_int_equal (render_name (name, &fault, &output), TEMPLATE_FIELD_TOO_LONG);
    assert_string_equal (fault.field, "applicant.name");
}

static void test_missing_fields_are_named (void **state)
{
    (void)state;
    static const char *const fields[] = {"document.number",
                                         "applicant.nik",
                                         "form.purpose",
                                         "signer.name",
                                         "signer.position",
                                         "verify_url",
                                         "settings.signature_statement"};
    json_auto_t *template_json = demo ("surat_keterangan_tidak_mampu");
    for (size_t i = 0; i < G_N_ELEMENTS (fields); i++) {
        json_auto_t *data = json_deep_copy (sample);
        g_auto (GStrv) names = g_strsplit (fields[i], ".", 2);
        struct render_output output;
        struct template_fault fault;
        json_object_del (names[1] ? json_object_get (data, names[0]) : data, names[1] ? names[1] : names[0]);
        assert_int_equal (draw (template_json, data, &options, &output, &fault), TEMPLATE_FIELD_MISSING);
        assert_string_equal (fault.field, fields[i]);
    }
    json_auto_t *receipt = demo ("tanda_terima");
    json_auto_t *data = json_deep_copy (sample);
    struct render_output output;
    struct template_fault fault;
    json_object_del (json_array_get (json_object_get (data, "requirements"), 1), "how");
    assert_int_equal (draw (receipt, data, &options, &output, &fault), TEMPLATE_FIELD_MISSING);
    assert_string_equal (fault.field, "requirements[1].how");
}

/* ---- emblems ------------------------------------------------------------------------------------------------ */

static int render_emblem (const char *svg, struct template_fault *ret_fault, char **ret_digest)
{
    json_auto_t *template_json = demo ("surat_tugas");
    json_auto_t *data = json_deep_copy (sample);
    struct render_output output;
    json_object_set_new (json_object_get (data, "kabupaten"), "emblem_svg", json_string (svg));
    int verdict = draw (template_json, data, &options, &output, ret_fault);
    *ret_digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, output.bytes, output.size);
    free (output.bytes);
    return verdict;
}

#define SVG(inside) "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\">" inside "</svg>"

static void test_emblems (void **state)
{
    (void)state;
    static const char *const fit[] = {SVG ("<rect width=\"9\" height=\"9\" fill=\"#036\"/>"),
                                      SVG ("<rect width=\"9\" height=\"9\" fill=\"#630\"/>")};
    static const char *const unfit[] = {
        "",
        "not svg",
        SVG ("<rect width=\"9\" height=\"9\" fill-opacity=\"0.5\"/>"),
        SVG ("<g opacity=\"0.5\"><rect width=\"9\" height=\"9\"/></g>"),
        SVG ("<text>x</text>"),
        SVG ("<image href=\"file:///etc/passwd\"/>"),
        SVG ("<a href=\"http://x\"><rect width=\"9\" height=\"9\"/></a>"),
        "<!DOCTYPE svg [<!ENTITY x \"y\">]>" SVG ("&x;"),
    };
    struct template_fault fault;
    char *digests[3];
    for (size_t i = 0; i < G_N_ELEMENTS (unfit); i++) {
        g_autofree char *nothing = NULL;
        if (render_emblem (unfit[i], &fault, &nothing) != TEMPLATE_EMBLEM_UNFIT)
            fail_msg ("emblem accepted: %s", unfit[i]);
        assert_string_equal (fault.where, "/blocks/0");
        assert_string_equal (fault.field, "kabupaten.emblem_svg");
        assert_int_equal (render_emblem (fit[0], &fault, &digests[0]),
                          TEMPLATE_OK); /* kept, and not for the next one */
        g_free (digests[0]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS (digests); i++)
        assert_int_equal (render_emblem (fit[i % 2], &fault, &digests[i]), TEMPLATE_OK);
    assert_string_not_equal (digests[0], digests[1]);
    assert_string_equal (digests[0], digests[2]);
    for (size_t i = 0; i < G_N_ELEMENTS (digests); i++)
        g_free (digests[i]);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_text_is_only_text), cmocka_unit_test (test_unfit_text_is_refused),
        cmocka_unit_test (test_long_values_wrap),  cmocka_unit_test (test_missing_fields_are_named),
        cmocka_unit_test (test_emblems),
    };
    return cmocka_run_group_tests (tests, set_up, tear_down);
}
