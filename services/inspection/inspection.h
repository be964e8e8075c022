/* The rules of the field check ("cek lapangan"): when may a visit be scheduled, when may its findings be recorded?
 * Field checks are where people have been asked for money on the quiet.  So nobody goes out without a letter of
 * assignment with a day and names, a new day is a new letter, and a report says where, when and with which photos.
 * Pure: no I/O, no clock, no allocation.  Roles and places of officers are checked by the caller, the findings' form by
 * its schema. */
#pragma once

#include "common/calendar.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum inspection_state {
    INSPECTION_REQUESTED,
    INSPECTION_SCHEDULED, /* a letter of assignment is in force */
    INSPECTION_RECORDED,  /* for good */
    INSPECTION_CLOSED,    /* the application ended elsewhere */
    INSPECTION_STATES
};

enum inspection_command { INSPECTION_SCHEDULE, INSPECTION_RECORD, INSPECTION_CLOSE, INSPECTION_COMMANDS };

/* A (state, command) pair of the lifecycle. */
struct inspection_rule {
    bool allowed;
    enum inspection_state to;
};

enum inspection_result { INSPECTION_OK, INSPECTION_REJECTED, INSPECTION_RESULTS };

enum inspection_verdict {
    INSPECTION_ACCEPTED,
    INSPECTION_CASE_CLOSED,
    INSPECTION_ALREADY_RECORDED,
    INSPECTION_NOT_SCHEDULED,
    INSPECTION_LETTER_IN_FORCE,  /* there is a letter, and the new plan does not name it as the one that it replaces */
    INSPECTION_LETTER_NOT_FOUND, /* the plan replaces a letter that is not in force */
    INSPECTION_DATE_PAST,
    INSPECTION_DATE_FAR,
    INSPECTION_VISIT_BEFORE_LETTER,
    INSPECTION_VISIT_IN_FUTURE,
    INSPECTION_REASON_REQUIRED, /* a refusal says why */
    INSPECTION_REASON_FORBIDDEN,
    INSPECTION_LEGAL_BASIS_REQUIRED, /* and by what law */
    INSPECTION_LEGAL_BASIS_FORBIDDEN,
    INSPECTION_PHOTO_FOREIGN, /* belongs to another kecamatan */
    INSPECTION_PHOTO_NONE,    /* was not kept as a photo of a field check */
    INSPECTION_VERDICTS
};

#define INSPECTION_DAYS_AHEAD_MAX 366         /* a later date is a slip of the pen */
#define INSPECTION_CLOCK_SLACK_MS (5 * 60000) /* an officer's telephone and the server differ */
#define INSPECTION_PHOTOS_MAX     10

struct inspection_visit {
    enum inspection_state state;
    const char *kecamatan;
    const char *letter_number; /* in force; NULL while there is none */
    int64_t letter_at_ms;      /* when it was issued */
};

struct inspection_plan {
    struct civil_date date;
    const char *replaces; /* the letter that the new one replaces, or NULL */
};

/* What the archive knows of a photo. */
struct inspection_photo {
    const char *place;
    bool is_photo;
};

struct inspection_report {
    enum inspection_result result;
    const char *reason, *legal_basis; /* NULL: not given */
    int64_t visited_at_ms;
    const struct inspection_photo *photos;
    size_t photo_count;
};

struct inspection_answer {
    enum inspection_verdict verdict;
    enum inspection_state to; /* with INSPECTION_ACCEPTED */
    size_t index;             /* of the photo */
};

/* The lifecycle, for handlers, diagrams and tests. */
struct inspection_rule inspection_rule (enum inspection_state state, enum inspection_command command);

/* `today`: the local date. */
struct inspection_answer inspection_schedule (const struct inspection_visit *visit, const struct inspection_plan *plan,
                                              struct civil_date today);
struct inspection_answer inspection_record (const struct inspection_visit *visit,
                                            const struct inspection_report *report, int64_t now_ms);

/* Names as they stand in the table and in JSON.  The parsers return false for anything else. */
const char *inspection_state_name (enum inspection_state state);
const char *inspection_command_name (enum inspection_command command);
const char *inspection_result_name (enum inspection_result result);
bool inspection_state_parse (const char *name, enum inspection_state *ret_state);
bool inspection_result_parse (const char *name, enum inspection_result *ret_result);
