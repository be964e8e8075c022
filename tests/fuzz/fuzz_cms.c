/* The CMS of a signature, by itself: behind the digest of a whole PDF a fuzzer would never come so far.  What verifies is
 * judged by its certificates; without the key nothing but the seed's own bytes may pass. */
#include "cms_verify.h"
#include "signing_trust.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    static const unsigned char text[] = "paten";
    const struct cms_content content = {text, text + 2, 2, 3};
    cms_t *cms = NULL;
    int64_t revoked_at;
    struct certificate_identity identity;
    int verdict = cms_verify (&cms, bytes, size, &content);
    FUZZ_HOLDS (verdict >= 0 && (verdict == PDF_VALID) == (cms != NULL));
    if (cms) {
        pdf_trust_check (trust, cms_signer (cms), cms_certificates (cms), SIGNING_DATA_NOW, SIGNING_DATA_NOW,
                         &revoked_at);
        certificate_identify (cms_signer (cms), &identity);
        cms_destroy (&cms);
    }
    return 0;
}
