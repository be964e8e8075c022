/* Decoding of what is published.  See intake_json.h. */
#include "intake_json.h"

#include "common/auto.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static void copy_name (char target[WORKFLOW_NAME_SIZE], const json_t *object, const char *key)
{
    const char *text = json_text (object, key);
    snprintf (target, WORKFLOW_NAME_SIZE, "%s", text ? text : "");
}

void workflow_from_json (const json_t *body, struct workflow *ret_workflow)
{
    memset (ret_workflow, 0, sizeof *ret_workflow);
    copy_name (ret_workflow->start, body, "start");
    const json_t *steps = json_object_get (body, "steps"), *transitions = json_object_get (body, "transitions");
    assert (json_array_size (steps) <= WORKFLOW_STEPS_MAX && json_array_size (transitions) <= WORKFLOW_TRANSITIONS_MAX);
    size_t i;
    json_t *row;
    json_array_foreach (steps, i, row)
    {
        struct workflow_step *step = &ret_workflow->steps[ret_workflow->step_count++];
        copy_name (step->step, row, "step");
        copy_name (step->station, row, "station");
        copy_name (step->role, row, "role");
    }
    json_array_foreach (transitions, i, row)
    {
        struct workflow_transition *transition = &ret_workflow->transitions[ret_workflow->transition_count++];
        copy_name (transition->from, row, "from");
        copy_name (transition->outcome, row, "outcome");
        copy_name (transition->to, row, "to");
        copy_name (transition->when_fact, row, "when_fact");
        transition->when_value = json_flag (row, "when_value", false);
    }
}

void content_hash (const json_t *content, char ret_hex[ID_SHA256_SIZE])
{
    AUTO_FREE char *text = json_dumps (content, JSON_COMPACT);
    assert (text);
    id_sha256_hex (text, strlen (text), ret_hex);
}

int minute_from_text (const char *text)
{
    unsigned hour, minute;
    int used = 0;
    if (strlen (text) != 5 || sscanf (text, "%2u:%2u%n", &hour, &minute, &used) != 2 || used != 5 || minute > 59)
        return -1;
    int total = (int)(hour * 60 + minute);
    return total <= 24 * 60 ? total : -1;
}
