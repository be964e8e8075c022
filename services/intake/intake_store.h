/* What intake keeps: one typed function per statement of sql/queries.sql.  They return 0 (or 1 found / 0 not found
 * where said) and negative when the environment failed.  Lists hand the rows to the caller, who reads them by name. */
#pragma once

#include "common/calendar.h"
#include "common/db.h"
#include "common/json.h"
#include "common/page.h"
#include "intake.h"
#include "intake_version.h"

/* ---- places and days ---------------------------------------------------------------------------------------- */

#define OFFICE_HOLIDAYS_MAX 400

#define OFFICE_UNIT_SIZE    40

/* A kecamatan with its calendar, which points into it: not to be copied. */
struct office {
    char unit[OFFICE_UNIT_SIZE]; /* unit code in document numbers */
    struct working_calendar calendar;
    struct civil_date holidays[OFFICE_HOLIDAYS_MAX];
};

int kabupaten_put (db_t *db, const json_t *kabupaten, int64_t now);
int kecamatan_put (db_t *db, const char *kabupaten, const json_t *kecamatan, int64_t now);
/* `code` NULL: all. */
int kecamatan_list (db_t *db, const char *code, db_rows_t **ret_rows);
int kecamatan_find (db_t *db, const char *code, db_rows_t **ret_rows);
int holiday_put (db_t *db, const json_t *holiday, int64_t now);
int holiday_remove (db_t *db, const char *date);
/* Holidays are read from `from` on.  1 found, 0 not. */
int office_load (db_t *db, const char *code, struct civil_date from, struct office *ret_office);

/* ---- versions ----------------------------------------------------------------------------------------------- */

/* What became of a publication. */
enum publication { PUBLICATION_NEW, PUBLICATION_SAME, PUBLICATION_OTHER };

/* Stores the version unless it is there; negative or an enum publication. */
int workflow_put (db_t *db, const json_t *body, const struct workflow *workflow, const char *sha256, int64_t now);
int service_put (db_t *db, const json_t *body, const char *sha256, int64_t now);
/* A row {service}: another service would give the same legal numbers from another series. */
int service_number_rival (db_t *db, const char *format, const char *series, db_rows_t **ret_rows);
/* 1 found, 0 not. */
int workflow_load (db_t *db, const char *workflow, int version, struct workflow *ret_workflow);

/* `kecamatan` may be NULL. */
int service_effective (db_t *db, const char *service, const char *on, const char *kecamatan, db_rows_t **ret_rows);
int service_last (db_t *db, const char *service, db_rows_t **ret_rows);
int service_list (db_t *db, const char *on, const char *kecamatan, db_rows_t **ret_rows);

/* ---- applications ------------------------------------------------------------------------------------------- */

#define SHORT_CODE_LENGTH 8

/* The texts of a registration that happens now. */
struct registration {
    char number[40], short_code[SHORT_CODE_LENGTH + 1];
    char received_on[CALENDAR_DATE_SIZE], due_on[CALENDAR_DATE_SIZE];
};

/* A case with its pinned service version: a row of application, or one that is about to become such a row.  Its texts
 * are borrowed, those of a case on record from `rows`.  It may point into itself, so it is not copied;
 * application_clear () it. */
struct application {
    db_rows_t *rows;
    struct registration registration;
    json_t *facts;
    const struct version *version;
    const char *id, *kecamatan, *unit;
    const char *number, *short_code, *step;             /* NULL: none */
    const char *received_on, *due_on, *due_original_on; /* NULL: the clock has not begun */
    const char *closed_reason, *handed_to;              /* NULL: none */
    const char *registered_by; /* the officer who gives the number, while that is done; NULL: none */
    int attempt, paused_days;
    bool wait;
    int wait_minutes;
    enum intake_status status;
    int64_t created_ms, registered_ms, step_started_ms, closed_ms;
};

enum application_access { APPLICATION_READ, APPLICATION_LOCK };

/* 1 found, 0 not.  `id` is a UUID. */
int application_load (db_t *db, const char *id, enum application_access access, struct application *ret_application);
void application_clear (struct application *application);
#define AUTO_APPLICATION __attribute__ ((cleanup (application_clear))) struct application

/* Puts a new case on record, with its number and its first step if it has them.  `acting_for` may be NULL. */
int application_put (db_t *db, const struct application *application, const json_t *applicant, const json_t *acting_for,
                     const json_t *form);
/* The same for a case that had been given back: number, promise and first step. */
int application_register (db_t *db, const struct application *application);

/* How a step ended. */
struct step_ending {
    const struct workflow_step *step; /* NULL: none was running */
    const char *outcome;
    const json_t *actor;
    const char *reason, *requirement, *legal_basis; /* may be NULL */
};
/* Ends the running step; `application` says what is then true: status, facts, step (NULL: it is closed), closed_reason,
 * handed_to.  Sets its attempt. */
int application_advance (db_t *db, struct application *application, const struct step_ending *ending, int64_t now);
int application_extend (db_t *db, const char *id, struct civil_date due_on, int more_days);
/* Another open case of the same person for the same service in [from_ms, to_ms): *ret_rows has id, number. */
int application_same_day (db_t *db, const char *nik, const char *service, int64_t from_ms, int64_t to_ms,
                          db_rows_t **ret_rows);
int application_by_number (db_t *db, const char *number, db_rows_t **ret_rows);

struct application_query {
    const char *places, *kecamatan, *status, *step, *prefix; /* all but places may be NULL */
    const char *short_code;                                  /* the prefix read as one; NULL: it is none */
    struct page page;
};
/* With a step: those that stand there, due first; else the newest first. */
int application_list (db_t *db, const struct application_query *query, db_rows_t **ret_rows);

/* The next number of that kecamatan and year; the counter stays locked until commit. */
int number_next (db_t *db, const char *kecamatan, int year, int64_t *ret_number);

/* `handover`: the body of application.handover; without a collector the applicant came. */
int handover_put (db_t *db, const char *application, const json_t *handover);

/* `brought`: [{"code", "file"?, "file_sha256"?, "original_seen"?, "note"?}], no code twice. */
int requirement_put (db_t *db, const char *application, const json_t *brought, int64_t now);
int requirement_ask_again (db_t *db, const char *application, const char *code, const char *note);
/* The same with "asked_again"; a new reference, NULL with a negative *ret_rc. */
json_t *requirement_list (db_t *db, const char *application, int *ret_rc);

/* The steps that have ended, in their order. */
int step_list (db_t *db, const char *application, db_rows_t **ret_rows);

/* ---- the whole case ----------------------------------------------------------------------------------------- */

/* Who is told; `account` and `username` may be NULL: a service by itself. */
struct disclosure {
    const char *asked_by, *account, *username, *correlation;
};
/* Loads the case and writes down that it was told.  1 found, 0 not.  ret_application->rows has beside the application the
 * columns of applicant (NULL when the person is forgotten), "requirements", kecamatan and kabupaten. */
int case_disclose (db_t *db, const char *id, const struct disclosure *disclosure, int64_t now,
                   struct application *ret_application);
