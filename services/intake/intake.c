/* The rules of an application.  See intake.h. */
#include "intake.h"

#include <string.h>

/* The whole lifecycle.  A missing pair means "not now".
 * Withdrawing ends where the legal number begins: from then on the way out is the Camat's return, which voids the
 * number, or the revocation of what is signed.  So no number is orphaned and no signature races with a withdrawal. */
static const enum intake_verdict rules[INTAKE_STATES][INTAKE_COMMANDS] = {
    [INTAKE_AT_LOKET] = {[INTAKE_COMPLETE] = INTAKE_OK, [INTAKE_WITHDRAW] = INTAKE_OK},
    [INTAKE_AT_DESK] = {[INTAKE_ADVANCE] = INTAKE_OK, [INTAKE_WITHDRAW] = INTAKE_OK},
    [INTAKE_AT_COMPLETION] = {[INTAKE_COMPLETE] = INTAKE_OK, [INTAKE_WITHDRAW] = INTAKE_OK},
    [INTAKE_AT_SIGNING] = {[INTAKE_ADVANCE] = INTAKE_OK},
    [INTAKE_AT_PAYMENT] = {[INTAKE_ADVANCE] = INTAKE_OK, [INTAKE_HAND_OVER] = INTAKE_UNPAID},
    [INTAKE_AT_HANDOVER] = {[INTAKE_HAND_OVER] = INTAKE_OK},
    [INTAKE_CLOSED_DONE] = {[INTAKE_COMPLETE] = INTAKE_CLOSED,
                            [INTAKE_ADVANCE] = INTAKE_CLOSED,
                            [INTAKE_WITHDRAW] = INTAKE_CLOSED,
                            [INTAKE_HAND_OVER] = INTAKE_ALREADY_HANDED_OVER},
    [INTAKE_CLOSED_REJECTED] = {[INTAKE_COMPLETE] = INTAKE_CLOSED,
                                [INTAKE_ADVANCE] = INTAKE_CLOSED,
                                [INTAKE_WITHDRAW] = INTAKE_CLOSED,
                                [INTAKE_HAND_OVER] = INTAKE_CLOSED},
    [INTAKE_CLOSED_WITHDRAWN] = {[INTAKE_COMPLETE] = INTAKE_CLOSED,
                                 [INTAKE_ADVANCE] = INTAKE_CLOSED,
                                 [INTAKE_WITHDRAW] = INTAKE_CLOSED,
                                 [INTAKE_HAND_OVER] = INTAKE_CLOSED},
};

static const char *const status_names[INTAKE_STATUSES] = {"incomplete", "registered", "done", "rejected", "withdrawn"};
static const char *const how_names[INTAKE_HOWS] = {"upload", "original", "either"};

static enum intake_state state_at_step (const char *step)
{
    if (!step)
        return INTAKE_AT_DESK;
    if (strcmp (step, "completion") == 0)
        return INTAKE_AT_COMPLETION;
    if (strcmp (step, "finalizing") == 0 || strcmp (step, "signing") == 0)
        return INTAKE_AT_SIGNING;
    if (strcmp (step, "payment") == 0)
        return INTAKE_AT_PAYMENT;
    if (strcmp (step, "handover") == 0)
        return INTAKE_AT_HANDOVER;
    return INTAKE_AT_DESK;
}

enum intake_state intake_state (enum intake_status status, const char *step)
{
    switch (status) {
    case INTAKE_INCOMPLETE:
        return INTAKE_AT_LOKET;
    case INTAKE_REGISTERED:
        return state_at_step (step);
    case INTAKE_DONE:
        return INTAKE_CLOSED_DONE;
    case INTAKE_REJECTED:
        return INTAKE_CLOSED_REJECTED;
    case INTAKE_WITHDRAWN:
    case INTAKE_STATUSES:
        break;
    }
    return INTAKE_CLOSED_WITHDRAWN;
}

enum intake_verdict intake_decide (enum intake_state state, enum intake_command command)
{
    return rules[state][command];
}

const char *intake_status_name (enum intake_status status)
{
    return status_names[status];
}

