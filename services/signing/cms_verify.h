/* Judges the CMS (RFC 5652) of a PAdES signature: the opposite of cms.h, for bytes that come from strangers.
 *
 * Accepts one form: detached SignedData in DER, one signer, signed attributes content-type, message-digest and
 * signing-certificate-v2, no signingTime, nothing unsigned but the certificates, ECDSA or RSA (PKCS #1 v1.5) with
 * SHA-256, SHA-384 or SHA-512.  Whatever is not covered by the signature is compared with what it must be, bit by bit,
 * so that no bit of the CMS can change unnoticed. */
#pragma once

#include "pdf_verdict.h"

#include <openssl/x509.h>
#include <stddef.h>

#define CMS_VERIFY_MAX_BYTES (64u << 10)

/* The two signed parts of the file, one after the other. */
struct cms_content {
    const unsigned char *first, *second;
    size_t first_size, second_size;
};

/* An opened CMS, whose certificates are untrusted until pdf_trust_check () has seen them. */
typedef struct _cms_t cms_t;

void cms_destroy (cms_t **self);

/* Reads and verifies signature and digest.  An enum pdf_verdict; with PDF_VALID *ret is set.  -ENOMEM. */
int cms_verify (cms_t **ret, const unsigned char *der, size_t size, const struct cms_content *content);

/* The signer's certificate, and all certificates; both borrowed from self. */
X509 *cms_signer (const cms_t *self);
STACK_OF (X509) * cms_certificates (const cms_t *self);
