/* Which step comes next: decided here and nowhere else.  Pure; the facts are asked through a function. */
#pragma once

#include "intake_workflow.h"

enum course_verdict {
    COURSE_STEP,        /* *ret_step is next */
    COURSE_DONE,        /* the course ends well */
    COURSE_REJECTED,    /* the course ends with a refusal */
    COURSE_NO_ROW,      /* the workflow knows no such outcome of that step */
    COURSE_FACT_ABSENT, /* the row depends on a fact that nobody has stated */
    COURSE_VERDICTS
};

/* A fact that a row depends on; false when it is absent or no truth. */
typedef bool (course_fact_fn) (void *context, const char *fact, bool *ret_value);

/* *ret_step is borrowed from the workflow, NULL unless COURSE_STEP. */
enum course_verdict course_next (const struct workflow *workflow, const char *step, const char *outcome,
                                 course_fact_fn *fact, void *context, const struct workflow_step **ret_step);
