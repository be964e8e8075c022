/* The pages that printed papers lead to: each state says its word, and nothing of what was asked or answered becomes
 * markup.  Their form is page_fixture.c's business. */
#include "html.h"
#include "page_fixture.h"

#include "common/auto.h"
#include "common/id.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static json_t *document (const char *status)
{
    return json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s}, s:s}", "status", status, "number",
                      "400.12/001/433.322/XI/2026", "dated", "2026-11-23", "kecamatan", "35.29.22", "service",
                      "izin_penutupan_jalan", "signed_at", "2026-11-23T03:00:00Z", "signer", "name",
                      "Drs. Contoh, M.Si.", "position", "Camat Ra'as", "sha256", "aaaa");
}

static json_t *revoked_document (void)
{
    json_t *value = document ("revoked");
    json_object_set_new (value, "revoked",
                         json_pack ("{s:s, s:s}", "at", "2026-11-24T08:00:00+07:00", "reason", "Salah nama"));
    return value;
}

static const struct page_asked by_token = {.kind = PAGE_DOCUMENT, .token = "k7f3q2m9x4w8r5t6y2u3"};
static const struct page_asked by_file = {.kind = PAGE_FILE};
static const struct page_asked by_number = {
    .kind = PAGE_TRACKING, .number = "35.29.22-2026-000123", .code = "7K3M9QXA"};

/* ---- parts ------------------------------------------------------------------------------------------------------- */

static void every_value_is_escaped (void **state)
{
    char *text = NULL;
    size_t size = 0;
    (void)state;
    FILE *out = open_memstream (&text, &size);
    html_text (out, HOSTILE);
    html_text (out, NULL);
    html_text (out, "Ra\xc3\xa9\n");
    fclose (out);
    assert_string_equal (text, ESCAPED "Ra\xc3\xa9\n");
    free (text);
}

