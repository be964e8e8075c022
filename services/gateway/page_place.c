/* What the offices do, for whom it concerns: the kabupaten with its kecamatan, a kecamatan with its services, a service in
 * full.  What Permenpan-RB 15/2014 wants published of a standar pelayanan stands here. */
#include "page_parts.h"

#include <string.h>

/* ---- home -------------------------------------------------------------------------------------------------------- */

static void write_kecamatan_list (FILE *out, const json_t *list)
{
    size_t i;
    json_t *kecamatan;
    if (json_array_size (list) == 0) {
        html_paragraph (out, "Belum ada kecamatan yang diumumkan.");
        return;
    }
    fputs ("<ul class=\"rows wide\">\n", out);
    json_array_foreach (list, i, kecamatan)
    {
        fputs ("<li><a href=\"", out);
        page_address (out, kecamatan, NULL);
        fputs ("\">", out);
        html_text (out, page_member (kecamatan, "name"));
        fputs ("</a></li>\n", out);
    }
    fputs ("</ul>\n", out);
}

void page_home (FILE *out, const json_t *said)
{
    const json_t *list = json_object_get (said, "kecamatan");
    const char *kabupaten = page_member (json_object_get (json_array_get (list, 0), "kabupaten"), "name");
    html_verdict (out, TONE_PLAIN, "Pelayanan Administrasi Terpadu Kecamatan (PATEN)");
    html_paragraph (out,
                    "Surat keterangan dan izin diurus di satu tempat, dari permohonan sampai dokumen terbit: Anda "
                    "cukup datang ke loket kantor kecamatan. Persyaratan, lama, dan biaya setiap layanan diumumkan "
                    "di sini, dan jalannya permohonan dapat Anda ikuti.");
    fputs ("<p class=\"big\"><a href=\"/lacak\">Lacak permohonan</a><a href=\"/v\">Periksa keaslian dokumen</a></p>\n",
           out);
    fputs ("<h2>Layanan menurut kecamatan", out);
    if (kabupaten) {
        fputs (" di Kabupaten ", out);
        html_island (out, kabupaten);
    }
    fputs ("</h2>\n", out);
    write_kecamatan_list (out, list);
}

/* ---- a kecamatan ------------------------------------------------------------------------------------------------- */

static void write_services (FILE *out, const json_t *kecamatan, const json_t *services)
{
    size_t i;
    json_t *service;
    fputs ("<h2>Layanan</h2>\n", out);
    if (json_array_size (services) == 0) {
        html_paragraph (out, "Belum ada layanan yang diumumkan.");
        return;
    }
    fputs ("<ul class=\"rows\">\n", out);
    json_array_foreach (services, i, service)
    {
        const json_t *published = json_object_get (service, "published");
        fputs ("<li><a href=\"", out);
        page_address (out, kecamatan, page_member (service, "code"));
        fputs ("\">", out);
        html_text (out, page_member (service, "name"));
        fputs ("</a><br><small>Waktu: ", out);
        page_duration (out, published);
        fputs (" · Biaya: ", out);
        html_island (out, page_member (published, "cost"));
        fputs ("</small></li>\n", out);
    }
    fputs ("</ul>\n", out);
}

/* A number that a phone dials. */
static void write_phone (FILE *out, const char *phone)
{
    if (!phone)
        return;
    fputs ("<dt>Telepon</dt><dd><a href=\"tel:", out);
    for (const char *c = phone; *c; c++)
        if (strchr ("+0123456789", *c))
            fputc (*c, out);
    fputs ("\">", out);
    html_text (out, phone);
    fputs ("</a></dd>\n", out);
}

static void write_email (FILE *out, const char *email)
{
    if (!email)
        return;
    fputs ("<dt>Surel</dt><dd><a href=\"mailto:", out);
    html_text (out, email);
    fputs ("\">", out);
    html_text (out, email);
    fputs ("</a></dd>\n", out);
}

