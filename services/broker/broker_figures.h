/* What the broker counts, per service.  The names are those of the certificates that lay there when it started; one that
 * came later counts as "(other)". */
#pragma once

#include "broker.h"

/* names: NULL-ended, live as long as the process; the last of them is "(other)".  Without it nothing is counted. */
void broker_figures_open (const char *const *names);

void broker_figures_request (const char *service);
/* ERR_OVERLOADED: its queue was full; any other code: nobody serves it, or who had it is gone. */
void broker_figures_refusal (const char *service, enum error_code code);
void broker_figures_service (const char *service, int replicas, int credit, int in_hand, int waiting);
