/* The data that templates get: what is taken from the contracts' own examples (intake, inspection, payment, signing)
 * fills the demo's templates, the operator fills gaps and the form but never replaces what the file says, and equal
 * contents are equal texts. */
#include "document_data.h"

#include "common/json.h"
#include "render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The n-th example's reply of a contract. */
static json_t *example (const char *method, size_t at)
{
    char path[128];
    snprintf (path, sizeof path, "proto/requests/%s.json", method);
    json_auto_t *contract = json_load_file (path, 0, NULL);
    json_t *reply = json_object_get (json_array_get (json_object_get (contract, "examples"), at), "reply");
    assert_non_null (reply);
    return json_deep_copy (reply);
}

static json_t *parse (const char *text)
{
    json_t *value = json_loads (text, JSON_DECODE_ANY, NULL);
    assert_non_null (value);
    return value;
}

static const char *text_at (const json_t *data, const char *path)
{
    const char *text = json_text_at (data, path);
    return text ? text : "(absent)";
}

static json_t *case_example (void)
{
    return example ("intake.case.get", 0);
}

static void test_case (void **state)
{
    (void)state;
    json_auto_t *file = parse (
        "{\"application\": {\"id\": \"x\", \"number\": \"35.29.22-2026-000001\", \"short_code\": \"7K3M9QXA\","
        "  \"promised_on\": null, \"step\": \"drafting\", \"attempt\": 3},"
        " \"applicant\": {\"nik\": \"3529224708900001\", \"name\": \"Siti\", \"phone\": \"081\", \"email\": \"a@b.c\"},"
        " \"form\": {\"purpose\": \"Sekolah\"},"
        " \"facts\": {\"width_m\": 6, \"document\": {\"number\": \"1\"}, \"content_sha256\": \"aa\", \"fee_due\": "
        "true},"
        " \"service\": {\"code\": \"x\", \"name\": \"X\", \"cost\": \"Rp 500 per m2\", \"duration\": "
        "{\"working_days\": 14},"
        "  \"legal_basis\": [\"Perda 1\", \"Perbup 2\"]},"
        " \"kecamatan\": {\"code\": \"35.29.22\", \"name\": \"Ra'as\", \"address\": \"Jl.\", \"phone\": \"0328\","
        "  \"postal_code\": \"69485\", \"complaint_channel\": \"LAPOR\"},"
        " \"kabupaten\": {\"code\": \"35.29\", \"name\": \"Sumenep\"},"
        " \"requirements\": [{\"name\": \"KTP\", \"how\": \"either\", \"original_seen\": true, \"file\": \"f\"},"
        "  {\"name\": \"KK\", \"how\": \"either\", \"original_seen\": false},"
        "  {\"name\": \"Peta\", \"how\": \"upload\", \"original_seen\": false, \"file\": \"f\"}],"
        " \"missing\": [{\"code\": \"kk\", \"name\": \"KK\", \"how\": \"either\", \"note\": \"asli\"}]}");
    json_auto_t *data = data_from_case (file, DATA_SIGNED);
    assert_string_equal (text_at (data, "application.number"), "35.29.22-2026-000001");
    assert_null (json_at (data, "application.promised_on")); /* null: wait */
    assert_null (json_at (data, "application.attempt"));     /* would change the content's hash for nothing */
    assert_null (json_at (data, "applicant.phone"));         /* no document prints it */
    assert_null (json_at (data, "facts.document"));
    assert_null (json_at (data, "facts.content_sha256"));
    assert_int_equal (json_integer_value (json_at (data, "facts.width_m")), 6);
    assert_string_equal (text_at (data, "kecamatan.contact"), "Telepon 0328 · Kode Pos 69485");
    assert_string_equal (text_at (data, "service.legal_basis"), "Perda 1; Perbup 2");
    assert_string_equal (text_at (data, "service.duration_text"), "14 hari kerja");
    assert_true (json_is_false (json_at (data, "service.is_free")));
    assert_string_equal (text_at (data, "settings.complaint_channel"), "LAPOR");
    const json_t *brought = json_object_get (data, "requirements"); /* the receipt confirms what was brought, no more */
    assert_int_equal (json_array_size (brought), 2);
    assert_string_equal (text_at (json_array_get (brought, 0), "how"), "asli diperlihatkan, berkas digital");
    assert_string_equal (text_at (json_array_get (brought, 1), "name"), "Peta");
    assert_string_equal (text_at (json_array_get (json_object_get (data, "missing"), 0), "note"), "asli");
    assert_null (json_at (json_object_get (file, "facts"), "changed"));
    assert_non_null (json_at (file, "facts.document")); /* the file itself stays as it was told */
}

