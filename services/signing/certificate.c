/* Questions asked of a certificate: see certificate.h. */
#include "certificate.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#define MIN_RSA_BITS 2048

/* An attribute of the subject as UTF-8.  False when it is missing, does not fit or holds a NUL. */
static bool copy_subject (const X509 *certificate, int nid, char *ret_text, size_t size)
{
    const X509_NAME *subject = X509_get_subject_name (certificate);
    int index = X509_NAME_get_index_by_NID (subject, nid, -1);
    if (index < 0)
        return false;
    unsigned char *utf8 = NULL;
    int length = ASN1_STRING_to_UTF8 (&utf8, X509_NAME_ENTRY_get_data (X509_NAME_get_entry (subject, index)));
    if (length < 0)
        return false;
    bool fits = (size_t)length < size && !memchr (utf8, 0, (size_t)length);
    if (fits) {
        memcpy (ret_text, utf8, (size_t)length);
        ret_text[length] = 0;
    }
    OPENSSL_free (utf8);
    return fits;
}

static bool copy_serial (const X509 *certificate, char *ret_text, size_t size)
{
    BIGNUM *number = ASN1_INTEGER_to_BN (X509_get0_serialNumber (certificate), NULL);
    char *hex = number ? BN_bn2hex (number) : NULL;
    bool fits = hex && strlen (hex) < size;
    if (fits)
        strcpy (ret_text, hex);
    OPENSSL_free (hex);
    BN_free (number);
    return fits;
}

bool certificate_time (const ASN1_TIME *time, int64_t *ret_seconds)
{
    struct tm tm = {0};
    if (!time || !ASN1_TIME_to_tm (time, &tm))
        return false;
    *ret_seconds = timegm (&tm);
    return true;
}

bool certificate_identify (const X509 *certificate, struct certificate_identity *ret_identity)
{
    struct certificate_identity identity = {0};
    bool is_whole = copy_subject (certificate, NID_commonName, identity.common_name, sizeof identity.common_name) &&
                    copy_serial (certificate, identity.serial, sizeof identity.serial) &&
                    certificate_time (X509_get0_notBefore (certificate), &identity.not_before) &&
                    certificate_time (X509_get0_notAfter (certificate), &identity.not_after);
    if (!is_whole)
        return false;
    if (!copy_subject (certificate, NID_serialNumber, identity.nip, sizeof identity.nip))
        identity.nip[0] = 0;
    *ret_identity = identity;
    return true;
}

bool certificate_may_sign (X509 *certificate)
{
    /* Without the extension OpenSSL answers UINT32_MAX: every bit. */
    return X509_get_key_usage (certificate) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION);
}

bool certificate_is_key_strong (const EVP_PKEY *key)
{
    if (!key)
        return false;
    if (EVP_PKEY_get_base_id (key) == EVP_PKEY_RSA)
        return EVP_PKEY_get_bits (key) >= MIN_RSA_BITS;
    if (EVP_PKEY_get_base_id (key) != EVP_PKEY_EC)
        return false;
    char curve[32];
    if (!EVP_PKEY_get_group_name (key, curve, sizeof curve, NULL))
        return false;
    int nid = OBJ_sn2nid (curve);
    return nid == NID_X9_62_prime256v1 || nid == NID_secp384r1 || nid == NID_secp521r1;
}
