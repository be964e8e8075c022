/* The CMS of a signature: see cms.h. */
#include "cms.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/pkcs7.h>
#include <stdbool.h>

/* RFC 5035: binds the certificate into what is signed, so that it cannot be swapped for another one of the same key. */
static bool add_signing_certificate (PKCS7_SIGNER_INFO *info, const X509 *certificate)
{
    ESS_SIGNING_CERT_V2 *binding = OSSL_ESS_signing_cert_v2_new_init (EVP_sha256 (), certificate, NULL, 1);
    unsigned char *der = NULL;
    int length = binding ? i2d_ESS_SIGNING_CERT_V2 (binding, &der) : -1;
    ESS_SIGNING_CERT_V2_free (binding);
    ASN1_STRING *value = length > 0 ? ASN1_STRING_new () : NULL;
    if (!value) {
        OPENSSL_free (der);
        return false;
    }
    ASN1_STRING_set0 (value, der, length);
    if (PKCS7_add_signed_attribute (info, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE, value) > 0)
        return true;
    ASN1_STRING_free (value);
    return false;
}

static bool add_certificates (PKCS7 *cms, const struct pades_signer *signer)
{
    if (PKCS7_add_certificate (cms, signer->certificate) <= 0)
        return false;
    for (int i = 0; i < sk_X509_num (signer->chain); i++)
        if (PKCS7_add_certificate (cms, sk_X509_value (signer->chain, i)) <= 0)
            return false;
    return true;
}

static bool fill (PKCS7 *cms, const struct pades_signer *signer, const unsigned char *digest)
{
    if (PKCS7_set_type (cms, NID_pkcs7_signed) <= 0 || PKCS7_content_new (cms, NID_pkcs7_data) <= 0 ||
        PKCS7_set_detached (cms, 1) <= 0)
        return false;
    PKCS7_SIGNER_INFO *info = PKCS7_add_signature (cms, signer->certificate, signer->key, EVP_sha256 ());
    return info && add_certificates (cms, signer) && PKCS7_add_attrib_content_type (info, NULL) > 0 &&
           PKCS7_add1_attrib_digest (info, digest, (int)CMS_DIGEST_SIZE) > 0 &&
           add_signing_certificate (info, signer->certificate) && PKCS7_SIGNER_INFO_sign (info) > 0;
}

int cms_sign (const struct pades_signer *signer, const unsigned char digest[CMS_DIGEST_SIZE], unsigned char **ret,
              size_t *ret_size)
{
    PKCS7 *cms = PKCS7_new ();
    if (!cms)
        return -ENOMEM;
    unsigned char *der = NULL;
    int length = fill (cms, signer, digest) ? i2d_PKCS7 (cms, &der) : -1;
    PKCS7_free (cms);
    if (length <= 0) {
        ERR_clear_error ();
        return -EIO;
    }
    *ret = der;
    *ret_size = (size_t)length;
    return 0;
}
