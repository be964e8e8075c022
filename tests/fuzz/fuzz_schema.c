/* Schemas of strangers: the compiler and the interpreter of common/schema*.c.  An input is a schema, a line feed, a value;
 * line feeds within either are written otherwise in JSON. */
#include "common/auto.h"
#include "common/schema.h"
#include "common/text.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = {bytes, size};
    size_t schema_size;
    AUTO_FREE char *text = fuzz_piece (&input, '\n', &schema_size);
    json_auto_t *document = json_parse_strict (text, schema_size, NULL, NULL);
    if (!document)
        return 0;
    AUTO_FREE char *error = NULL;
    AUTO (schema) schema = schema_new (document, &error);
    FUZZ_HOLDS (!schema == (error != NULL));
    if (!schema) {
        FUZZ_HOLDS (*error);
        return 0;
    }
    json_auto_t *value = json_parse_strict ((const char *)input.at, input.left, NULL, NULL);
    struct schema_fault fault;
    if (value && !schema_check (schema, value, &fault)) {
        FUZZ_HOLDS (*fault.keyword);
        FUZZ_HOLDS (text_check (fault.pointer, strlen (fault.pointer), NULL) != TEXT_INVALID_UTF8);
    }
    return 0;
}
