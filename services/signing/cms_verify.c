/* Judges the CMS of a signature: see cms_verify.h. */
#include "cms_verify.h"
#include "common/auto.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/pkcs7.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct _cms_t {
    PKCS7 *cms;
    PKCS7_SIGNER_INFO *info;
    const EVP_MD *hash;
    X509 *signer;
};

void cms_destroy (cms_t **self)
{
    if (!*self)
        return;
    PKCS7_free ((*self)->cms);
    free (*self);
    *self = NULL;
}

X509 *cms_signer (const cms_t *self)
{
    return self->signer;
}

STACK_OF (X509) * cms_certificates (const cms_t *self)
{
    return self->cms->d.sign->cert;
}

/* Decodes, and encodes again: DER has one encoding only, so BER variants of the same content show. */
static bool decode (cms_t *self, const unsigned char *der, size_t size)
{
    const unsigned char *at = der;
    self->cms = d2i_PKCS7 (NULL, &at, (long)size);
    if (!self->cms || at != der + size)
        return false;
    unsigned char *again = NULL;
    int length = i2d_PKCS7 (self->cms, &again);
    bool is_same = length > 0 && (size_t)length == size && !memcmp (again, der, size);
    OPENSSL_free (again);
    return is_same;
}

static int algorithm_nid (const X509_ALGOR *algorithm, int *ret_parameter)
{
    const ASN1_OBJECT *object;
    X509_ALGOR_get0 (&object, ret_parameter, NULL, algorithm);
    return OBJ_obj2nid (object);
}

/* Version 1, one digest algorithm, detached data, one signer without unsigned attributes, no CRLs. */
static bool is_form_known (const PKCS7 *cms)
{
    if (OBJ_obj2nid (cms->type) != NID_pkcs7_signed || !cms->d.sign)
        return false;
    const PKCS7_SIGNED *data = cms->d.sign;
    if (ASN1_INTEGER_get (data->version) != 1 || sk_X509_ALGOR_num (data->md_algs) != 1 || !data->contents ||
        OBJ_obj2nid (data->contents->type) != NID_pkcs7_data || data->contents->d.data || !data->cert || data->crl ||
        sk_PKCS7_SIGNER_INFO_num (data->signer_info) != 1)
        return false;
    const PKCS7_SIGNER_INFO *info = sk_PKCS7_SIGNER_INFO_value (data->signer_info, 0);
    return ASN1_INTEGER_get (info->version) == 1 && info->auth_attr && !info->unauth_attr &&
           !X509_ALGOR_cmp (info->digest_alg, sk_X509_ALGOR_value (data->md_algs, 0));
}

static enum pdf_verdict read_digest_algorithm (cms_t *self)
{
    int parameter, nid = algorithm_nid (self->info->digest_alg, &parameter);
    if (parameter != V_ASN1_NULL && parameter != V_ASN1_UNDEF)
        return PDF_SIGNATURE_INVALID;
    if (nid != NID_sha256 && nid != NID_sha384 && nid != NID_sha512)
        return EVP_get_digestbynid (nid) ? PDF_WEAK_ALGORITHM : PDF_SIGNATURE_INVALID;
    self->hash = EVP_get_digestbynid (nid);
    return PDF_VALID;
}

/* OpenSSL finds the certificate by a name in which case and blanks do not matter; here every bit does. */
static bool is_signer_named_exactly (const cms_t *self)
{
    unsigned char *named = NULL, *actual = NULL;
    int named_size = i2d_X509_NAME (self->info->issuer_and_serial->issuer, &named);
    int actual_size = i2d_X509_NAME (X509_get_issuer_name (self->signer), &actual);
    bool is_exact = named_size > 0 && named_size == actual_size && !memcmp (named, actual, (size_t)named_size);
    OPENSSL_free (named);
    OPENSSL_free (actual);
    return is_exact;
}

/* OpenSSL takes the algorithm from the key and ignores what is written: it must still say the truth. */
static bool is_signature_algorithm_true (const cms_t *self, const EVP_PKEY *key)
{
    int parameter, nid = algorithm_nid (self->info->digest_enc_alg, &parameter), expected;
    int key_nid = EVP_PKEY_get_base_id (key);
    if (!OBJ_find_sigid_by_algs (&expected, EVP_MD_get_type (self->hash), key_nid))
        return false;
    if (key_nid == EVP_PKEY_EC)
        return nid == expected && parameter == V_ASN1_UNDEF;
    return key_nid == EVP_PKEY_RSA && (nid == expected || nid == NID_rsaEncryption) &&
           (parameter == V_ASN1_NULL || parameter == V_ASN1_UNDEF);
}

static bool hash_content (const cms_t *self, const struct cms_content *content, unsigned char *digest,
                          unsigned int *ret_size)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new ();
    bool is_hashed = context && EVP_DigestInit_ex (context, self->hash, NULL) &&
                     EVP_DigestUpdate (context, content->first, content->first_size) &&
                     EVP_DigestUpdate (context, content->second, content->second_size) &&
                     EVP_DigestFinal_ex (context, digest, ret_size);
    EVP_MD_CTX_free (context);
    return is_hashed;
}

