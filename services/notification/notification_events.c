/* Events that somebody should hear of: each leaves a message in the log and a job that delivers it. */
#include "notification_methods.h"
#include "notification_store.h"

#include "common/id.h"

#include <string.h>

/* What the text will need of the event: facts, none of them personal. */
static json_t *event_facts (const json_t *body)
{
    json_t *facts = json_object ();
    json_t *reason = json_object_get (body, "reason");
    if (json_is_string (reason))
        json_object_set (facts, "reason", reason);
    return facts;
}

/* Keeps what events tell of the case: the place, without which nobody could be allowed to read the log, and the
 * amount. */
static int learn (struct call *call, const struct event *event)
{
    const char *kecamatan = json_text (event->body, "kecamatan"), *service = json_text (event->body, "service");
    if (kecamatan != NULL && service != NULL)
        return store_application_learn (call->db, event->key, json_text (event->body, "number"), kecamatan, service);
    if (strcmp (event->topic, "bill.issued") == 0)
        return store_application_bill (call->db, event->key, json_int (event->body, "amount_rupiah", 0));
    return 0;
}

int notification_on_event (struct call *call, const struct event *event)
{
    const char *detail = json_text (event->body, strcmp (event->topic, "step.requested") == 0 ? "step" : "outcome");
    enum notification_kind kind =
        notification_kind_of (event->topic, detail, json_int (event->body, "amount_rupiah", 0));
    if (kind == NOTIFICATION_NONE)
        return 0;
    int rc = learn (call, event);
    if (rc < 0)
        return rc;
    char message[ID_UUID_SIZE];
    bool added;
    id_uuid7 (call->now, message);
    json_auto_t *facts = event_facts (event->body);
    rc = store_message_add (call->db, message, event->id, event->key, kind, facts, call->now, &added);
    if (rc < 0 || !added)
        return rc;
    return job_add (call, "deliver", message, json_object (), 0);
}
