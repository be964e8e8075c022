/* Codes as the whole system writes them: comma lists of names (roles, topics), places with dots (Permendagri 72/2019:
 * "35.29" a kabupaten, "35.29.22" a kecamatan in it).  Pure. */
#pragma once

#include <stdbool.h>

/* Is `name` an entry of the comma list?  `list` may be NULL: it has none. */
bool codes_have (const char *list, const char *name);

/* A kabupaten covers its kecamatan, and every place itself. */
bool code_covers (const char *granted, const char *place);
