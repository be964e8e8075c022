/* Which step comes next.  See intake_course.h. */
#include "intake_course.h"

#include <string.h>

static enum course_verdict arrive (const struct workflow *workflow, const char *to,
                                   const struct workflow_step **ret_step)
{
    if (strcmp (to, WORKFLOW_END_DONE) == 0)
        return COURSE_DONE;
    if (strcmp (to, WORKFLOW_END_REJECTED) == 0)
        return COURSE_REJECTED;
    *ret_step = workflow_find (workflow, to);
    return *ret_step ? COURSE_STEP : COURSE_NO_ROW;
}

enum course_verdict course_next (const struct workflow *workflow, const char *step, const char *outcome,
                                 course_fact_fn *fact, void *context, const struct workflow_step **ret_step)
{
    *ret_step = NULL;
    for (size_t i = 0; i < workflow->transition_count; i++) {
        const struct workflow_transition *row = &workflow->transitions[i];
        if (strcmp (row->from, step) != 0 || strcmp (row->outcome, outcome) != 0)
            continue;
        bool value = false;
        if (row->when_fact[0] && !fact (context, row->when_fact, &value))
            return COURSE_FACT_ABSENT;
        if (row->when_fact[0] && value != row->when_value)
            continue;
        return arrive (workflow, row->to, ret_step);
    }
    return COURSE_NO_ROW;
}
