/* What the verification service hears: intake puts files on the desk, and takes them off when the case ends elsewhere.
 */
#include "common/station.h"
#include "verification_methods.h"
#include "verification_store.h"

#define STATION "verification"

int verification_on_step_requested (struct call *call, const struct event *event)
{
    struct station_request asked;
    if (!station_is_asked (event, STATION, &asked))
        return 0;
    json_auto_t *empty_object = json_object (), *empty_array = json_array ();
    const json_t *requirements = json_object_get (asked.config, "requirements");
    struct task_request request = {
        .asked = &asked,
        .facts = asked.facts ? asked.facts : empty_object,
        .requirements = requirements ? requirements : empty_array,
        .outcomes = json_object_get (asked.config, "outcomes"),
    };
    if (json_array_size (request.requirements) > VERIFICATION_REQUIREMENTS_MAX)
        return refuse (call, ERR_SCHEMA_INVALID, "why", "a checklist has at most 64 requirements", NULL);
    return task_add (call->db, &request);
}

int verification_on_application_closed (struct call *call, const struct event *event)
{
    AUTO (db_rows) rows = NULL;
    struct task_locked task;
    int found = task_lock (call->db, event->key, &rows, &task);
    if (found <= 0)
        return found;
    struct verification_rule rule = verification_rule (task.state, VERIFICATION_CLOSE);
    int rc = rule.allowed ? task_close (call->db, task.id, rule.to, call->now) : 0;
    task_locked_clear (&task);
    return rc;
}
