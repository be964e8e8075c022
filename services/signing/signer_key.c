/* A signer's key from a PKCS#12 file: see signer_key.h. */
#include "signer_key.h"
#include "common/auto.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

struct _signer_key_t {
    EVP_PKEY *key;
    X509 *certificate;
    STACK_OF (X509) * chain;
    struct certificate_identity identity;
};

static void release (signer_key_t *self)
{
    EVP_PKEY_free (self->key); /* clears the private number before it gives the memory back */
    X509_free (self->certificate);
    sk_X509_pop_free (self->chain, X509_free);
    OPENSSL_cleanse (self, sizeof *self);
}

void signer_key_destroy (signer_key_t **self)
{
    if (!*self)
        return;
    release (*self);
    free (*self);
    *self = NULL;
}

/* 0, an enum signer_key_verdict, or a negative errno. */
static int read_file (const char *path, unsigned char *bytes, size_t capacity, size_t *ret_size)
{
    FILE *file = fopen (path, "rbe");
    if (!file)
        return -errno;
    setbuf (file, NULL); /* no copy of the key in a buffer that nobody wipes */
    *ret_size = fread (bytes, 1, capacity, file);
    bool has_failed = ferror (file);
    fclose (file);
    if (has_failed)
        return -EIO;
    return *ret_size == capacity ? SIGNER_KEY_BROKEN_FILE : SIGNER_KEY_OPEN;
}

/* An empty passphrase is written in two ways by different programs: as nothing and as an empty string. */
static bool is_passphrase_right (PKCS12 *store, const char *passphrase)
{
    return PKCS12_verify_mac (store, passphrase, -1) == 1 || (!*passphrase && PKCS12_verify_mac (store, NULL, 0) == 1);
}

/* The rounds that the file asks for before anything in it is proven; the bags are opened only after the MAC was right. */
static bool is_quick_enough (const PKCS12 *store)
{
    const ASN1_INTEGER *rounds = NULL;
    PKCS12_get0_mac (NULL, NULL, NULL, &rounds, store);
    long count = rounds ? ASN1_INTEGER_get (rounds) : 1; /* -1: beyond a long */
    return count > 0 && count <= SIGNER_KEY_MAX_ROUNDS;
}

/* The root belongs to those who verify; in the signature it only takes room. */
static void drop_roots (STACK_OF (X509) * chain)
{
    for (int i = sk_X509_num (chain) - 1; i >= 0; i--)
        if (X509_get_extension_flags (sk_X509_value (chain, i)) & EXFLAG_SS)
            X509_free (sk_X509_delete (chain, i));
}

/* ---- in full: three derivations, of the MAC and of the bags of certificates and of the key ------------------------ */

static int open_in_full (signer_key_t *self, PKCS12 *store, const char *passphrase)
{
    if (!is_passphrase_right (store, passphrase))
        return SIGNER_KEY_WRONG_PASSPHRASE;
    if (!PKCS12_parse (store, passphrase, &self->key, &self->certificate, &self->chain))
        return SIGNER_KEY_BROKEN_FILE;
    if (!self->key || !self->certificate || X509_check_private_key (self->certificate, self->key) != 1)
        return SIGNER_KEY_INCOMPLETE;
    drop_roots (self->chain);
    return SIGNER_KEY_OPEN;
}

/* ---- a known file: one derivation --------------------------------------------------------------------------------- */

/* Encrypted as RFC 8018 says; older ways are left to the full way. */
static bool is_key_bag (const PKCS12_SAFEBAG *bag)
{
    if (PKCS12_SAFEBAG_get_nid (bag) != NID_pkcs8ShroudedKeyBag)
        return false;
    const X509_ALGOR *algorithm;
    X509_SIG_get0 (PKCS12_SAFEBAG_get0_pkcs8 (bag), &algorithm, NULL);
    const ASN1_OBJECT *name;
    X509_ALGOR_get0 (&name, NULL, NULL, algorithm);
    return OBJ_obj2nid (name) == NID_pbes2;
}

/* NULL: the passphrase is not the bag's.  Now and then the padding fits by chance: then it is no key, or a strange one.
 */
static EVP_PKEY *bag_key (const PKCS12_SAFEBAG *bag, const char *passphrase)
{
    PKCS8_PRIV_KEY_INFO *info = PKCS12_decrypt_skey (bag, passphrase, -1);
    EVP_PKEY *key = info ? EVP_PKCS82PKEY (info) : NULL;
    PKCS8_PRIV_KEY_INFO_free (info);
    return key;
}

