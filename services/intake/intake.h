/* The rules of an application ("permohonan") at the counter: what may be done with it when, what a complete file is,
 * and which date is promised.  Pure: no I/O, no clock, no allocation.  Which step follows which is data
 * (intake_course.h); the stations' own rules are theirs. */
#pragma once

#include "common/calendar.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- the lifecycle ------------------------------------------------------------------------------------------ */

/* As stored and shown. */
enum intake_status {
    INTAKE_INCOMPLETE, /* given back at the loket with a list; no number, the clock stands */
    INTAKE_REGISTERED, /* numbered and under way; the step tells where */
    INTAKE_DONE,       /* handed over */
    INTAKE_REJECTED,
    INTAKE_WITHDRAWN,
    INTAKE_STATUSES
};

/* The same, with the distinctions that the rules make. */
enum intake_state {
    INTAKE_AT_LOKET,      /* incomplete */
    INTAKE_AT_DESK,       /* with an officer, before a legal number exists */
    INTAKE_AT_COMPLETION, /* given back by the verifier; the clock is paused */
    INTAKE_AT_SIGNING,    /* the legal number is being allocated or exists, the Camat has not signed */
    INTAKE_AT_PAYMENT,    /* signed, not paid */
    INTAKE_AT_HANDOVER,   /* signed, nothing owed */
    INTAKE_CLOSED_DONE,
    INTAKE_CLOSED_REJECTED,
    INTAKE_CLOSED_WITHDRAWN,
    INTAKE_STATES
};

enum intake_command {
    INTAKE_COMPLETE,  /* the loket adds what was missing */
    INTAKE_ADVANCE,   /* a station has answered */
    INTAKE_WITHDRAW,  /* the applicant takes it back */
    INTAKE_HAND_OVER, /* the penyerahan desk gives the document out */
    INTAKE_COMMANDS
};

enum intake_verdict {
    INTAKE_OUT_OF_ORDER, /* not now */
    INTAKE_OK,
    INTAKE_CLOSED,              /* it has ended */
    INTAKE_UNPAID,              /* payment comes before handover */
    INTAKE_ALREADY_HANDED_OVER, /* nothing is given out twice */
    INTAKE_VERDICTS
};

/* `step` is looked at only while registered; NULL otherwise. */
enum intake_state intake_state (enum intake_status status, const char *step);
enum intake_verdict intake_decide (enum intake_state state, enum intake_command command);

/* "incomplete", "registered", ... and back; INTAKE_STATUSES for another text. */
const char *intake_status_name (enum intake_status status);
enum intake_status intake_status_from (const char *name);
bool intake_is_closed (enum intake_status status);

/* ---- a complete file ---------------------------------------------------------------------------------------- */

/* How a requirement may be met. */
enum intake_how {
    INTAKE_BY_UPLOAD,   /* a scan must be kept */
    INTAKE_BY_ORIGINAL, /* the officer saw the original; nothing is kept */
    INTAKE_BY_EITHER,
    INTAKE_HOWS
};

struct intake_requirement {
    enum intake_how how;
    bool mandatory;
    bool has_file;
    bool original_seen;
    bool asked_again; /* the verifier named it as missing and nothing new has been brought since */
};

/* Must the citizen still bring it? */
bool intake_is_missing (const struct intake_requirement *requirement);

/* What the loket puts to a requirement, compared with what lies there. */
struct intake_brought {
    bool asked_again; /* the verifier has found wanting what lies there */
    bool same_file;   /* these very bytes lie there */
    bool original_seen;
    bool new_note;
};

/* Does it answer what the verifier asked for?  The very same scan does not. */
bool intake_is_answer (const struct intake_brought *brought);

/* ---- people ------------------------------------------------------------------------------------------------- */

#define INTAKE_BIRTH_YEAR_MIN 1900

/* Could somebody who was born then ask for something today? */
bool intake_birth_fits (struct civil_date birth, struct civil_date today);

/* "upload", "original", "either" and back; INTAKE_HOWS for another text. */
const char *intake_how_name (enum intake_how how);
enum intake_how intake_how_from (const char *name);

/* ---- the promise -------------------------------------------------------------------------------------------- */

struct intake_duration {
    bool wait; /* minutes: the citizen may wait */
    int working_days;
    int minutes;
};

struct intake_promise {
    struct civil_date received_on; /* the working day that the file counts as received on */
    struct civil_date due_on;      /* the last day that keeps the promise */
    bool wait;                     /* it is ready while the citizen waits: today, in minutes */
};

/* The clock starts when the file is complete: after closing, on the next working day.  Minutes that do not fit before
 * closing time end on the next working day.  `at_seconds` is unix time.  False when the calendar has no working day. */
bool intake_promise (const struct working_calendar *calendar, int64_t at_seconds, int offset_minutes,
                     struct intake_duration duration, struct intake_promise *ret_promise);

/* A time that the file lay with the citizen, in unix seconds. */
struct intake_pause {
    int64_t from_seconds, to_seconds;
};

/* Working days of a pause: those after the day of its beginning up to and including the day of its end.  Both count as a
 * receipt does: after closing and on days off as the next working day.  So what comes and goes while the office is
 * closed pauses nothing.  False when the calendar has no working day. */
bool intake_paused_days (const struct working_calendar *calendar, struct intake_pause pause, int offset_minutes,
                         int *ret_days);

/* The promise after a pause.  False when the calendar has no working day. */
bool intake_extend (const struct working_calendar *calendar, struct civil_date due_on, int paused_days,
                    struct civil_date *ret_due_on);