static void the_policy_knows_the_style (void **state)
{
    char hex[ID_SHA256_SIZE], expected[100] = "sha256-";
    unsigned char hash[32];
    (void)state;
    id_sha256_hex (html_style, strlen (html_style), hex);
    assert_int_equal (sodium_hex2bin (hash, sizeof hash, hex, 64, NULL, NULL, NULL), 0);
    sodium_bin2base64 (expected + 7, sizeof expected - 7, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
    assert_string_equal (HTML_STYLE_HASH, expected);
}

/* ---- documents --------------------------------------------------------------------------------------------------- */

static void a_genuine_document (void **state)
{
    (void)state;
    page_make (by_token, 200, document ("valid"));
    assert_true (page_has (">ASLI</h1>") && !page_has ("DICABUT") && !page_has ("TIDAK"));
    assert_true (page_has ("400.12/001/433.322/XI/2026") && page_has ("23 November 2026</dd>"));
    assert_true (page_has ("23 November 2026 pukul 10.00 WIB") && page_has ("Camat Ra&#39;as"));
    assert_true (page_has ("IZIN PENUTUPAN JALAN"));
}

static void a_revoked_document (void **state)
{
    (void)state;
    page_make (by_token, 200, revoked_document ());
    assert_true (page_has (">DICABUT</h1>") && !page_has ("ASLI") &&
                 !page_has ("Salah nama")); /* free text may name people */
    assert_true (page_has ("24 November 2026 pukul 08.00 WIB"));
}

static void an_unknown_token (void **state)
{
    (void)state;
    page_make (by_token, 404, page_problem (404, "token_unknown", "Kode verifikasi tidak terdaftar."));
    assert_true (page_has (">TIDAK TERDAFTAR</h1>") && page_has ("Kode verifikasi tidak terdaftar."));
    assert_true (page_has ("value=\"k7f3q2m9x4w8r5t6y2u3\"") && !page_has (">ASLI<") && !page_has ("c-1"));
}

static void verdicts_of_files (void **state)
{
    static const struct {
        bool valid;
        const char *verdict, *document, *word;
    } cases[] = {
        {true, "valid", "valid", ">ASLI</h1>"},
        {false, "valid", "revoked", ">DICABUT</h1>"},
        {false, "valid", NULL, ">TIDAK TERDAFTAR</h1>"},
        {false, "digest_mismatch", NULL, ">TIDAK SAH</h1>"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *reply = json_pack ("{s:b, s:s, s:s, s:s}", "valid", cases[i].valid, "verdict", cases[i].verdict,
                                   "explanation", "Kalimat.", "sha256", "bbbb");
        if (cases[i].document)
            json_object_set_new (reply, "document", document (cases[i].document));
        page_make (by_file, 200, reply);
        assert_true (page_has (cases[i].word) && page_has ("Kalimat."));
    }
}

/* ---- tracking ---------------------------------------------------------------------------------------------------- */

static json_t *tracking (const char *status, size_t steps)
{
    json_t *list = json_array ();
    for (size_t i = 0; i < steps; i++) {
        json_t *step = json_pack ("{s:s, s:s, s:s}", "step", "drafting", "title", "Penyusunan dokumen", "started_at",
                                  "2026-11-23T09:00:00+07:00");
        if (i + 1 < steps)
            json_object_set_new (step, "ended_at", json_string ("2026-11-23T10:00:00+07:00"));
        json_array_append_new (list, step);
    }
    return json_pack ("{s:s, s:{s:s, s:s}, s:{s:s, s:s, s:s}, s:s, s:s, s:s, s:s, s:b, s:s, s:o}", "number",
                      "35.29.22-2026-000123", "service", "code", "sktm", "name", "Surat Keterangan Tidak Mampu",
                      "kecamatan", "code", "35.29.22", "name", "Ra'as", "address", "Jl. Contoh", "status", status,
                      "status_text", "Dokumen sedang disusun.", "next", "Tunggu.", "promised_on", "2026-11-30", "wait",
                      0, "registered_at", "2026-11-23T09:00:00+07:00", "steps", list);
}

static void where_an_application_is (void **state)
{
    (void)state;
    page_make (by_number, 200, tracking ("registered", 3));
    assert_true (page_has ("Dokumen sedang disusun.") && page_has ("Tunggu.") &&
                 page_has ("Surat Keterangan Tidak Mampu"));
    assert_true (page_has ("Dijanjikan selesai</dt><dd>30 November 2026") && !page_has ("dapat ditunggu"));
    assert_true (page_has ("selesai 23 November 2026 pukul 10.00 WIB"));
    assert_true (page_has ("sejak 23 November 2026 pukul 09.00 WIB"));
    assert_true (page_has ("Keadaan</dt><dd>Sedang diproses</dd>") && page_has ("href=\"/kecamatan/35.29.22\""));
    assert_false (page_has ("7K3M9QXA")); /* the code opens the case: it is not shown to who looks over the shoulder */
}

static void missing_papers_and_waiting (void **state)
{
    (void)state;
    json_t *reply = tracking ("incomplete", 1);
    json_object_set_new (reply, "missing", json_pack ("[s, s]", "Fotokopi KK", HOSTILE));
    json_object_set_new (reply, "promised_on", json_null ());
    json_object_set_new (reply, "wait", json_true ());
    page_make (by_number, 200, reply);
    assert_true (page_has ("Kekurangan berkas") && page_has ("<li>Fotokopi KK</li>") &&
                 page_has ("<li>" ESCAPED "</li>"));
    assert_true (page_has ("dapat ditunggu") && !page_has ("Dijanjikan"));
}

static void a_closed_case_promises_nothing (void **state)
{
    (void)state;
    json_t *reply = tracking ("done", 7);
    json_object_set_new (reply, "closed_at", json_string ("2026-11-24T09:00:00+07:00"));
    page_make (by_number, 200, reply);
    assert_true (page_has ("Berakhir</dt><dd>24 November 2026 pukul 09.00 WIB") && !page_has ("Dijanjikan"));
}

static void a_long_course_stays_small (void **state)
{
    (void)state;
    page_make (by_number, 200, tracking ("registered", 1000));
    assert_true (page_has ("<ol start=\"989\">"));
}

/* ---- forms and problems ------------------------------------------------------------------------------------------ */

static void bare_pages_are_forms (void **state)
{
    (void)state;
    page_make ((struct page_asked){.kind = PAGE_DOCUMENT}, 0, NULL);
    assert_true (page_has ("<form action=\"/v\" method=\"get\">") && page_has ("enctype=\"multipart/form-data\""));
    page_make ((struct page_asked){.kind = PAGE_TRACKING}, 0, NULL);
    assert_true (page_has ("<form action=\"/lacak\" method=\"get\">") && page_has ("name=\"number\"") &&
                 page_has ("name=\"code\""));
}

static void problems_are_readable (void **state)
{
    static const struct {
        int status;
        const char *code;
    } cases[] = {{400, "bad_request"},         {404, "not_found"},         {413, "file_too_large"},
                 {415, "file_type_refused"},   {422, "schema_violation"},  {429, "rate_limited"},
                 {503, "service_unavailable"}, {504, "deadline_exceeded"}, {500, "internal"}};
    (void)state;
    for (int kind = PAGE_DOCUMENT; kind <= PAGE_ELSEWHERE; kind++)
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            page_make ((struct page_asked){.kind = (enum page_kind)kind}, cases[i].status,
                       page_problem (cases[i].status, cases[i].code, "Kalimat."));
            assert_true (page_has ("<h1 class=") && !page_has (">ASLI<") && !page_has (">DICABUT<"));
            assert_int_equal (page_has ("TIDAK TERDAFTAR"), cases[i].status == 404 && kind == PAGE_DOCUMENT);
            assert_true (page_has ("noindex"));
            assert_int_equal (page_has ("Nomor laporan: c-1"), cases[i].status >= 500);
        }
    page_make (by_token, 503, NULL); /* without a word */
    assert_true (page_has ("Belum dapat diperiksa"));
}

static void hostile_values_stay_text (void **state)
{
    (void)state;
    page_make ((struct page_asked){.kind = PAGE_DOCUMENT, .token = HOSTILE}, 422,
               page_problem (422, "schema_violation", HOSTILE));
    assert_true (page_has ("value=\"" ESCAPED "\""));
    page_make ((struct page_asked){.kind = PAGE_TRACKING, .number = HOSTILE, .code = HOSTILE}, 404,
               page_problem (404, "tracking_unknown", HOSTILE));
    assert_true (page_has ("value=\"" ESCAPED "\"") && page_has ("<p>" ESCAPED "</p>"));
    json_t *reply = document ("valid");
    static const char *const members[] = {"number", "dated", "service", "signed_at", "sha256"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        json_object_set_new (reply, members[i], json_string (HOSTILE));
    page_make (by_token, 200, reply);
    assert_true (page_has ("<dd>" ESCAPED "</dd>"));
    page_make (by_number, 200,
               json_pack ("{s:s, s:s, s:[{s:s, s:s}]}", "status_text", HOSTILE, "next", HOSTILE, "steps", "title",
                          HOSTILE, "started_at", HOSTILE));
    page_make (by_token, 200, json_object ()); /* a reply that keeps nothing of its contract */
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_value_is_escaped),
        cmocka_unit_test (the_policy_knows_the_style),
        cmocka_unit_test (a_genuine_document),
        cmocka_unit_test (a_revoked_document),
        cmocka_unit_test (an_unknown_token),
        cmocka_unit_test (verdicts_of_files),
        cmocka_unit_test (where_an_application_is),
        cmocka_unit_test (missing_papers_and_waiting),
        cmocka_unit_test (a_closed_case_promises_nothing),
        cmocka_unit_test (a_long_course_stays_small),
        cmocka_unit_test (bare_pages_are_forms),
        cmocka_unit_test (problems_are_readable),
        cmocka_unit_test (hostile_values_stay_text),
    };
    return cmocka_run_group_tests (tests, NULL, page_drop);
}