static void write_office (FILE *out, const json_t *kecamatan)
{
    const char *postal_code = page_member (kecamatan, "postal_code");
    fputs ("<h2>Kantor kecamatan</h2>\n<dl>\n<dt>Alamat</dt><dd>", out);
    html_text (out, page_member (kecamatan, "address"));
    if (postal_code) {
        fputs (" ", out);
        html_text (out, postal_code);
    }
    fputs ("</dd>\n<dt>Jam pelayanan</dt><dd>", out);
    page_hours (out, kecamatan);
    fputs ("</dd>\n", out);
    write_phone (out, page_member (kecamatan, "phone"));
    write_email (out, page_member (kecamatan, "email"));
    html_row (out, "Pengaduan, saran, dan masukan", page_member (kecamatan, "complaint_channel"));
    fputs ("</dl>\n", out);
}

void page_kecamatan (FILE *out, const json_t *said)
{
    const json_t *kecamatan = json_object_get (said, "kecamatan");
    fputs ("<h1>Kecamatan ", out);
    html_island (out, page_member (kecamatan, "name"));
    fputs ("</h1>\n<p>Kabupaten ", out);
    html_island (out, page_member (json_object_get (kecamatan, "kabupaten"), "name"));
    fputs ("</p>\n", out);
    write_services (out, kecamatan, json_object_get (said, "services"));
    fputs ("<p><a href=\"", out);
    page_address (out, kecamatan, NULL);
    fputs ("/papan\">Papan informasi untuk dicetak</a></p>\n", out);
    write_office (out, kecamatan);
    page_maklumat (out, kecamatan);
}

/* ---- a service --------------------------------------------------------------------------------------------------- */

static void write_basis (FILE *out, const json_t *service, const json_t *published)
{
    size_t i;
    json_t *basis;
    fputs ("<h2>Dasar hukum</h2>\n<ul>\n", out);
    json_array_foreach (json_object_get (published, "legal_basis"), i, basis)
    {
        fputs ("<li>", out);
        html_text (out, json_string_value (basis));
        fputs ("</li>\n", out);
    }
    fputs ("</ul>\n<dl>\n", out);
    html_row_date (out, "Standar pelayanan ini berlaku sejak", page_member (service, "valid_from"));
    html_row_date (out, "sampai", page_member (service, "valid_to"));
    fputs ("</dl>\n", out);
}

static void write_terms (FILE *out, const json_t *kecamatan, const json_t *published)
{
    fputs ("<dl>\n<dt>Waktu penyelesaian, sejak berkas lengkap</dt><dd>", out);
    page_duration (out, published);
    fputs ("</dd>\n", out);
    html_row (out, "Biaya", page_member (published, "cost"));
    html_row (out, "Hasil", page_member (published, "product"));
    fputs ("<dt>Tempat</dt><dd><a href=\"", out);
    page_address (out, kecamatan, NULL);
    fputs ("\">Kantor Kecamatan ", out);
    html_island (out, page_member (kecamatan, "name"));
    fputs ("</a></dd>\n<dt>Jam pelayanan</dt><dd>", out);
    page_hours (out, kecamatan);
    fputs ("</dd>\n</dl>\n", out);
}

void page_service (FILE *out, const json_t *said)
{
    const json_t *kecamatan = json_object_get (said, "kecamatan"), *published = json_object_get (said, "published");
    html_verdict (out, TONE_PLAIN, page_member (said, "name"));
    if (page_member (published, "description"))
        html_paragraph (out, page_member (published, "description"));
    write_terms (out, kecamatan, published);
    fputs ("<h2>Persyaratan</h2>\n", out);
    page_requirements (out, published);
    fputs ("<h2>Alur pelayanan</h2>\n", out);
    page_flow (out, json_object_get (published, "procedure"));
    fputs ("<h2>Pengaduan, saran, dan masukan</h2>\n", out);
    html_paragraph (out, page_member (published, "complaint_channel"));
    write_basis (out, said, published);
    page_maklumat (out, kecamatan);
    fputs ("<p><a href=\"", out);
    page_address (out, kecamatan, page_member (said, "code"));
    fputs ("/papan\">Papan alur untuk dicetak</a></p>\n", out);
}