/* The key of a file that holds one safe in the clear and in it one bag, the key's: as openssl writes them. */
static EVP_PKEY *only_key (PKCS12 *store, const char *passphrase)
{
    EVP_PKEY *key = NULL;
    STACK_OF (PKCS7) *safes = PKCS12_unpack_authsafes (store);
    PKCS7 *clear = NULL;
    int clear_count = 0;
    for (int i = 0; i < sk_PKCS7_num (safes); i++)
        if (PKCS7_type_is_data (sk_PKCS7_value (safes, i))) {
            clear = sk_PKCS7_value (safes, i);
            clear_count++;
        }
    STACK_OF (PKCS12_SAFEBAG) *bags = clear_count == 1 ? PKCS12_unpack_p7data (clear) : NULL;
    if (sk_PKCS12_SAFEBAG_num (bags) == 1 && is_key_bag (sk_PKCS12_SAFEBAG_value (bags, 0)))
        key = bag_key (sk_PKCS12_SAFEBAG_value (bags, 0), passphrase);
    sk_PKCS12_SAFEBAG_pop_free (bags, PKCS12_SAFEBAG_free);
    sk_PKCS7_pop_free (safes, PKCS7_free);
    return key;
}

/* The key that belongs to the certificate proves the passphrase.  False: whatever the reason, the full way says it. */
static bool open_known (signer_key_t *self, PKCS12 *store, const char *passphrase, signer_cache_t *cache,
                        const unsigned char *sha256)
{
    if (!*passphrase || !signer_cache_find (cache, sha256, &self->certificate, &self->chain))
        return false;
    self->key = only_key (store, passphrase);
    if (self->key && X509_check_private_key (self->certificate, self->key) == 1)
        return true;
    release (self);
    return false;
}

/* ---- either way --------------------------------------------------------------------------------------------------- */

static int open_store (signer_key_t *self, PKCS12 *store, const char *passphrase, signer_cache_t *cache,
                       const unsigned char *sha256)
{
    bool is_known = cache && open_known (self, store, passphrase, cache, sha256);
    int rc = is_known ? SIGNER_KEY_OPEN : open_in_full (self, store, passphrase);
    if (rc == SIGNER_KEY_OPEN && !certificate_identify (self->certificate, &self->identity))
        rc = SIGNER_KEY_INCOMPLETE;
    if (rc == SIGNER_KEY_OPEN && cache && !is_known)
        signer_cache_put (cache, sha256, self->certificate, self->chain);
    return rc;
}

static int open_bytes (signer_key_t **ret, const unsigned char *bytes, size_t size, const char *passphrase,
                       signer_cache_t *cache)
{
    AUTO (signer_key) self = calloc (1, sizeof *self);
    if (!self)
        return -ENOMEM;
    const unsigned char *at = bytes;
    PKCS12 *store = d2i_PKCS12 (NULL, &at, (long)size);
    int rc = SIGNER_KEY_BROKEN_FILE;
    if (store && PKCS12_mac_present (store) && is_quick_enough (store)) {
        unsigned char sha256[SHA256_DIGEST_LENGTH];
        SHA256 (bytes, size, sha256);
        rc = open_store (self, store, passphrase, cache, sha256);
    }
    PKCS12_free (store);
    ERR_clear_error ();
    if (rc == SIGNER_KEY_OPEN) {
        *ret = self;
        self = NULL;
    }
    return rc;
}

int signer_key_open (signer_key_t **ret, const char *path, const char *passphrase, signer_cache_t *cache)
{
    unsigned char bytes[SIGNER_KEY_MAX_FILE_BYTES + 1];
    size_t size = 0;
    int rc = read_file (path, bytes, sizeof bytes, &size);
    if (rc == SIGNER_KEY_OPEN)
        rc = open_bytes (ret, bytes, size, passphrase, cache);
    OPENSSL_cleanse (bytes, size);
    return rc;
}

const struct certificate_identity *signer_key_identity (const signer_key_t *self)
{
    return &self->identity;
}

enum signer_key_fitness signer_key_check (const signer_key_t *self, int64_t at)
{
    if (!certificate_may_sign (self->certificate))
        return SIGNER_KEY_USAGE_FORBIDS;
    if (!certificate_is_key_strong (self->key))
        return SIGNER_KEY_WEAK;
    if (at < self->identity.not_before)
        return SIGNER_KEY_NOT_YET_VALID;
    return at > self->identity.not_after ? SIGNER_KEY_EXPIRED : SIGNER_KEY_FIT;
}

struct pades_signer signer_key_signer (const signer_key_t *self)
{
    return (struct pades_signer){.key = self->key, .certificate = self->certificate, .chain = self->chain};
}
