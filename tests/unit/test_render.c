/* Rendering, held against independent judges: qpdf, pdffonts, pdfinfo, pdftotext and zbarimg look at every demo
 * template.  And what must not come out at all: unknown glyphs, direction overrides, text posing as markup, emblems
 * that PDF/A cannot hold, documents without end. */
#include "render.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char *folder; /* of this run */
static json_t *sample;

static const struct render_options options = {
    .title = "Surat – contoh & uji", .author = "Kecamatan Ra'as", .subject = "Uji", .created_at = 1767580200};

static json_t *load (const char *path)
{
    json_t *value = json_load_file (path, JSON_REJECT_DUPLICATES, NULL);
    if (!value)
        fail_msg ("cannot read %s", path);
    return value;
}

static json_t *demo (const char *name)
{
    g_autofree char *path = g_strdup_printf ("deploy/demo.d/templates/%s.json", name);
    return load (path);
}

/* Every document of this file is also checked without being drawn: the same verdict, the same fault. */
static int draw (const json_t *template_json, const json_t *data, const struct render_options *how,
                 struct render_output *ret, struct template_fault *ret_fault)
{
    struct template_fault said;
    int verdict = render_pdf (template_json, data, how, ret, ret_fault);
    int checked = render_check (template_json, data, &said);
    if (verdict < 0) /* the colour profile, which a check does not need */
        return verdict;
    assert_int_equal (checked, verdict);
    assert_string_equal (said.where, ret_fault->where);
    assert_string_equal (said.field, ret_fault->field);
    assert_string_equal (said.detail, ret_fault->detail);
    return verdict;
}

static void render (const json_t *template_json, const json_t *data, struct render_output *ret)
{
    struct template_fault fault;
    int verdict = draw (template_json, data, &options, ret, &fault);
    if (verdict)
        fail_msg ("refused (%d): %s %s %s", verdict, fault.where, fault.field, fault.detail);
}

static char *save (const struct render_output *output, const char *name)
{
    char *path = g_strdup_printf ("%s/%s.pdf", folder, name);
    assert_true (g_file_set_contents (path, (const char *)output->bytes, (gssize)output->size, NULL));
    return path;
}

/* What a command says; it must succeed. */
static char *say (const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    g_autofree char *command = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    g_autoptr (GString) said = g_string_new (NULL);
    char piece[4096];
    size_t got;
    FILE *pipe_end = popen (command, "r");
    assert_non_null (pipe_end);
    while ((got = fread (piece, 1, sizeof piece, pipe_end)) > 0)
        g_string_append_len (said, piece, (gssize)got);
    if (pclose (pipe_end) != 0)
        fail_msg ("%s:\n%s", command, said->str);
    return g_strdup (said->str);
}

static bool has_line (const char *path, const char *expected)
{
    g_autofree char *text = say ("pdftotext -layout '%s' - | tr -s ' \\n' ' '", path);
    return strstr (text, expected) != NULL;
}

/* ---- every demo template ------------------------------------------------------------------------------------ */

static void assert_sound (const char *path)
{
    g_autofree char *check = say ("qpdf --check '%s' 2>&1", path);
    assert_non_null (strstr (check, "No syntax or stream encoding errors found"));
    assert_null (strstr (check, "WARNING"));
}

/* PDF/A wants each font inside, and level U wants the way back from glyphs to letters. */
static void assert_fonts (const char *path)
{
    g_autofree char *bad =
        say ("pdffonts '%s' | tail -n +3 | awk '$(NF-4) $(NF-3) $(NF-2) != \"yesyesyes\" || /Type 3/'", path);
    assert_string_equal (bad, "");
    g_autofree char *count = say ("pdffonts '%s' | tail -n +3 | wc -l", path);
    assert_true (atoi (count) >= 1);
}

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

/* ---- determinism -------------------------------------------------------------------------------------------- */

