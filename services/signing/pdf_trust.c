/* Roots, chains and revocation lists: see pdf_trust.h. */
#include "pdf_trust.h"
#include "certificate.h"
#include "common/auto.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

/* OpenSSL's scale: 2 = 112 bits; refuses SHA-1 and RSA under 2 048 bits in the chain. */
#define MIN_SECURITY_LEVEL 2

struct _pdf_trust_t {
    X509_STORE *roots;
    STACK_OF (X509_CRL) * crls;
};

void pdf_trust_destroy (pdf_trust_t **self)
{
    if (!*self)
        return;
    X509_STORE_free ((*self)->roots);
    sk_X509_CRL_pop_free ((*self)->crls, X509_CRL_free);
    free (*self);
    *self = NULL;
}

/* Did reading stop because nothing more begins, rather than in the middle of something broken? */
static bool is_pem_end (void)
{
    unsigned long error = ERR_peek_last_error ();
    bool is_end = ERR_GET_LIB (error) == ERR_LIB_PEM && ERR_GET_REASON (error) == PEM_R_NO_START_LINE;
    ERR_clear_error ();
    return is_end;
}

static int read_roots (X509_STORE *roots, FILE *file)
{
    int count = 0;
    X509 *certificate;
    while ((certificate = PEM_read_X509 (file, NULL, NULL, NULL))) {
        int is_added = X509_STORE_add_cert (roots, certificate);
        X509_free (certificate);
        if (!is_added)
            return -ENOMEM;
        count++;
    }
    return is_pem_end () && count ? 0 : -EBADMSG;
}

static int read_crls (STACK_OF (X509_CRL) * crls, FILE *file)
{
    X509_CRL *crl;
    while ((crl = PEM_read_X509_CRL (file, NULL, NULL, NULL)))
        if (!sk_X509_CRL_push (crls, crl)) {
            X509_CRL_free (crl);
            return -ENOMEM;
        }
    return is_pem_end () && sk_X509_CRL_num (crls) ? 0 : -EBADMSG;
}

static int read_both (pdf_trust_t *self, const char *roots_path, const char *crls_path)
{
    FILE *file = fopen (roots_path, "re");
    if (!file)
        return -errno;
    int rc = read_roots (self->roots, file);
    fclose (file);
    if (rc < 0)
        return rc;
    file = fopen (crls_path, "re");
    if (!file)
        return -errno;
    rc = read_crls (self->crls, file);
    fclose (file);
    return rc;
}

int pdf_trust_new (pdf_trust_t **ret, const char *roots_path, const char *crls_path)
{
    AUTO (pdf_trust) self = calloc (1, sizeof *self);
    if (!self)
        return -ENOMEM;
    self->roots = X509_STORE_new ();
    self->crls = sk_X509_CRL_new_null ();
    if (!self->roots || !self->crls)
        return -ENOMEM;
    int rc = read_both (self, roots_path, crls_path);
    if (rc < 0)
        return rc;
    *ret = self;
    self = NULL;
    return 0;
}

static enum pdf_verdict judge_chain_error (int error)
{
    switch (error) {
    case X509_V_OK:
        return PDF_VALID;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return PDF_CERTIFICATE_EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return PDF_CERTIFICATE_NOT_YET_VALID;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK:
        return PDF_WEAK_ALGORITHM;
    default: /* OpenSSL's list is open: whatever it is, there is no chain */
        return PDF_CERTIFICATE_UNTRUSTED;
    }
}

/* Certificates that the chain does not need are unsigned luggage: anybody may have put them there. */
static bool is_all_in_chain (STACK_OF (X509) * certificates, STACK_OF (X509) * chain)
{
    for (int i = 0; i < sk_X509_num (certificates); i++) {
        bool is_found = false;
        for (int j = 0; j < sk_X509_num (chain) && !is_found; j++)
            is_found = !X509_cmp (sk_X509_value (certificates, i), sk_X509_value (chain, j));
        if (!is_found)
            return false;
    }
    return true;
}

