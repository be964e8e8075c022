/* What intake hears: a station has finished its step. */
#include "common/auto.h"
#include "common/id.h"
#include "intake_flow.h"
#include "intake_methods.h"

#include <string.h>

/* An answer to an earlier visit, to another step, or to a case that has ended meanwhile concerns nobody any more. */
static bool is_current (const struct application *application, const json_t *body)
{
    const char *step = json_text (body, "step");
    return application->step && step && strcmp (application->step, step) == 0 &&
           json_int (body, "attempt", 0) == application->attempt &&
           intake_decide (intake_state (application->status, application->step), INTAKE_ADVANCE) == INTAKE_OK;
}

int intake_on_step_completed (struct call *call, const struct event *event)
{
    const char *id = json_text (event->body, "application"), *outcome = json_text (event->body, "outcome");
    if (!id || !id_is_uuid (id) || !outcome)
        return refuse (call, ERR_SCHEMA_VIOLATION, "why", "step.completed tanpa permohonan atau hasil", NULL);
    AUTO_APPLICATION application;
    int rc = application_load (call->db, id, APPLICATION_LOCK, &application);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return refuse (call, ERR_APPLICATION_UNKNOWN, NULL);
    if (!is_current (&application, event->body))
        return 0;
    struct flow_result result = {.station = event->producer,
                                 .outcome = outcome,
                                 .facts = json_object_get (event->body, "facts"),
                                 .missing = json_object_get (event->body, "missing"),
                                 .actor = event->actor,
                                 .reason = json_text (event->body, "reason"),
                                 .requirement = json_text (event->body, "requirement"),
                                 .legal_basis = json_text (event->body, "legal_basis")};
    bool done;
    return flow_end_step (call, &application, &result, &done);
}