static void test_same_bytes (void **state)
{
    (void)state;
    json_auto_t *template_json = demo ("pbg_rumah_tinggal");
    struct render_output first, again, later;
    struct template_fault fault;
    render (template_json, sample, &first);
    for (int i = 0; i < 10; i++) {
        render (template_json, sample, &again);
        assert_int_equal (again.size, first.size);
        assert_memory_equal (again.bytes, first.bytes, first.size);
        free (again.bytes);
    }
    struct render_options other = options;
    other.created_at++;
    assert_int_equal (draw (template_json, sample, &other, &later, &fault), TEMPLATE_OK);
    assert_true (later.size != first.size || memcmp (later.bytes, first.bytes, first.size) != 0);
    free (later.bytes);
    free (first.bytes);
}

/* A process of its own, with another locale and time zone, gives the same bytes. */
static char *digest_elsewhere (const char *self, const char *environment)
{
    return say ("env %s '%s' --digest 2>/dev/null", environment, self);
}

static char *digest (void)
{
    json_auto_t *template_json = demo ("surat_tugas");
    struct render_output output;
    render (template_json, sample, &output);
    char *text = g_compute_checksum_for_data (G_CHECKSUM_SHA256, output.bytes, output.size);
    free (output.bytes);
    return text;
}

static int print_digest (void)
{
    g_autofree char *text = digest ();
    puts (text);
    return 0;
}

static void test_same_bytes_elsewhere (void **state)
{
    (void)state;
    g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
    g_autofree char *here = digest_elsewhere (self, "LC_ALL=C");
    g_autofree char *there = digest_elsewhere (self, "LC_ALL=C.UTF-8 LANG=tr_TR TZ=Asia/Jayapura HOME=/nonexistent");
    g_autofree char *late = digest (); /* in a process that has drawn other documents before */
    assert_int_equal (strlen (here), 65);
    assert_string_equal (here, there);
    assert_string_equal (g_strchomp (here), late);
}

static void *digest_in_thread (void *nothing)
{
    (void)nothing;
    return digest ();
}

/* Workers draw at the same time and agree. */
static void test_threads (void **state)
{
    (void)state;
    GThread *threads[6];
    g_autofree char *expected = digest ();
    for (size_t i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("draw", digest_in_thread, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS (threads); i++) {
        g_autofree char *found = g_thread_join (threads[i]);
        assert_string_equal (found, expected);
    }
}

/* ---- hostile data ------------------------------------------------------------------------------------------- */

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

/* ---- pages -------------------------------------------------------------------------------------------------- */

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

static int set_up (void **state)
{
    (void)state;
    folder = g_dir_make_tmp ("render-XXXXXX", NULL);
    return folder ? 0 : -1;
}

static int tear_down (void **state)
{
    (void)state;
    g_autofree char *said = say ("rm -r '%s'", folder);
    g_free (folder);
    return 0;
}

int main (int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_demo_templates),
        cmocka_unit_test (test_branches),
        cmocka_unit_test (test_same_bytes),
        cmocka_unit_test (test_same_bytes_elsewhere),
        cmocka_unit_test (test_threads),
        cmocka_unit_test (test_text_is_only_text),
        cmocka_unit_test (test_a_long_receipt_is_one_page),
        cmocka_unit_test (test_unfit_text_is_refused),
        cmocka_unit_test (test_long_values_wrap),
        cmocka_unit_test (test_missing_fields_are_named),
        cmocka_unit_test (test_table_over_pages),
        cmocka_unit_test (test_closing_stays_with_signature),
        cmocka_unit_test (test_receipt_ends_with_its_text),
        cmocka_unit_test (test_endless_documents_are_refused),
        cmocka_unit_test (test_watermark),
        cmocka_unit_test (test_emblems),
        cmocka_unit_test (test_broken_environment),
    };
    g_autofree char *emblem = NULL;
    sample = json_load_file ("tests/unit/document_sample.json", 0, NULL);
    if (!sample || !g_file_get_contents ("deploy/demo.d/emblem.svg", &emblem, NULL, NULL))
        return 2;
    json_object_set_new (json_object_get (sample, "kabupaten"), "emblem_svg", json_string (emblem));
    int failed = argc > 1 && strcmp (argv[1], "--digest") == 0 ? print_digest ()
                                                               : cmocka_run_group_tests (tests, set_up, tear_down);
    json_decref (sample);
    return failed;
}
