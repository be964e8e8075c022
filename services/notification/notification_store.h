/* One typed function per statement of sql/queries.sql.  All return 0, or negative when the environment failed.  A found
 * row is the caller's; a row that is not there is not a failure: db_count () tells. */
#pragma once

#include "common/auto.h"
#include "common/db.h"
#include "notification.h"

#include <stdint.h>

#define NOTIFICATION_CHANNEL "email"

/* number may be NULL. */
int store_application_learn (db_t *db, const char *application, const char *number, const char *kecamatan,
                             const char *service);
int store_application_bill (db_t *db, const char *application, int64_t amount_rupiah);
int store_application_find (db_t *db, const char *application, db_rows_t **ret);

/* *ret_added false: this event was acted on before. */
int store_message_add (db_t *db, const char *message, const char *event, const char *application,
                       enum notification_kind kind, const json_t *facts, int64_t now_ms, bool *ret_added);
int store_message_find (db_t *db, const char *message, db_rows_t **ret);
int store_message_lock (db_t *db, const char *message, db_rows_t **ret);
int store_message_attempt (db_t *db, const char *message, const char *masked, const char *error);

struct message_end {
    enum notification_state state;
    bool tried;         /* counts as an attempt */
    const char *masked; /* NULL: as it was */
    const char *error;  /* NULL: none */
    int64_t now_ms;
};
int store_message_end (db_t *db, const char *message, const struct message_end *end);
int store_message_list (db_t *db, const char *application, db_rows_t **ret);
