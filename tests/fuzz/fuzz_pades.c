/* Signing what somebody else made: pades_sign () with pdf_append and libqpdf over hostile PDFs.  What was signed verifies,
 * and begins with the very bytes that came. */
#include "fuzz.h"
#include "pades.h"
#include "pdf_verify.h"
#include "signing_data.h"

static pdf_trust_t *trust;
static signer_key_t *key;

static void stop (void)
{
    pdf_trust_destroy (&trust);
    signer_key_destroy (&key);
}

int LLVMFuzzerInitialize (int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    trust = signing_data_trust ();
    key = signing_data_key ();
    atexit (stop);
    return 0;
}

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    static const struct pades_request request = {.time = SIGNING_DATA_NOW, .reason = "Uji", .location = "Ra'as"};
    const struct pades_signer signer = signer_key_signer (key);
    unsigned char *pdf = NULL;
    size_t pdf_size;
    int verdict = pades_sign (&signer, &request, bytes, size, &pdf, &pdf_size);
    FUZZ_HOLDS (verdict >= 0 && *pades_verdict_code ((enum pades_verdict)verdict));
    if (verdict != PADES_SIGNED)
        return 0;
    struct pdf_verify_result result;
    FUZZ_HOLDS (pdf_size > size && memcmp (pdf, bytes, size) == 0);
    FUZZ_HOLDS (pdf_verify (trust, SIGNING_DATA_NOW, pdf, pdf_size, &result) == PDF_VALID);
    free (pdf);
    return 0;
}
