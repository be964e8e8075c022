/* What the gateway counts: requests by route (the template, never the address) and outcome. */
#pragma once

#include "common/metrics.h"
#include "routes.h"

/* Requests with a route that are at work now, streams excepted. */
extern struct metric figures_in_flight;

/* Before the threads start. */
void figures_open (void);
/* A request is over.  route: NULL if there was none; status 0: the connection was cut before an answer. */
void figures_request (const struct route *route, int status, int64_t microseconds);
