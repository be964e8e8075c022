/* The pages of kabupaten, kecamatan and services, and their boards: what the contracts' own examples say stands there, in
 * the words of an office, and no value breaks out of its place. */
#include "page_fixture.h"

#include "common/auto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define URL "https://paten.contoh.example"

static const struct page_asked home = {.kind = PAGE_HOME}, kecamatan = {.kind = PAGE_KECAMATAN},
                               service = {.kind = PAGE_SERVICE}, board = {.kind = PAGE_BOARD, .public_url = URL},
                               service_board = {.kind = PAGE_SERVICE_BOARD, .public_url = URL};

/* The reply in the last example of a contract, which names a kecamatan. */
static json_t *reply_of (const char *method)
{
    char path[100];
    snprintf (path, sizeof path, "proto/requests/%s.json", method);
    json_auto_t *contract = json_load_file (path, 0, NULL);
    const json_t *examples = json_object_get (contract, "examples");
    const json_t *example = json_array_get (examples, json_array_size (examples) - 1);
    json_t *reply = json_object_get (example, "reply");
    assert_true (json_is_object (reply));
    return json_incref (reply);
}

static json_t *kecamatan_of (json_t *reply)
{
    return json_object_get (reply, "kecamatan");
}

/* ---- what they say ----------------------------------------------------------------------------------------------- */

static void the_home_leads_everywhere (void **state)
{
    (void)state;
    page_make (home, 200, reply_of ("intake.kecamatan.list"));
    assert_true (page_has ("<title>Pelayanan Administrasi Terpadu Kecamatan – PATEN</title>"));
    assert_true (page_has ("<a href=\"/kecamatan/35.29.22\">Ra&#39;as</a>") && page_has ("<bdi>Sumenep</bdi>"));
    assert_true (page_has ("href=\"/v\"") && page_has ("href=\"/lacak\"") && !page_has ("noindex"));
    page_make (home, 200, json_pack ("{s:[]}", "kecamatan"));
    assert_true (page_has ("Belum ada kecamatan"));
}

static void a_kecamatan_tells_what_it_does (void **state)
{
    (void)state;
    page_make (kecamatan, 200, reply_of ("intake.kecamatan.get"));
    assert_true (page_has ("<title>Kecamatan Ra&#39;as – PATEN</title>") &&
                 page_has ("Kecamatan <bdi>Ra&#39;as</bdi></h1>"));
    assert_true (page_has ("<a href=\"/kecamatan/35.29.22/layanan/sktm\">Surat Keterangan Tidak Mampu</a>"));
    assert_true (page_has ("Waktu: 60 menit · Biaya: <bdi>GRATIS</bdi>"));
    assert_true (page_has ("Senin sampai Jumat pukul 07.30–15.00 WIB") && page_has ("<dd>SP4N-LAPOR!</dd>"));
    assert_true (page_has ("Maklumat pelayanan</h2>") && page_has ("kami siap menerima sanksi"));
    assert_true (page_has ("href=\"/kecamatan/35.29.22/papan\""));
}

static void a_service_tells_its_standard (void **state)
{
    (void)state;
    page_make (service, 200, reply_of ("intake.service.get"));
    assert_true (page_has ("<title>Surat Keterangan Tidak Mampu, Kecamatan Ra&#39;as – PATEN</title>"));
    assert_true (page_has ("<dd>60 menit</dd>") && page_has ("<dt>Biaya</dt><dd>GRATIS</dd>"));
    assert_true (page_has ("<dt>Hasil</dt><dd>Surat Keterangan Tidak Mampu</dd>"));
    assert_true (page_has ("<li>KTP-el pemohon<br><small>Asli diperlihatkan atau salinan.</small></li>"));
    assert_true (page_has ("(DTSEN) (tidak wajib)") && page_has ("<ol class=\"flow\">\n<li>Pemohon menyerahkan"));
    assert_true (page_has ("Dasar hukum") && page_has ("Tahun 2018 tentang Kecamatan</li>"));
    assert_true (page_has ("Inspektorat Kabupaten") && page_has ("berlaku sejak</dt><dd>1 Januari 2026"));
    assert_true (page_has ("href=\"/kecamatan/35.29.22/layanan/sktm/papan\""));
}

