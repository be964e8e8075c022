/* A template and its data up to the finished pages (render_check (): laid out, not drawn).  An input is a template, a line
 * feed, the data.  What passes is also drawn, now and then: drawing may fail by the environment alone. */
#include "common/auto.h"
#include "common/json.h"
#include "fuzz.h"
#include "render.h"

static void draw (const json_t *template_json, const json_t *data)
{
    static const struct render_options options = {.title = "uji", .created_at = 1767580200};
    struct render_output output;
    struct template_fault fault;
    FUZZ_HOLDS (render_pdf (template_json, data, &options, &output, &fault) == TEMPLATE_OK);
    FUZZ_HOLDS (output.size > 100 && output.pages > 0);
    free (output.bytes);
}

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = {bytes, size};
    size_t template_size;
    AUTO_FREE char *text = fuzz_piece (&input, '\n', &template_size);
    json_auto_t *template_json = json_parse_strict (text, template_size, NULL, NULL);
    json_auto_t *data = json_parse_strict ((const char *)input.at, input.left, NULL, NULL);
    if (!template_json || !data)
        return 0;
    struct template_fault fault;
    int verdict = render_check (template_json, data, &fault);
    FUZZ_HOLDS (verdict == TEMPLATE_OK || fault.detail[0]);
    if (verdict == TEMPLATE_OK && size % 8 == 0)
        draw (template_json, data);
    return 0;
}
