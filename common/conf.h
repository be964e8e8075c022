/* Settings as tables (struct setting, service.h): read once at the start from the environment, then only read. */
#pragma once

#include "common/service.h"

/* Reads the settings of a NULL-name-ended table.  0, or -1 after a line on stderr that names the setting and its help.
 */
int conf_load (const struct setting *table);
