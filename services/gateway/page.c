/* The pages for citizens, see page.h. */
#include "page.h"

#include "html.h"

#include "common/auto.h"
#include "common/indonesian.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { TOKEN_MOST = 64, NUMBER_MOST = 40, CODE_MOST = 20, STEPS_SHOWN = 12 };

static const char *text_at (const json_t *object, const char *name)
{
    return json_string_value (json_object_get (object, name));
}

static bool is_text (const json_t *object, const char *name, const char *value)
{
    const char *text = text_at (object, name);
    return text && strcmp (text, value) == 0;
}

/* ---- forms ------------------------------------------------------------------------------------------------------- */

static void write_token_form (FILE *out, const char *token)
{
    fputs ("<form action=\"/v\" method=\"get\">\n", out);
    html_field (out, "token", "Kode pemeriksaan (akhir alamat pada QR)", TOKEN_MOST, token);
    fputs ("<button>Periksa kode</button></form>\n", out);
}

static void write_file_form (FILE *out)
{
    fputs ("<form action=\"/v\" method=\"post\" enctype=\"multipart/form-data\">\n"
           "<label for=\"file\">Berkas PDF dokumen, paling besar 5 MB</label>"
           "<input id=\"file\" name=\"file\" type=\"file\" accept=\"application/pdf\" required>\n"
           "<button>Periksa berkas</button></form>\n",
           out);
}

static void write_check_forms (FILE *out, const char *token)
{
    write_token_form (out, token);
    write_file_form (out);
}

static void write_tracking_form (FILE *out, const char *number, const char *code)
{
    fputs ("<form action=\"/lacak\" method=\"get\">\n", out);
    html_field (out, "number", "Nomor permohonan", NUMBER_MOST, number);
    html_field (out, "code", "Kode singkat", CODE_MOST, code);
    fputs ("<button>Lacak</button></form>\n", out);
}

static void write_form (FILE *out, const struct page_asked *asked)
{
    switch (asked->kind) {
    case PAGE_DOCUMENT:
    case PAGE_FILE:
        write_check_forms (out, asked->token);
        break;
    case PAGE_TRACKING:
        write_tracking_form (out, asked->number, asked->code);
        break;
    case PAGE_ELSEWHERE:
        break;
    }
}

/* ---- documents --------------------------------------------------------------------------------------------------- */

/* "izin_penutupan_jalan" → "IZIN PENUTUPAN JALAN": the code is all that signing knows of the service. */
static void write_service (FILE *out, const char *code)
{
    char words[64];
    if (!code || indonesian_upper_ascii (code, words, sizeof words) < 0)
        return;
    for (char *c = words; *c; c++)
        if (*c == '_')
            *c = ' ';
    html_row (out, "Layanan", words);
}

static void write_document (FILE *out, const json_t *document)
{
    const json_t *signer = json_object_get (document, "signer"), *revoked = json_object_get (document, "revoked");
    fputs ("<dl>\n", out);
    html_row_moment (out, "Dicabut", text_at (revoked, "at"));
    html_row (out, "Nomor", text_at (document, "number"));
    html_row_date (out, "Tanggal", text_at (document, "dated"));
    write_service (out, text_at (document, "service"));
    html_row (out, "Penanda tangan", text_at (signer, "name"));
    html_row (out, "Jabatan", text_at (signer, "position"));
    html_row_moment (out, "Ditandatangani", text_at (document, "signed_at"));
    html_row (out, "Sidik berkas (SHA-256)", text_at (document, "sha256"));
    fputs ("</dl>\n", out);
}

static void write_by_token (FILE *out, const json_t *document)
{
    if (is_text (document, "status", "revoked")) {
        html_verdict (out, TONE_BAD, "DICABUT");
        html_paragraph (out, "Dokumen ini pernah diterbitkan, tetapi telah dicabut.");
    } else {
        html_verdict (out, TONE_GOOD, "ASLI");
        html_paragraph (out, "Dokumen ini terdaftar dan tidak dicabut. Cocokkan keterangan di bawah ini dengan kertas "
                             "yang Anda pegang; bila berbeda, kertas itu bukan dokumen ini.");
    }
    write_document (out, document);
}

