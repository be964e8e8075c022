/* Events that somebody should hear of: each leaves a message in the log and, where there is an address, a job that
 * delivers it. */
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

/* Keeps what events tell of the case: the place, without which nobody could be allowed to read the log, the amount, and
 * whether there is an address at all. */
static int learn (struct call *call, const struct event *event, bool *ret_has_email)
{
    struct application_news news = {.id = event->key,
                                    .number = json_text (event->body, "number"),
                                    .kecamatan = json_text (event->body, "kecamatan"),
                                    .service = json_text (event->body, "service"),
                                    .channels = json_object_get (event->body, "channels")};
    if (strcmp (event->topic, "bill.issued") == 0)
        return store_application_bill (call->db, event->key, json_int (event->body, "amount_rupiah", 0), ret_has_email);
    return store_application_learn (call->db, &news, ret_has_email);
}

int notification_on_event (struct call *call, const struct event *event)
{
    const char *detail = json_text (event->body, strcmp (event->topic, "step.requested") == 0 ? "step" : "outcome");
    enum notification_kind kind =
        notification_kind_of (event->topic, detail, json_int (event->body, "amount_rupiah", 0));
    if (kind == NOTIFICATION_NONE)
        return 0;
    bool has_email = false, added = false;
    char id[ID_UUID_SIZE];
    id_uuid7 (call->now, id);
    json_auto_t *facts = event_facts (event->body);
    int rc = learn (call, event, &has_email);
    struct message_new message = {.id = id,
                                  .event = event->id,
                                  .application = event->key,
                                  .kind = kind,
                                  .facts = facts,
                                  .state = has_email ? NOTIFICATION_QUEUED : NOTIFICATION_SKIPPED,
                                  .error = has_email ? NULL : NOTIFICATION_NO_ADDRESS,
                                  .now_ms = call->now};
    if (rc == 0)
        rc = store_message_add (call->db, &message, &added);
    if (rc < 0 || !added || !has_email)
        return rc;
    return job_add (call, "deliver", id, json_object (), 0);
}
