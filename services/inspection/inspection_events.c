/* What the inspection service hears: intake asks for a field check, or the case ends elsewhere. */
#include "common/station.h"
#include "inspection_methods.h"
#include "inspection_store.h"

#define STATION "inspection"

static const json_t *member_or (const json_t *object, const char *key, const json_t *fallback)
{
    const json_t *member = json_object_get (object, key);
    return member ? member : fallback;
}

int inspection_on_step_requested (struct call *call, const struct event *event)
{
    struct station_request asked;
    if (!station_is_asked (event, STATION, &asked))
        return 0;
    json_auto_t *no_facts = json_object (), *nothing_measured = json_array ();
    json_auto_t *no_findings = json_pack ("{s:s, s:b}", "type", "object", "additionalProperties", 0);
    struct visit_request request = {
        .asked = &asked,
        .facts = asked.facts ? asked.facts : no_facts,
        .findings_schema = member_or (asked.config, "findings_schema", no_findings),
        .measured = member_or (asked.config, "measured", nothing_measured),
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
