/* What the document service keeps: one typed function per statement of sql/queries.sql.  It knows columns, no rules.
 * Functions return 0, or negative when the environment failed; those that look for one row return how many they found
 * (0 or 1).  Texts are borrowed from the result, trees are new references.  Times are unix milliseconds. */
#pragma once

#include "common/db.h"
#include "common/station.h"
#include "document.h"

#include <jansson.h>

/* ---- templates ---------------------------------------------------------------------------------------------- */

struct template_new {
    const char *code, *sha256, *account;
    int version;
    const json_t *template, *constants;
    int64_t published_ms;
};
/* 1: it is new; 0: that version is there already. */
int template_add (db_t *db, const struct template_new *template);
/* version 0: the newest. */
int template_find (db_t *db, const char *code, int version, db_rows_t **ret_rows);
int template_newest (db_t *db, const char *code, int *ret_version);

/* ---- drafts ------------------------------------------------------------------------------------------------- */

struct task_new {
    const struct station_request *asked;
    const char *reason; /* NULL: that of the last objection, if any */
};
int task_add (db_t *db, const struct task_new *task);
int objection_put (db_t *db, const char *application, const char *step, const char *reason, int64_t returned_ms);

/* The newest task of an application. */
struct task {
    int64_t id;
    const char *application, *step, *number, *kecamatan, *service, *ended_by_name;
    int attempt;
    enum document_draft_state state;
    int64_t ended_ms;
    json_t *config; /* owned */
    db_rows_t *rows;
};
int task_find (db_t *db, const char *application, struct task *ret_task);
int task_lock (db_t *db, const char *application, struct task *ret_task);
void task_clear (struct task *task);
#define AUTO_TASK __attribute__ ((cleanup (task_clear))) struct task
/* `account` and `name`: who submitted or returned it, else NULL. */
int task_end (db_t *db, int64_t id, enum document_draft_state to, const char *account, const char *name,
              int64_t ended_ms);
/* `places`: PostgreSQL array literal; `after`: the last id of the page before, or NULL. */
int task_list (db_t *db, const char *places, const char *after, int limit, db_rows_t **ret_rows);
json_t *task_json (const db_rows_t *rows, int row);

struct draft_new {
    int64_t task;
    const char *application, *template, *content, *content_sha256;
    int template_version;
    const json_t *filled, *signer;
    int64_t submitted_ms;
};
int draft_add (db_t *db, const struct draft_new *draft);
int draft_find (db_t *db, const char *application, db_rows_t **ret_rows);
int draft_of_content (db_t *db, const char *application, const char *content_sha256, int64_t *ret_id);

/* ---- numbers ------------------------------------------------------------------------------------------------ */

/* Locks the counter until the transaction ends. */
int number_next (db_t *db, const char *kecamatan, const char *series, int year, int64_t *ret_seq);
struct number_new {
    const char *kecamatan, *series, *number, *application, *service;
    int year;
    int64_t seq, allocated_ms;
};
int number_add (db_t *db, const struct number_new *number, int64_t *ret_id);
/* `reason`: of a void one, else NULL. */
int number_end (db_t *db, int64_t id, enum document_number_state to, const char *reason, int64_t ended_ms);
/* series and year may be NULL: all. */
int number_list (db_t *db, const char *kecamatan, const char *series, const char *year, const char *after, int limit,
                 db_rows_t **ret_rows);
int number_sums (db_t *db, const char *kecamatan, const char *series, const char *year, db_rows_t **ret_rows);
json_t *number_json (const db_rows_t *rows, int row);
json_t *number_sum_json (const db_rows_t *rows, int row);

/* ---- final documents ---------------------------------------------------------------------------------------- */

struct final_new {
    const char *application, *step, *kecamatan, *service, *token;
    int64_t attempt, draft, number, requested_ms;
};
int final_known (db_t *db, const char *application, const char *step, int64_t attempt);
int final_add (db_t *db, const struct final_new *final);

/* The newest final document of an application. */
struct final {
    int64_t id, number_id;
    const char *step, *kecamatan, *service, *token, *number;
    const char *dated, *file, *sha256; /* NULL until it is rendered */
    int attempt;
    enum document_final_state state;
    db_rows_t *rows; /* of final_find () also content, template, template_version, requested_at_ms */
};
int final_find (db_t *db, const char *application, struct final *ret_final);
/* 0 as well when it is signed or void: then nothing changes it any more. */
int final_lock (db_t *db, const char *application, struct final *ret_final);
void final_clear (struct final *final);
#define AUTO_FINAL __attribute__ ((cleanup (final_clear))) struct final

struct final_rendering {
    enum document_final_state to;
    const char *dated, *file, *sha256;
    const json_t *signer;
};
int final_render (db_t *db, int64_t id, const struct final_rendering *rendering);
int final_end (db_t *db, int64_t id, enum document_final_state to);