/* An authentic list of the issuer that is current at the time now; NULL when there is none. */
static X509_CRL *find_crl (const pdf_trust_t *self, X509 *issuer, int64_t now)
{
    for (int i = 0; i < sk_X509_CRL_num (self->crls); i++) {
        X509_CRL *crl = sk_X509_CRL_value (self->crls, i);
        int64_t from, until;
        if (!X509_NAME_cmp (X509_CRL_get_issuer (crl), X509_get_subject_name (issuer)) &&
            certificate_time (X509_CRL_get0_lastUpdate (crl), &from) && from <= now &&
            certificate_time (X509_CRL_get0_nextUpdate (crl), &until) && now <= until &&
            X509_CRL_verify (crl, X509_get0_pubkey (issuer)) == 1)
            return crl;
    }
    return NULL;
}

/* Every certificate below the root, against its issuer's list. */
static enum pdf_verdict judge_revocation (const pdf_trust_t *self, STACK_OF (X509) * chain, int64_t now,
                                          int64_t *ret_revoked_at)
{
    for (int i = 0; i + 1 < sk_X509_num (chain); i++) {
        X509_CRL *crl = find_crl (self, sk_X509_value (chain, i + 1), now);
        if (!crl)
            return PDF_REVOCATION_UNKNOWN;
        X509_REVOKED *entry = NULL;
        if (!X509_CRL_get0_by_cert (crl, &entry, sk_X509_value (chain, i)))
            continue;
        int64_t at;
        if (!certificate_time (X509_REVOKED_get0_revocationDate (entry), &at))
            return PDF_REVOCATION_UNKNOWN;
        if (!*ret_revoked_at || at < *ret_revoked_at)
            *ret_revoked_at = at;
    }
    return *ret_revoked_at ? PDF_CERTIFICATE_REVOKED : PDF_VALID;
}

static enum pdf_verdict judge_chain (const pdf_trust_t *self, X509_STORE_CTX *context, X509 *certificate,
                                     STACK_OF (X509) * certificates, int64_t now, int64_t *ret_revoked_at)
{
    if (X509_verify_cert (context) != 1) {
        enum pdf_verdict verdict = judge_chain_error (X509_STORE_CTX_get_error (context));
        return verdict == PDF_VALID ? PDF_CERTIFICATE_UNTRUSTED : verdict;
    }
    STACK_OF (X509) *chain = X509_STORE_CTX_get0_chain (context);
    if (!certificate_may_sign (certificate) || !is_all_in_chain (certificates, chain))
        return PDF_CERTIFICATE_UNTRUSTED;
    if (!certificate_is_key_strong (X509_get0_pubkey (certificate)))
        return PDF_WEAK_ALGORITHM;
    return judge_revocation (self, chain, now, ret_revoked_at);
}

int pdf_trust_check (const pdf_trust_t *self, X509 *certificate, STACK_OF (X509) * certificates, int64_t at,
                     int64_t now, int64_t *ret_revoked_at)
{
    *ret_revoked_at = 0;
    if (sk_X509_num (certificates) > PDF_TRUST_MAX_CHAIN)
        return PDF_CERTIFICATE_UNTRUSTED;
    X509_STORE_CTX *context = X509_STORE_CTX_new ();
    if (!context || !X509_STORE_CTX_init (context, self->roots, certificate, certificates)) {
        X509_STORE_CTX_free (context);
        return -ENOMEM;
    }
    /* Any purpose: OpenSSL knows TLS and e-mail, not documents; key usage is looked at in judge_chain (). */
    X509_VERIFY_PARAM *rules = X509_STORE_CTX_get0_param (context);
    X509_VERIFY_PARAM_set_purpose (rules, X509_PURPOSE_ANY);
    X509_VERIFY_PARAM_set_flags (rules, X509_V_FLAG_X509_STRICT);
    X509_VERIFY_PARAM_set_auth_level (rules, MIN_SECURITY_LEVEL);
    X509_VERIFY_PARAM_set_depth (rules, PDF_TRUST_MAX_CHAIN);
    X509_VERIFY_PARAM_set_time (rules, (time_t)at);
    enum pdf_verdict verdict = judge_chain (self, context, certificate, certificates, now, ret_revoked_at);
    X509_STORE_CTX_free (context);
    ERR_clear_error ();
    return (int)verdict;
}
