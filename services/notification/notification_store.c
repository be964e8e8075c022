/* The statements of notification, see notification_store.h. */
#include "notification_store.h"

#include "notification_sql.h"

static bool has_email (const db_rows_t *rows)
{
    return db_count (rows) > 0 && db_bool (rows, 0, "has_email");
}

int store_application_learn (db_t *db, const struct application_news *news, bool *ret_has_email)
{
    AUTO (db_rows) rows = NULL;
    const char *reached = news->channels ? DB_BOOL (json_array_size (news->channels) > 0) : NULL;
    int rc =
        db_query (db, &SQL_APPLICATION_LEARN, &rows, news->id, news->number, news->kecamatan, news->service, reached);
    *ret_has_email = has_email (rows);
    return rc;
}

int store_application_bill (db_t *db, const char *application, int64_t amount_rupiah, bool *ret_has_email)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_APPLICATION_BILL, &rows, application, DB_INT (amount_rupiah));
    *ret_has_email = has_email (rows);
    return rc;
}

int store_application_find (db_t *db, const char *application, db_rows_t **ret)
{
    return db_query (db, &SQL_APPLICATION_FIND, ret, application);
}

int store_message_add (db_t *db, const struct message_new *message, bool *ret_added)
{
    AUTO (db_rows) rows = NULL;
    AUTO_FREE char *facts = db_json_text (message->facts);
    int rc = db_query (db, &SQL_MESSAGE_ADD, &rows, message->id, message->event, message->application,
                       notification_kind_name (message->kind), NOTIFICATION_CHANNEL, facts, DB_INT (message->now_ms),
                       notification_state_name (message->state), message->error);
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
