/* The statements of notification, see notification_store.h. */
#include "notification_store.h"

#include "notification_sql.h"

int store_application_learn (db_t *db, const char *application, const char *number, const char *kecamatan,
                             const char *service)
{
    return db_query (db, &SQL_APPLICATION_LEARN, NULL, application, number, kecamatan, service);
}

int store_application_bill (db_t *db, const char *application, int64_t amount_rupiah)
{
    return db_query (db, &SQL_APPLICATION_BILL, NULL, application, DB_INT (amount_rupiah));
}

int store_application_find (db_t *db, const char *application, db_rows_t **ret)
{
    return db_query (db, &SQL_APPLICATION_FIND, ret, application);
}

int store_message_add (db_t *db, const char *message, const char *event, const char *application,
                       enum notification_kind kind, const json_t *facts, int64_t now_ms, bool *ret_added)
{
    AUTO (db_rows) rows = NULL;
    AUTO_FREE char *text = db_json_text (facts);
    int rc = db_query (db, &SQL_MESSAGE_ADD, &rows, message, event, application, notification_kind_name (kind),
                       NOTIFICATION_CHANNEL, text, DB_INT (now_ms));
    *ret_added = rc == 0 && db_count (rows) == 1;
    return rc;
}

int store_message_find (db_t *db, const char *message, db_rows_t **ret)
{
    return db_query (db, &SQL_MESSAGE_FIND, ret, message);
}

int store_message_lock (db_t *db, const char *message, db_rows_t **ret)
{
    return db_query (db, &SQL_MESSAGE_LOCK, ret, message);
}

int store_message_attempt (db_t *db, const char *message, const char *masked, const char *error)
{
    return db_query (db, &SQL_MESSAGE_ATTEMPT, NULL, message, masked, error);
}

int store_message_end (db_t *db, const char *message, const struct message_end *end)
{
    AUTO (db_rows) rows = NULL;
    const char *sent_at = end->state == NOTIFICATION_SENT ? DB_INT (end->now_ms) : NULL;
    int rc = db_query (db, &SQL_MESSAGE_END, &rows, message, notification_state_name (end->state), DB_INT (end->tried),
                       end->masked, end->error, sent_at);
    return rc < 0 || db_affected (rows) != 1 ? -1 : 0;
}

int store_message_list (db_t *db, const char *application, db_rows_t **ret)
{
    return db_query (db, &SQL_MESSAGE_LIST, ret, application);
}
