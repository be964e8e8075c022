/* Whom the verifier believes: root certificates and the revocation lists of the authorities below them.
 *
 * Read once from files, never changed: may be shared by threads.  When the CRL file is renewed, make a new one. */
#pragma once

#include "pdf_verdict.h"

#include <openssl/x509.h>
#include <stdint.h>

#define PDF_TRUST_MAX_CHAIN 4 /* signer, intermediates; without the root */

typedef struct _pdf_trust_t pdf_trust_t;

/* Both files are PEM and may hold several certificates or CRLs.  0; -EBADMSG when a file holds none or something
 * broken; another negative errno when it cannot be read. */
int pdf_trust_new (pdf_trust_t **ret, const char *roots_path, const char *crls_path);
void pdf_trust_destroy (pdf_trust_t **self);

/* Does certificate lead to a root at the time at (unix seconds), by way of certificates, which holds itself and the
 * intermediates and nothing else?  Is it for signing, strong enough, and not revoked as far as the CRLs tell at the
 * time now?  Every other answer comes before PDF_CERTIFICATE_REVOKED, which sets *ret_revoked_at (else 0).  -ENOMEM. */
int pdf_trust_check (const pdf_trust_t *self, X509 *certificate, STACK_OF (X509) * certificates, int64_t at,
                     int64_t now, int64_t *ret_revoked_at);
