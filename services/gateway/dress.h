/* The last step of a request by a citizen's browser: the service's answer, or the refusal, becomes a page.  What pages
 * say is page.h's. */
#pragma once

#include "exchange.h"

/* A page of which nothing was asked: it is its form, and no service is asked either. */
bool is_bare_page (const struct exchange *exchange);

/* Makes the answer a page where the route answers in pages, or where no route was found and the caller takes HTML; the
 * status stays.  Other answers stay as they are. */
void dress (struct exchange *exchange);
