/* What the signing service keeps: one typed function per statement of sql/queries.sql.
 * 0 or positive: done or the number of rows; negative: the environment failed.  Times are unix milliseconds. */
#pragma once

#include "common/service.h"
#include "signing.h"

/* The newest task of an application with the parafs in force that its level asks about: what the rules decide over.  The
 * texts live in the rows. */
struct desk_row {
    struct signing_desk desk;
    int64_t id;
    const char *step, *number, *kecamatan, *service, *decided_by_name;
    int attempt;
    int64_t decided_at_ms;
    json_t *document; /* of level camat, else NULL */
    db_rows_t *task_rows, *paraf_rows;
};
void desk_row_clear (struct desk_row *row);
#define AUTO_DESK __attribute__ ((cleanup (desk_row_clear))) struct desk_row

/* 1: found, 0: there is none.  desk_lock () holds the row until the transaction ends. */
int desk_lock (db_t *db, const char *application, struct desk_row *ret);
int desk_find (db_t *db, const char *application, struct desk_row *ret);

/* Ends the task under lock. */
int desk_end (struct call *call, const struct desk_row *row, enum signing_state to, const char *reason);

/* An inbox row, a signed document as the public sees it. */
json_t *task_json (const db_rows_t *rows, int row);
json_t *document_json (const db_rows_t *rows);

/* The answer for a verdict that is no acceptance. */
int refuse_verdict (struct call *call, const struct desk_row *row, const struct signing_answer *answer);

/* Voids the parafs in force of level `from` and later, and publishes paraf.voided for each. */
int parafs_void (struct call *call, const char *application, enum signing_level from);
