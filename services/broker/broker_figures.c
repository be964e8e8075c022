/* See broker_figures.h. */
#include "broker_figures.h"

#include "common/metrics.h"

static const char *const reasons[] = {"service_unavailable", "overloaded", NULL};

static struct metric requests = {.name = "paten_broker_requests",
                                 .kind = METRIC_COUNTER,
                                 .help = "Requests that came, by the service that is asked.",
                                 .labels = {{"to", NULL}}};
static struct metric refusals = {.name = "paten_broker_refusals",
                                 .kind = METRIC_COUNTER,
                                 .help =
                                     "Requests answered 503 by the broker itself: nobody serves them or who had them "
                                     "is gone (service_unavailable), too many wait (overloaded).",
                                 .labels = {{"to", NULL}, {"why", reasons}}};
static struct metric replicas_alive = {.name = "paten_broker_replicas",
                                       .kind = METRIC_GAUGE,
                                       .help = "Replicas that take requests; those of clients alone take none.",
                                       .labels = {{"to", NULL}}};
static struct metric credit_left = {.name = "paten_broker_credit",
                                    .kind = METRIC_GAUGE,
                                    .help = "Requests that the replicas would take at once, those in hand included.",
                                    .labels = {{"to", NULL}}};
static struct metric in_hands = {.name = "paten_broker_in_hand",
                                 .kind = METRIC_GAUGE,
                                 .help = "Requests in the replicas' hands.",
                                 .labels = {{"to", NULL}}};
static struct metric waiting_for = {.name = "paten_broker_waiting",
                                    .kind = METRIC_GAUGE,
                                    .help = "Requests that wait for a replica.",
                                    .labels = {{"to", NULL}}};

void broker_figures_open (const char *const *names)
{
    struct metric *const all[] = {&requests, &refusals, &replicas_alive, &credit_left, &in_hands, &waiting_for};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        all[i]->labels[0].values = names;
        metrics_add (all[i]);
    }
}

/* The index of a name; of "(other)" where it is none. */
static size_t place_of (const char *service)
{
    size_t i = 0;
    const char *const *names = requests.labels[0].values;
    while (names && names[i + 1] && !streq (names[i], service))
        i++;
    return i;
}

void broker_figures_request (const char *service)
{
    metric_add (&requests, place_of (service), 0, 1);
}

void broker_figures_refusal (const char *service, enum error_code code)
{
    metric_add (&refusals, place_of (service), code == ERR_OVERLOADED, 1);
}

void broker_figures_service (const char *service, int replicas, int credit, int in_hand, int waiting)
{
    size_t place = place_of (service);
    metric_set (&replicas_alive, place, 0, replicas);
    metric_set (&credit_left, place, 0, credit);
    metric_set (&in_hands, place, 0, in_hand);
    metric_set (&waiting_for, place, 0, waiting);
}
