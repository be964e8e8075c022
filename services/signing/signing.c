/* The rules of paraf and signature: see signing.h. */
#include "signing.h"

#include <string.h>

/* The whole lifecycle.  A missing (state, command) pair means "refused". */
static const struct signing_rule rules[SIGNING_STATES][SIGNING_COMMANDS] = {
    [SIGNING_OPEN][SIGNING_APPROVE] = {.allowed = true, .to = SIGNING_DONE},
    [SIGNING_OPEN][SIGNING_RETURN] = {.allowed = true, .to = SIGNING_RETURNED},
    [SIGNING_OPEN][SIGNING_CLOSE] = {.allowed = true, .to = SIGNING_CLOSED},
};

static const struct {
    const char *name, *role, *step;
} levels[SIGNING_LEVELS] = {
    [SIGNING_KASI] = {"kasi", "kasi_pelayanan", "paraf_kasi"},
    [SIGNING_SEKCAM] = {"sekcam", "sekcam", "paraf_sekcam"},
    [SIGNING_CAMAT] = {"camat", "camat", "signing"},
};

static const char *const state_names[SIGNING_STATES] = {
    [SIGNING_OPEN] = "open",
    [SIGNING_DONE] = "done",
    [SIGNING_RETURNED] = "returned",
    [SIGNING_CLOSED] = "closed",
};

struct signing_rule signing_rule (enum signing_state state, enum signing_command command)
{
    return rules[state][command];
}

static struct signing_answer answer_of (enum signing_verdict verdict)
{
    return (struct signing_answer){.verdict = verdict};
}

/* The desk is open and it is this level's desk.  Who comes too early misses the paraf of the one before. */
static struct signing_answer check_desk (const struct signing_desk *desk, enum signing_level level,
                                         enum signing_command command)
{
    if (desk->state == SIGNING_CLOSED)
        return answer_of (SIGNING_CASE_CLOSED);
    if (level > desk->level && desk->state == SIGNING_OPEN && desk->level < SIGNING_CAMAT)
        return (struct signing_answer){.verdict = SIGNING_PARAF_MISSING, .missing = desk->level};
    if (level != desk->level)
        return answer_of (SIGNING_WRONG_DESK);
    if (!rules[desk->state][command].allowed)
        return answer_of (SIGNING_ALREADY_DECIDED);
    return (struct signing_answer){.verdict = SIGNING_ACCEPTED, .to = rules[desk->state][command].to};
}

static bool is_same (const char *left, const char *right)
{
    return left && right && strcmp (left, right) == 0;
}

struct signing_answer signing_approve (const struct signing_desk *desk, const struct signing_approval *approval)
{
    struct signing_answer answer = check_desk (desk, approval->level, SIGNING_APPROVE);
    if (answer.verdict != SIGNING_ACCEPTED)
        return answer;
    const char *shown = desk->level == SIGNING_CAMAT ? desk->document_sha256 : desk->content_sha256;
    if (!is_same (approval->seen_sha256, shown))
        return answer_of (SIGNING_CONTENT_CHANGED);
    for (enum signing_level before = SIGNING_KASI; before < approval->level; before++) {
        const struct signing_paraf *paraf = &desk->parafs[before];
        if (!is_same (paraf->content_sha256, desk->content_sha256))
            return (struct signing_answer){.verdict = SIGNING_PARAF_MISSING, .missing = before};
        if (is_same (paraf->account, approval->account))
            return answer_of (SIGNING_SAME_PERSON);
    }
    return answer;
}

struct signing_answer signing_return (const struct signing_desk *desk, enum signing_level level)
{
    return check_desk (desk, level, SIGNING_RETURN);
}

const char *signing_level_name (enum signing_level level)
{
    return levels[level].name;
}

const char *signing_level_role (enum signing_level level)
{
    return levels[level].role;
}

const char *signing_state_name (enum signing_state state)
{
    return state_names[state];
}

bool signing_level_parse (const char *name, enum signing_level *ret_level)
{
    for (enum signing_level level = 0; level < SIGNING_LEVELS; level++)
        if (strcmp (name, levels[level].name) == 0) {
            *ret_level = level;
            return true;
        }
    return false;
}

bool signing_state_parse (const char *name, enum signing_state *ret_state)
{
    for (enum signing_state state = 0; state < SIGNING_STATES; state++)
        if (strcmp (name, state_names[state]) == 0) {
            *ret_state = state;
            return true;
        }
    return false;
}

bool signing_level_of_step (const char *step, enum signing_level *ret_level)
{
    for (enum signing_level level = 0; level < SIGNING_LEVELS; level++)
        if (strcmp (step, levels[level].step) == 0) {
            *ret_level = level;
            return true;
        }
    return false;
}
