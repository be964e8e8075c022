/* The few questions that signing and verifying ask of an X.509 certificate (RFC 5280).  Not a chain check: pdf_trust.h.
 */
#pragma once

#include <openssl/x509.h>
#include <stdbool.h>
#include <stdint.h>

#define CERTIFICATE_NAME_SIZE   256u /* UTF-8 with its end: X.520 allows 64 letters */
#define CERTIFICATE_SERIAL_SIZE 64u  /* hex with its end: RFC 5280 allows 20 bytes */

struct certificate_identity {
    char common_name[CERTIFICATE_NAME_SIZE];
    char serial[CERTIFICATE_SERIAL_SIZE]; /* of the certificate, upper-case hex */
    char nip[CERTIFICATE_NAME_SIZE]; /* subject serialNumber: Nomor Induk Pegawai, the civil servant's number; or "" */
    int64_t not_before, not_after;   /* unix seconds, both included */
};

/* False when the common name or the serial number is missing or does not fit, or a date is malformed. */
bool certificate_identify (const X509 *certificate, struct certificate_identity *ret_identity);

/* RFC 5280, 4.2.1.3: may its key sign documents?  Without the extension: yes. */
bool certificate_may_sign (X509 *certificate);

/* RSA from 2 048 bits, or P-256, P-384, P-521. */
bool certificate_is_key_strong (const EVP_PKEY *key);

/* False when the time is malformed. */
bool certificate_time (const ASN1_TIME *time, int64_t *ret_seconds);
