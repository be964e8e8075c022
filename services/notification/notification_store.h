/* One typed function per statement of sql/queries.sql.  All return 0, or negative when the environment failed.  A found
 * row is the caller's; a row that is not there is not a failure: db_count () tells. */
#pragma once

#include "common/auto.h"
#include "common/db.h"
#include "notification.h"

#include <stdint.h>

#define NOTIFICATION_CHANNEL    "email"
#define NOTIFICATION_NO_ADDRESS "pemohon tidak memberi alamat surel"

/* What an event tells of a case. */
struct application_news {
    const char *id, *number, *kecamatan, *service; /* number may be NULL */
    const json_t *channels;                        /* NULL: it says nothing about them */
};
/* *ret_has_email: as far as is known. */
int store_application_learn (db_t *db, const struct application_news *news, bool *ret_has_email);
int store_application_bill (db_t *db, const char *application, int64_t amount_rupiah, bool *ret_has_email);
int store_application_find (db_t *db, const char *application, db_rows_t **ret);

struct message_new {
    const char *id, *event, *application;
    enum notification_kind kind;
    const json_t *facts;
    enum notification_state state; /* queued, or skipped at once with the reason */
    const char *error;             /* NULL: none */
    int64_t now_ms;
};
/* *ret_added false: this event was acted on before. */
int store_message_add (db_t *db, const struct message_new *message, bool *ret_added);
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
