/* What stations have in common: see station.h. */
#include "common/station.h"

#include "common/local_time.h"

#include <stdio.h>
#include <string.h>

bool station_is_asked (const struct event *event, const char *station, struct station_request *ret)
{
    const json_t *body = event->body;
    const char *asked = json_text (body, "station"), *due_on = json_text (body, "due_on");
    if (!asked || strcmp (asked, station) != 0)
        return false;
    *ret = (struct station_request){
        .application = json_text (body, "application"),
        .step = json_text (body, "step"),
        .number = json_text (body, "number"),
        .kecamatan = json_text (body, "kecamatan"),
        .service = json_text (body, "service"),
        .attempt = json_int (body, "attempt", 0),
        .service_version = json_int (body, "service_version", 0),
        .body = body,
        .facts = json_object_get (body, "facts"),
        .config = json_object_get (body, "config"),
        .requested_at_ms = event->occurred_at,
    };
    if (due_on)
        snprintf (ret->due_on, sizeof ret->due_on, "%s", due_on);
    else
        calendar_print (local_time_date (event->occurred_at), ret->due_on);
    return true;
}

json_t *station_completed (const char *application, const char *step, int64_t attempt, const char *outcome,
                           json_t *more)
{
    json_t *body = json_pack ("{s:s, s:s, s:I, s:s}", "application", application, "step", step, "attempt",
                              (json_int_t)attempt, "outcome", outcome);
    if (more)
        json_object_update_new (body, more);
    return body;
}

int station_refuse_decided (struct call *call, const char *who, int64_t at_ms)
{
    char when[LOCAL_TIME_WORDS_SIZE];
    local_time_words (at_ms, when);
    return refuse (call, ERR_TASK_DECIDED, "who", who ? who : "-", "when", when, NULL);
}
