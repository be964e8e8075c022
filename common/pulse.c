/* See pulse.h. */
#include "common/pulse.h"

#include "common/id.h"
#include "common/log.h"
#include "common/worker.h"
#include "runtime_sql.h"

#include <time.h>

static const char *const classes[] = {"2xx", "3xx", "4xx", "5xx", NULL};
static const char *const worker_states[] = {
    [PULSE_IDLE] = "idle", [PULSE_AT_REQUEST] = "request", [PULSE_BEHIND] = "background", NULL};
static const char *const outcomes[] = {
    [PULSE_JOB_DONE] = "done", [PULSE_JOB_AGAIN] = "again", [PULSE_JOB_FAILED] = "failed", NULL};
static const char *const job_states[] = {"due", "overdue", "failed", NULL};
static const char *partitions[ID_PARTITIONS + 1];

struct metric pulse_brokers_alive = {
    .name = "paten_brokers_alive", .kind = METRIC_GAUGE, .help = "Brokers that this process has heard of lately."};
struct metric pulse_broker_greetings = {.name = "paten_broker_greetings",
                                        .kind = METRIC_COUNTER,
                                        .help = "Brokers found, new or again: beyond their number, reconnections."};
struct metric pulse_database_connections = {.name = "paten_database_connections",
                                            .kind = METRIC_COUNTER,
                                            .help = "Connections made: beyond the workers' number, reconnections."};

struct metric pulse_requests = {.name = "paten_requests",
                                .kind = METRIC_COUNTER,
                                .help = "Requests answered, by method and class of the status.",
                                .labels = {{"method", NULL}, {"status", classes}}};
struct metric pulse_request_seconds = {.name = "paten_request_seconds",
                                       .kind = METRIC_SECONDS,
                                       .help = "From a request's arrival in this process to its answer.",
                                       .labels = {{"method", NULL}},
                                       .unit = "seconds"};
struct metric pulse_requests_waiting = {
    .name = "paten_requests_waiting", .kind = METRIC_GAUGE, .help = "Requests that wait for a worker."};
struct metric pulse_workers = {.name = "paten_workers",
                               .kind = METRIC_GAUGE,
                               .help = "Workers, each with its database connection, by what they do.",
                               .labels = {{"state", worker_states}}};
struct metric pulse_retries = {.name = "paten_transaction_retries",
                               .kind = METRIC_COUNTER,
                               .help = "Commands whose transaction was tried again after a deadlock."};
struct metric pulse_events = {.name = "paten_events_handled",
                              .kind = METRIC_COUNTER,
                              .help =
                                  "Events handled, by topic; an event that failed and was handled again counts twice.",
                              .labels = {{"topic", NULL}}};
struct metric pulse_event_failures = {
    .name = "paten_event_failures", .kind = METRIC_COUNTER, .help = "Batches of events that failed."};
struct metric pulse_jobs_ended = {.name = "paten_jobs_tried",
                                  .kind = METRIC_COUNTER,
                                  .help = "Attempts at jobs, by outcome; again: it is due later once more.",
                                  .labels = {{"outcome", outcomes}}};

static struct metric events_waiting = {.name = "paten_events_waiting",
                                       .kind = METRIC_MEASURED,
                                       .help = "Events of this group's topics behind its cursor; 1000 stands for more.",
                                       .labels = {{"partition", partitions}}};
static struct metric event_oldest = {.name = "paten_event_oldest_seconds",
                                     .kind = METRIC_MEASURED,
                                     .help = "Age of the oldest event that waits for this group; 0: none.",
                                     .unit = "seconds"};
static struct metric dead_letters = {.name = "paten_dead_letters",
                                     .kind = METRIC_MEASURED,
                                     .help = "Dead letters of this group that wait for a person's decision."};
static struct metric jobs = {.name = "paten_jobs",
                             .kind = METRIC_MEASURED,
                             .help =
                                 "Jobs that are not done: due now or later, overdue (due for a minute and in nobody's "
                                 "hands), failed and waiting for a person's decision.",
                             .labels = {{"state", job_states}}};

/* ---- opening ------------------------------------------------------------------------------------------------------- */

void pulse_open_connections (void)
{
    metrics_add (&pulse_brokers_alive);
    metrics_add (&pulse_broker_greetings);
}

static const char **names_new (size_t count)
{
    const char **names = calloc (count + 2, sizeof *names);
    assert (names);
    return names;
}

static void pulse_open_requests (const struct service *service)
{
    size_t count = 0;
    while (service->methods && service->methods[count].name)
        count++;
    const char **names = names_new (count); /* as long as the process */
    for (size_t i = 0; i < count; i++)
        names[i] = service->methods[i].name;
    names[count] = "(unknown)";
    pulse_requests.labels[0].values = pulse_request_seconds.labels[0].values = names;
    metrics_add (&pulse_requests);
    metrics_add (&pulse_request_seconds);
    metrics_add (&pulse_requests_waiting);
    metrics_add (&pulse_workers);
    metrics_add (&pulse_retries);
    metrics_add (&pulse_database_connections);
}

