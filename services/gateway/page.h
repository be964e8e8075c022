/* The pages that printed papers lead to, for citizens with any phone: is this document genuine (/v/TOKEN, or the file
 * itself), and where is my application (/lacak).  A page is made of what a service said in JSON; it adds headings and
 * advice, and no fact.  No I/O but memory; parts and escaping are html.h's.
 *
 * Genuineness is said in three words: ASLI, DICABUT, TIDAK TERDAFTAR; of a file also TIDAK SAH, with the reason. */
#pragma once

#include <jansson.h>
#include <stddef.h>

enum page_kind {
    PAGE_DOCUMENT, /* by its token: signing.document.verify */
    PAGE_FILE,     /* by its bytes: signing.file.verify */
    PAGE_TRACKING, /* intake.application.track */
    PAGE_ELSEWHERE /* an address that leads nowhere */
};

/* What was asked; texts that were not given are NULL. */
struct page_asked {
    enum page_kind kind;
    const char *token, *number, *code;
};

/* The page as text to be freed by the caller, or NULL when there is no memory.  `status` 0: nothing was asked yet, the
 * page is its form.  Below 300 `said` is the service's reply, otherwise a problem document. */
char *page_text (const struct page_asked *asked, int status, const json_t *said, size_t *ret_size);
