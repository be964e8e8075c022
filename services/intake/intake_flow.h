/* Moves an application along its course, inside a transaction that holds its row: the one place where steps begin and
 * end, whether a station's event or a command at the counter caused it. */
#pragma once

#include "common/service.h"
#include "intake_store.h"

/* Numbers a complete file, starts the clock and requests the first step.  `application` is incomplete; it becomes
 * registered, and the caller puts it on record (application_put (), application_register ()).  0, also when it had to
 * refuse; then *ret_done is false and the refusal is the answer. */
int flow_register (struct call *call, const struct office *office, struct application *application, bool *ret_done);

struct flow_result {
    const char *station; /* the service that answers; refused when the step is another's */
    const char *outcome;
    const json_t *facts;                            /* merged into the case's; may be NULL */
    const json_t *missing;                          /* [{"code", "note"?}], with "incomplete"; may be NULL */
    const json_t *actor;                            /* who did it */
    const char *reason, *requirement, *legal_basis; /* may be NULL */
    const char *handed_to;                          /* of the handover; else NULL */
};

/* Ends the current step and begins what follows, or closes the case.  Facts beyond the Camat's power end it as
 * rejected, whatever the station said.  `application` then says how it stands, but for a promise that was moved.
 * 0, also when it had to refuse; then *ret_done is false. */
int flow_end_step (struct call *call, struct application *application, const struct flow_result *result,
                   bool *ret_done);

/* Closes the case without a step's outcome: withdrawn. */
int flow_withdraw (struct call *call, struct application *application, const json_t *actor, const char *reason);

/* The ways on which the applicant of a registration can be told ("email"), for the events; NULL in any other command,
 * which brings nothing new about it. */
json_t *flow_channels (const struct call *call);

/* The caller as the event log names them: for steps that are done at the counter itself. */
json_t *flow_caller (const struct call *call, const char *role, const char *place);
