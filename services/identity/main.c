/* identity: who may work in PATEN.  The tables; with --create-admin, the first administrator instead. */
#include "common/service.h"
#include "identity_bootstrap.h"
#include "identity_methods.h"
#include "identity_password.h"
#include "identity_requests.h"
#include "identity_sql.h"

#define ADMIN "admin_kabupaten"

static const struct method methods[] = {
    {"identity.session.open", METHOD_ACTION, ROLES_PUBLIC, "gateway", identity_session_open_before,
     identity_session_open},
    {"identity.session.resolve", METHOD_QUERY, ROLES_NONE, "gateway", NULL, identity_session_resolve},
    {"identity.session.get", METHOD_QUERY, ROLES_ANY, "gateway", NULL, identity_session_get},
    {"identity.session.close", METHOD_ACTION, ROLES_ANY, "gateway", NULL, identity_session_close},
    {"identity.account.create", METHOD_COMMAND, ADMIN, "gateway", identity_account_create_before,
     identity_account_create},
    {"identity.account.list", METHOD_QUERY, ADMIN, "gateway", NULL, identity_account_list},
    {"identity.account.grant", METHOD_COMMAND, ADMIN, "gateway", NULL, identity_account_grant},
    {"identity.account.status", METHOD_COMMAND, ADMIN, "gateway", NULL, identity_account_status},
    {0},
};

static const struct job_kind jobs[] = {
    {.name = "sweep", .max_attempts = 10, .perform = session_sweep},
    {0},
};

static const struct service service = {
    .name = "identity",
    .statements = identity_statements,
    .requests = identity_requests,
    .methods = methods,
    .jobs = jobs,
    .start = identity_password_start,
};

int main (int count, char *arguments[])
{
    return count > 1 ? identity_bootstrap (count, arguments) : service_main (&service);
}
