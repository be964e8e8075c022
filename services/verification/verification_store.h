/* What the verification service keeps: one typed function per statement of sql/queries.sql.  It knows columns, no
 * rules. Functions return 0, or negative when the environment failed; those that look for one row return how many they
 * found (0 or 1).  Texts are borrowed from the result, trees are new references. */
#pragma once

#include "common/db.h"
#include "common/station.h"
#include "verification.h"

#include <jansson.h>

/* A task to be added, as step.requested brings it. */
struct task_request {
    const struct station_request *asked;
    const json_t *facts, *requirements;
    const json_t *outcomes; /* NULL: all */
};
int task_add (db_t *db, const struct task_request *request);

/* A task under lock: what a decision needs. */
struct task_locked {
    int64_t id;
    const char *step, *kecamatan;
    int attempt;
    enum verification_state state;
    json_t *requirements, *outcomes; /* new references; outcomes: JSON null for all */
    const char *decided_by_name;     /* NULL while nobody has */
    int64_t decided_at_ms;
};
int task_lock (db_t *db, const char *application, db_rows_t **ret_rows, struct task_locked *ret_task);
void task_locked_clear (struct task_locked *task);

/* The decision to be kept. */
struct task_decision {
    enum verification_state state;
    enum verification_outcome outcome;
    const char *requirement, *reason, *legal_basis; /* or NULL */
    const json_t *missing;                          /* or NULL */
    const char *account, *name;                     /* who decides */
    int64_t decided_at_ms;
};
int task_decide (db_t *db, int64_t id, const struct task_decision *decision);
int task_close (db_t *db, int64_t id, enum verification_state state, int64_t closed_at_ms);

/* `places`: PostgreSQL array literal; `after`: the last id of the page before, or NULL. */
int task_list (db_t *db, const char *places, const char *state, const char *after, int rows, db_rows_t **ret_rows);
int task_history (db_t *db, const char *application, db_rows_t **ret_rows);
/* A row of the two as the contract shows it. */
json_t *task_json (const db_rows_t *rows, int row);
