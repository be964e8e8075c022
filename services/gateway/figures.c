/* See figures.h. */
#include "figures.h"

#include "common/pulse.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const outcomes[] = {"2xx", "3xx", "4xx", "5xx", "cut", NULL};
enum { OUTCOME_CUT = 4 };

struct metric figures_in_flight = {
    .name = "paten_http_in_flight", .kind = METRIC_GAUGE, .help = "Requests at work, streams excepted."};
static struct metric requests = {.name = "paten_http_requests",
                                 .kind = METRIC_COUNTER,
                                 .help = "Requests by route and class of the status; cut: no answer was given.",
                                 .labels = {{"route", NULL}, {"status", outcomes}}};
static struct metric seconds = {.name = "paten_http_request_seconds",
                                .kind = METRIC_SECONDS,
                                .help = "From a request's first line to the end of its answer, streams excepted.",
                                .labels = {{"route", NULL}},
                                .unit = "seconds"};

static size_t count_routes (void)
{
    size_t count = 0;
    while (routes[count].method)
        count++;
    return count;
}

void figures_open (void)
{
    size_t count = count_routes ();
    const char **names = calloc (count + 2, sizeof *names); /* as long as the process */
    assert (names);
    for (size_t i = 0; i < count; i++) {
        char *name = NULL;
        int size = asprintf (&name, "%s %s", routes[i].method, routes[i].path);
        assert (size > 0);
        names[i] = name;
    }
    names[count] = "(none)";
    requests.labels[0].values = seconds.labels[0].values = names;
    pulse_open_connections ();
    metrics_add (&figures_in_flight);
    metrics_add (&requests);
    metrics_add (&seconds);
}

void figures_request (const struct route *route, int status, int64_t microseconds)
{
    if (!requests.cells)
        return;
    size_t index = route ? (size_t)(route - routes) : count_routes ();
    int class = status / 100 - 2;
    metric_add (&requests, index, status == 0 ? OUTCOME_CUT : class < 0 || class > 3 ? 3 : (size_t) class, 1);
    if (!route || !(route->flags & ROUTE_LIVE))
        metric_observe (&seconds, index, 0, microseconds);
}
