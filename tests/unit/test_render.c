/* Every demo template, held against independent judges: qpdf, pdffonts, pdfinfo, pdftotext and zbarimg look at it, and
 * what PDF/A asks for is there. */
#include "render_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- what PDF/A asks for ------------------------------------------------------------------------------------ */

/* No PDF/A validator is in Debian: the facts that ISO 19005-2 asks for, read from qpdf's JSON. */
static const char invariants[] =
    "import json, sys\n"
    "j = json.load (sys.stdin)\n"
    "objects = j['qpdf'][1]\n"
    "trailer = objects['trailer']['value']\n"
    "def at (x):\n"
    "    while isinstance (x, str) and x.endswith (' R'):\n"
    "        o = objects['obj:' + x]; x = o.get ('value', o.get ('stream'))\n"
    "    return x\n"
    "root = at (trailer['/Root'])\n"
    "assert len (trailer['/ID']) == 2 and '/Encrypt' not in trailer\n"
    "assert root['/Lang'] == 'u:id-ID'\n"
    "intent = at (at (root['/OutputIntents'])[0])\n"
    "assert intent['/S'] == '/GTS_PDFA1' and at (intent['/DestOutputProfile'])['dict']['/N'] == 3\n"
    "meta = at (root['/Metadata'])\n"
    "assert meta['dict']['/Type'] == '/Metadata' and '/Filter' not in meta['dict']\n"
    "info = at (trailer['/Info'])\n"
    "assert info['/CreationDate'] == 'u:D:20260105023000Z' == info['/ModDate'], info\n"
    "assert info['/Title'] == 'u:Surat \\u2013 contoh & uji', info\n"
    "import base64\n"
    "xmp = base64.b64decode (meta['data']).decode ()\n"
    "import xml.dom.minidom\n"
    "xml.dom.minidom.parseString (xmp)\n"
    "for want in ('<pdfaid:part>2<', '<pdfaid:conformance>U<', '>Surat \\u2013 contoh &amp; uji<', "
    "'>2026-01-05T02:30:00Z<',"
    " '<pdf:Producer>' + info['/Producer'][2:] + '<'):\n"
    "    assert want in xmp, want\n"
    "def walk (x):\n"
    "    if isinstance (x, dict):\n"
    "        assert x.get ('/Interpolate') is not True and '/Group' not in x and x.get ('/S') != '/Transparency'\n"
    "        assert x.get ('/ca', 1) == 1 and x.get ('/CA', 1) == 1 and x.get ('/SMask', '/None') == '/None'\n"
    "        assert x.get ('/Subtype') != '/Image' and '/JS' not in x and '/Annots' not in x and '/AA' not in x\n"
    "        assert '/OpenAction' not in x and '/EmbeddedFiles' not in x and x.get ('/Filter') != '/LZWDecode'\n"
    "        for v in x.values (): walk (v)\n"
    "    if isinstance (x, list):\n"
    "        for v in x: walk (v)\n"
    "walk (objects)\n";

static void assert_pdfa (const char *path)
{
    g_autofree char *script = g_strdup_printf ("%s/invariants.py", folder);
    assert_true (g_file_set_contents (script, invariants, -1, NULL));
    g_autofree char *said = say (
        "qpdf --json=2 --json-stream-data=inline --decode-level=none '%s' | /usr/bin/python3 '%s' 2>&1", path, script);
    assert_string_equal (said, "");
    g_autofree char *pdf = NULL;
    gsize size;
    assert_true (g_file_get_contents (path, &pdf, &size, NULL));
    assert_int_equal (memcmp (pdf, "%PDF-1.7\n%", 10), 0);
    assert_non_null (memmem (pdf, size, "\nxref\n", strlen ("\nxref\n"))); /* classic, for incremental signatures */
    assert_null (memmem (pdf, size, "/ObjStm", strlen ("/ObjStm")));
}

/* ---- the demo templates ------------------------------------------------------------------------------------- */

/* What the QR codes of all pages say, a line for each. */
static char *read_qr (const char *path)
{
    g_autofree char *nothing = say ("pdftoppm -r 150 -gray '%s' '%s/page'", path, folder);
    char *codes = say (
        "for p in '%s'/page*.pgm; do zbarimg -q --raw \"$p\" 2>/dev/null || test $? -eq 4; done; rm '%s'/page*.pgm",
        folder, folder);
    return g_strchomp (codes);
}

static const struct {
    const char *name;
    const char *qr; /* path in the data */
    const char *size;
    const char *texts[6];
} demos[] = {
    {"surat_keterangan_tidak_mampu",
     "verify_url",
     "609.449 x 935.433",
     {"SURAT KETERANGAN TIDAK MAMPU", "KECAMATAN RA'AS", "SITI NUR AISYAH BINTI MOH. HASAN & REKAN", "7 Agustus 1990",
      "NIP 197001011995031002", "Halaman 1 dari 1"}},
    {"izin_penutupan_jalan",
     "verify_url",
     "609.449 x 935.433",
     {"IZIN PENUTUPAN JALAN KABUPATEN", "6 m × 50 m = 300 m²", "seratus lima puluh ribu rupiah",
      "Sabtu, 10 Januari 2026", "a. tenda"}},
    {"pbg_rumah_tinggal", "verify_url", "609.449 x 935.433", {"PERSETUJUAN BANGUNAN GEDUNG", "71,25 m²", "Rp 150.000"}},
    {"tanda_terima",
     "track_url",
     "419.528 x 595.276",
     {"TANDA TERIMA BERKAS", "7KQ2", "Selasa, 6 Januari 2026", "pukul 08.30", "asli diperlihatkan", "Pengaduan"}},
    {"daftar_kekurangan", NULL, "419.528 x 595.276", {"Peta ruas jalan", "Kartu Keluarga", "belum terpenuhi"}},
    {"surat_tugas",
     "verify_url",
     "609.449 x 935.433",
     {"SURAT TUGAS", "tidak memungut dan tidak menerima biaya", "Lailatul Qomariyah", "Minggu, 4 Januari 2026"}},
    {"skrd",
     "verify_url",
     "609.449 x 935.433",
     {"SURAT KETETAPAN RETRIBUSI DAERAH", "Rp 150.000,00", "6 m × 50 m × Rp 500/m²"}},
    {"tbp",
     "verify_url",
     "419.528 x 595.276",
     {"TANDA BUKTI PEMBAYARAN", "seratus lima puluh ribu rupiah", "Rp 50.000", "10.15"}},
};

