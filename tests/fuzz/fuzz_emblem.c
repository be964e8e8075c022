/* The SVG of a letterhead's emblem (services/document/render_emblem.c): refused, or proven fit to be drawn. */
#include "common/auto.h"
#include "fuzz.h"
#include "render_emblem.h"

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    AUTO_FREE char *svg = fuzz_text (bytes, size);
    struct render_emblem emblem;
    struct template_fault fault = {.where = ""};
    int verdict = render_emblem_load (svg, strlen (svg), &emblem, &fault);
    FUZZ_HOLDS (verdict == TEMPLATE_OK || verdict == TEMPLATE_EMBLEM_UNFIT);
    if (verdict == TEMPLATE_OK)
        g_object_unref (emblem.drawing);
    else
        FUZZ_HOLDS (fault.detail[0]);
    return 0;
}
