/* A signer's private key with its certificate, from a PKCS#12 file (RFC 7292).
 *
 * Opened with the passphrase for each signature, wiped when destroyed.  A file that was opened before (the same bytes:
 * signer_cache.h) has its key bag decrypted alone; that the key belongs to the known certificate proves the passphrase.
 * Not here: where the passphrase comes from, and whose key may sign which document.  The passphrase stays the caller's,
 * who wipes it. */
#pragma once

#include "certificate.h"
#include "pades.h"
#include "signer_cache.h"

/* A key, a certificate and a short chain need 2 to 5 kB. */
#define SIGNER_KEY_MAX_FILE_BYTES (64u << 10)

enum signer_key_verdict {
    SIGNER_KEY_OPEN = 0,
    SIGNER_KEY_WRONG_PASSPHRASE,
    SIGNER_KEY_BROKEN_FILE, /* not PKCS#12, damaged, over SIGNER_KEY_MAX_FILE_BYTES or _ROUNDS */
    SIGNER_KEY_INCOMPLETE   /* no private key, no certificate, or they do not belong together */
};

enum signer_key_fitness {
    SIGNER_KEY_FIT = 0,
    SIGNER_KEY_NOT_YET_VALID,
    SIGNER_KEY_EXPIRED,
    SIGNER_KEY_USAGE_FORBIDS, /* neither digitalSignature nor nonRepudiation */
    SIGNER_KEY_WEAK           /* RSA under 2 048 bits, an odd curve or algorithm */
};

/* Rounds of the MAC's key derivation: two or three seconds.  openssl writes 2,048, others up to a million. */
#define SIGNER_KEY_MAX_ROUNDS 5000000

typedef struct _signer_key_t signer_key_t;

/* Opens the file at path.  An enum signer_key_verdict; negative errno when it cannot be read (-ENOENT, -EACCES,
 * -ENOMEM).  The cache, or NULL, makes it faster and changes no answer. */
int signer_key_open (signer_key_t **ret, const char *path, const char *passphrase, signer_cache_t *cache);
void signer_key_destroy (signer_key_t **self);

/* Who it is: name, serial number and validity of the certificate. */
const struct certificate_identity *signer_key_identity (const signer_key_t *self);

/* May it sign at that time (unix seconds)? */
enum signer_key_fitness signer_key_check (const signer_key_t *self, int64_t at);

/* What pades_sign () takes; valid as long as self. */
struct pades_signer signer_key_signer (const signer_key_t *self);
