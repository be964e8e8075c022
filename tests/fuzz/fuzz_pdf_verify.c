/* PDFs that anybody brings to be checked: pdf_verify () with what it stands on (pdf_scan, pdf_file, cms_verify,
 * pdf_trust).  Without the key no input but the seed itself may be called valid. */
#include "pdf_verify.h"
#include "signing_trust.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    static char genuine[PDF_VERIFY_SHA256_HEX];
    struct pdf_verify_result result;
    int verdict = pdf_verify (trust, SIGNING_DATA_NOW, bytes, size, &result);
    FUZZ_HOLDS (verdict >= 0 && strlen (result.sha256) == PDF_VERIFY_SHA256_HEX - 1);
    if (verdict != PDF_VALID)
        return 0;
    FUZZ_HOLDS (!*genuine || strcmp (genuine, result.sha256) == 0);
    memcpy (genuine, result.sha256, sizeof genuine);
    return 0;
}
