/* The checker of workflow versions.  See intake_workflow.h. */
#include "intake_workflow.h"

#include <string.h>

#define COUNT(array) (sizeof (array) / sizeof *(array))

#define OUTCOMES_MAX 4

/* What the stations can do: the table of proto/README.md.  A step that no station knows would wait for ever. */
static const struct kind {
    const char *step;
    const char *station;
    const char *outcomes[OUTCOMES_MAX];
} kinds[] = {
    {"verification", "verification", {"ok", "incomplete", "needs_inspection", "rejected"}},
    {"completion", "intake", {"ok"}},
    {"inspection", "inspection", {"ok", "rejected"}},
    {"drafting", "document", {"ok", "returned"}},
    {"paraf_kasi", "signing", {"ok", "returned"}},
    {"paraf_sekcam", "signing", {"ok", "returned"}},
    {"finalizing", "document", {"ok", "returned"}},
    {"signing", "signing", {"ok", "returned"}},
    {"payment", "payment", {"ok"}},
    {"handover", "intake", {"ok"}},
};

/* "automatic": the station does it without an officer. */
static const char *const roles[] = {"loket",  "verifikator", "petugas_teknis", "operator",   "kasi_pelayanan",
                                    "sekcam", "camat",       "kasir",          "penyerahan", "automatic"};

static const struct kind *find_kind (const char *step)
{
    for (size_t i = 0; i < COUNT (kinds); i++)
        if (strcmp (kinds[i].step, step) == 0)
            return &kinds[i];
    return NULL;
}

static bool is_role (const char *role)
{
    for (size_t i = 0; i < COUNT (roles); i++)
        if (strcmp (roles[i], role) == 0)
            return true;
    return false;
}

static bool has_outcome (const struct kind *kind, const char *outcome)
{
    for (size_t i = 0; i < OUTCOMES_MAX && kind->outcomes[i]; i++)
        if (strcmp (kind->outcomes[i], outcome) == 0)
            return true;
    return false;
}

static bool is_end (const char *step)
{
    return strcmp (step, WORKFLOW_END_DONE) == 0 || strcmp (step, WORKFLOW_END_REJECTED) == 0;
}

const struct workflow_step *workflow_find (const struct workflow *workflow, const char *step)
{
    for (size_t i = 0; i < workflow->step_count; i++)
        if (strcmp (workflow->steps[i].step, step) == 0)
            return &workflow->steps[i];
    return NULL;
}

static enum workflow_verdict offend (enum workflow_verdict verdict, const char *step, const char *outcome,
                                     struct workflow_offence *ret_offence)
{
    ret_offence->step = step;
    ret_offence->outcome = outcome;
    return verdict;
}

static enum workflow_verdict check_steps (const struct workflow *workflow, struct workflow_offence *ret_offence)
{
    for (size_t i = 0; i < workflow->step_count; i++) {
        const struct workflow_step *step = &workflow->steps[i];
        const struct kind *kind = find_kind (step->step);
        if (workflow_find (workflow, step->step) != step)
            return offend (WORKFLOW_STEP_TWICE, step->step, NULL, ret_offence);
        if (!kind)
            return offend (WORKFLOW_STEP_UNKNOWN, step->step, NULL, ret_offence);
        if (strcmp (kind->station, step->station) != 0)
            return offend (WORKFLOW_STATION_WRONG, step->step, NULL, ret_offence);
        if (!is_role (step->role))
            return offend (WORKFLOW_ROLE_UNKNOWN, step->step, NULL, ret_offence);
    }
    if (!workflow_find (workflow, workflow->start))
        return offend (WORKFLOW_START_UNKNOWN, workflow->start, NULL, ret_offence);
    return WORKFLOW_OK;
}

static enum workflow_verdict check_rows (const struct workflow *workflow, struct workflow_offence *ret_offence)
{
    for (size_t i = 0; i < workflow->transition_count; i++) {
        const struct workflow_transition *row = &workflow->transitions[i];
        if (!workflow_find (workflow, row->from))
            return offend (WORKFLOW_FROM_UNKNOWN, row->from, row->outcome, ret_offence);
        if (!is_end (row->to) && !workflow_find (workflow, row->to))
            return offend (WORKFLOW_TO_UNKNOWN, row->from, row->outcome, ret_offence);
        if (!has_outcome (find_kind (row->from), row->outcome))
            return offend (WORKFLOW_OUTCOME_UNKNOWN, row->from, row->outcome, ret_offence);
    }
    return WORKFLOW_OK;
}

