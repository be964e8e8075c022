/* Lists in pages: see page.h. */
#include "common/page.h"

#include "common/json.h"

#include <assert.h>
#include <stdlib.h>

struct page page_asked (const json_t *params)
{
    const char *limit = json_text (params, "limit");
    struct page page = {.limit = PAGE_ROWS, .after = json_text (params, "after")};
    if (limit)
        page.limit = (int)strtol (limit, NULL, 10);
    assert (page.limit >= 1 && page.limit <= PAGE_ROWS_MAX); /* the contract's pattern */
    return page;
}

json_t *page_json (const struct page *page, const db_rows_t *rows, const char *member, page_row_fn *row_json,
                   const char *key)
{
    json_t *list = json_array ();
    for (int row = 0; row < db_count (rows) && row < page->limit; row++)
        json_array_append_new (list, row_json (rows, row));
    const char *next = db_count (rows) > page->limit ? db_text (rows, page->limit - 1, key) : NULL;
    return json_pack ("{s:o, s:s*}", member, list, "next", next);
}
