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

void signer_key_destroy (signer_key_t **self)
{
    if (!*self)
        return;
    EVP_PKEY_free ((*self)->key); /* clears the private number before it gives the memory back */
    X509_free ((*self)->certificate);
    sk_X509_pop_free ((*self)->chain, X509_free);
    OPENSSL_cleanse (*self, sizeof **self);
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

static int unpack (signer_key_t *self, const unsigned char *bytes, size_t size, const char *passphrase)
{
    const unsigned char *at = bytes;
    PKCS12 *store = d2i_PKCS12 (NULL, &at, (long)size);
    if (!store || !PKCS12_mac_present (store)) {
        PKCS12_free (store);
        return SIGNER_KEY_BROKEN_FILE;
    }
    int rc = SIGNER_KEY_OPEN;
    if (!is_passphrase_right (store, passphrase))
        rc = SIGNER_KEY_WRONG_PASSPHRASE;
    else if (!PKCS12_parse (store, passphrase, &self->key, &self->certificate, &self->chain))
        rc = SIGNER_KEY_BROKEN_FILE;
    PKCS12_free (store);
    return rc;
}

/* The root belongs to those who verify; in the signature it only takes room. */
static void drop_roots (STACK_OF (X509) * chain)
{
    for (int i = sk_X509_num (chain) - 1; i >= 0; i--)
        if (X509_get_extension_flags (sk_X509_value (chain, i)) & EXFLAG_SS)
            X509_free (sk_X509_delete (chain, i));
}

static int open_bytes (signer_key_t **ret, const unsigned char *bytes, size_t size, const char *passphrase)
{
    AUTO (signer_key) self = calloc (1, sizeof *self);
    if (!self)
        return -ENOMEM;
    int rc = unpack (self, bytes, size, passphrase);
    ERR_clear_error ();
    if (rc != SIGNER_KEY_OPEN)
        return rc;
    if (!self->key || !self->certificate || X509_check_private_key (self->certificate, self->key) != 1 ||
        !certificate_identify (self->certificate, &self->identity)) {
        ERR_clear_error ();
        return SIGNER_KEY_INCOMPLETE;
    }
    drop_roots (self->chain);
    *ret = self;
    self = NULL;
    return SIGNER_KEY_OPEN;
}

int signer_key_open (signer_key_t **ret, const char *path, const char *passphrase)
{
    unsigned char bytes[SIGNER_KEY_MAX_FILE_BYTES + 1];
    size_t size = 0;
    int rc = read_file (path, bytes, sizeof bytes, &size);
    if (rc == SIGNER_KEY_OPEN)
        rc = open_bytes (ret, bytes, size, passphrase);
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
