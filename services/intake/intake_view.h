/* A case as JSON: for officers (application.get), for the services that print and notify (case.get), for the public
 * (track).  Reads, decides nothing. */
#pragma once

#include "common/service.h"
#include "intake_store.h"

#define VIEW_REQUIREMENTS_MAX 64

/* One line of the checklist: what the pinned version asks and what was brought.  Texts are borrowed from the
 * application's content and from `rows`. */
struct view_item {
    const char *code, *name, *how;
    const char *file, *file_sha256, *note; /* NULL: none */
    struct intake_requirement rule;
};
struct checklist {
    db_rows_t *rows;
    struct view_item items[VIEW_REQUIREMENTS_MAX];
    size_t count;
};
int checklist_load (db_t *db, const struct application *application, struct checklist *ret_checklist);
/* The line of that requirement, or NULL. */
const struct view_item *checklist_find (const struct checklist *checklist, const char *code);
void checklist_clear (struct checklist *checklist);
#define AUTO_CHECKLIST __attribute__ ((cleanup (checklist_clear))) struct checklist

/* [{"code", "name", "how", "note"?}] */
json_t *view_missing (const struct checklist *checklist);
/* The same with "mandatory", "file"?, "original_seen", "missing". */
json_t *view_requirements (const struct checklist *checklist);
/* For the public and for events: the codes or the names alone. */
json_t *view_missing_texts (const struct checklist *checklist, bool names);

/* {"application", "number", "short_code", "status", "kecamatan", "service", ... dates}: no personal data. */
json_t *view_head (const struct application *application);
/* {"nik", "name", ...}, "acting_for"? and "collector"? as they were given; NULL with a negative *ret_rc, or when there
 * is none (forgotten). */
json_t *view_applicant (db_t *db, const char *application, json_t **ret_form, json_t **ret_acting_for, int *ret_rc);
/* [{"step", "attempt", "station", "role", "started_at", ...}] or NULL with a negative *ret_rc. */
json_t *view_steps (db_t *db, const char *application, int *ret_rc);

/* The case sorted by whom it is about: application, applicant, service, kecamatan, kabupaten (case_view.c).  `whole`: the
 * officer's view; `kecamatan`: rows of kecamatan_find (). */
json_t *view_for_print (const struct application *application, const json_t *whole, const db_rows_t *kecamatan);

/* "name": text unless it is NULL. */
void view_set (json_t *object, const char *name, const char *text);
/* "name": RFC 3339, unless the moment is 0. */
void view_set_time (json_t *object, const char *name, int64_t unix_ms);
