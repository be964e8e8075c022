/* What the inspection service keeps: one typed function per statement of sql/queries.sql.  It knows columns, no rules.
 * Functions return 0, or negative when the environment failed; visit_lock () returns how many rows it found (0 or 1). */
#pragma once

#include "common/db.h"
#include "common/station.h"
#include "inspection.h"

#include <jansson.h>

/* A visit to be added, as step.requested brings it. */
struct visit_request {
    const struct station_request *asked;
    const json_t *facts, *findings_schema, *measured;
};
int visit_add (db_t *db, const struct visit_request *request);

/* A visit under lock: what a decision needs.  The texts live until visit_locked_clear (). */
struct visit_locked {
    int64_t id;
    const char *step;
    int attempt;
    struct inspection_visit visit;
    json_t *findings_schema, *measured;
    const char *issued_by_name;   /* of the letter in force, or NULL */
    const char *recorded_by_name; /* or NULL */
    int64_t recorded_at_ms;
    db_rows_t *rows, *letter_rows;
};
int visit_lock (db_t *db, const char *application, struct visit_locked *ret_visit);
void visit_locked_clear (struct visit_locked *visit);
#define AUTO_VISIT __attribute__ ((cleanup (visit_locked_clear))) struct visit_locked

/* The next number of that kecamatan's year, without gaps: its row stays locked until the transaction ends. */
int letter_next (db_t *db, const char *kecamatan, int year, int64_t *ret_serial);

struct letter {
    const char *letter_number;
    int64_t visit;
    const char *date, *time; /* YYYY-MM-DD; HH:MM or NULL */
    const json_t *officers;
    const char *note; /* or NULL */
    const char *account, *name;
    int64_t issued_at_ms;
};
int letter_add (db_t *db, const struct letter *letter);
int visit_schedule (db_t *db, int64_t id, enum inspection_state state, const char *letter_number);

struct visit_report {
    enum inspection_state state;
    const json_t *findings, *photos;
    const json_t *position; /* {latitude, longitude, accuracy_m} */
    int64_t visited_at_ms;
    enum inspection_result result;
    const char *reason, *legal_basis; /* or NULL */
    const char *account, *name;
    int64_t recorded_at_ms;
};
int visit_record (db_t *db, int64_t id, const struct visit_report *report);
int visit_close (db_t *db, int64_t id, enum inspection_state state, int64_t closed_at_ms);

/* `places`: PostgreSQL array literal; `state`: NULL for what is to be done; `after`: the last id of the page before, or
 * NULL. */
int visit_list (db_t *db, const char *places, const char *state, const char *after, int rows, db_rows_t **ret_rows);
int visit_history (db_t *db, const char *application, db_rows_t **ret_rows);
int letter_history (db_t *db, int64_t visit, db_rows_t **ret_rows);
/* Rows as the contract shows them. */
json_t *visit_json (const db_rows_t *rows, int row);
json_t *letter_json (const db_rows_t *rows, int row);
