/* The methods of identity; what each takes and gives stands in proto/requests/identity.*.json. */
#pragma once

#include "common/service.h"

extern call_fn session_open_before, session_open, session_resolve, session_get, session_close;
extern call_fn account_create_before, account_create, account_list, account_grant, account_status;

/* Job "sweep": sessions that have expired leave the table. */
extern job_fn session_sweep;
