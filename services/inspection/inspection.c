/* The rules of the field check: see inspection.h. */
#include "inspection.h"

#include <string.h>

/* The whole lifecycle.  A missing (state, command) pair means "refused". */
static const struct inspection_rule rules[INSPECTION_STATES][INSPECTION_COMMANDS] = {
    [INSPECTION_REQUESTED][INSPECTION_SCHEDULE] = {.allowed = true, .to = INSPECTION_SCHEDULED},
    [INSPECTION_REQUESTED][INSPECTION_CLOSE] = {.allowed = true, .to = INSPECTION_CLOSED},
    [INSPECTION_SCHEDULED][INSPECTION_SCHEDULE] = {.allowed = true, .to = INSPECTION_SCHEDULED},
    [INSPECTION_SCHEDULED][INSPECTION_RECORD] = {.allowed = true, .to = INSPECTION_RECORDED},
    [INSPECTION_SCHEDULED][INSPECTION_CLOSE] = {.allowed = true, .to = INSPECTION_CLOSED},
};

static const char *const state_names[INSPECTION_STATES] = {
    [INSPECTION_REQUESTED] = "requested",
    [INSPECTION_SCHEDULED] = "scheduled",
    [INSPECTION_RECORDED] = "recorded",
    [INSPECTION_CLOSED] = "closed",
};

static const char *const command_names[INSPECTION_COMMANDS] = {
    [INSPECTION_SCHEDULE] = "schedule",
    [INSPECTION_RECORD] = "record",
    [INSPECTION_CLOSE] = "close",
};

static const char *const result_names[INSPECTION_RESULTS] = {
    [INSPECTION_OK] = "ok",
    [INSPECTION_REJECTED] = "rejected",
};

struct inspection_rule inspection_rule (enum inspection_state state, enum inspection_command command)
{
    return rules[state][command];
}

/* Why a command that the table does not know is refused in this state. */
static enum inspection_verdict refusal_in (enum inspection_state state)
{
    switch (state) {
    case INSPECTION_CLOSED:
        return INSPECTION_CASE_CLOSED;
    case INSPECTION_RECORDED:
        return INSPECTION_ALREADY_RECORDED;
    case INSPECTION_REQUESTED:
    case INSPECTION_SCHEDULED:
    case INSPECTION_STATES:
        break;
    }
    return INSPECTION_NOT_SCHEDULED;
}

static enum inspection_verdict check_replaced (const char *in_force, const char *replaces)
{
    if (in_force && !replaces)
        return INSPECTION_LETTER_IN_FORCE;
    if (!in_force && replaces)
        return INSPECTION_LETTER_NOT_FOUND;
    if (in_force && strcmp (in_force, replaces) != 0)
        return INSPECTION_LETTER_IN_FORCE;
    return INSPECTION_ACCEPTED;
}

static enum inspection_verdict check_date (struct civil_date date, struct civil_date today)
{
    int64_t days_ahead = calendar_day_number (date) - calendar_day_number (today);
    if (days_ahead < 0)
        return INSPECTION_DATE_PAST;
    return days_ahead > INSPECTION_DAYS_AHEAD_MAX ? INSPECTION_DATE_FAR : INSPECTION_ACCEPTED;
}

struct inspection_answer inspection_schedule (const struct inspection_visit *visit, const struct inspection_plan *plan,
                                              struct civil_date today)
{
    struct inspection_rule rule = rules[visit->state][INSPECTION_SCHEDULE];
    struct inspection_answer answer = {.to = rule.to};
    answer.verdict = rule.allowed ? check_replaced (visit->letter_number, plan->replaces) : refusal_in (visit->state);
    if (answer.verdict == INSPECTION_ACCEPTED)
        answer.verdict = check_date (plan->date, today);
    return answer;
}

static enum inspection_verdict check_time (int64_t visited_at_ms, int64_t letter_at_ms, int64_t now_ms)
{
    if (visited_at_ms < letter_at_ms - INSPECTION_CLOCK_SLACK_MS)
        return INSPECTION_VISIT_BEFORE_LETTER;
    return visited_at_ms > now_ms + INSPECTION_CLOCK_SLACK_MS ? INSPECTION_VISIT_IN_FUTURE : INSPECTION_ACCEPTED;
}

/* A refusal carries reason and legal basis, an "ok" neither. */
static enum inspection_verdict check_grounds (const struct inspection_report *report)
{
    bool wanted = report->result == INSPECTION_REJECTED;
    if (wanted != (report->reason != NULL))
        return wanted ? INSPECTION_REASON_REQUIRED : INSPECTION_REASON_FORBIDDEN;
    if (wanted != (report->legal_basis != NULL))
        return wanted ? INSPECTION_LEGAL_BASIS_REQUIRED : INSPECTION_LEGAL_BASIS_FORBIDDEN;
    return INSPECTION_ACCEPTED;
}

static enum inspection_verdict check_photo (const struct inspection_photo *photo, const char *kecamatan)
{
    if (!photo->is_photo)
        return INSPECTION_PHOTO_NONE;
    return strcmp (photo->place, kecamatan) == 0 ? INSPECTION_ACCEPTED : INSPECTION_PHOTO_FOREIGN;
}

struct inspection_answer inspection_record (const struct inspection_visit *visit,
                                            const struct inspection_report *report, int64_t now_ms)
{
    struct inspection_rule rule = rules[visit->state][INSPECTION_RECORD];
    struct inspection_answer answer = {.to = rule.to};
    answer.verdict =
        rule.allowed ? check_time (report->visited_at_ms, visit->letter_at_ms, now_ms) : refusal_in (visit->state);
    if (answer.verdict == INSPECTION_ACCEPTED)
        answer.verdict = check_grounds (report);
    for (size_t i = 0; i < report->photo_count && answer.verdict == INSPECTION_ACCEPTED; i++) {
        answer.verdict = check_photo (&report->photos[i], visit->kecamatan);
        answer.index = i;
    }
    return answer;
}

const char *inspection_state_name (enum inspection_state state)
{
    return state_names[state];
}

const char *inspection_command_name (enum inspection_command command)
{
    return command_names[command];
}

const char *inspection_result_name (enum inspection_result result)
{
    return result_names[result];
}

bool inspection_state_parse (const char *name, enum inspection_state *ret_state)
{
    for (enum inspection_state state = 0; state < INSPECTION_STATES; state++)
        if (strcmp (name, state_names[state]) == 0) {
            *ret_state = state;
            return true;
        }
    return false;
}

bool inspection_result_parse (const char *name, enum inspection_result *ret_result)
{
    for (enum inspection_result result = 0; result < INSPECTION_RESULTS; result++)
        if (strcmp (name, result_names[result]) == 0) {
            *ret_result = result;
            return true;
        }
    return false;
}
