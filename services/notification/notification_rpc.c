/* The log of messages, for the officers of the case's kecamatan. */
#include "notification_methods.h"
#include "notification_store.h"

#include "common/rows.h"

static void set_time (json_t *object, const char *member, const db_rows_t *rows, int row, const char *column)
{
    if (!db_is_null (rows, row, column))
        json_object_set_new (object, member, rows_moment (rows, row, column));
}

static void set_text (json_t *object, const char *member, const db_rows_t *rows, int row)
{
    if (!db_is_null (rows, row, member))
        json_object_set_new (object, member, json_string (db_text (rows, row, member)));
}

static json_t *message_json (const db_rows_t *rows, int row)
{
    json_t *message = json_pack ("{s:s, s:s, s:s, s:s, s:I}", "message", db_text (rows, row, "id"), "kind",
                                 db_text (rows, row, "kind"), "channel", db_text (rows, row, "channel"), "state",
                                 db_text (rows, row, "state"), "attempts", (json_int_t)db_int (rows, row, "attempts"));
    set_text (message, "address", rows, row);
    set_text (message, "error", rows, row);
    set_time (message, "created_at", rows, row, "created_ms");
    set_time (message, "sent_at", rows, row, "sent_ms");
    return message;
}

int notification_message_list (struct call *call)
{
    const char *application = json_text (call->params, "application");
    AUTO (db_rows) found = NULL;
    AUTO (db_rows) rows = NULL;
    int rc = store_application_find (call->db, application, &found);
    if (rc < 0)
        return rc;
    if (db_count (found) == 0)
        return refuse (call, ERR_APPLICATION_UNKNOWN, NULL);
    if (!require_role (call, ROLES_ANY, db_text (found, 0, "kecamatan")))
        return 0;
    rc = store_message_list (call->db, application, &rows);
    if (rc < 0)
        return rc;
    json_t *messages = json_array ();
    for (int row = 0; row < db_count (rows); row++)
        json_array_append_new (messages, message_json (rows, row));
    return reply_json (call, 200, json_pack ("{s:o}", "messages", messages));
}