static void how_a_requirement_is_met (void **state)
{
    static const char *const cases[][2] = {
        {"upload", "diserahkan untuk dipindai"},
        {"original", "asli diperlihatkan<"},
        {"either", "asli diperlihatkan atau diserahkan"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        page_make (service, 200,
                   json_pack ("{s:{s:[{s:s, s:s, s:b}], s:{s:i}}}", "published", "requirements", "name", "KTP", "how",
                              cases[i][0], "mandatory", 1, "duration", "working_days", 14));
        assert_true (page_has (cases[i][1]) && page_has ("<dd>14 hari kerja</dd>") && !page_has ("tidak wajib"));
    }
}

static void days_are_told_in_stretches (void **state)
{
    static const struct {
        const char *days, *words;
    } cases[] = {
        {"[1,2,3,4,5]", ">Senin sampai Jumat pukul"},
        {"[1,2,3,4]", ">Senin sampai Kamis pukul"},
        {"[6,7]", ">Sabtu, Minggu pukul"},
        {"[1,3,5]", ">Senin, Rabu, Jumat pukul"},
        {"[7,1,2,3]", ">Senin sampai Rabu, Minggu pukul"},
        {"[5]", ">Jumat pukul"},
        {"[0,8,2,2]", ">Selasa pukul"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *reply = reply_of ("intake.kecamatan.get");
        json_object_set_new (json_object_get (kecamatan_of (reply), "opening_hours"), "days",
                             json_loads (cases[i].days, 0, NULL));
        page_make (kecamatan, 200, reply);
        assert_true (page_has (cases[i].words));
    }
}

static void what_is_not_published_is_not_invented (void **state)
{
    (void)state;
    json_t *reply = reply_of ("intake.kecamatan.get");
    json_object_del (kecamatan_of (reply), "maklumat");
    json_object_set_new (reply, "services", json_array ());
    page_make (kecamatan, 200, reply);
    assert_false (page_has ("Maklumat") || page_has ("Telepon") || page_has ("Surel"));
    assert_true (page_has ("Belum ada layanan"));
}

static void phone_and_mail_can_be_tapped (void **state)
{
    (void)state;
    json_t *reply = reply_of ("intake.kecamatan.get");
    json_object_set_new (kecamatan_of (reply), "phone", json_string ("+62 (328) 000-022"));
    json_object_set_new (kecamatan_of (reply), "email", json_string ("raas@contoh.example"));
    page_make (kecamatan, 200, reply);
    assert_true (page_has ("href=\"tel:+62328000022\">+62 (328) 000-022</a>"));
    assert_true (page_has ("href=\"mailto:raas@contoh.example\""));
}

/* ---- boards ------------------------------------------------------------------------------------------------------ */

static void boards_are_for_the_wall (void **state)
{
    (void)state;
    page_make (board, 200, reply_of ("intake.kecamatan.get"));
    assert_true (page_has ("<body class=\"board\">") && page_has ("KECAMATAN <bdi>RA&#39;AS</bdi>"));
    assert_true (page_has ("PEMERINTAH KABUPATEN <bdi>SUMENEP</bdi>") &&
                 page_has ("<th scope=\"row\">Surat Keterangan"));
    assert_true (page_has ("<svg class=\"qr\"") && page_has ("<br>" URL "/kecamatan/35.29.22<"));
    page_make (service_board, 200, reply_of ("intake.service.get"));
    assert_true (page_has ("<body class=\"board\">") && page_has ("<bdi>SURAT KETERANGAN TIDAK MAMPU</bdi></h1>"));
    assert_true (page_has ("<ol class=\"flow\">") && page_has (URL "/kecamatan/35.29.22/layanan/sktm<"));
}

static void a_board_without_an_address_has_no_code (void **state)
{
    static const char *const none[] = {NULL, ""};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        page_make ((struct page_asked){.kind = PAGE_BOARD, .public_url = none[i]}, 200,
                   reply_of ("intake.kecamatan.get"));
        assert_false (page_has ("<svg") || page_has ("Pindai"));
    }
}

/* Services that take the same course are told once, those that take another one by themselves. */
static void same_courses_are_told_together (void **state)
{
    (void)state;
    json_t *reply = reply_of ("intake.kecamatan.get");
    json_t *services = json_object_get (reply, "services");
    for (int i = 0; i < 2; i++) {
        json_t *other = json_deep_copy (json_array_get (services, 0));
        json_object_set_new (other, "name", json_string (i ? "Izin Lain" : "Surat Serupa"));
        if (i)
            json_object_set_new (json_object_get (other, "published"), "procedure", json_pack ("[s]", "Datang saja."));
        json_array_append_new (services, other);
    }
    page_make (board, 200, reply);
    assert_true (page_has ("Alur pelayanan: <bdi>Surat Keterangan Tidak Mampu</bdi>, <bdi>Surat Serupa</bdi></h2>"));
    assert_true (page_has ("Alur pelayanan: <bdi>Izin Lain</bdi></h2>") && page_has ("<li>Datang saja.</li>"));
}

/* ---- refusals and hostile values --------------------------------------------------------------------------------- */

static void refusals_lead_back_home (void **state)
{
    (void)state;
    page_make (kecamatan, 404, page_problem (404, "kecamatan_unknown", "Kecamatan 35.29.99 tidak dikenal."));
    assert_true (page_has (">Tidak ditemukan</h1>") && page_has ("Kecamatan 35.29.99 tidak dikenal."));
    assert_true (page_has ("<a href=\"/\">Pilih kecamatan"));
    page_make (service, 409, page_problem (409, "service_not_offered", "Layanan ini belum dilimpahkan."));
    assert_true (page_has (">Tidak dilayani di sini</h1>") && page_has ("belum dilimpahkan"));
    page_make (service_board, 422, page_problem (422, "schema_violation", "params/service: pattern"));
    assert_true (page_has (">Tidak ditemukan</h1>") && !page_has ("pattern"));
    page_make (home, 503, page_problem (503, "service_unavailable", "intake"));
    assert_true (page_has (">Belum dapat ditampilkan</h1>") && page_has ("Nomor laporan: c-1"));
}

/* Every text of a reply, however deep, becomes `value`. */
static void spoil (json_t *at, const char *value)
{
    const char *name;
    json_t *member;
    size_t i;
    if (json_is_string (at))
        json_string_set (at, value);
    json_object_foreach (at, name, member)
    {
        spoil (member, value);
    }
    json_array_foreach (at, i, member)
    {
        spoil (member, value);
    }
}

static void hostile_values_stay_text (void **state)
{
    static const char *const values[] = {
        HOSTILE, "Ra'as", "", "\xe2\x80\xaeNILBALIK", "\xf0\x9f\x98\x80", "javascript:alert(1)"};
    static const struct {
        const struct page_asked *asked;
        const char *method;
    } pages[] = {{&home, "intake.kecamatan.list"},
                 {&kecamatan, "intake.kecamatan.get"},
                 {&service, "intake.service.get"},
                 {&board, "intake.kecamatan.get"},
                 {&service_board, "intake.service.get"}};
    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        for (size_t j = 0; j < sizeof values / sizeof values[0]; j++) {
            json_t *reply = reply_of (pages[i].method);
            spoil (reply, values[j]);
            page_make (*pages[i].asked, 200, reply);
            assert_true (j > 0 || page_has (ESCAPED));
            assert_false (page_has ("href=\"javascript:"));
        }
        page_make (*pages[i].asked, 200, json_object ()); /* a reply that keeps nothing of its contract */
    }
}

