/* Codes, see codes.h. */
#include "common/codes.h"

#include <string.h>

bool codes_have (const char *list, const char *name)
{
    size_t size = strlen (name);
    for (const char *at = list; at && *at; at = strchr (at, ',') ? strchr (at, ',') + 1 : NULL)
        if (strncmp (at, name, size) == 0 && (at[size] == ',' || at[size] == '\0'))
            return true;
    return false;
}

bool code_covers (const char *granted, const char *place)
{
    size_t size = strlen (granted);
    return strncmp (place, granted, size) == 0 && (place[size] == '\0' || place[size] == '.');
}