/* RFC 5035: the signed attribute must name this very certificate. */
static bool is_certificate_bound (const cms_t *self)
{
    const ASN1_TYPE *attribute = PKCS7_get_signed_attribute (self->info, NID_id_smime_aa_signingCertificateV2);
    if (!attribute || attribute->type != V_ASN1_SEQUENCE)
        return false;
    const unsigned char *at = attribute->value.sequence->data;
    ESS_SIGNING_CERT_V2 *binding = d2i_ESS_SIGNING_CERT_V2 (NULL, &at, attribute->value.sequence->length);
    STACK_OF (X509) *only = sk_X509_new_null ();
    bool is_bound = binding && only && sk_X509_push (only, self->signer) &&
                    OSSL_ESS_check_signing_certs (NULL, binding, only, 1) == 1;
    sk_X509_free (only);
    ESS_SIGNING_CERT_V2_free (binding);
    return is_bound;
}

static enum pdf_verdict check_attributes (const cms_t *self, const struct cms_content *content)
{
    const ASN1_TYPE *type = PKCS7_get_signed_attribute (self->info, NID_pkcs9_contentType);
    if (!type || type->type != V_ASN1_OBJECT || OBJ_obj2nid (type->value.object) != NID_pkcs7_data)
        return PDF_SIGNATURE_INVALID;
    if (PKCS7_get_signed_attribute (self->info, NID_pkcs9_signingTime))
        return PDF_FORM_UNKNOWN;
    const ASN1_TYPE *stated = PKCS7_get_signed_attribute (self->info, NID_pkcs9_messageDigest);
    if (!stated || stated->type != V_ASN1_OCTET_STRING)
        return PDF_SIGNATURE_INVALID;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = sizeof digest;
    if (!hash_content (self, content, digest, &size))
        return PDF_SIGNATURE_INVALID;
    const ASN1_OCTET_STRING *octets = stated->value.octet_string;
    if ((unsigned int)ASN1_STRING_length (octets) != size || memcmp (ASN1_STRING_get0_data (octets), digest, size))
        return PDF_DIGEST_MISMATCH;
    return is_certificate_bound (self) ? PDF_VALID : PDF_SIGNATURE_INVALID;
}

/* RFC 5652, 5.4: what is signed is the DER encoding of the attributes as a SET OF. */
static bool is_signature_right (const cms_t *self, EVP_PKEY *key)
{
    unsigned char *attributes = NULL;
    int size = ASN1_item_i2d ((ASN1_VALUE *)self->info->auth_attr, &attributes, ASN1_ITEM_rptr (PKCS7_ATTR_VERIFY));
    EVP_MD_CTX *context = EVP_MD_CTX_new ();
    const ASN1_OCTET_STRING *signature = self->info->enc_digest;
    bool is_right = size > 0 && context && EVP_DigestVerifyInit (context, NULL, self->hash, NULL, key) == 1 &&
                    EVP_DigestVerify (context, ASN1_STRING_get0_data (signature),
                                      (size_t)ASN1_STRING_length (signature), attributes, (size_t)size) == 1;
    EVP_MD_CTX_free (context);
    OPENSSL_free (attributes);
    return is_right;
}

static enum pdf_verdict judge (cms_t *self, const unsigned char *der, size_t size, const struct cms_content *content)
{
    if (!decode (self, der, size))
        return PDF_SIGNATURE_INVALID;
    if (!is_form_known (self->cms))
        return PDF_FORM_UNKNOWN;
    self->info = sk_PKCS7_SIGNER_INFO_value (self->cms->d.sign->signer_info, 0);
    enum pdf_verdict verdict = read_digest_algorithm (self);
    if (verdict != PDF_VALID)
        return verdict;
    self->signer = X509_find_by_issuer_and_serial (self->cms->d.sign->cert, self->info->issuer_and_serial->issuer,
                                                   self->info->issuer_and_serial->serial);
    EVP_PKEY *key = self->signer ? X509_get0_pubkey (self->signer) : NULL;
    if (!key || !is_signer_named_exactly (self) || !is_signature_algorithm_true (self, key))
        return PDF_SIGNATURE_INVALID;
    verdict = check_attributes (self, content);
    if (verdict != PDF_VALID)
        return verdict;
    return is_signature_right (self, key) ? PDF_VALID : PDF_SIGNATURE_INVALID;
}

int cms_verify (cms_t **ret, const unsigned char *der, size_t size, const struct cms_content *content)
{
    if (!size || size > CMS_VERIFY_MAX_BYTES)
        return PDF_SIGNATURE_INVALID;
    AUTO (cms) self = calloc (1, sizeof *self);
    if (!self)
        return -ENOMEM;
    enum pdf_verdict verdict = judge (self, der, size, content);
    ERR_clear_error ();
    if (verdict == PDF_VALID) {
        *ret = self;
        self = NULL;
    }
    return (int)verdict;
}
