/* What the services along the course of a case (its stations: verification, inspection, payment, document, signing) have
 * in common: they are asked by step.requested, say step.completed, and tell the second officer who was first.  What they
 * decide in between is their own. */
#pragma once

#include "common/calendar.h"
#include "common/service.h"

/* step.requested, decoded; everything is borrowed from the event. */
struct station_request {
    const char *application, *step, *number, *kecamatan, *service;
    int64_t attempt, service_version;
    char due_on[CALENDAR_DATE_SIZE];     /* where the event has none: the local date on which it arrived */
    const json_t *body, *facts, *config; /* facts and config: NULL when the event has none */
    int64_t requested_at_ms;
};

/* Is this step.requested meant for `station`?  Only then *ret is written. */
bool station_is_asked (const struct event *event, const char *station, struct station_request *ret);

/* The body of step.completed, to be published with the application as the key.  `more` holds further members ("facts",
 * "reason", …) or is NULL; takes it.  New reference. */
json_t *station_completed (const char *application, const char *step, int64_t attempt, const char *outcome,
                           json_t *more);

/* ERR_TASK_DECIDED: somebody was faster.  Returns 0, like refuse (). */
int station_refuse_decided (struct call *call, const char *who, int64_t at_ms);
