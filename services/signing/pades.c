/* PAdES baseline B-B: see pades.h.  The order matters: lay out the revision, fill /ByteRange, hash, sign, fill
 * /Contents. */
#include "pades.h"
#include "certificate.h"
#include "cms.h"
#include "common/auto.h"
#include "common/local_time.h"
#include "pdf_append.h"
#include "pdf_verify.h"

#include <errno.h>
#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* "[0 a b c]" with room for ten digits each; the rest stays blank. */
#define BYTE_RANGE_WIDTH 40

/* Where the two gaps of the signature dictionary lie in the file. */
struct layout {
    size_t byte_range;
    size_t hole, hole_end; /* /Contents with its angle brackets */
};

const char *pades_verdict_code (enum pades_verdict verdict)
{
    switch (verdict) {
    case PADES_SIGNED:
        return "signed";
    case PADES_NOT_PDF:
        return "not_pdf";
    case PADES_TOO_LARGE:
        return "too_large";
    case PADES_ENCRYPTED:
        return "encrypted";
    case PADES_XREF_STREAM:
        return "xref_stream";
    case PADES_HAS_FORM:
        return "has_form";
    case PADES_ALREADY_SIGNED:
        return "already_signed";
    case PADES_TEXT_REFUSED:
        return "text_refused";
    case PADES_SIGNER_NOT_YET_VALID:
        return "signer_not_yet_valid";
    case PADES_SIGNER_EXPIRED:
        return "signer_expired";
    case PADES_SIGNER_UNSUITABLE:
        return "signer_unsuitable";
    case PADES_SIGNATURE_TOO_LARGE:
        return "signature_too_large";
    }
    return "unknown";
}

static bool is_text_fine (const char *text)
{
    if (!text)
        return true;
    size_t left = strlen (text);
    if (left > PADES_MAX_TEXT_BYTES)
        return false;
    while (left) {
        unsigned long letter;
        int used = UTF8_getc ((const unsigned char *)text, (int)left, &letter);
        if (used <= 0 || letter < 0x20 || (letter >= 0x7f && letter < 0xa0))
            return false;
        text += used;
        left -= (size_t)used;
    }
    return true;
}

static enum pades_verdict check_signer (const struct pades_signer *signer, int64_t at,
                                        struct certificate_identity *ret_identity)
{
    if (!certificate_identify (signer->certificate, ret_identity) || !certificate_may_sign (signer->certificate) ||
        !certificate_is_key_strong (signer->key) || X509_check_private_key (signer->certificate, signer->key) != 1) {
        ERR_clear_error ();
        return PADES_SIGNER_UNSUITABLE;
    }
    if (at < ret_identity->not_before)
        return PADES_SIGNER_NOT_YET_VALID;
    if (at > ret_identity->not_after)
        return PADES_SIGNER_EXPIRED;
    return PADES_SIGNED;
}

static void write_text (pdf_append_t *append, FILE *out, const char *key, const char *utf8)
{
    if (!utf8)
        return;
    fprintf (out, "\n%s ", key);
    pdf_append_text (append, utf8);
}

/* ISO 32000-1, 7.9.4. */
static void write_time (FILE *out, int64_t seconds)
{
    time_t local = (time_t)(seconds + LOCAL_TIME_OFFSET_MINUTES * 60);
    struct tm tm;
    char text[32] = "";
    if (gmtime_r (&local, &tm))
        strftime (text, sizeof text, "%Y%m%d%H%M%S", &tm);
    fprintf (out, "\n/M (D:%s+%02d'%02d')", text, LOCAL_TIME_OFFSET_MINUTES / 60, LOCAL_TIME_OFFSET_MINUTES % 60);
}

/* The signature dictionary (ISO 32000-1, table 252) with blanks for /ByteRange and zeros for /Contents. */
static void write_signature (pdf_append_t *append, int id, const struct pades_request *request, struct layout *layout)
{
    FILE *out = pdf_append_object (append, id);
    fputs ("<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached", out);
    write_text (append, out, "/Name", request->name);
    write_text (append, out, "/Reason", request->reason);
    write_text (append, out, "/Location", request->location);
    write_time (out, request->time);
    fputs ("\n/Reference [ << /Type /SigRef /TransformMethod /DocMDP"
           " /TransformParams << /Type /TransformParams /P 2 /V /1.2 >> >> ]\n/ByteRange ",
           out);
    layout->byte_range = (size_t)pdf_append_offset (append);
    fprintf (out, "%*s\n/Contents ", BYTE_RANGE_WIDTH, "");
    layout->hole = (size_t)pdf_append_offset (append);
    fprintf (out, "<%0*d>", (int)PADES_CONTENTS_RESERVE * 2, 0);
    layout->hole_end = (size_t)pdf_append_offset (append);
    fputs (" >>", out);
    pdf_append_end (append);
}

