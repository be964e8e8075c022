/* Verifies a signed PDF: see pdf_verify.h.
 * The order: find the signature as a reader would, hold it to the file's bounds, then the CMS, then the chain. */
#include "pdf_verify.h"
#include "cms_verify.h"
#include "common/auto.h"
#include "pdf_file.h"

#include <errno.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WIB_SECONDS (7 * 3600)

/* What the signature dictionary says, and where its /Contents lie. */
struct signature {
    uint64_t byte_range[4];
    struct pdf_span contents;
    int64_t time;
};

const char *pdf_verdict_code (enum pdf_verdict verdict)
{
    switch (verdict) {
    case PDF_VALID:
        return "valid";
    case PDF_NOT_PDF:
        return "not_pdf";
    case PDF_TOO_LARGE:
        return "too_large";
    case PDF_UNSIGNED:
        return "unsigned";
    case PDF_FORM_UNKNOWN:
        return "form_unknown";
    case PDF_BYTE_RANGE_WRONG:
        return "byte_range_wrong";
    case PDF_PADDING_NOT_EMPTY:
        return "padding_not_empty";
    case PDF_CHANGED_AFTER_SIGNING:
        return "changed_after_signing";
    case PDF_DIGEST_MISMATCH:
        return "digest_mismatch";
    case PDF_SIGNATURE_INVALID:
        return "signature_invalid";
    case PDF_WEAK_ALGORITHM:
        return "weak_algorithm";
    case PDF_CERTIFICATE_UNTRUSTED:
        return "certificate_untrusted";
    case PDF_CERTIFICATE_NOT_YET_VALID:
        return "certificate_not_yet_valid";
    case PDF_CERTIFICATE_EXPIRED:
        return "certificate_expired";
    case PDF_REVOCATION_UNKNOWN:
        return "revocation_unknown";
    case PDF_CERTIFICATE_REVOKED:
        return "certificate_revoked";
    }
    return "unknown";
}

static void hash_file (const unsigned char *bytes, size_t size, char ret_hex[PDF_VERIFY_SHA256_HEX])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256 (bytes, size, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        ret_hex[2 * i] = digits[digest[i] >> 4];
        ret_hex[2 * i + 1] = digits[digest[i] & 15];
    }
    ret_hex[2 * sizeof digest] = 0;
}

static bool take_digits (const unsigned char **at, size_t count, int *ret_number)
{
    *ret_number = 0;
    for (; count; count--, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        *ret_number = *ret_number * 10 + (**at - '0');
    }
    return true;
}

/* "(D:YYYYMMDDHHmmSS+07'00')", the way pades_sign () writes it. */
static bool parse_time (struct pdf_span text, int64_t *ret_seconds)
{
    static const char prefix[] = "(D:", suffix[] = "+07'00')";
    struct tm tm = {0}, again;
    if (text.size != strlen (prefix) + 14 + strlen (suffix) || memcmp (text.at, prefix, strlen (prefix)) ||
        memcmp (text.at + text.size - strlen (suffix), suffix, strlen (suffix)))
        return false;
    const unsigned char *at = text.at + strlen (prefix);
    if (!take_digits (&at, 4, &tm.tm_year) || !take_digits (&at, 2, &tm.tm_mon) || !take_digits (&at, 2, &tm.tm_mday) ||
        !take_digits (&at, 2, &tm.tm_hour) || !take_digits (&at, 2, &tm.tm_min) || !take_digits (&at, 2, &tm.tm_sec))
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    struct tm given = tm;
    time_t local = timegm (&tm); /* takes 31 February for 3 March: such a date does not come back */
    if (!gmtime_r (&local, &again) || again.tm_mon != given.tm_mon || again.tm_mday != given.tm_mday ||
        again.tm_hour != given.tm_hour || again.tm_min != given.tm_min || again.tm_sec != given.tm_sec)
        return false;
    *ret_seconds = local - WIB_SECONDS;
    return true;
}

static bool is_same (struct pdf_reference a, struct pdf_reference b)
{
    return a.id && a.id == b.id && a.generation == b.generation;
}

/* The form's only field must be the signature that certifies. */
static bool is_only_field (const struct pdf_file *file, struct pdf_span catalog, struct pdf_reference signature)
{
    struct pdf_span form, fields, element, field, value;
    struct pdf_reference reference;
    return pdf_file_key (file, catalog, "/AcroForm", &form, NULL) &&
           pdf_file_key (file, form, "/Fields", &fields, NULL) && pdf_scan_only_element (fields, &element) &&
           pdf_scan_reference (element, &reference) && pdf_file_object (file, reference, &field) &&
           pdf_scan_key (field, "/V", &value) && pdf_scan_reference (value, &reference) &&
           is_same (reference, signature);
}

static bool has_name (struct pdf_span dictionary, const char *key, const char *name)
{
    struct pdf_span value;
    return pdf_scan_key (dictionary, key, &value) && pdf_span_equals (value, name);
}

/* Everything inside of the dictionary is direct: a reference could lead elsewhere after a later revision. */
static bool read_signature (struct pdf_span dictionary, struct signature *signature)
{
    struct pdf_span range, time;
    return has_name (dictionary, "/Type", "/Sig") && has_name (dictionary, "/Filter", "/Adobe.PPKLite") &&
           has_name (dictionary, "/SubFilter", "/ETSI.CAdES.detached") &&
           pdf_scan_key (dictionary, "/ByteRange", &range) && pdf_scan_integers (range, signature->byte_range, 4) &&
           pdf_scan_key (dictionary, "/Contents", &signature->contents) && signature->contents.size > 2 &&
           signature->contents.at[0] == '<' && pdf_scan_key (dictionary, "/M", &time) &&
           parse_time (time, &signature->time);
}

