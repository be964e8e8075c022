/* What is known of the signers' files that were opened before: their certificates, under the SHA-256 of the file.
 *
 * What a PKCS#12 file's MAC proves and what its certificate bag holds, they prove and hold for ever for the same bytes;
 * each of them costs a slow key derivation.  Kept is what everybody may see: no key, no passphrase, nothing derived
 * from one.  Not here: opening a file (signer_key.h), which proves the passphrase anew each time. */
#pragma once

#include <openssl/sha.h>
#include <openssl/x509.h>
#include <stdbool.h>

/* Files; one more and the one that came first is forgotten.  A kabupaten has some 30 signers. */
#define SIGNER_CACHE_MOST 128

typedef struct _signer_cache_t signer_cache_t;

/* NULL when there is no memory.  May be used from several threads. */
signer_cache_t *signer_cache_new (void);
void signer_cache_destroy (signer_cache_t **self);

/* The certificate and the intermediates (or NULL) of a file; references of the caller's own.  False: not known. */
bool signer_cache_find (signer_cache_t *self, const unsigned char sha256[SHA256_DIGEST_LENGTH], X509 **ret_certificate,
                        STACK_OF (X509) * *ret_chain);
/* Keeps references of its own.  Without memory it keeps nothing: the file is opened in full again. */
void signer_cache_put (signer_cache_t *self, const unsigned char sha256[SHA256_DIGEST_LENGTH], X509 *certificate,
                       STACK_OF (X509) * chain);