static void write_file_verdict (FILE *out, const json_t *said)
{
    const json_t *document = json_object_get (said, "document");
    if (json_is_true (json_object_get (said, "valid")))
        html_verdict (out, TONE_GOOD, "ASLI");
    else if (is_text (document, "status", "revoked"))
        html_verdict (out, TONE_BAD, "DICABUT");
    else if (is_text (said, "verdict", "valid"))
        html_verdict (out, TONE_BAD, "TIDAK TERDAFTAR");
    else
        html_verdict (out, TONE_BAD, "TIDAK SAH");
    html_paragraph (out, text_at (said, "explanation"));
    if (document)
        write_document (out, document);
    else {
        fputs ("<dl>\n", out);
        html_row (out, "Sidik berkas (SHA-256)", text_at (said, "sha256"));
        fputs ("</dl>\n", out);
    }
}

/* ---- tracking ---------------------------------------------------------------------------------------------------- */

static enum html_tone tone_of (const json_t *said)
{
    if (is_text (said, "status", "done"))
        return TONE_GOOD;
    if (is_text (said, "status", "rejected") || is_text (said, "status", "withdrawn"))
        return TONE_BAD;
    return is_text (said, "status", "incomplete") ? TONE_OPEN : TONE_PLAIN;
}

static void write_missing (FILE *out, const json_t *missing)
{
    size_t i;
    json_t *text;
    if (json_array_size (missing) == 0)
        return;
    fputs ("<h2>Kekurangan berkas</h2>\n<ul>\n", out);
    json_array_foreach (missing, i, text)
    {
        fputs ("<li>", out);
        html_text (out, json_string_value (text));
        fputs ("</li>\n", out);
    }
    fputs ("</ul>\n", out);
}

/* The latest ones; a case that went back and forth has many. */
static void write_steps (FILE *out, const json_t *steps)
{
    size_t count = json_array_size (steps), first = count > STEPS_SHOWN ? count - STEPS_SHOWN : 0;
    fprintf (out, "<h2>Tahap</h2>\n<ol start=\"%zu\">\n", first + 1);
    for (size_t i = first; i < count; i++) {
        const json_t *step = json_array_get (steps, i);
        const char *ended = text_at (step, "ended_at");
        fputs ("<li>", out);
        html_text (out, text_at (step, "title"));
        fputs (ended ? "<br><small>selesai " : "<br><small>sejak ", out);
        html_moment (out, ended ? ended : text_at (step, "started_at"));
        fputs ("</small></li>\n", out);
    }
    fputs ("</ol>\n", out);
}

static void write_tracking (FILE *out, const json_t *said)
{
    const json_t *place = json_object_get (said, "kecamatan");
    html_verdict (out, tone_of (said), text_at (said, "status_text"));
    html_paragraph (out, text_at (said, "next"));
    write_missing (out, json_object_get (said, "missing"));
    fputs ("<dl>\n", out);
    html_row (out, "Nomor permohonan", text_at (said, "number"));
    html_row (out, "Layanan", text_at (json_object_get (said, "service"), "name"));
    html_row_moment (out, "Didaftarkan", text_at (said, "registered_at"));
    bool is_open = !text_at (said, "closed_at");
    if (is_open && text_at (said, "promised_on"))
        html_row_date (out, "Dijanjikan selesai", text_at (said, "promised_on"));
    else if (is_open && json_is_true (json_object_get (said, "wait")))
        html_row (out, "Jangka waktu", "dapat ditunggu");
    html_row_moment (out, "Berakhir", text_at (said, "closed_at"));
    html_row (out, "Kecamatan", text_at (place, "name"));
    html_row (out, "Alamat kantor", text_at (place, "address"));
    html_row (out, "Telepon", text_at (place, "phone"));
    fputs ("</dl>\n", out);
    write_steps (out, json_object_get (said, "steps"));
}

/* ---- problems ---------------------------------------------------------------------------------------------------- */

