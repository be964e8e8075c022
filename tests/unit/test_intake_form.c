/* A service version: what may be published, facts, fees and limits of the demo's own services (deploy/demo.d/services), and
 * the words in which a form is refused. */
#include "common/auto.h"
#include "intake_form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static json_t *demo (const char *path)
{
    json_error_t error;
    json_t *value = json_load_file (path, JSON_REJECT_DUPLICATES, &error);
    if (!value)
        fail_msg ("%s: %s", path, error.text);
    return value;
}

/* ---- the catalogue ------------------------------------------------------------------------------------------ */

static const char *const services[] = {"deploy/demo.d/services/sktm.json",
                                       "deploy/demo.d/services/izin_penutupan_jalan.json",
                                       "deploy/demo.d/services/pbg_rumah_tinggal.json"};

static void the_demo_services_may_be_published (void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        json_auto_t *body = demo (services[i]);
        AUTO_FREE char *why = NULL;
        enum form_verdict verdict = form_check_service (body, &why);
        if (verdict != FORM_OK)
            fail_msg ("%s: %s", services[i], why);
    }
}

static json_t *facts_of (json_t *body, const char *form_text)
{
    json_auto_t *form = json_loads (form_text, 0, NULL);
    assert_non_null (form);
    return form_facts (body, form);
}

static void the_fee_is_width_times_length (void **state)
{
    (void)state;
    json_auto_t *body = demo (services[1]);
    json_auto_t *facts = facts_of (body, "{\"length_m\": 12.5, \"width_m\": 4}");
    bool due = false;
    const char *why = NULL;
    assert_true (form_fee_due (body, facts, &due, &why));
    assert_true (due);
    assert_int_equal (json_integer_value (json_object_get (facts, "area_m2")), 50);
    json_object_set_new (facts, "width_m", json_integer (0)); /* an inspector's measure overrides */
    assert_true (form_fee_due (body, facts, &due, &why));
    assert_false (due);
    form_derive (body, facts);
    assert_int_equal (json_integer_value (json_object_get (facts, "area_m2")), 0);
    json_object_del (facts, "width_m");
    form_derive (body, facts);
    assert_null (json_object_get (facts, "area_m2"));
    assert_false (form_fee_due (body, facts, &due, &why));
    assert_string_equal (why, "memakai fakta yang tidak ada");
    json_auto_t *free_service = demo (services[0]);
    assert_true (form_fee_due (free_service, facts, &due, &why));
    assert_false (due);
}

static void a_negative_fee_is_a_fault_and_not_free (void **state)
{
    (void)state;
    static const struct {
        const char *formula;
        bool sound, due;
    } table[] = {
        {"10 - 10", true, false},
        {"10 - 9", true, true},
        {"10 - 11", false, false},
        {"0.4 - 0.5", false, false},
        {"max (0, 10 - 11)", true, false},
        {"0.4", true, false},
        {"9000000000000 * 10", false, false},
        {"1 / 0", false, false},
    };
    json_auto_t *facts = json_object ();
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        json_auto_t *content = json_pack ("{s:{s:s}}", "tariff", "formula", table[i].formula);
        bool due = false;
        const char *why = NULL;
        assert_int_equal (form_fee_due (content, facts, &due, &why), table[i].sound);
        assert_true (strlen (why) > 0);
        if (table[i].sound)
            assert_int_equal (due, table[i].due);
    }
}

static void beyond_100_square_metres_is_not_the_camats (void **state)
{
    (void)state;
    json_auto_t *body = demo (services[2]);
    json_auto_t *facts = facts_of (body, "{\"building_area_m2\": 100}");
    const char *why = NULL;
    assert_int_equal (form_limits (body, facts, &why), EXPR_OK);
    assert_null (why);
    json_object_set_new (facts, "building_area_m2", json_real (100.01));
    assert_int_equal (form_limits (body, facts, &why), EXPR_OK);
    assert_non_null (why);
    assert_non_null (strstr (why, "PTSP"));
}

static void assert_service_refused (const char *member, const char *value, enum form_verdict expected_verdict)
{
    json_auto_t *body = demo (services[1]);
    json_auto_t *changed = json_loads (value, JSON_DECODE_ANY, NULL);
    assert_non_null (changed);
    json_object_set (body, member, changed);
    AUTO_FREE char *why = NULL;
    assert_int_equal (form_check_service (body, &why), expected_verdict);
    assert_non_null (why);
}

