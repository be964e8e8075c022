/* The pages for citizens, see page.h: which body a page has, its form, and what is said when there is nothing to show. */
#include "page_parts.h"

#include <stdlib.h>
#include <string.h>

enum { TOKEN_MOST = 64, NUMBER_MOST = 40, CODE_MOST = 20 };

const char *page_member (const json_t *object, const char *name)
{
    return json_string_value (json_object_get (object, name));
}

bool page_says (const json_t *object, const char *name, const char *value)
{
    const char *text = page_member (object, name);
    return text && strcmp (text, value) == 0;
}

/* ---- forms ------------------------------------------------------------------------------------------------------- */

static void write_token_form (FILE *out, const char *token)
{
    fputs ("<form action=\"/v\" method=\"get\">\n", out);
    html_field (out, "token", "Kode pemeriksaan (akhir alamat pada QR)", TOKEN_MOST, token);
    fputs ("<button>Periksa kode</button></form>\n", out);
}

/* A browser lets a file be dropped on such a field, without script. */
static void write_file_form (FILE *out)
{
    fputs ("<form action=\"/v\" method=\"post\" enctype=\"multipart/form-data\">\n"
           "<label for=\"file\">Berkas PDF dokumen, paling besar 5 MB: pilih, atau seret ke sini</label>"
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

/* How one gets further; pages about places lead back to where the right links are. */
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
    case PAGE_KECAMATAN:
    case PAGE_SERVICE:
    case PAGE_BOARD:
    case PAGE_SERVICE_BOARD:
    case PAGE_ELSEWHERE:
        fputs ("<p><a href=\"/\">Pilih kecamatan dan layanan dari beranda</a></p>\n", out);
        break;
    case PAGE_HOME:
        break;
    }
}

/* ---- problems ---------------------------------------------------------------------------------------------------- */

/* Pages that tell what the offices do, not how something of the reader stands. */
static bool is_of_places (enum page_kind kind)
{
    return kind >= PAGE_HOME && kind <= PAGE_SERVICE_BOARD;
}

static void write_absent (FILE *out, const struct page_asked *asked, const char *detail)
{
    if (asked->kind != PAGE_DOCUMENT) {
        html_verdict (out, TONE_OPEN, "Tidak ditemukan");
        html_paragraph (out, detail);
        return;
    }
    html_verdict (out, TONE_BAD, "TIDAK TERDAFTAR");
    html_paragraph (out, detail);
    html_paragraph (out, "Periksa kembali penulisan kode. Bila kode di kertas memang demikian, kertas itu bukan "
                         "dokumen yang diterbitkan di sini; tanyakan kepada kantor kecamatan.");
}

static void write_failure (FILE *out, const struct page_asked *asked)
{
    bool is_of_place = is_of_places (asked->kind);
    html_verdict (out, TONE_OPEN, is_of_place ? "Belum dapat ditampilkan" : "Belum dapat diperiksa");
    html_paragraph (out, is_of_place ? "Sistem sedang tidak dapat menjawab. Coba lagi beberapa menit lagi."
                                     : "Sistem sedang tidak dapat menjawab. Ini tidak berarti apa pun tentang dokumen "
                                       "atau permohonan Anda. Coba lagi beberapa menit lagi.");
}

static void write_unreadable (FILE *out, const struct page_asked *asked)
{
    html_verdict (out, TONE_OPEN, is_of_places (asked->kind) ? "Tidak ditemukan" : "Tidak dapat dibaca");
    if (is_of_places (asked->kind))
        html_paragraph (out, "Alamat ini bukan alamat sebuah kecamatan atau layanan.");
    else if (asked->kind == PAGE_DOCUMENT)
        html_paragraph (out, "Kode pemeriksaan terdiri atas huruf kecil dan angka, tanpa spasi. Ini tidak seperti kode "
                             "pemeriksaan.");
    else
        html_paragraph (out, "Isian tidak lengkap atau salah tulis. Salin persis seperti yang tercetak.");
}

