/* What the inspection service hears: intake asks for a field check, or the case ends elsewhere. */
#include "common/local_time.h"
#include "inspection_methods.h"
#include "inspection_store.h"

#include <string.h>

#define STATION "inspection"

static const json_t *member_or (const json_t *object, const char *key, const json_t *fallback)
{
    const json_t *member = json_object_get (object, key);
    return member ? member : fallback;
}

int inspection_on_step_requested (struct call *call, const struct event *event)
{
    const char *station = json_text (event->body, "station");
    if (!station || strcmp (station, STATION) != 0)
        return 0;
    json_auto_t *no_facts = json_object (), *nothing_measured = json_array ();
    json_auto_t *no_findings = json_pack ("{s:s, s:b}", "type", "object", "additionalProperties", 0);
    const json_t *config = json_object_get (event->body, "config");
    const char *due_on = json_text (event->body, "due_on");
    char arrived_on[CALENDAR_DATE_SIZE];
    calendar_print (local_time_date (event->occurred_at), arrived_on);
    struct visit_request request = {
        .application = json_text (event->body, "application"),
        .step = json_text (event->body, "step"),
        .number = json_text (event->body, "number"),
        .kecamatan = json_text (event->body, "kecamatan"),
        .service = json_text (event->body, "service"),
        .attempt = json_int (event->body, "attempt", 0),
        .service_version = json_int (event->body, "service_version", 0),
        .due_on = due_on ? due_on : arrived_on,
        .facts = member_or (event->body, "facts", no_facts),
        .findings_schema = member_or (config, "findings_schema", no_findings),
        .measured = member_or (config, "measured", nothing_measured),
        .requested_at_ms = event->occurred_at,
    };
    return visit_add (call->db, &request);
}

int inspection_on_application_closed (struct call *call, const struct event *event)
{
    AUTO_VISIT visit = {0};
    int found = visit_lock (call->db, event->key, &visit);
    if (found <= 0)
        return found;
    struct inspection_rule rule = inspection_rule (visit.visit.state, INSPECTION_CLOSE);
    return rule.allowed ? visit_close (call->db, visit.id, rule.to, call->now) : 0;
}
