/* Signs a PDF: PAdES baseline B-B (ETSI EN 319 142-1) in an incremental update of ISO 32000-1, 12.8.
 *
 * The bytes that the signer saw stay as they are; one revision is appended that holds an invisible signature field and
 * a signature over the whole file.  It certifies the document (DocMDP, P = 2).  One signature per file: pdf_verify.h
 * refuses whatever is added later, so a file that already has one is refused here.
 *
 * Not here: where the key comes from (signer_key.h), who may sign, timestamps (B-T), the network, files. */
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stddef.h>
#include <stdint.h>

/* What libqpdf is asked to parse at most. */
#define PADES_MAX_PDF_BYTES (32u << 20)

/* Room for the CMS in /Contents; a P-256 signature with one intermediate needs about 1 900 bytes. */
#define PADES_CONTENTS_RESERVE 6144u

/* Of /Reason, /Location and /Name, in UTF-8. */
#define PADES_MAX_TEXT_BYTES 255u

enum pades_verdict {
    PADES_SIGNED = 0,
    PADES_NOT_PDF,              /* not a PDF, damaged, without a page, or such that pdf_verify () could not read it */
    PADES_TOO_LARGE,            /* over PADES_MAX_PDF_BYTES */
    PADES_ENCRYPTED,            /* needs a password or is encrypted without one */
    PADES_XREF_STREAM,          /* no classic cross-reference table: pass it through qpdf first */
    PADES_HAS_FORM,             /* fillable: the certification would freeze a form that somebody may still fill in */
    PADES_ALREADY_SIGNED,       /* certified, or holds a signature */
    PADES_TEXT_REFUSED,         /* reason, location or name: too long, not UTF-8, or with control characters */
    PADES_SIGNER_NOT_YET_VALID, /* the certificate begins after request->time */
    PADES_SIGNER_EXPIRED,       /* the certificate ended before request->time */
    PADES_SIGNER_UNSUITABLE,    /* key usage forbids signing, or the key is too weak, or it is not the certificate's */
    PADES_SIGNATURE_TOO_LARGE   /* the certificates do not fit PADES_CONTENTS_RESERVE */
};

/* Borrowed.  The chain holds intermediates, without root; it may be NULL. */
struct pades_signer {
    EVP_PKEY *key;
    X509 *certificate;
    STACK_OF (X509) * chain;
};

struct pades_request {
    int64_t time;         /* of signing, unix seconds; written as /M in local time; CMS carries no signingTime */
    const char *reason;   /* or NULL */
    const char *location; /* or NULL */
    const char *name;     /* or NULL: the common name of the certificate */
};

/* A stable word for logs and registries, e.g. "already_signed". */
const char *pades_verdict_code (enum pades_verdict verdict);

/* Signs pdf.  Answers an enum pades_verdict; with PADES_SIGNED, *ret holds *ret_size bytes that the caller frees with
 * free ().  Negative when the environment fails: -ENOMEM, or -EIO when the key cannot sign. */
int pades_sign (const struct pades_signer *signer, const struct pades_request *request, const unsigned char *pdf,
                size_t size, unsigned char **ret, size_t *ret_size);
