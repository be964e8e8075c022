/* What every store of a service does with results beyond reading a column: moments for replies, and the count of changed
 * rows that stands between a lock and a lie.  It knows no table. */
#pragma once

#include "common/db.h"

#include <jansson.h>

/* A column of unix milliseconds, not NULL, as RFC 3339 text in local time (local_time.h); new reference. */
json_t *rows_moment (const db_rows_t *rows, int row, const char *column);

/* For an UPDATE of a row that is under lock and in the right state: another number of changed rows than one is a bug, and
 * not one to be silent about.  `rc` is that of the query; returns it, or -1. */
int rows_changed_one (int rc, const db_rows_t *rows);
