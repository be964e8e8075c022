/* Lists in pages by keyset: a page begins behind the key of the last row of the page before ("after"), so that no row is
 * shown twice or left out while others are added.  The statement is asked for one row more than the page holds
 * (limit + 1): that it came is the only sign that there is a next page. */
#pragma once

#include "common/db.h"

#include <jansson.h>

#define PAGE_ROWS     50 /* when the caller names no limit */
#define PAGE_ROWS_MAX 100

struct page {
    int limit;         /* rows of the page, 1 to PAGE_ROWS_MAX */
    const char *after; /* borrowed from the parameters; NULL: the first page */
};

/* The page that a method's parameters ask for ("limit", "after": texts that the contract has checked). */
struct page page_asked (const json_t *params);

/* A row as the contract shows it; new reference. */
typedef json_t *(page_row_fn)(const db_rows_t *rows, int row);

/* {"<member>": [rows as row_json gives them], "next": key of the last one, if more follow}; new reference. */
json_t *page_json (const struct page *page, const db_rows_t *rows, const char *member, page_row_fn *row_json,
                   const char *key);
