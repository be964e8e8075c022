/* What intake keeps: one typed function per statement of sql/queries.sql.  They return 0 (or 1 found / 0 not found
 * where said) and negative when the environment failed.  Lists hand the rows to the caller, who reads them by name. */
#pragma once

#include "common/calendar.h"
#include "common/db.h"
#include "common/json.h"
#include "common/page.h"
#include "intake.h"
#include "intake_workflow.h"

/* ---- places and days ---------------------------------------------------------------------------------------- */

#define OFFICE_HOLIDAYS_MAX 400

/* A kecamatan with its calendar; office_clear () it. */
struct office {
    db_rows_t *rows; /* of kecamatan_find */
    const char *code, *name;
    struct working_calendar calendar;
    struct civil_date holidays[OFFICE_HOLIDAYS_MAX];
};

int kabupaten_put (db_t *db, const json_t *kabupaten, int64_t now);
int kecamatan_put (db_t *db, const char *kabupaten, const json_t *kecamatan, int64_t now);
int kecamatan_list (db_t *db, db_rows_t **ret_rows);
int kecamatan_find (db_t *db, const char *code, db_rows_t **ret_rows);
int holiday_put (db_t *db, const json_t *holiday, int64_t now);
int holiday_remove (db_t *db, const char *date);
/* Holidays are read from `from` on.  1 found, 0 not. */
int office_load (db_t *db, const char *code, struct civil_date from, struct office *ret_office);
void office_clear (struct office *office);
#define AUTO_OFFICE __attribute__ ((cleanup (office_clear))) struct office

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

/* A row of application with its pinned service version; application_clear () it. */
struct application {
    db_rows_t *rows;
    json_t *facts;
    json_t *content; /* of the service version */
    const char *id, *kecamatan, *unit, *service, *service_name, *workflow;
    const char *number, *short_code, *step;             /* NULL: none */
    const char *received_on, *due_on, *due_original_on; /* NULL: the clock has not begun */
    const char *closed_reason, *handed_to;              /* NULL: none */
    int service_version, workflow_version, attempt, paused_days;
    bool wait;
    int wait_minutes;
    enum intake_status status;
    int64_t created_ms, registered_ms, closed_ms;
};

enum application_access { APPLICATION_READ, APPLICATION_LOCK };

/* 1 found, 0 not.  `id` is a UUID. */
int application_load (db_t *db, const char *id, enum application_access access, struct application *ret_application);
void application_clear (struct application *application);
#define AUTO_APPLICATION __attribute__ ((cleanup (application_clear))) struct application

struct application_new {
    const char *id, *kecamatan, *service;
    int service_version;
    const json_t *facts, *applicant, *acting_for, *form; /* acting_for may be NULL */
};
int application_put (db_t *db, const struct application_new *application, int64_t now);

struct registration {
    const char *number, *short_code, *step;
    const struct intake_promise *promise;
    struct intake_duration duration;
};
int application_register (db_t *db, const char *id, const struct registration *registration, int64_t now);
int application_move (db_t *db, const struct application *application, const char *to_step, int attempt);
int application_extend (db_t *db, const char *id, struct civil_date due_on, int more_days);
/* `reason` and `handed_to` may be NULL. */
int application_close (db_t *db, const struct application *application, enum intake_status status, const char *reason,
                       const char *handed_to, int64_t now);

/* Another open case of the same person for the same service in [from_ms, to_ms): *ret_rows has id, number. */
int application_same_day (db_t *db, const char *nik, const char *service, int64_t from_ms, int64_t to_ms,
                          db_rows_t **ret_rows);
int application_by_number (db_t *db, const char *number, db_rows_t **ret_rows);

struct application_query {
    const char *places, *kecamatan, *status, *prefix; /* all but places may be NULL */
    struct page page;
};
int application_list (db_t *db, const struct application_query *query, db_rows_t **ret_rows);

/* The next number of that kecamatan and year; the counter stays locked until commit. */
int number_next (db_t *db, const char *kecamatan, int year, int64_t *ret_number);

int applicant_find (db_t *db, const char *application, db_rows_t **ret_rows);
/* `handover`: the body of application.handover; without a collector the applicant came. */
int handover_put (db_t *db, const char *application, const json_t *handover);

/* `file_sha256`: of the provided file; NULL when there is none. */
int requirement_put (db_t *db, const char *application, const json_t *provided, const char *file_sha256, int64_t now);
int requirement_ask_again (db_t *db, const char *application, const char *code, const char *note);
int requirement_list (db_t *db, const char *application, db_rows_t **ret_rows);

/* ---- the course --------------------------------------------------------------------------------------------- */

int step_begin (db_t *db, const char *application, const struct workflow_step *step, int64_t now, int *ret_attempt);

struct step_ending {
    const char *outcome;
    const json_t *actor;
    const char *reason, *requirement, *legal_basis; /* may be NULL */
};
int step_end (db_t *db, const struct application *application, const struct step_ending *ending, int64_t now,
              int64_t *ret_started_ms);
int step_list (db_t *db, const char *application, db_rows_t **ret_rows);

/* `account` and `username` may be NULL: a service by itself. */
int disclosure_put (db_t *db, const char *application, const char *asked_by, const char *account, const char *username,
                    const char *correlation, int64_t now);
