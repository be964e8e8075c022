/* Templates of an administrator and the texts in them, without layout: what template_check () lets pass has its fields
 * named and its texts filled in.  An input is a template, a line feed, the data. */
#include "common/auto.h"
#include "common/json.h"
#include "document_data.h"
#include "fuzz.h"
#include "template.h"

static void fill (const json_t *value, const struct template_scope *scope)
{
    const char *key;
    json_t *member;
    size_t i;
    if (json_is_string (value)) {
        const char *text = json_string_value (value);
        for (int syntax = TEMPLATE_MARKUP; syntax <= TEMPLATE_BARE; syntax++) {
            struct template_fault fault = {.where = ""};
            g_autoptr (GString) out = g_string_new (NULL);
            if (template_text_check (text, (enum template_syntax)syntax))
                continue;
            if (template_text_fill (text, (enum template_syntax)syntax, scope, out, &fault) == TEMPLATE_OK)
                FUZZ_HOLDS (g_utf8_validate (out->str, (gssize)out->len, NULL));
            template_text_blame (text, (enum template_syntax)syntax, scope, 'A', &fault);
        }
    }
    json_object_foreach ((json_t *)value, key, member) fill (member, scope);
    json_array_foreach (value, i, member) fill (member, scope);
}

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    static const struct json_limits limits = {.bytes = 256 * 1024};
    struct fuzz_input input = {bytes, size};
    size_t template_size;
    AUTO_FREE char *text = fuzz_piece (&input, '\n', &template_size);
    json_auto_t *template_json = json_parse_strict (text, template_size, &limits, NULL);
    if (!template_json)
        return 0;
    json_auto_t *data = json_parse_strict ((const char *)input.at, input.left, &limits, NULL);
    struct template_fault fault;
    int verdict = template_check (template_json, &fault);
    FUZZ_HOLDS (verdict == TEMPLATE_OK || (verdict == TEMPLATE_MALFORMED && fault.detail[0]));
    json_auto_t *fields = template_fields (template_json);
    FUZZ_HOLDS (!fields == (verdict != TEMPLATE_OK));
    if (fields && data) {
        json_auto_t *missing = data_missing (data, fields);
        FUZZ_HOLDS (json_is_array (missing));
    }
    struct template_scope scope = {.data = data};
    fill (template_json, &scope);
    return 0;
}
