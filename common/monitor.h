/* What a process tells whoever watches it, over HTTP in a thread of its own at PATEN_MONITOR_LISTEN:
 *     GET /metrics   its figures (metrics.h)
 *     GET /ready     200 "ready" when it can do its work now, else 503 and one line of why
 * For the closed network alone: nobody is asked who he is.  Watching must never stop the work: a process whose address
 * is taken says so in its log and goes on unseen. */
#pragma once

#include "common/service.h"

extern const struct setting monitor_settings[]; /* PATEN_MONITOR_LISTEN */

/* What a process may need for its work; it names its needs once, before its threads start. */
enum monitor_need {
    MONITOR_LOOP,     /* its main loop turns: monitor_turned () within the last 2 s */
    MONITOR_BROKER,   /* at least one broker is alive */
    MONITOR_DATABASE, /* its connections to the database are alive */
    MONITOR_NEEDS
};
void monitor_needs (enum monitor_need need);

/* From any thread: the loop has turned; a need is met or not (not, until it is said); the process is ending. */
void monitor_turned (void);
void monitor_say (enum monitor_need need, bool is_met);
void monitor_stopping (void);

/* NULL when all needs are met, else the first one that is not, as a line of text. */
const char *monitor_complaint (void);
/* Milliseconds (wire_ticks ()) of the last GET /metrics, 0: nobody has asked. */
int64_t monitor_asked_at (void);

/* Begins to listen where conf_load (monitor_settings) says; does nothing if the setting is empty. */
void monitor_start (void);
void monitor_stop (void);
/* The port in use, or 0. */
int monitor_port (void);