/* The field and its widget in one (ISO 32000-1, 12.7.4.5); invisible: no area; flags Print and Locked, as PDF/A wants.
 */
static void write_widget (pdf_append_t *append, int id, int signature_id)
{
    fprintf (
        pdf_append_object (append, id),
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /F 132 /Rect [ 0 0 0 0 ] /P %d 0 R /V %d 0 R >>",
        pdf_append_page_id (append), signature_id);
    pdf_append_end (append);
}

static int lay_out (pdf_append_t *append, const struct pades_request *request, struct layout *layout,
                    unsigned char **ret, size_t *ret_size)
{
    int signature_id = pdf_append_new_id (append), widget_id = pdf_append_new_id (append);
    char entries[128];
    snprintf (entries, sizeof entries, "/AcroForm << /Fields [ %d 0 R ] /SigFlags 3 >> /Perms << /DocMDP %d 0 R >>",
              widget_id, signature_id);
    write_signature (append, signature_id, request, layout);
    write_widget (append, widget_id, signature_id);
    pdf_append_catalog (append, entries);
    pdf_append_page (append, widget_id);
    return pdf_append_finish (append, ret, ret_size);
}

static void fill_byte_range (unsigned char *pdf, size_t size, const struct layout *layout)
{
    char text[BYTE_RANGE_WIDTH + 1];
    int length =
        snprintf (text, sizeof text, "[ 0 %zu %zu %zu ]", layout->hole, layout->hole_end, size - layout->hole_end);
    memcpy (pdf + layout->byte_range, text, (size_t)length);
}

static int sign_hole (const struct pades_signer *signer, unsigned char *pdf, size_t size, const struct layout *layout)
{
    unsigned char digest[CMS_DIGEST_SIZE], *der = NULL;
    size_t der_size = 0;
    unsigned int digest_size = sizeof digest;
    EVP_MD_CTX *hash = EVP_MD_CTX_new ();
    int is_hashed = hash && EVP_DigestInit_ex (hash, EVP_sha256 (), NULL) &&
                    EVP_DigestUpdate (hash, pdf, layout->hole) &&
                    EVP_DigestUpdate (hash, pdf + layout->hole_end, size - layout->hole_end) &&
                    EVP_DigestFinal_ex (hash, digest, &digest_size);
    EVP_MD_CTX_free (hash);
    int rc = is_hashed ? cms_sign (signer, digest, &der, &der_size) : -ENOMEM;
    if (rc < 0)
        return rc;
    if (der_size <= PADES_CONTENTS_RESERVE) {
        static const char digits[] = "0123456789abcdef";
        unsigned char *hex = pdf + layout->hole + 1;
        for (size_t i = 0; i < der_size; i++) {
            *hex++ = (unsigned char)digits[der[i] >> 4];
            *hex++ = (unsigned char)digits[der[i] & 15];
        }
        rc = PADES_SIGNED;
    } else {
        rc = PADES_SIGNATURE_TOO_LARGE;
    }
    OPENSSL_free (der);
    return rc;
}

int pades_sign (const struct pades_signer *signer, const struct pades_request *request, const unsigned char *pdf,
                size_t size, unsigned char **ret, size_t *ret_size)
{
    struct certificate_identity identity;
    enum pades_verdict verdict = check_signer (signer, request->time, &identity);
    if (verdict != PADES_SIGNED)
        return (int)verdict;
    struct pades_request complete = *request;
    if (!complete.name)
        complete.name = identity.common_name;
    if (!is_text_fine (complete.name) || !is_text_fine (complete.reason) || !is_text_fine (complete.location))
        return PADES_TEXT_REFUSED;

    AUTO (pdf_append) append = NULL;
    int rc = pdf_append_new (&append, pdf, size);
    if (rc != PADES_SIGNED)
        return rc;
    struct layout layout;
    AUTO_FREE unsigned char *signed_pdf = NULL;
    size_t signed_size;
    rc = lay_out (append, &complete, &layout, &signed_pdf, &signed_size);
    if (rc < 0)
        return rc;
    fill_byte_range (signed_pdf, signed_size, &layout);
    if (!pdf_verify_is_whole (signed_pdf, signed_size)) /* libqpdf reads more than our verifier, which is strict */
        return PADES_NOT_PDF;
    rc = sign_hole (signer, signed_pdf, signed_size, &layout);
    if (rc != PADES_SIGNED)
        return rc;
    *ret = signed_pdf;
    *ret_size = signed_size;
    signed_pdf = NULL;
    return PADES_SIGNED;
}
