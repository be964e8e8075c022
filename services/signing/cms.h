/* Makes the CMS (RFC 5652) of a PAdES baseline signature: detached SignedData over a SHA-256, with the signed
 * attributes content-type, message-digest and signing-certificate-v2 (RFC 5035).
 *
 * Built with OpenSSL's PKCS7 calls, because its CMS_sign () always adds signingTime, which EN 319 142-1, 6.3 forbids.
 */
#pragma once

#include "pades.h"

#define CMS_DIGEST_SIZE 32u /* SHA-256 */

/* *ret: DER, freed by the caller with OPENSSL_free ().  0, or -ENOMEM, or -EIO when OpenSSL or the key fails. */
int cms_sign (const struct pades_signer *signer, const unsigned char digest[CMS_DIGEST_SIZE], unsigned char **ret,
              size_t *ret_size);