enum intake_status intake_status_from (const char *name)
{
    for (int status = 0; status < INTAKE_STATUSES; status++)
        if (strcmp (status_names[status], name) == 0)
            return (enum intake_status)status;
    return INTAKE_STATUSES;
}

bool intake_is_closed (enum intake_status status)
{
    return status != INTAKE_INCOMPLETE && status != INTAKE_REGISTERED;
}

bool intake_is_missing (const struct intake_requirement *requirement)
{
    if (requirement->asked_again)
        return true;
    if (!requirement->mandatory)
        return false;
    switch (requirement->how) {
    case INTAKE_BY_UPLOAD:
        return !requirement->has_file;
    case INTAKE_BY_ORIGINAL:
        return !requirement->original_seen;
    case INTAKE_BY_EITHER:
    case INTAKE_HOWS:
        break;
    }
    return !requirement->has_file && !requirement->original_seen;
}

bool intake_is_answer (const struct intake_brought *brought)
{
    return !brought->asked_again || !brought->same_file || brought->original_seen || brought->new_note;
}

bool intake_birth_fits (struct civil_date birth, struct civil_date today)
{
    return birth.year >= INTAKE_BIRTH_YEAR_MIN && calendar_compare (birth, today) <= 0;
}

const char *intake_how_name (enum intake_how how)
{
    return how_names[how];
}

enum intake_how intake_how_from (const char *name)
{
    for (int how = 0; how < INTAKE_HOWS; how++)
        if (strcmp (how_names[how], name) == 0)
            return (enum intake_how)how;
    return INTAKE_HOWS;
}

/* The minute of the received day at which work can begin. */
static int first_minute (const struct working_calendar *calendar, bool same_day, int minute)
{
    return same_day && minute > calendar->opens_minute ? minute : calendar->opens_minute;
}

bool intake_promise (const struct working_calendar *calendar, int64_t at_seconds, int offset_minutes,
                     struct intake_duration duration, struct intake_promise *ret_promise)
{
    struct civil_date today;
    int minute;
    if (!calendar_from_unix (at_seconds, offset_minutes, &today, &minute) ||
        !calendar_received_on (calendar, today, minute, &ret_promise->received_on))
        return false;
    int days = duration.working_days;
    if (duration.wait) {
        bool same_day = calendar_compare (today, ret_promise->received_on) == 0;
        int start = first_minute (calendar, same_day, minute);
        days = duration.minutes > calendar->closes_minute - start ? 1 : 0;
    }
    if (!calendar_add_working_days (calendar, ret_promise->received_on, days, &ret_promise->due_on))
        return false;
    ret_promise->wait = duration.wait && calendar_compare (today, ret_promise->due_on) == 0;
    return true;
}

static bool working_day_of (const struct working_calendar *calendar, int64_t seconds, int offset_minutes,
                            struct civil_date *ret_day)
{
    struct civil_date date;
    int minute;
    return calendar_from_unix (seconds, offset_minutes, &date, &minute) &&
           calendar_received_on (calendar, date, minute, ret_day);
}

static int working_days_between (const struct working_calendar *calendar, struct civil_date from, struct civil_date to)
{
    int days = 0;
    struct civil_date day = from;
    for (int i = 0; i < CALENDAR_WORKING_DAYS_MAX && calendar_compare (day, to) < 0; i++) {
        if (!calendar_add_days (day, 1, &day))
            break;
        if (calendar_is_working_day (calendar, day))
            days++;
    }
    return days;
}

bool intake_paused_days (const struct working_calendar *calendar, struct intake_pause pause, int offset_minutes,
                         int *ret_days)
{
    struct civil_date from, to;
    if (!working_day_of (calendar, pause.from_seconds, offset_minutes, &from) ||
        !working_day_of (calendar, pause.to_seconds, offset_minutes, &to))
        return false;
    *ret_days = working_days_between (calendar, from, to);
    return true;
}

bool intake_extend (const struct working_calendar *calendar, struct civil_date due_on, int paused_days,
                    struct civil_date *ret_due_on)
{
    return calendar_add_working_days (calendar, due_on, paused_days, ret_due_on);
}