/* The service's sentence where it is meant for a citizen; sentences about schemas, keys and deadlines are not. */
static void write_problem (FILE *out, const struct page_asked *asked, int status, const json_t *problem)
{
    const char *detail = text_at (problem, "detail");
    bool is_check = asked->kind == PAGE_DOCUMENT;
    if (status == 404 && is_check) {
        html_verdict (out, TONE_BAD, "TIDAK TERDAFTAR");
        html_paragraph (out, detail);
        html_paragraph (out, "Periksa kembali penulisan kode. Bila kode di kertas memang demikian, kertas itu bukan "
                             "dokumen yang diterbitkan di sini; tanyakan kepada kantor kecamatan.");
    } else if (status == 404) {
        html_verdict (out, TONE_OPEN, "Tidak ditemukan");
        html_paragraph (out, detail);
    } else if (status >= 500) {
        html_verdict (out, TONE_OPEN, "Belum dapat diperiksa");
        html_paragraph (out, "Sistem sedang tidak dapat menjawab. Ini tidak berarti apa pun tentang dokumen atau "
                             "permohonan Anda. Coba lagi beberapa menit lagi.");
    } else if (is_text (problem, "code", "schema_violation") || is_text (problem, "code", "bad_request")) {
        html_verdict (out, TONE_OPEN, "Tidak dapat dibaca");
        html_paragraph (out, is_check ? "Kode pemeriksaan terdiri atas huruf kecil dan angka, tanpa spasi. Ini tidak "
                                        "seperti kode pemeriksaan."
                                      : "Isian tidak lengkap atau salah tulis. Salin persis seperti yang tercetak.");
    } else if (status == 415) {
        html_verdict (out, TONE_OPEN, "Tidak dapat dibaca");
        html_paragraph (out, "Ini bukan berkas PDF yang utuh. Pilih berkas PDF yang Anda terima.");
    } else {
        html_verdict (out, TONE_OPEN, "Tidak dapat diperiksa");
        html_paragraph (out, detail);
    }
}

/* ---- the page ---------------------------------------------------------------------------------------------------- */

static const char *subject_of (enum page_kind kind)
{
    switch (kind) {
    case PAGE_DOCUMENT:
    case PAGE_FILE:
        return "Pemeriksaan dokumen";
    case PAGE_TRACKING:
        return "Pelacakan permohonan";
    case PAGE_ELSEWHERE:
        break;
    }
    return "Pelayanan kecamatan";
}

static void write_question (FILE *out, const struct page_asked *asked)
{
    bool is_tracking = asked->kind == PAGE_TRACKING;
    html_verdict (out, TONE_PLAIN, is_tracking ? "Lacak permohonan" : "Periksa keaslian dokumen");
    html_paragraph (out, is_tracking ? "Nomor dan kode tercetak pada tanda terima Anda."
                                     : "Pindai QR pada dokumen dengan kamera. Atau tulis kode pada akhir alamatnya, "
                                       "atau pilih berkas PDF yang Anda terima.");
    write_form (out, asked);
}

static void write_answer (FILE *out, const struct page_asked *asked, const json_t *said)
{
    switch (asked->kind) {
    case PAGE_DOCUMENT:
        write_by_token (out, said);
        break;
    case PAGE_FILE:
        write_file_verdict (out, said);
        break;
    case PAGE_TRACKING:
        write_tracking (out, said);
        break;
    case PAGE_ELSEWHERE:
        break;
    }
}

char *page_text (const struct page_asked *asked, int status, const json_t *said, size_t *ret_size)
{
    char *text = NULL;
    FILE *out = open_memstream (&text, ret_size);
    if (!out)
        return NULL;
    html_begin (out, subject_of (asked->kind), subject_of (asked->kind));
    if (status == 0)
        write_question (out, asked);
    else if (status < 300)
        write_answer (out, asked, said);
    else {
        write_problem (out, asked, status, said);
        write_form (out, asked);
    }
    html_end (out, status >= 500 ? text_at (said, "correlation") : NULL);
    bool is_whole = !ferror (out);
    if (fclose (out) == 0 && is_whole)
        return text;
    free (text);
    return NULL;
}
