/* Verifies a signed PDF, for bytes that come from strangers: does it hold exactly one signature as pades_sign () makes
 * it, over every byte of the file, by a certificate that leads to a trusted root?
 *
 * Readers such as pdfsig call a signature valid although an appended revision shows another text; this one refuses
 * whatever stands outside of what was signed: other revisions, other bytes, a filled padding, a hole that is not just
 * /Contents. It is stricter than the standards on purpose (PDF_FORM_UNKNOWN): it proves documents of this system, not
 * of the world.
 *
 * The caller compares result.sha256 with the record of what was issued: the simplest and strongest proof.
 * Pure but for OpenSSL's allocations: no files, no clock, no network, no recursion, one pass per question. */
#pragma once

#include "certificate.h"
#include "pdf_trust.h"

#include <stdbool.h>
#include <stddef.h>

#define PDF_VERIFY_MAX_BYTES  (32u << 20)
#define PDF_VERIFY_SHA256_HEX 65u

struct pdf_verify_result {
    char sha256[PDF_VERIFY_SHA256_HEX]; /* of the whole file, lower-case hex; always there, but for PDF_TOO_LARGE */
    struct certificate_identity signer; /* from the CMS on; believe it only with PDF_VALID or PDF_CERTIFICATE_REVOKED */
    int64_t signing_time;               /* /M: the signer's own statement, unix seconds; 0 when it was not reached */
    int64_t revoked_at;                 /* with PDF_CERTIFICATE_REVOKED, else 0 */
};

/* Verifies bytes at the time now (unix seconds; for the age of the CRLs; certificates are judged at the signing time).
 * Answers an enum pdf_verdict and fills *ret_result as far as it came; -ENOMEM.
 *
 * PDF_CERTIFICATE_REVOKED says that all else holds.  Without a timestamp the file cannot prove that it is older than
 * revoked_at; a caller whose own record holds this sha256 with a time before revoked_at can. */
int pdf_verify (const pdf_trust_t *trust, int64_t now, const unsigned char *bytes, size_t size,
                struct pdf_verify_result *ret_result);

/* The questions before any cryptography: does a reader find one signature, and does it cover every byte but its own
 * /Contents?  pades_sign () asks it of what it has laid out, before the key is used. */
bool pdf_verify_is_whole (const unsigned char *bytes, size_t size);