static void test_demo_templates (void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS (demos); i++) {
        json_auto_t *template_json = demo (demos[i].name);
        struct render_output output;
        render (template_json, sample, &output);
        assert_int_equal (output.pages, 1);
        g_autofree char *path = save (&output, demos[i].name);
        free (output.bytes);
        assert_sound (path);
        assert_fonts (path);
        assert_pdfa (path);
        g_autofree char *info = say ("pdfinfo '%s' 2>&1", path);
        assert_non_null (strstr (info, demos[i].size));
        for (size_t t = 0; t < G_N_ELEMENTS (demos[i].texts) && demos[i].texts[t]; t++)
            if (!has_line (path, demos[i].texts[t]))
                fail_msg ("%s lacks \"%s\"", demos[i].name, demos[i].texts[t]);
        g_autofree char *code = read_qr (path);
        assert_string_equal (code, demos[i].qr ? json_string_value (json_object_get (sample, demos[i].qr)) : "");
    }
}

/* The other branches: free of charge, waiting at the counter, wet signature, delegated signer. */
static void test_branches (void **state)
{
    (void)state;
    json_auto_t *data = json_deep_copy (sample);
    struct render_output output;
    json_object_set_new (json_object_get (data, "service"), "is_free", json_true ());
    json_object_del (json_object_get (data, "application"), "promised_on");
    json_auto_t *receipt = demo ("tanda_terima");
    render (receipt, data, &output);
    g_autofree char *path = save (&output, "free");
    free (output.bytes);
    assert_true (has_line (path, "Biaya: GRATIS"));
    assert_true (has_line (path, "DITUNGGU"));
    assert_false (has_line (path, "paling lambat"));

    json_auto_t *letter = demo ("surat_keterangan_tidak_mampu");
    json_object_set_new (
        json_object_get (data, "signer"), "position",
        json_pack ("[s, s, s, s]", "a.n. CAMAT RA'AS", "Sekretaris Kecamatan", "u.b.", "Kepala Seksi Pelayanan"));
    json_object_del (json_object_get (data, "settings"), "signature_mark");
    json_object_del (json_object_get (data, "signer"), "nip");
    render (letter, data, &output);
    g_autofree char *letter_path = save (&output, "delegated");
    free (output.bytes);
    assert_true (has_line (letter_path, "a.n. CAMAT RA'AS"));
    assert_true (has_line (letter_path, "Kepala Seksi Pelayanan"));
    assert_false (has_line (letter_path, "NIP"));
    assert_false (has_line (letter_path, "Ditandatangani secara elektronik"));
}

/* A5 is what counters have: with ten requirements nothing is left for a second page. */
static void test_a_long_receipt_is_one_page (void **state)
{
    (void)state;
    json_auto_t *receipt = demo ("tanda_terima"), *data = json_deep_copy (sample);
    json_t *requirements = json_object_get (data, "requirements");
    while (json_array_size (requirements) < 10)
        json_array_append (requirements, json_array_get (requirements, json_array_size (requirements) - 3));
    struct render_output output;
    render (receipt, data, &output);
    free (output.bytes);
    assert_int_equal (output.pages, 1);
}

static void test_watermark (void **state)
{
    (void)state;
    json_auto_t *template_json = demo ("skrd");
    struct render_options draft = options;
    struct render_output output;
    struct template_fault fault;
    draft.watermark = "PRATINJAU";
    assert_int_equal (draw (template_json, sample, &draft, &output, &fault), TEMPLATE_OK);
    g_autofree char *path = save (&output, "draft");
    free (output.bytes);
    assert_pdfa (path);
    g_autofree char *text = say ("pdftotext -raw '%s' - | tr -d '\\n '", path);
    assert_non_null (strstr (text, "PRATINJAU"));
    g_autofree char *code = read_qr (path); /* also over the grey letters */
    assert_string_equal (code, json_string_value (json_object_get (sample, "verify_url")));
}

static void test_broken_environment (void **state)
{
    (void)state;
    json_auto_t *template_json = demo ("skrd");
    struct render_options bad = options;
    struct render_output output;
    struct template_fault fault;
    bad.icc_path = "/nonexistent.icc";
    assert_true (draw (template_json, sample, &bad, &output, &fault) < 0);
    assert_null (output.bytes);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_demo_templates),
        cmocka_unit_test (test_branches),
        cmocka_unit_test (test_a_long_receipt_is_one_page),
        cmocka_unit_test (test_watermark),
        cmocka_unit_test (test_broken_environment),
    };
    return cmocka_run_group_tests (tests, set_up, tear_down);
}