/* The service's sentence where it is meant for a citizen; sentences about schemas, keys and deadlines are not. */
static void write_problem (FILE *out, const struct page_asked *asked, int status, const json_t *problem)
{
    const char *detail = page_member (problem, "detail");
    if (status == 404)
        write_absent (out, asked, detail);
    else if (status >= 500)
        write_failure (out, asked);
    else if (page_says (problem, "code", "schema_violation") || page_says (problem, "code", "bad_request"))
        write_unreadable (out, asked);
    else if (status == 415) {
        html_verdict (out, TONE_OPEN, "Tidak dapat dibaca");
        html_paragraph (out, "Ini bukan berkas PDF yang utuh. Pilih berkas PDF yang Anda terima.");
    } else if (status == 409 && is_of_places (asked->kind)) {
        html_verdict (out, TONE_OPEN, "Tidak dilayani di sini");
        html_paragraph (out, detail);
    } else {
        html_verdict (out, TONE_OPEN, "Tidak dapat diperiksa");
        html_paragraph (out, detail);
    }
}

/* ---- the page ---------------------------------------------------------------------------------------------------- */

/* What a page of that kind is called, and how it is dressed. */
static const struct kind {
    const char *title;
    enum html_look look;
} kinds[] = {
    [PAGE_DOCUMENT] = {"Pemeriksaan dokumen", LOOK_PRIVATE},
    [PAGE_FILE] = {"Pemeriksaan dokumen", LOOK_PRIVATE},
    [PAGE_TRACKING] = {"Pelacakan permohonan", LOOK_PRIVATE},
    [PAGE_HOME] = {"Pelayanan Administrasi Terpadu Kecamatan", LOOK_PAGE},
    [PAGE_KECAMATAN] = {"Layanan kecamatan", LOOK_PAGE},
    [PAGE_SERVICE] = {"Layanan kecamatan", LOOK_PAGE},
    [PAGE_BOARD] = {"Papan informasi", LOOK_BOARD},
    [PAGE_SERVICE_BOARD] = {"Papan alur pelayanan", LOOK_BOARD},
    [PAGE_ELSEWHERE] = {"Pelayanan kecamatan", LOOK_PRIVATE},
};

/* "Surat Keterangan Tidak Mampu, Kecamatan Ra'as" where the reply names a place; to be freed. */
static char *title_of (const struct page_asked *asked, const json_t *said)
{
    char *title = NULL;
    size_t size = 0;
    const char *place = page_member (json_object_get (said, "kecamatan"), "name");
    FILE *out = open_memstream (&title, &size);
    if (!out)
        return NULL;
    bool is_placed = place && is_of_places (asked->kind);
    if (is_placed && page_member (said, "name"))
        fprintf (out, "%s, ", page_member (said, "name"));
    else if (!is_placed || asked->kind == PAGE_BOARD)
        fprintf (out, is_placed ? "%s, " : "%s", kinds[asked->kind].title);
    if (is_placed)
        fprintf (out, "Kecamatan %s", place);
    (void)fclose (out);
    return title;
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
        page_document (out, said);
        break;
    case PAGE_FILE:
        page_file (out, said);
        break;
    case PAGE_TRACKING:
        page_tracking (out, said);
        break;
    case PAGE_HOME:
        page_home (out, said);
        break;
    case PAGE_KECAMATAN:
        page_kecamatan (out, said);
        break;
    case PAGE_SERVICE:
        page_service (out, said);
        break;
    case PAGE_BOARD:
        page_board (out, said, asked->public_url);
        break;
    case PAGE_SERVICE_BOARD:
        page_service_board (out, said, asked->public_url);
        break;
    case PAGE_ELSEWHERE:
        break;
    }
}

static void write_page (FILE *out, const struct page_asked *asked, int status, const json_t *said)
{
    bool is_told = status > 0 && status < 300;
    char *title = title_of (asked, is_told ? said : NULL);
    html_begin (out, title, is_told ? kinds[asked->kind].look : LOOK_PRIVATE);
    free (title);
    if (status == 0)
        write_question (out, asked);
    else if (is_told)
        write_answer (out, asked, said);
    else {
        write_problem (out, asked, status, said);
        write_form (out, asked);
    }
    html_end (out, status >= 500 ? page_member (said, "correlation") : NULL);
}

char *page_text (const struct page_asked *asked, int status, const json_t *said, size_t *ret_size)
{
    char *text = NULL;
    FILE *out = open_memstream (&text, ret_size);
    if (!out)
        return NULL;
    write_page (out, asked, status, said);
    bool is_whole = !ferror (out);
    if (fclose (out) == 0 && is_whole)
        return text;
    free (text);
    return NULL;
}
