/* What the signing service hears: intake lays files on the desks and takes them off; the document service tells of
 * documents rendered anew. */
#include "common/station.h"
#include "signing_methods.h"
#include "signing_sql.h"
#include "signing_store.h"

#define STATION "signing"

/* Each visit is judged afresh, also of a draft that says the same as the one before (it came back without the Camat's
 * doing): a paraf of this level or a later one, still in force, falls. */
int signing_on_step_requested (struct call *call, const struct event *event)
{
    struct station_request asked;
    if (!station_is_asked (event, STATION, &asked))
        return 0;
    enum signing_level level;
    const char *content = json_text (asked.facts, "content_sha256");
    const json_t *document = json_object_get (asked.facts, "document");
    if (!asked.step || !signing_level_of_step (asked.step, &level) || !content || (level == SIGNING_CAMAT && !document))
        return refuse (call, ERR_SCHEMA_INVALID, "why", "step.requested without what this station needs", NULL);
    AUTO_FREE char *document_text = level == SIGNING_CAMAT ? db_json_text (document) : NULL;
    AUTO (db_rows) added = NULL;
    int rc = db_query (call->db, &SQL_TASK_ADD, &added, asked.application, asked.step, DB_INT (asked.attempt),
                       signing_level_name (level), asked.number, asked.kecamatan, asked.service, asked.due_on, content,
                       document_text, DB_INT (asked.requested_at_ms));
    bool is_new_visit = rc >= 0 && db_count (added) > 0;
    return is_new_visit && level < SIGNING_CAMAT ? parafs_void (call, asked.application, level) : rc;
}

/* Rendered anew under the same number: what lies on the Camat's desk is replaced before anybody looks at it. */
int signing_on_document_renewed (struct call *call, const struct event *event)
{
    json_auto_t *document = json_object ();
    static const char *const members[] = {"number", "dated", "token", "file", "sha256", "signer"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        json_t *member = json_object_get (event->body, members[i]);
        if (member)
            json_object_set (document, members[i], member);
    }
    AUTO_FREE char *text = db_json_text (document);
    return db_query (call->db, &SQL_TASK_RENEW, NULL, event->key, text);
}

int signing_on_application_closed (struct call *call, const struct event *event)
{
    AUTO_DESK row;
    int found = desk_lock (call->db, event->key, &row);
    if (found <= 0 || !signing_rule (row.desk.state, SIGNING_CLOSE).allowed)
        return found < 0 ? -1 : 0;
    return desk_end (call, &row, SIGNING_CLOSED, NULL);
}
