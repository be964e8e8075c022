/* What the tests of the pages for citizens share: a page is made, and whatever it says, it must be well-formed, small, free
 * of script, and of the style that the policy allows. */
#pragma once

#include "page.h"

#include <stdbool.h>

/* What would break out of text or of an attribute, and how it must stand in a page. */
#define HOSTILE "\"><script>alert(1)</script>&amp;'<!--"
#define ESCAPED "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;&#39;&lt;!--"

/* Makes the page and checks its form; takes `body`. */
void page_make (struct page_asked asked, int status, json_t *body);
/* Does the page made last have this text? */
bool page_has (const char *text);
size_t page_size (void);
/* A group's teardown. */
int page_drop (void **state);

json_t *page_problem (int status, const char *code, const char *detail);
