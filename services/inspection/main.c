/* The inspection service: field checks by the petugas teknis, with a letter of assignment and a report. */
#include "common/service.h"
#include "inspection_methods.h"
#include "inspection_requests.h"
#include "inspection_sql.h"

static const struct method methods[] = {
    {"inspection.visit.list", METHOD_QUERY, "petugas_teknis", "gateway", NULL, inspection_visit_list},
    {"inspection.visit.get", METHOD_QUERY, INSPECTION_READERS, "gateway,document", NULL, inspection_visit_get},
    {"inspection.visit.schedule", METHOD_COMMAND, "petugas_teknis", "gateway", NULL, inspection_visit_schedule},
    {"inspection.visit.record", METHOD_COMMAND, "petugas_teknis", "gateway", inspection_visit_record_before,
     inspection_visit_record},
    {0},
};

static const struct subscription subscriptions[] = {
    {"step.requested", inspection_on_step_requested, EVENT_AT_ONCE},
    {"application.closed", inspection_on_application_closed, EVENT_SOON},
    {0},
};

static const struct service service = {
    .name = "inspection",
    .statements = inspection_statements,
    .requests = inspection_requests,
    .methods = methods,
    .subscriptions = subscriptions,
};

int main (void)
{
    return service_main (&service);
}
