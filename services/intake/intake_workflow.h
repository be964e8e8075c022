/* A workflow version: the steps of a course and the rows (from step, outcome, to step, condition) that join them, and
 * the checker that a version passes before it is published.  Pure.  It stores nothing (intake_store.h) and decides no
 * particular case (intake_course.h). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define WORKFLOW_NAME_SIZE       40 /* of a step, station, role, outcome or fact, with the NUL */
#define WORKFLOW_STEPS_MAX       32
#define WORKFLOW_TRANSITIONS_MAX 128

/* The two ends that a transition may lead to; no step may be called so. */
#define WORKFLOW_END_DONE     "done"
#define WORKFLOW_END_REJECTED "rejected"

struct workflow_step {
    char step[WORKFLOW_NAME_SIZE];
    char station[WORKFLOW_NAME_SIZE];
    char role[WORKFLOW_NAME_SIZE];
};

struct workflow_transition {
    char from[WORKFLOW_NAME_SIZE];
    char outcome[WORKFLOW_NAME_SIZE];
    char to[WORKFLOW_NAME_SIZE];
    char when_fact[WORKFLOW_NAME_SIZE]; /* "": always */
    bool when_value;
};

struct workflow {
    char start[WORKFLOW_NAME_SIZE];
    struct workflow_step steps[WORKFLOW_STEPS_MAX];
    size_t step_count;
    struct workflow_transition transitions[WORKFLOW_TRANSITIONS_MAX];
    size_t transition_count;
};

enum workflow_verdict {
    WORKFLOW_OK,
    WORKFLOW_STEP_TWICE,        /* step */
    WORKFLOW_STEP_UNKNOWN,      /* no station does a step of this name */
    WORKFLOW_STATION_WRONG,     /* another station does this step */
    WORKFLOW_ROLE_UNKNOWN,      /* step */
    WORKFLOW_START_UNKNOWN,     /* step */
    WORKFLOW_FROM_UNKNOWN,      /* step, outcome: a row begins at a step that is not there */
    WORKFLOW_TO_UNKNOWN,        /* step, outcome: a row leads nowhere */
    WORKFLOW_OUTCOME_UNKNOWN,   /* step, outcome: the step never ends so */
    WORKFLOW_OUTCOME_UNCOVERED, /* step, outcome: the step may end so, but nothing follows */
    WORKFLOW_ROW_AMBIGUOUS,     /* step, outcome: neither one row nor a true/false pair on one fact */
    WORKFLOW_STEP_UNREACHABLE,  /* step */
    WORKFLOW_STEP_ENDLESS,      /* step: no end can be reached from it */
    WORKFLOW_VERDICTS
};

/* Where the offence is; borrowed from the workflow or from static text, NULL where it does not apply. */
struct workflow_offence {
    const char *step;
    const char *outcome;
};

enum workflow_verdict workflow_check (const struct workflow *workflow, struct workflow_offence *ret_offence);

/* The step of that name, or NULL. */
const struct workflow_step *workflow_find (const struct workflow *workflow, const char *step);

/* An Indonesian half-sentence for the admin who published it: "tahap tidak dapat dicapai". */
const char *workflow_verdict_text (enum workflow_verdict verdict);
