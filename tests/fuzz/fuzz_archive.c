/* What the archive makes of the bytes and the name of an uploaded file (services/archive).  An input is a name, a line
 * feed, the file. */
#include "archive.h"
#include "common/auto.h"
#include "common/text.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = {bytes, size};
    AUTO_FREE char *typed = fuzz_piece (&input, '\n', NULL);
    uint8_t *file = malloc (input.left > 0 ? input.left : 1); /* exactly as long, to find a byte read too far */
    if (input.left > 0)
        memcpy (file, input.at, input.left);
    enum archive_type type = archive_sniff (file, input.left);
    free (file);
    if (type == ARCHIVE_TYPE_NONE || text_check (typed, strlen (typed), NULL) == TEXT_INVALID_UTF8)
        return 0; /* a name comes out of JSON, and only a file that was taken gets one */
    char name[ARCHIVE_NAME_SIZE];
    archive_name (typed, type, name);
    size_t length = strlen (name);
    FUZZ_HOLDS (length > 0 && length < sizeof name && name[0] != '.' && !strpbrk (name, "/\\\r\n\""));
    FUZZ_HOLDS (text_check (name, length, NULL) == TEXT_OK);
    return 0;
}
