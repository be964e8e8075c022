/* notification: tells people.  The tables. */
#include "notification_mail.h"
#include "notification_methods.h"
#include "notification_requests.h"
#include "notification_sql.h"

static const struct method methods[] = {
    {"notification.message.list", METHOD_QUERY, ROLES_ANY, "gateway", NULL, notification_message_list},
    {0},
};

static const struct subscription subscriptions[] = {
    {"application.registered", notification_on_event, EVENT_SOON},
    {"application.incomplete", notification_on_event, EVENT_SOON},
    {"application.closed", notification_on_event, EVENT_SOON},
    {"step.requested", notification_on_event, EVENT_SOON},
    {"bill.issued", notification_on_event, EVENT_SOON},
    {0},
};

/* With the runtime's back-off, which ends at ten minutes: about a day. */
static const struct job_kind jobs[] = {
    {.name = "deliver",
     .max_attempts = 150,
     .perform = notification_deliver_perform,
     .conclude = notification_deliver_conclude,
     .give_up = notification_deliver_give_up},
    {0},
};

static const struct setting settings[] = {
    {.name = "PATEN_SMTP_URL", .type = SETTING_TEXT, .help = "mail server: smtp://host:port, or smtps://host:port"},
    {.name = "PATEN_MAIL_FROM", .type = SETTING_TEXT, .help = "address of the sender: name@domain"},
    {.name = "PATEN_SMTP_USER",
     .type = SETTING_TEXT,
     .fallback = "",
     .help = "user name there; encryption is required then"},
    {.name = "PATEN_SMTP_PASSWORD", .type = SETTING_TEXT, .fallback = "", .help = "its password", .secret = true},
    {.name = "PATEN_PUBLIC_URL", .type = SETTING_TEXT, .fallback = "", .help = "where people track their applications"},
    {0},
};

static const struct service service = {
    .name = "notification",
    .statements = notification_statements,
    .requests = notification_requests,
    .methods = methods,
    .subscriptions = subscriptions,
    .jobs = jobs,
    .settings = settings,
    .start = mail_start,
};

int main (void)
{
    return service_main (&service);
}
