/* The methods of identity; what each takes and gives stands in proto/requests/identity.*.json. */
#pragma once

#include "common/service.h"

extern call_fn identity_session_open_before, identity_session_open, identity_session_resolve, identity_session_get,
    identity_session_close;
extern call_fn identity_account_create_before, identity_account_create, identity_account_list, identity_account_grant,
    identity_account_status;

/* Job "sweep": sessions that have expired leave the table. */
extern job_fn session_sweep;
