/* Draws the marks of a flow as cairo's PDF, page by page.  Text stays text, codes and drawings stay vectors. */
#pragma once

#include "render_flow.h"

/* The creation date goes to cairo as well, which else would take the clock.  Appends to `pdf`; negative when cairo
 * fails. */
int paint_pdf (const struct flow *flow, const char *watermark, int64_t created_at, GByteArray *pdf);