static void test_filled (void **state)
{
    (void)state;
    json_auto_t *data = parse ("{\"applicant\": {\"name\": \"Siti\"}, \"form\": {\"purpose\": \"a\", \"kept\": \"k\"},"
                               " \"facts\": {\"width_m\": 6}}");
    json_auto_t *fields =
        parse ("[{\"field\": \"applicant.name\"}, {\"field\": \"applicant.job\"}, {\"field\": \"facts.conditions\"},"
               " {\"field\": \"facts.width_m\"}, {\"field\": \"form.purpose\"}, {\"field\": \"facts.rules[].text\"}]");
    json_auto_t *filled = parse ("{\"purpose\": \"b\", \"name\": \"Budi\", \"job\": \"Petani\", \"width_m\": 99,"
                                 " \"conditions\": [\"x\"], \"rules\": [], \"sex\": \"L\"}");
    data_add_filled (data, filled, fields);
    assert_string_equal (text_at (data, "form.purpose"), "b");
    assert_string_equal (text_at (data, "form.kept"), "k");
    assert_string_equal (text_at (data, "applicant.name"), "Siti");             /* not replaced */
    assert_int_equal (json_integer_value (json_at (data, "facts.width_m")), 6); /* measured */
    assert_string_equal (text_at (data, "applicant.job"), "Petani");            /* a gap */
    assert_int_equal (json_array_size (json_at (data, "facts.conditions")), 1);
    assert_non_null (json_at (data, "facts.rules"));
    assert_null (json_at (data, "applicant.sex")); /* the template does not read it */
}

static void test_reads (void **state)
{
    (void)state;
    json_auto_t *fields =
        parse ("[{\"field\": \"inspection.date\"}, {\"field\": \"bill[].x\"}, {\"field\": \"formal\"}]");
    assert_true (data_reads (fields, "inspection"));
    assert_true (data_reads (fields, "inspection.date"));
    assert_true (data_reads (fields, "bill"));
    assert_false (data_reads (fields, "form"));
    assert_false (data_reads (fields, "inspection.dat"));
}

static void test_tariff (void **state)
{
    (void)state;
    json_auto_t *tariff = parse ("{\"formula\": \"length_m * width_m * 500\", \"legal_basis\": \"Perda\"}");
    json_auto_t *data = parse ("{\"facts\": {\"length_m\": 40.5, \"width_m\": 6}}");
    data_add_tariff (data, tariff);
    assert_int_equal (json_integer_value (json_at (data, "bill.amount_rupiah")), 121500);
    json_auto_t *without = parse ("{\"facts\": {\"length_m\": 40.5}}");
    data_add_tariff (without, tariff);
    assert_null (json_object_get (without, "bill"));
    data_add_tariff (without, NULL);
    assert_null (json_object_get (without, "bill"));
}

static void test_signer (void **state)
{
    (void)state;
    json_auto_t *signer = example ("signing.signer.resolve", 0), *data = json_object ();
    data_add_signer (data, signer);
    assert_string_equal (text_at (data, "signer.title"), "Camat Ra'as");
    assert_string_equal (text_at (data, "signer.position"), "CAMAT RA'AS,");
    assert_null (json_at (data, "signer.account"));
}

static void test_constants_and_addresses (void **state)
{
    (void)state;
    json_auto_t *data = parse ("{\"settings\": {\"a\": \"1\", \"b\": \"2\"}, \"kabupaten\": {\"name\": \"Sumenep\"},"
                               " \"application\": {\"number\": \"N-1\", \"short_code\": \"C\"}}");
    json_auto_t *constants = parse ("{\"emblem_svg\": \"<svg/>\", \"settings\": {\"b\": \"3\"}}");
    data_add_constants (data, constants);
    assert_string_equal (text_at (data, "kabupaten.emblem_svg"), "<svg/>");
    assert_string_equal (text_at (data, "kabupaten.name"), "Sumenep");
    assert_string_equal (text_at (data, "settings.a"), "1");
    assert_string_equal (text_at (data, "settings.b"), "3");
    data_add_addresses (data, "https://x.example", "tok");
    assert_string_equal (text_at (data, "verify_url"), "https://x.example/v/tok");
    assert_string_equal (text_at (data, "track_url"), "https://x.example/lacak?number=N-1&code=C");
    data_add_addresses (data, "https://x.example", NULL);
    assert_string_equal (text_at (data, "verify_url"), text_at (data, "track_url"));
}