/* What one long word would be to the eye is the style's business; here it must only be small enough to be cut nowhere. */
static void long_values_stay_whole (void **state)
{
    char longest[601];
    (void)state;
    memset (longest, 'W', 600);
    longest[600] = '\0';
    json_t *reply = reply_of ("intake.kecamatan.get");
    json_object_set_new (kecamatan_of (reply), "name", json_string (longest));
    json_object_set_new (kecamatan_of (reply), "maklumat", json_string (longest));
    page_make (board, 200, reply);
    assert_true (page_has (longest));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (the_home_leads_everywhere),
        cmocka_unit_test (a_kecamatan_tells_what_it_does),
        cmocka_unit_test (a_service_tells_its_standard),
        cmocka_unit_test (how_a_requirement_is_met),
        cmocka_unit_test (days_are_told_in_stretches),
        cmocka_unit_test (what_is_not_published_is_not_invented),
        cmocka_unit_test (phone_and_mail_can_be_tapped),
        cmocka_unit_test (boards_are_for_the_wall),
        cmocka_unit_test (a_board_without_an_address_has_no_code),
        cmocka_unit_test (same_courses_are_told_together),
        cmocka_unit_test (refusals_lead_back_home),
        cmocka_unit_test (hostile_values_stay_text),
        cmocka_unit_test (long_values_stay_whole),
    };
    return cmocka_run_group_tests (tests, NULL, page_drop);
}
