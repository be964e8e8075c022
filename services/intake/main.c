/* The intake service: the catalogue of services, the counter, and the course of every application. */
#include "common/metrics.h"
#include "common/service.h"
#include "intake_methods.h"
#include "intake_requests.h"
#include "intake_sql.h"

#define ADMIN "admin_kabupaten"

/* Reading a case is an action, not a query: that personal data was told is written down. */
static const struct method methods[] = {
    {"intake.kecamatan.publish", METHOD_COMMAND, ADMIN, "gateway", NULL, intake_kecamatan_publish},
    {"intake.kecamatan.list", METHOD_QUERY, ROLES_PUBLIC, "gateway", NULL, intake_kecamatan_list},
    {"intake.kecamatan.get", METHOD_QUERY, ROLES_PUBLIC, "gateway", NULL, intake_kecamatan_get},
    {"intake.holiday.publish", METHOD_COMMAND, ADMIN, "gateway", NULL, intake_holiday_publish},
    {"intake.workflow.publish", METHOD_COMMAND, ADMIN, "gateway", NULL, intake_workflow_publish},
    {"intake.service.publish", METHOD_COMMAND, ADMIN, "gateway", NULL, intake_service_publish},
    {"intake.service.list", METHOD_QUERY, ROLES_PUBLIC, "gateway", NULL, intake_service_list},
    {"intake.service.get", METHOD_QUERY, ROLES_PUBLIC, "gateway", NULL, intake_service_get},
    {"intake.application.register", METHOD_COMMAND, "loket", "gateway", intake_requirements_look,
     intake_application_register},
    {"intake.application.complete", METHOD_COMMAND, "loket", "gateway", intake_requirements_look,
     intake_application_complete},
    {"intake.application.withdraw", METHOD_COMMAND, "loket", "gateway", NULL, intake_application_withdraw},
    {"intake.application.handover", METHOD_COMMAND, "penyerahan", "gateway", intake_handover_look,
     intake_application_handover},
    {"intake.application.get", METHOD_ACTION, INTAKE_READERS, "gateway", NULL, intake_application_get},
    {"intake.application.list", METHOD_QUERY, INTAKE_READERS, "gateway", NULL, intake_application_list},
    {"intake.application.track", METHOD_QUERY, ROLES_PUBLIC, "gateway", NULL, intake_application_track},
    {"intake.case.get", METHOD_ACTION, ROLES_NONE, "document,notification", NULL, intake_case_get},
    {0},
};

static const struct subscription subscriptions[] = {
    {"step.completed", intake_on_step_completed, EVENT_AT_ONCE},
    {0},
};

static const char *const statuses[] = {"incomplete", "registered", "done", "rejected", "withdrawn", NULL};
static const char *const promises[] = {"kept_so_far", "breaking", "broken", "paused", NULL};
static struct metric applications = {.name = "paten_applications",
                                     .kind = METRIC_MEASURED,
                                     .help = "Applications by status.",
                                     .labels = {{"status", statuses}}};
static struct metric open_promises = {
    .name = "paten_promises",
    .kind = METRIC_MEASURED,
    .help = "Registered applications by what becomes of the promised date: breaking: it is "
            "today or tomorrow; broken: it is past; paused: back with the applicant.",
    .labels = {{"state", promises}}};
static const struct figure figures[] = {
    {&applications, &SQL_FIGURE_APPLICATIONS}, {&open_promises, &SQL_FIGURE_PROMISES}, {0}};

static const struct service service = {
    .name = "intake",
    .statements = intake_statements,
    .requests = intake_requests,
    .methods = methods,
    .subscriptions = subscriptions,
    .figures = figures,
};

int main (void)
{
    return service_main (&service);
}