static void test_missing (void **state)
{
    (void)state;
    json_auto_t *data = parse ("{\"a\": {\"full\": \"x\", \"blank\": \"\", \"null\": null, \"zero\": 0}}");
    json_auto_t *fields =
        parse ("[{\"field\": \"a.blank\", \"optional\": false}, {\"field\": \"a.full\", \"optional\": false},"
               " {\"field\": \"a.gone\", \"optional\": false}, {\"field\": \"a.gone\", \"optional\": false},"
               " {\"field\": \"a.maybe\", \"optional\": true}, {\"field\": \"a.null\", \"optional\": false},"
               " {\"field\": \"a.zero\", \"optional\": false}, {\"field\": \"document.number\", \"optional\": false},"
               " {\"field\": \"list[].x\", \"optional\": false}]");
    json_auto_t *missing = data_missing (data, fields), *expected = parse ("[\"a.blank\", \"a.gone\", \"a.null\"]");
    assert_true (json_equal (missing, expected));
}

/* The parafs bind a text: the order in which somebody told the members must not matter. */
static void test_canonical (void **state)
{
    (void)state;
    json_auto_t *one = parse ("{\"b\": {\"y\": 1.5, \"x\": [2, \"é\"]}, \"a\": null}");
    json_auto_t *two = parse ("{ \"a\":null, \"b\":{\"x\":[2,\"\\u00e9\"],\"y\":1.5} }");
    char *left = data_canonical (one), *right = data_canonical (two);
    json_auto_t *back = parse (left);
    char *again = data_canonical (back);
    assert_string_equal (left, right);
    assert_string_equal (left, again);
    assert_string_equal (left, "{\"a\":null,\"b\":{\"x\":[2,\"é\"],\"y\":1.5}}");
    free (left);
    free (right);
    free (again);
}

/* ---- the demo's templates with what the contracts' examples tell -------------------------------------------- */

static void assert_prints (const char *template, json_t *data)
{
    char path[128];
    struct render_output output;
    struct template_fault fault = {.where = ""};
    struct render_options options = {.created_at = 1767580200};
    snprintf (path, sizeof path, "deploy/demo.d/templates/%s.json", template);
    json_auto_t *template_json = json_load_file (path, 0, NULL);
    assert_non_null (template_json);
    int verdict = render_pdf (template_json, data, &options, &output, &fault);
    if (verdict)
        print_error ("%s: %s %s %s\n", template, fault.where, fault.field, fault.detail);
    assert_int_equal (verdict, TEMPLATE_OK);
    free (output.bytes);
}

static json_t *printable (enum data_use use)
{
    json_auto_t *file = case_example (), *signer = example ("signing.signer.resolve", 0);
    json_t *data = data_from_case (file, use);
    data_add_signer (data, signer);
    data_add_document (data, "400/017", "2026-11-22");
    data_add_officer (data, "Nur Hidayati");
    data_add_addresses (data, "https://x.example", "k7f3q2m4x4w6r5t6y2u3");
    return data;
}

static void test_certificate (void **state)
{
    (void)state;
    json_auto_t *data = printable (DATA_SIGNED), *fields = parse ("[{\"field\": \"applicant.job\"}]");
    json_auto_t *filled = parse ("{\"job\": \"Petani\"}"); /* the counter may leave it open */
    data_add_filled (data, filled, fields);
    assert_prints ("surat_keterangan_tidak_mampu", data);
}

static void test_papers (void **state)
{
    (void)state;
    json_auto_t *data = printable (DATA_PRINTED), *visit = example ("inspection.visit.get", 0);
    json_auto_t *bill = example ("payment.bill.get", 1);
    assert_prints ("tanda_terima", data);
    json_array_append_new (json_object_get (data, "missing"), parse ("{\"name\": \"KTP\"}"));
    assert_prints ("daftar_kekurangan", data);
    data_add_inspection (data, json_object_get (visit, "visit"));
    assert_string_equal (text_at (data, "inspection.date"), "2026-11-23");
    assert_prints ("surat_tugas", data);
    data_add_bill (data, json_object_get (bill, "bill"));
    assert_string_equal (text_at (data, "bill.formula_text"), "40,5 × 6 × 500");
    json_auto_t *other = parse ("{\"calculation\": \"max (0.25, 50)*2.\"}"), *written = json_object ();
    data_add_bill (written, other);
    assert_string_equal (text_at (written, "bill.formula_text"), "max (0,25; 50)×2.");
    assert_prints ("skrd", data);
    data_add_receipt (data, json_object_get (bill, "receipt"));
    assert_prints ("tbp", data);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_case),        cmocka_unit_test (test_filled),
        cmocka_unit_test (test_reads),       cmocka_unit_test (test_tariff),
        cmocka_unit_test (test_signer),      cmocka_unit_test (test_constants_and_addresses),
        cmocka_unit_test (test_missing),     cmocka_unit_test (test_canonical),
        cmocka_unit_test (test_certificate), cmocka_unit_test (test_papers),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
