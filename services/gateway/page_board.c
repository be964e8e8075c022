/* Boards for the wall of an office, to be printed (papan informasi and alur pelayanan): the letterhead, large type,
 * nothing that only a screen can use, and a QR code that leads to the same on a phone.  On a screen they can be read
 * too. */
#include "page_parts.h"

#include "common/auto.h"
#include "common/indonesian.h"

#include <stdlib.h>

enum { NAME_SIZE = 512 };

/* As letters have it; letters beyond A to Z stay as they are. */
static void write_upper (FILE *out, const char *text)
{
    char upper[NAME_SIZE];
    bool fits = text && indonesian_upper_ascii (text, upper, sizeof upper) >= 0;
    html_island (out, fits ? upper : text);
}

static void write_letterhead (FILE *out, const json_t *kecamatan)
{
    const char *phone = page_member (kecamatan, "phone"), *email = page_member (kecamatan, "email");
    fputs ("<div class=\"kop\">PEMERINTAH KABUPATEN ", out);
    write_upper (out, page_member (json_object_get (kecamatan, "kabupaten"), "name"));
    fputs ("<br>KECAMATAN ", out);
    write_upper (out, page_member (kecamatan, "name"));
    fputs ("<small>", out);
    html_text (out, page_member (kecamatan, "address"));
    if (phone) {
        fputs (" · Telepon ", out);
        html_text (out, phone);
    }
    if (email) {
        fputs (" · ", out);
        html_text (out, email);
    }
    fputs ("</small></div>\n", out);
}

static void write_hint (FILE *out, const json_t *kecamatan, const char *service)
{
    fputs ("<p class=\"screen\">Halaman ini untuk dicetak pada kertas A3; pada A4 ia diperkecil. <a href=\"", out);
    page_address (out, kecamatan, service);
    fputs ("\">Kembali</a></p>\n", out);
}

/* The code and the address in letters, for phones without a reader. */
static void write_link (FILE *out, const char *public_url, const json_t *kecamatan, const char *service)
{
    AUTO_FREE char *address = NULL;
    size_t size = 0;
    const char *code = page_member (kecamatan, "code");
    if (!public_url || !*public_url || !code)
        return;
    FILE *text = open_memstream (&address, &size);
    if (!text)
        return;
    fprintf (text, "%s/kecamatan/%s%s%s", public_url, code, service ? "/layanan/" : "", service ? service : "");
    if (fclose (text) != 0)
        return;
    html_qr (out, address, "Kode QR ke keterangan lengkap");
    fputs ("<p>Pindai untuk keterangan lengkap:<br>", out);
    html_text (out, address);
    fputs ("</p>\n", out);
}

static void write_end (FILE *out, const json_t *kecamatan, const char *complaint, const char *public_url,
                       const char *service)
{
    fputs ("<div class=\"end\">\n", out);
    write_link (out, public_url, kecamatan, service);
    fputs ("<dl>\n<dt>Jam pelayanan</dt><dd>", out);
    page_hours (out, kecamatan);
    fputs ("</dd>\n", out);
    html_row (out, "Pengaduan, saran, dan masukan", complaint);
    fputs ("</dl>\n", out);
    fputs ("</div>\n", out);
}

/* ---- all services ------------------------------------------------------------------------------------------------ */

static void write_service_row (FILE *out, const json_t *service)
{
    const json_t *published = json_object_get (service, "published");
    size_t i;
    json_t *requirement;
    fputs ("<tr><th scope=\"row\">", out);
    html_text (out, page_member (service, "name"));
    fputs ("</th><td data-l=\"Persyaratan\"><ul>", out);
    json_array_foreach (json_object_get (published, "requirements"), i, requirement)
    {
        fputs ("<li>", out);
        html_text (out, page_member (requirement, "name"));
        if (json_is_false (json_object_get (requirement, "mandatory")))
            fputs (" (tidak wajib)", out);
        fputs ("</li>", out);
    }
    fputs ("</ul></td><td data-l=\"Waktu\">", out);
    page_duration (out, published);
    fputs ("</td><td data-l=\"Biaya\">", out);
    html_text (out, page_member (published, "cost"));
    fputs ("</td></tr>\n", out);
}

