/* The pages for citizens with any phone: what the kecamatan do, for what and how long (/, /kecamatan/...), the same as
 * boards to be printed; and where printed papers lead: is this document genuine (/v/TOKEN, or the file itself), where is
 * my application (/lacak).  A page is made of what a service said in JSON; it adds headings and advice, and no fact.  No
 * I/O but memory; parts and escaping are html.h's.
 *
 * Genuineness is said in three words: ASLI, DICABUT, TIDAK TERDAFTAR; of a file also TIDAK SAH, with the reason. */
#pragma once

#include <jansson.h>
#include <stddef.h>

enum page_kind {
    PAGE_DOCUMENT,      /* by its token: signing.document.verify */
    PAGE_FILE,          /* by its bytes: signing.file.verify */
    PAGE_TRACKING,      /* intake.application.track */
    PAGE_HOME,          /* intake.kecamatan.list */
    PAGE_KECAMATAN,     /* intake.kecamatan.get */
    PAGE_SERVICE,       /* intake.service.get, with its kecamatan */
    PAGE_BOARD,         /* all services of a kecamatan as a board: intake.kecamatan.get */
    PAGE_SERVICE_BOARD, /* one service and its course as a board: intake.service.get */
    PAGE_ELSEWHERE      /* an address that leads nowhere */
};

/* What was asked; texts that were not given are NULL. */
struct page_asked {
    enum page_kind kind;
    const char *token, *number, *code;
    const char *public_url; /* where the public reaches these pages, for QR codes; "": boards go without */
};

/* The page as text to be freed by the caller, or NULL when there is no memory.  `status` 0: nothing was asked yet, the
 * page is its form.  Below 300 `said` is the service's reply, otherwise a problem document. */
char *page_text (const struct page_asked *asked, int status, const json_t *said, size_t *ret_size);
