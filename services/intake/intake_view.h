/* A case as JSON: for officers (application.get), for the services that print and notify (case.get), for the public
 * (track).  Reads, decides nothing. */
#pragma once

#include "common/service.h"
#include "intake_store.h"

#define VIEW_REQUIREMENTS_MAX 64

/* One line of the checklist: what the pinned version asks and what was brought.  Texts are borrowed from the version's
 * content and from `brought`. */
struct view_item {
    const char *code, *name, *how;
    const char *file, *file_sha256, *note; /* NULL: none */
    struct intake_requirement rule;
};
struct checklist {
    json_t *brought;
    struct view_item items[VIEW_REQUIREMENTS_MAX];
    size_t count;
};
/* `brought`: as requirement_put () takes it and requirement_list () gives it; taken. */
void checklist_read (const struct version *version, json_t *brought, struct checklist *ret_checklist);
int checklist_load (db_t *db, const struct application *application, struct checklist *ret_checklist);
/* Of an application that comes from case_disclose (). */
void checklist_of_case (const struct application *application, struct checklist *ret_checklist);
/* The line of that requirement, or NULL. */
const struct view_item *checklist_find (const struct checklist *checklist, const char *code);
void checklist_clear (struct checklist *checklist);
#define AUTO_CHECKLIST __attribute__ ((cleanup (checklist_clear))) struct checklist

bool checklist_is_complete (const struct checklist *checklist);

/* [{"code", "name", "how", "note"?}] */
json_t *view_missing (const struct checklist *checklist);
/* The same with "mandatory", "file"?, "original_seen", "missing". */
json_t *view_requirements (const struct checklist *checklist);
/* For the public and for events: the codes or the names alone. */
json_t *view_missing_texts (const struct checklist *checklist, bool names);

/* {"application", "number", "short_code", "status", "kecamatan", "service", ... dates}: no personal data. */
json_t *view_head (const struct application *application);
/* Of the rows of case_disclose (): {"nik", "name", ...} with "collector" if there is one; NULL when the person is
 * forgotten. */
json_t *view_applicant (const db_rows_t *rows);
/* Of the same: {"nik", "name", "relation"}; NULL: the applicant came. */
json_t *view_acting_for (const db_rows_t *rows);
json_t *view_form (const db_rows_t *rows);
/* Of a case from case_disclose (): {"nik_confirmed", "note"?, "signature_file"?}; NULL before the handover and when the
 * person is forgotten. */
json_t *view_handover (const struct application *application);
/* [{"step", "attempt", "station", "role", "started_at", ...}], the running one last; NULL with a negative *ret_rc. */
json_t *view_steps (db_t *db, const struct application *application, int *ret_rc);

/* The case sorted by whom it is about: application, applicant, service, kecamatan, kabupaten (case_view.c).
 * `application` comes from case_disclose (). */
json_t *view_for_print (const struct application *application, const struct checklist *checklist);

/* "name": text unless it is NULL. */
void view_set (json_t *object, const char *name, const char *text);
/* "name": RFC 3339, unless the moment is 0. */
void view_set_time (json_t *object, const char *name, int64_t unix_ms);