static void write_table (FILE *out, const json_t *services)
{
    size_t i;
    json_t *service;
    fputs ("<table><thead><tr><th scope=\"col\" class=\"t1\">Layanan</th><th scope=\"col\">Persyaratan</th>"
           "<th scope=\"col\" class=\"t3\">Waktu</th><th scope=\"col\" class=\"t4\">Biaya</th></tr></thead><tbody>\n",
           out);
    json_array_foreach (services, i, service)
    {
        write_service_row (out, service);
    }
    fputs ("</tbody></table>\n<p>Waktu dihitung sejak berkas lengkap.</p>\n", out);
}

static const json_t *procedure_of (const json_t *services, size_t i)
{
    return json_object_get (json_object_get (json_array_get (services, i), "published"), "procedure");
}

static bool is_told_before (const json_t *services, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (json_equal (procedure_of (services, j), procedure_of (services, i)))
            return true;
    return false;
}

/* "Alur pelayanan: ..." with the names of all services from `first` on that take its course. */
static void write_flow (FILE *out, const json_t *services, size_t first)
{
    const char *between = "<h2>Alur pelayanan: ";
    for (size_t i = first; i < json_array_size (services); i++) {
        if (!json_equal (procedure_of (services, i), procedure_of (services, first)))
            continue;
        fputs (between, out);
        html_island (out, page_member (json_array_get (services, i), "name"));
        between = ", ";
    }
    fputs ("</h2>\n", out);
    page_flow (out, procedure_of (services, first));
}

/* Services that take the same course are told together; each course is a printed page of its own. */
static void write_flows (FILE *out, const json_t *kecamatan, const json_t *services)
{
    for (size_t i = 0; i < json_array_size (services); i++) {
        if (is_told_before (services, i))
            continue;
        fputs ("<section class=\"next\">\n", out);
        write_letterhead (out, kecamatan);
        write_flow (out, services, i);
        fputs ("</section>\n", out);
    }
}

void page_board (FILE *out, const json_t *said, const char *public_url)
{
    const json_t *kecamatan = json_object_get (said, "kecamatan"), *services = json_object_get (said, "services");
    write_hint (out, kecamatan, NULL);
    write_letterhead (out, kecamatan);
    fputs ("<h1>PAPAN INFORMASI PELAYANAN</h1>\n", out);
    write_table (out, services);
    page_maklumat (out, kecamatan);
    write_end (out, kecamatan, page_member (kecamatan, "complaint_channel"), public_url, NULL);
    write_flows (out, kecamatan, services);
}

/* ---- one service ------------------------------------------------------------------------------------------------- */

void page_service_board (FILE *out, const json_t *said, const char *public_url)
{
    const json_t *kecamatan = json_object_get (said, "kecamatan"), *published = json_object_get (said, "published");
    const char *code = page_member (said, "code");
    write_hint (out, kecamatan, code);
    write_letterhead (out, kecamatan);
    fputs ("<h1>", out);
    write_upper (out, page_member (said, "name"));
    fputs ("</h1>\n<dl class=\"three\">\n<div><dt>Waktu, sejak berkas lengkap</dt><dd>", out);
    page_duration (out, published);
    fputs ("</dd></div>\n<div>", out);
    html_row (out, "Biaya", page_member (published, "cost"));
    fputs ("</div>\n<div>", out);
    html_row (out, "Hasil", page_member (published, "product"));
    fputs ("</div></dl>\n<h2>Persyaratan</h2>\n", out);
    page_requirements (out, published);
    fputs ("<h2>Alur pelayanan</h2>\n", out);
    page_flow (out, json_object_get (published, "procedure"));
    write_end (out, kecamatan, page_member (published, "complaint_channel"), public_url, code);
}
