/* The demo certification authority of data/ for the targets of services/signing: nobody trusts it, its only signer's key
 * lies beside it.  Made once with deploy/keys/ca; the clock of the targets stands still while its lists are current. */
#pragma once

#include "fuzz.h"
#include "pdf_trust.h"
#include "signer_key.h"

#include <stdint.h>

#define SIGNING_DATA_FOLDER     "tests/fuzz/data/"
#define SIGNING_DATA_PASSPHRASE "rahasia demo"
#define SIGNING_DATA_NOW        INT64_C (1795419542)

static inline pdf_trust_t *signing_data_trust (void)
{
    pdf_trust_t *trust = NULL;
    FUZZ_HOLDS (pdf_trust_new (&trust, SIGNING_DATA_FOLDER "root.crt", SIGNING_DATA_FOLDER "crl.pem") == 0);
    return trust;
}

static inline signer_key_t *signing_data_key (void)
{
    signer_key_t *key = NULL;
    FUZZ_HOLDS (signer_key_open (&key, SIGNING_DATA_FOLDER "signer.p12", SIGNING_DATA_PASSPHRASE, NULL) ==
                SIGNER_KEY_OPEN);
    return key;
}