/* The signature that a reader finds from the newest revision's catalog. */
static enum pdf_verdict find_signature (const unsigned char *bytes, size_t size, struct signature *signature)
{
    struct pdf_file file;
    struct pdf_span catalog, permissions, dictionary;
    struct pdf_reference reference;
    if (size < 8 || memcmp (bytes, "%PDF-1.", 7))
        return PDF_NOT_PDF;
    if (!memmem (bytes, size, "/ByteRange", strlen ("/ByteRange")))
        return PDF_UNSIGNED;
    if (!pdf_file_open (&file, bytes, size) || !pdf_file_key (&file, file.trailer, "/Root", &catalog, NULL))
        return PDF_NOT_PDF;
    if (!pdf_file_key (&file, catalog, "/Perms", &permissions, NULL) ||
        !pdf_file_key (&file, permissions, "/DocMDP", &dictionary, &reference) ||
        !read_signature (dictionary, signature))
        return PDF_FORM_UNKNOWN;
    /* Another field is another signature: say what happened rather than what the form lacks. */
    bool is_whole = signature->byte_range[2] + signature->byte_range[3] == size;
    return is_whole && !is_only_field (&file, catalog, reference) ? PDF_FORM_UNKNOWN : PDF_VALID;
}

/* [0, hole) and [hole end, file end), where the hole is /Contents with its brackets and nothing else. */
static enum pdf_verdict check_byte_range (const unsigned char *bytes, size_t size, const struct signature *signature)
{
    const uint64_t *range = signature->byte_range;
    uint64_t hole = (uint64_t)(signature->contents.at - bytes);
    if (range[0] != 0 || range[1] != hole || range[2] != hole + signature->contents.size)
        return PDF_BYTE_RANGE_WRONG;
    if (range[2] + range[3] < size)
        return PDF_CHANGED_AFTER_SIGNING;
    return range[2] + range[3] == size ? PDF_VALID : PDF_BYTE_RANGE_WRONG;
}

static int hex_value (unsigned char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1; /* one spelling only: a changed letter must show */
}

static bool decode_hex (const unsigned char *hex, size_t count, unsigned char *bytes)
{
    for (size_t i = 0; i < count; i++) {
        int high = hex_value (hex[2 * i]), low = hex_value (hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

/* The length of the DER SEQUENCE at the front of hex, with its header; 0 when there is none.  Two length bytes are the
 * usual: a CMS has 256 bytes to 64 kB. */
static size_t der_size (const unsigned char *hex, size_t hex_size)
{
    unsigned char header[4];
    if (hex_size < 2 * sizeof header || !decode_hex (hex, sizeof header, header) || header[0] != 0x30 ||
        header[1] != 0x82)
        return 0;
    return sizeof header + ((size_t)header[2] << 8 | header[3]);
}

/* The CMS out of /Contents; *ret is freed by the caller. */
static int decode_contents (struct pdf_span contents, unsigned char **ret, size_t *ret_size)
{
    const unsigned char *hex = contents.at + 1;
    size_t hex_size = contents.size - 2, size = der_size (hex, hex_size);
    if (!size || size > hex_size / 2 || size > CMS_VERIFY_MAX_BYTES)
        return PDF_SIGNATURE_INVALID;
    for (size_t i = 2 * size; i < hex_size; i++)
        if (hex[i] != '0')
            return PDF_PADDING_NOT_EMPTY;
    unsigned char *der = malloc (size);
    if (!der)
        return -ENOMEM;
    if (!decode_hex (hex, size, der)) {
        free (der);
        return PDF_SIGNATURE_INVALID;
    }
    *ret = der;
    *ret_size = size;
    return PDF_VALID;
}

/* CMS and chain; the bounds are known to be right. */
static int judge_signature (const pdf_trust_t *trust, int64_t now, const unsigned char *bytes,
                            const struct signature *signature, struct pdf_verify_result *result)
{
    AUTO_FREE unsigned char *der = NULL;
    size_t size;
    int rc = decode_contents (signature->contents, &der, &size);
    if (rc != PDF_VALID)
        return rc;
    struct cms_content content = {.first = bytes,
                                  .first_size = signature->byte_range[1],
                                  .second = bytes + signature->byte_range[2],
                                  .second_size = signature->byte_range[3]};
    AUTO (cms) cms = NULL;
    rc = cms_verify (&cms, der, size, &content);
    if (rc != PDF_VALID)
        return rc;
    if (!certificate_identify (cms_signer (cms), &result->signer))
        return PDF_FORM_UNKNOWN;
    return pdf_trust_check (trust, cms_signer (cms), cms_certificates (cms), signature->time, now, &result->revoked_at);
}

int pdf_verify (const pdf_trust_t *trust, int64_t now, const unsigned char *bytes, size_t size,
                struct pdf_verify_result *ret_result)
{
    *ret_result = (struct pdf_verify_result){0};
    if (size > PDF_VERIFY_MAX_BYTES)
        return PDF_TOO_LARGE;
    hash_file (bytes, size, ret_result->sha256);
    struct signature signature;
    enum pdf_verdict verdict = find_signature (bytes, size, &signature);
    if (verdict != PDF_VALID)
        return (int)verdict;
    ret_result->signing_time = signature.time;
    verdict = check_byte_range (bytes, size, &signature);
    if (verdict != PDF_VALID)
        return (int)verdict;
    return judge_signature (trust, now, bytes, &signature, ret_result);
}

bool pdf_verify_is_whole (const unsigned char *bytes, size_t size)
{
    struct signature signature;
    return find_signature (bytes, size, &signature) == PDF_VALID &&
           check_byte_range (bytes, size, &signature) == PDF_VALID;
}
