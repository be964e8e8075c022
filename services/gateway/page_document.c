/* Pages that prove a document: by the token of its QR code, or by the file itself. */
#include "page_parts.h"

#include "common/indonesian.h"

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

static void write_facts (FILE *out, const json_t *document)
{
    const json_t *signer = json_object_get (document, "signer"), *revoked = json_object_get (document, "revoked");
    fputs ("<dl>\n", out);
    html_row_moment (out, "Dicabut", page_member (revoked, "at"));
    html_row (out, "Nomor", page_member (document, "number"));
    html_row_date (out, "Tanggal", page_member (document, "dated"));
    write_service (out, page_member (document, "service"));
    html_row (out, "Penanda tangan", page_member (signer, "name"));
    html_row (out, "Jabatan", page_member (signer, "position"));
    html_row_moment (out, "Ditandatangani", page_member (document, "signed_at"));
    html_row (out, "Sidik berkas (SHA-256)", page_member (document, "sha256"));
    fputs ("</dl>\n", out);
}

void page_document (FILE *out, const json_t *document)
{
    if (page_says (document, "status", "revoked")) {
        html_verdict (out, TONE_BAD, "DICABUT");
        html_paragraph (out, "Dokumen ini pernah diterbitkan, tetapi telah dicabut.");
    } else {
        html_verdict (out, TONE_GOOD, "ASLI");
        html_paragraph (out, "Dokumen ini terdaftar dan tidak dicabut. Cocokkan keterangan di bawah ini dengan kertas "
                             "yang Anda pegang; bila berbeda, kertas itu bukan dokumen ini.");
    }
    write_facts (out, document);
}

void page_file (FILE *out, const json_t *said)
{
    const json_t *document = json_object_get (said, "document");
    if (json_is_true (json_object_get (said, "valid")))
        html_verdict (out, TONE_GOOD, "ASLI");
    else if (page_says (document, "status", "revoked"))
        html_verdict (out, TONE_BAD, "DICABUT");
    else if (page_says (said, "verdict", "valid"))
        html_verdict (out, TONE_BAD, "TIDAK TERDAFTAR");
    else
        html_verdict (out, TONE_BAD, "TIDAK SAH");
    html_paragraph (out, page_member (said, "explanation"));
    if (document)
        write_facts (out, document);
    else {
        fputs ("<dl>\n", out);
        html_row (out, "Sidik berkas (SHA-256)", page_member (said, "sha256"));
        fputs ("</dl>\n", out);
    }
}