static void pulse_open_events (const struct service *service)
{
    static char numbers[ID_PARTITIONS][4];
    size_t count = 0;
    while (service->subscriptions && service->subscriptions[count].topic)
        count++;
    if (count == 0)
        return;
    const char **names = names_new (count);
    for (size_t i = 0; i < count; i++)
        names[i] = service->subscriptions[i].topic;
    for (int p = 0; p < ID_PARTITIONS; p++) {
        snprintf (numbers[p], sizeof numbers[p], "%d", p);
        partitions[p] = numbers[p];
    }
    pulse_events.labels[0].values = names;
    metrics_add (&pulse_events);
    metrics_add (&pulse_event_failures);
    metrics_add (&events_waiting);
    metrics_add (&event_oldest);
    metrics_add (&dead_letters);
}

void pulse_open (const struct service *service)
{
    metrics_open (service->name);
    pulse_open_connections ();
    pulse_open_requests (service);
    pulse_open_events (service);
    if (service->jobs) {
        metrics_add (&pulse_jobs_ended);
        metrics_add (&jobs);
    }
    for (const struct figure *figure = service->figures; figure && figure->metric; figure++)
        metrics_add (figure->metric);
}

/* ---- counting ------------------------------------------------------------------------------------------------------ */

int64_t pulse_now_us (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void pulse_request (const struct service *service, const struct method *method, int status, int64_t began_us)
{
    if (!pulse_requests.cells)
        return;
    size_t index = 0;
    if (method)
        index = (size_t)(method - service->methods);
    else
        while (service->methods && service->methods[index].name)
            index++;
    int class = status / 100 - 2;
    metric_add (&pulse_requests, index, class < 0 || class > 3 ? 3 : (size_t) class, 1);
    metric_observe (&pulse_request_seconds, index, 0, pulse_now_us () - began_us);
}

/* ---- measuring ----------------------------------------------------------------------------------------------------- */

/* Rows (label, value) into the family: what no row names is 0.  Without a label no row says that there is nothing to
 * tell, and the former value goes as a stale one does. */
static void measured (struct metric *metric, const db_rows_t *rows)
{
    if (!metric->labels[0].name && db_count (rows) == 0)
        return;
    for (size_t i = 0; metric->labels[0].name && metric->labels[0].values[i]; i++)
        metric_set (metric, i, 0, 0);
    for (int row = 0; row < db_count (rows); row++) {
        int index = metric->labels[0].name ? metric_index (metric, 0, db_text (rows, row, "label")) : 0;
        if (index >= 0)
            metric_set (metric, (size_t)index, 0, db_int (rows, row, "value"));
    }
    metric_measured (metric);
}

static bool measure (struct worker *worker, struct metric *metric, const struct db_statement *statement)
{
    AUTO (db_rows) rows = NULL;
    if (db_query0 (worker->db, statement, &rows) < 0) {
        log_line (LEVEL_WARN, "figure.unreadable", "figure", metric->name, "sqlstate", db_sqlstate (worker->db),
                  "error", db_error (worker->db), NULL);
        return false;
    }
    measured (metric, rows);
    return true;
}

/* The same rows tell how many wait and since when. */
static bool measure_lag (struct worker *worker)
{
    AUTO (db_rows) rows = NULL;
    if (db_query (worker->db, &SQL_BUS_LAG, &rows, worker->runtime->topics_array) < 0) {
        log_line (LEVEL_WARN, "figure.unreadable", "figure", events_waiting.name, "sqlstate", db_sqlstate (worker->db),
                  "error", db_error (worker->db), NULL);
        return false;
    }
    int64_t oldest = 0;
    for (int row = 0; row < db_count (rows); row++)
        if (db_int (rows, row, "oldest_us") > oldest)
            oldest = db_int (rows, row, "oldest_us");
    measured (&events_waiting, rows);
    metric_set (&event_oldest, 0, 0, oldest);
    metric_measured (&event_oldest);
    return true;
}

void worker_measure (struct worker *worker)
{
    const struct service *service = worker->runtime->service;
    bool is_read = true;
    if (service->subscriptions)
        is_read = measure_lag (worker) && measure (worker, &dead_letters, &SQL_BUS_UNDECIDED);
    if (is_read && service->jobs)
        is_read = measure (worker, &jobs, &SQL_JOB_STATES);
    for (const struct figure *figure = service->figures; is_read && figure && figure->metric; figure++)
        is_read = !figure->statement || measure (worker, figure->metric, figure->statement);
}