static void unsound_services_are_refused (void **state)
{
    (void)state;
    assert_service_refused ("form_schema", "{\"type\": \"objekt\"}", FORM_SCHEMA_INVALID);
    assert_service_refused ("facts", "{\"length_m\": \"length\"}", FORM_FACT_INVALID);
    assert_service_refused ("facts", "{\"length_m\": \"road_name\"}", FORM_FACT_INVALID); /* free text is no fact */
    assert_service_refused ("limits", "[{\"expression\": \"height_m < 3\", \"why\": \"x\"}]", FORM_FORMULA_INVALID);
    assert_service_refused ("limits", "[{\"expression\": \"length_m\", \"why\": \"x\"}]", FORM_FORMULA_INVALID);
    assert_service_refused ("tariff", "{\"formula\": \"length_m *\"}", FORM_FORMULA_INVALID);
    assert_service_refused ("tariff", "{\"formula\": \"length_m > 3\"}", FORM_FORMULA_INVALID);
    assert_service_refused ("derived", "{\"length_m\": \"width_m * 2\"}", FORM_FACT_INVALID);
    assert_service_refused ("derived", "{\"b\": \"a * 2\", \"a\": \"width_m\"}", FORM_FORMULA_INVALID);
}

static void a_published_cost_is_what_is_paid (void **state)
{
    (void)state;
    static const struct {
        const char *cost;
        bool tariff, sound;
    } table[] = {
        {"GRATIS", false, true},  {"GRATIS", true, false},         {"Gratis", true, false},
        {"Gratis", false, false}, {"Rp 5.000 per m²", true, true}, {"Rp 5.000 per m²", false, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        json_auto_t *body = demo (services[1]); /* it has a tariff */
        json_object_set_new (json_object_get (body, "published"), "cost", json_string (table[i].cost));
        if (!table[i].tariff)
            json_object_set_new (body, "tariff", json_null ());
        AUTO_FREE char *why = NULL;
        assert_int_equal (form_check_service (body, &why), table[i].sound ? FORM_OK : FORM_COST_CONTRADICTS);
        json_object_del (body, "tariff"); /* left out is none */
        AUTO_FREE char *again = NULL;
        if (!table[i].tariff)
            assert_int_equal (form_check_service (body, &again), table[i].sound ? FORM_OK : FORM_COST_CONTRADICTS);
    }
}

/* ---- a form that does not fit ------------------------------------------------------------------------------- */

static const char *const form_schema =
    "{'type': 'object', 'required': ['name', 'length', 'bare'], 'additionalProperties': false, 'properties': {"
    "'name': {'x-label': 'Nama kegiatan', 'title': 'Judul', 'type': 'string', 'minLength': 1, 'maxLength': 5,"
    " 'pattern': '\\\\S'},"
    "'code': {'title': 'Kode', 'type': 'string', 'minLength': 3, 'pattern': '^[A-Z]+$'},"
    "'length': {'x-label': 'Panjang (m)', 'type': 'number', 'minimum': 0.5, 'maximum': 500, 'multipleOf': 0.5},"
    "'width': {'x-label': 'Lebar (m)', 'type': 'number', 'exclusiveMinimum': 0, 'exclusiveMaximum': 20},"
    "'floors': {'x-label': 'Lantai', 'type': 'integer'},"
    "'held_on': {'x-label': 'Tanggal', 'type': 'string', 'format': 'date'},"
    "'kind': {'x-label': 'Jenis', 'enum': ['hajatan', 'niaga']},"
    "'agreed': {'x-label': 'Persetujuan', 'type': 'boolean'},"
    "'guests': {'x-label': 'Tamu', 'type': 'array', 'maxItems': 2, 'items': {'type': 'string', 'maxLength': 3}},"
    "'place': {'type': 'object', 'properties': {'a/b': {'x-label': 'Dusun', 'type': 'string'}}},"
    "'odd': {'x-label': 'Aneh', 'not': {'type': 'number'}}, 'bare': {'type': 'string'}}}";

static json_t *quoted (const char *text)
{
    char copy[2048];
    size_t i = 0;
    assert_true (strlen (text) < sizeof copy);
    do
        copy[i] = text[i] == '\'' ? '"' : text[i];
    while (text[i++]);
    json_error_t error;
    json_t *value = json_loads (copy, 0, &error);
    if (!value)
        fail_msg ("%s: %s", error.text, copy);
    return value;
}

static void a_form_is_refused_in_plain_words (void **state)
{
    (void)state;
    static const struct {
        const char *changes, *pointer, *why;
    } table[] = {
        {"{'name': null}", "/form/name", "Nama kegiatan harus berupa teks"},
        {"{'name': ''}", "/form/name", "Nama kegiatan wajib diisi"},
        {"{'name': '  '}", "/form/name", "Nama kegiatan wajib diisi"},
        {"{'name': 'Pesta rakyat'}", "/form/name", "Nama kegiatan paling banyak 5 karakter"},
        {"{'code': 'A'}", "/form/code", "Kode paling sedikit 3 karakter"},
        {"{'code': 'abc'}", "/form/code", "Kode penulisannya tidak sesuai"},
        {"{'length': 501}", "/form/length", "Panjang (m) paling besar 500"},
        {"{'length': 0}", "/form/length", "Panjang (m) paling kecil 0,5"},
        {"{'length': 0.7}", "/form/length", "Panjang (m) harus kelipatan 0,5"},
        {"{'length': '5'}", "/form/length", "Panjang (m) harus berupa angka"},
        {"{'width': 0}", "/form/width", "Lebar (m) harus lebih dari 0"},
        {"{'width': 20}", "/form/width", "Lebar (m) harus kurang dari 20"},
        {"{'floors': 1.5}", "/form/floors", "Lantai harus berupa bilangan bulat"},
        {"{'held_on': 'besok'}", "/form/held_on", "Tanggal harus berupa tanggal, misalnya 2026-12-31"},
        {"{'kind': 'lain'}", "/form/kind", "Jenis harus salah satu dari: hajatan, niaga"},
        {"{'agreed': 'ya'}", "/form/agreed", "Persetujuan harus ya atau tidak"},
        {"{'guests': ['a', 'b', 'c']}", "/form/guests", "Tamu paling banyak 2 entri"},
        {"{'guests': ['abcd']}", "/form/guests/0", "Tamu paling banyak 3 karakter"},
        {"{'place': {'a/b': 1}}", "/form/place/a~1b", "Dusun harus berupa teks"},
        {"{'odd': 1}", "/form/odd", "Aneh tidak memenuhi ketentuan"},
        {"{'bare': 1}", "/form/bare", "bare harus berupa teks"},
        {"{'extra': 1}", "/form", "isian extra tidak dikenal"},
    };
    json_auto_t *content = json_pack ("{s:o}", "form_schema", quoted (form_schema));
    AUTO (schema) schema = schema_new (json_object_get (content, "form_schema"), NULL);
    json_auto_t *sound = quoted ("{'name': 'Pesta', 'length': 5, 'bare': 'x'}");
    char pointer[JSON_POINTER_SIZE] = "", why[512] = "";
    assert_true (form_check (schema, content, sound, pointer, why, sizeof why));
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        json_auto_t *form = json_deep_copy (sound);
        json_auto_t *changes = quoted (table[i].changes);
        json_object_update (form, changes);
        assert_false (form_check (schema, content, form, pointer, why, sizeof why));
        assert_string_equal (why, table[i].why);
        assert_string_equal (pointer, table[i].pointer);
    }
    json_object_del (sound, "length");
    assert_false (form_check (schema, content, sound, pointer, why, sizeof why));
    assert_string_equal (why, "Panjang (m) wajib diisi");
    assert_string_equal (pointer, "/form/length");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (the_demo_services_may_be_published),
        cmocka_unit_test (the_fee_is_width_times_length),
        cmocka_unit_test (a_negative_fee_is_a_fault_and_not_free),
        cmocka_unit_test (beyond_100_square_metres_is_not_the_camats),
        cmocka_unit_test (unsound_services_are_refused),
        cmocka_unit_test (a_published_cost_is_what_is_paid),
        cmocka_unit_test (a_form_is_refused_in_plain_words),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
