/* The verification service: the desk where a verifier decides whether a file meets its requirements. */
#include "common/service.h"
#include "verification_methods.h"
#include "verification_requests.h"
#include "verification_sql.h"

static const struct method methods[] = {
    {"verification.task.list", METHOD_QUERY, "verifikator", "gateway", NULL, verification_task_list},
    {"verification.task.get", METHOD_QUERY, VERIFICATION_READERS, "gateway", NULL, verification_task_get},
    {"verification.task.decide", METHOD_COMMAND, "verifikator", "gateway", NULL, verification_task_decide},
    {0},
};

static const struct subscription subscriptions[] = {
    {"step.requested", verification_on_step_requested, EVENT_AT_ONCE},
    {"application.closed", verification_on_application_closed, EVENT_SOON},
    {0},
};

static const struct service service = {
    .name = "verification",
    .statements = verification_statements,
    .requests = verification_requests,
    .methods = methods,
    .subscriptions = subscriptions,
};

int main (void)
{
    return service_main (&service);
}
