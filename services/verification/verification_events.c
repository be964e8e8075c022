/* What the verification service hears: intake puts files on the desk, and takes them off when the case ends elsewhere.
 */
#include "common/local_time.h"
#include "verification_methods.h"
#include "verification_store.h"

#include <string.h>

#define STATION "verification"

static const json_t *member_or (const json_t *object, const char *key, const json_t *fallback)
{
    const json_t *member = json_object_get (object, key);
    return member ? member : fallback;
}

int verification_on_step_requested (struct call *call, const struct event *event)
{
    const char *station = json_text (event->body, "station");
    if (!station || strcmp (station, STATION) != 0)
        return 0;
    json_auto_t *empty_object = json_object (), *empty_array = json_array ();
    const json_t *config = json_object_get (event->body, "config");
    const char *due_on = json_text (event->body, "due_on");
    char arrived_on[CALENDAR_DATE_SIZE];
    calendar_print (local_time_date (event->occurred_at), arrived_on);
    struct task_request request = {
        .application = json_text (event->body, "application"),
        .step = json_text (event->body, "step"),
        .number = json_text (event->body, "number"),
        .kecamatan = json_text (event->body, "kecamatan"),
        .service = json_text (event->body, "service"),
        .attempt = json_int (event->body, "attempt", 0),
        .service_version = json_int (event->body, "service_version", 0),
        .due_on = due_on ? due_on : arrived_on,
        .facts = member_or (event->body, "facts", empty_object),
        .requirements = member_or (config, "requirements", empty_array),
        .outcomes = json_object_get (config, "outcomes"),
        .requested_at_ms = event->occurred_at,
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
