/* The emblem of a letterhead: SVG text, read and proven fit for PDF/A-2.  Each thread keeps the last one, because the
 * next document most probably shows it again.  It is not placed here. */
#pragma once

#include "template_text.h"

#include <librsvg/rsvg.h>

struct render_emblem {
    RsvgHandle *drawing;  /* the caller's reference */
    double width, height; /* on paper, points */
};

/* Returns a verdict, with the fault's detail, or negative when the environment broke. */
int render_emblem_load (const char *svg, size_t length, struct render_emblem *ret_emblem, struct template_fault *fault);
