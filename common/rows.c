/* What every store does with results: see rows.h. */
#include "common/rows.h"

#include "common/local_time.h"

#include <assert.h>

json_t *rows_moment (const db_rows_t *rows, int row, const char *column)
{
    char text[LOCAL_TIME_RFC3339_SIZE];
    assert (!db_is_null (rows, row, column));
    local_time_rfc3339 (db_int (rows, row, column), text);
    return json_string (text);
}

int rows_changed_one (int rc, const db_rows_t *rows)
{
    if (rc < 0)
        return rc;
    assert (db_affected (rows) == 1);
    return db_affected (rows) == 1 ? 0 : -1;
}