/* One unconditional row, or two on the same fact, one for each of its values. */
static enum workflow_verdict check_outcome (const struct workflow *workflow, const char *step, const char *outcome)
{
    const struct workflow_transition *first = NULL, *second = NULL;
    for (size_t i = 0; i < workflow->transition_count; i++) {
        const struct workflow_transition *row = &workflow->transitions[i];
        if (strcmp (row->from, step) != 0 || strcmp (row->outcome, outcome) != 0)
            continue;
        if (second)
            return WORKFLOW_ROW_AMBIGUOUS;
        if (first)
            second = row;
        else
            first = row;
    }
    if (!first)
        return WORKFLOW_OUTCOME_UNCOVERED;
    if (!second)
        return first->when_fact[0] ? WORKFLOW_ROW_AMBIGUOUS : WORKFLOW_OK;
    bool is_pair = first->when_fact[0] && strcmp (first->when_fact, second->when_fact) == 0 &&
                   first->when_value != second->when_value;
    return is_pair ? WORKFLOW_OK : WORKFLOW_ROW_AMBIGUOUS;
}

static enum workflow_verdict check_cover (const struct workflow *workflow, struct workflow_offence *ret_offence)
{
    for (size_t i = 0; i < workflow->step_count; i++) {
        const struct kind *kind = find_kind (workflow->steps[i].step);
        for (size_t j = 0; j < OUTCOMES_MAX && kind->outcomes[j]; j++) {
            enum workflow_verdict verdict = check_outcome (workflow, kind->step, kind->outcomes[j]);
            if (verdict != WORKFLOW_OK)
                return offend (verdict, kind->step, kind->outcomes[j], ret_offence);
        }
    }
    return WORKFLOW_OK;
}

static size_t index_of (const struct workflow *workflow, const char *step)
{
    return (size_t)(workflow_find (workflow, step) - workflow->steps);
}

/* Spreads a mark along the rows until nothing changes: from the start forwards, or from the ends backwards. */
static void spread (const struct workflow *workflow, bool backwards, bool marked[WORKFLOW_STEPS_MAX])
{
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < workflow->transition_count; i++) {
            const struct workflow_transition *row = &workflow->transitions[i];
            size_t from = index_of (workflow, row->from);
            bool to_end = is_end (row->to);
            size_t to = to_end ? 0 : index_of (workflow, row->to);
            bool *target = backwards ? &marked[from] : &marked[to];
            bool reached = backwards ? to_end || marked[to] : !to_end && marked[from];
            if (reached && !*target)
                *target = changed = true;
        }
    }
}

static enum workflow_verdict check_reach (const struct workflow *workflow, struct workflow_offence *ret_offence)
{
    bool reachable[WORKFLOW_STEPS_MAX] = {false}, ending[WORKFLOW_STEPS_MAX] = {false};
    reachable[index_of (workflow, workflow->start)] = true;
    spread (workflow, false, reachable);
    spread (workflow, true, ending);
    for (size_t i = 0; i < workflow->step_count; i++) {
        if (!reachable[i])
            return offend (WORKFLOW_STEP_UNREACHABLE, workflow->steps[i].step, NULL, ret_offence);
        if (!ending[i])
            return offend (WORKFLOW_STEP_ENDLESS, workflow->steps[i].step, NULL, ret_offence);
    }
    return WORKFLOW_OK;
}

enum workflow_verdict workflow_check (const struct workflow *workflow, struct workflow_offence *ret_offence)
{
    enum workflow_verdict verdict = check_steps (workflow, ret_offence);
    if (verdict == WORKFLOW_OK)
        verdict = check_rows (workflow, ret_offence);
    if (verdict == WORKFLOW_OK)
        verdict = check_cover (workflow, ret_offence);
    if (verdict == WORKFLOW_OK)
        verdict = check_reach (workflow, ret_offence);
    return verdict;
}

const char *workflow_verdict_text (enum workflow_verdict verdict)
{
    static const char *const texts[WORKFLOW_VERDICTS] = {
        [WORKFLOW_OK] = "sah",
        [WORKFLOW_STEP_TWICE] = "tahap disebut dua kali",
        [WORKFLOW_STEP_UNKNOWN] = "tahap tidak dikenal oleh bagian mana pun",
        [WORKFLOW_STATION_WRONG] = "tahap dikerjakan oleh bagian lain",
        [WORKFLOW_ROLE_UNKNOWN] = "peran tidak dikenal",
        [WORKFLOW_START_UNKNOWN] = "tahap awal tidak ada",
        [WORKFLOW_FROM_UNKNOWN] = "baris berawal dari tahap yang tidak ada",
        [WORKFLOW_TO_UNKNOWN] = "baris menuju tahap yang tidak ada",
        [WORKFLOW_OUTCOME_UNKNOWN] = "hasil tidak dikenal pada tahap itu",
        [WORKFLOW_OUTCOME_UNCOVERED] = "hasil belum punya kelanjutan",
        [WORKFLOW_ROW_AMBIGUOUS] = "kelanjutan tidak tunggal (satu baris, atau sepasang benar/salah atas satu fakta)",
        [WORKFLOW_STEP_UNREACHABLE] = "tahap tidak dapat dicapai",
        [WORKFLOW_STEP_ENDLESS] = "dari tahap ini tidak ada jalan ke akhir",
    };
    return texts[verdict];
}
