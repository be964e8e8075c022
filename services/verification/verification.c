/* The rules of the verification station: see verification.h. */
#include "verification.h"

#include <string.h>

/* The whole lifecycle.  A missing (state, command) pair means "refused". */
static const struct verification_rule rules[VERIFICATION_STATES][VERIFICATION_COMMANDS] = {
    [VERIFICATION_OPEN][VERIFICATION_DECIDE] = {.allowed = true, .to = VERIFICATION_DECIDED},
    [VERIFICATION_OPEN][VERIFICATION_CLOSE] = {.allowed = true, .to = VERIFICATION_CLOSED},
};

/* What a decision must carry: exactly these members, neither fewer nor more. */
static const bool carries[VERIFICATION_OUTCOMES][VERIFICATION_MEMBERS] = {
    [VERIFICATION_INCOMPLETE] = {[VERIFICATION_MISSING] = true},
    [VERIFICATION_REJECTED] =
        {[VERIFICATION_REQUIREMENT] = true, [VERIFICATION_REASON] = true, [VERIFICATION_LEGAL_BASIS] = true},
};

static const char *const state_names[VERIFICATION_STATES] = {
    [VERIFICATION_OPEN] = "open",
    [VERIFICATION_DECIDED] = "decided",
    [VERIFICATION_CLOSED] = "closed",
};

static const char *const command_names[VERIFICATION_COMMANDS] = {
    [VERIFICATION_DECIDE] = "decide",
    [VERIFICATION_CLOSE] = "close",
};

static const char *const outcome_names[VERIFICATION_OUTCOMES] = {
    [VERIFICATION_OK] = "ok",
    [VERIFICATION_INCOMPLETE] = "incomplete",
    [VERIFICATION_NEEDS_INSPECTION] = "needs_inspection",
    [VERIFICATION_REJECTED] = "rejected",
};

static const char *const member_names[VERIFICATION_MEMBERS] = {
    [VERIFICATION_REQUIREMENT] = "requirement",
    [VERIFICATION_REASON] = "reason",
    [VERIFICATION_LEGAL_BASIS] = "legal_basis",
    [VERIFICATION_MISSING] = "missing",
};

struct verification_rule verification_rule (enum verification_state state, enum verification_command command)
{
    return rules[state][command];
}

/* Why a decision is refused in this state. */
static enum verification_verdict refusal_in (enum verification_state state)
{
    return state == VERIFICATION_CLOSED ? VERIFICATION_CASE_CLOSED : VERIFICATION_ALREADY_DECIDED;
}

static bool is_given (const struct verification_decision *decision, enum verification_member member)
{
    switch (member) {
    case VERIFICATION_REQUIREMENT:
        return decision->requirement != NULL;
    case VERIFICATION_REASON:
        return decision->reason != NULL;
    case VERIFICATION_LEGAL_BASIS:
        return decision->legal_basis != NULL;
    case VERIFICATION_MISSING:
        return decision->missing_count > 0;
    case VERIFICATION_MEMBERS:
        break;
    }
    return false;
}

static bool is_among (const char *code, const char *const *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp (code, codes[i]) == 0)
            return true;
    return false;
}

static struct verification_answer check_members (const struct verification_decision *decision)
{
    for (enum verification_member member = 0; member < VERIFICATION_MEMBERS; member++) {
        bool wanted = carries[decision->outcome][member];
        if (wanted != is_given (decision, member))
            return (struct verification_answer){
                .verdict = wanted ? VERIFICATION_MEMBER_REQUIRED : VERIFICATION_MEMBER_FORBIDDEN,
                .member = member,
            };
    }
    return (struct verification_answer){.verdict = VERIFICATION_ACCEPTED};
}

static struct verification_answer check_codes (const struct verification_task *task,
                                               const struct verification_decision *decision)
{
    if (decision->requirement && !is_among (decision->requirement, task->requirements, task->requirement_count))
        return (struct verification_answer){.verdict = VERIFICATION_REQUIREMENT_UNKNOWN,
                                            .member = VERIFICATION_REQUIREMENT};
    for (size_t i = 0; i < decision->missing_count; i++) {
        struct verification_answer answer = {.member = VERIFICATION_MISSING, .index = i};
        answer.verdict = VERIFICATION_REQUIREMENT_UNKNOWN;
        if (!is_among (decision->missing[i], task->requirements, task->requirement_count))
            return answer;
        answer.verdict = VERIFICATION_MISSING_TWICE;
        if (is_among (decision->missing[i], decision->missing, i))
            return answer;
    }
    return (struct verification_answer){.verdict = VERIFICATION_ACCEPTED};
}

struct verification_answer verification_decide (const struct verification_task *task,
                                                const struct verification_decision *decision)
{
    struct verification_rule rule = rules[task->state][VERIFICATION_DECIDE];
    if (decision->attempt != task->attempt)
        return (struct verification_answer){.verdict = VERIFICATION_STALE_ATTEMPT};
    if (!rule.allowed)
        return (struct verification_answer){.verdict = refusal_in (task->state)};
    if (!(task->outcomes & 1u << decision->outcome))
        return (struct verification_answer){.verdict = VERIFICATION_OUTCOME_NOT_ALLOWED};
    struct verification_answer answer = check_members (decision);
    if (answer.verdict == VERIFICATION_ACCEPTED)
        answer = check_codes (task, decision);
    answer.to = rule.to;
    return answer;
}

const char *verification_state_name (enum verification_state state)
{
    return state_names[state];
}

const char *verification_command_name (enum verification_command command)
{
    return command_names[command];
}

const char *verification_outcome_name (enum verification_outcome outcome)
{
    return outcome_names[outcome];
}

const char *verification_member_name (enum verification_member member)
{
    return member_names[member];
}

bool verification_state_parse (const char *name, enum verification_state *ret_state)
{
    for (enum verification_state state = 0; state < VERIFICATION_STATES; state++)
        if (strcmp (name, state_names[state]) == 0) {
            *ret_state = state;
            return true;
        }
    return false;
}

bool verification_outcome_parse (const char *name, enum verification_outcome *ret_outcome)
{
    for (enum verification_outcome outcome = 0; outcome < VERIFICATION_OUTCOMES; outcome++)
        if (strcmp (name, outcome_names[outcome]) == 0) {
            *ret_outcome = outcome;
            return true;
        }
    return false;
}
