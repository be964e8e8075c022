/* The loop of a service process: sockets on one side, workers on the other.  It decides nothing about the domain; it
 * hands out requests, partitions and jobs to idle workers, and carries answers, questions and nudges to the brokers. */
#include "common/conf.h"
#include "common/id.h"
#include "common/kill_point.h"
#include "common/link.h"
#include "common/log.h"
#include "common/monitor.h"
#include "common/pulse.h"
#include "common/worker.h"
#include "runtime_sql.h"

#include <signal.h>
#include <sodium.h>
#include <sys/signalfd.h>

enum {
    WORKERS_MOST = 32,
    SWEEP_MS = 1000,
    POLL_MS = 250,
    DRAIN_MS = 10000,
    CREDIT_PER_WORKER = 4,
    REQUESTS_MOST = 1024, /* that wait here; brokers that keep to the credit never come near */
    RECEIVE_MOST = 200,   /* messages of one broker in a row, so that workers and ticks get their turn */
    UNFIT_MS = 500,       /* pause of the background while the environment fails */
    EVENT_RETRY_MS = 250, /* pause of a partition that failed */
};

static const struct setting service_settings[] = {
    {"PATEN_DB", SETTING_TEXT, NULL, 0, 0, "libpq connection string with this service's own role", false},
    {"PATEN_WORKERS", SETTING_INT, "3", 1, WORKERS_MOST, "worker threads = database connections", false},
    {"PATEN_LOG_LEVEL", SETTING_TEXT, "info", 0, 0, "debug, info, warn or error", false},
    {0}};

struct slot { /* a worker as the loop sees it */
    zactor_t *actor;
    struct worker_seed seed;
    bool busy, background; /* background: events, jobs, sweeps */
    uint64_t partitions;   /* in its hands */
    int64_t ask;           /* its open question, 0: none */
    int ask_broker;
};

struct loop {
    struct runtime runtime;
    link_t *link;
    int workers;
    struct slot slots[WORKERS_MOST];
    zlistx_t *requests;              /* struct request *, waiting for a worker */
    uint64_t dirty, held;            /* partitions with something new; partitions in a worker's hands */
    int64_t retry_at[ID_PARTITIONS]; /* ticks; a partition that failed waits */
    int next_partition;              /* round robin over partitions that have news */
    bool jobs, requests_first, jobs_first;
    int64_t swept, measured, fit_at; /* ticks */
    int signals;
    bool stopping;
    int64_t stop_at;
};

/* ---- the tables, compiled ---------------------------------------------------------------------------------------- */

static schema_t *runtime_schema (const json_t *file, const char *member, const char *method)
{
    const json_t *document = json_object_get (file, member);
    if (!document)
        return NULL;
    AUTO_FREE char *error = NULL;
    schema_t *schema = schema_new (document, &error);
    if (!schema) {
        log_line (LEVEL_ERROR, "request.schema_refused", "method", method, "member", member, "error", error, NULL);
        exit (EXIT_FAILURE);
    }
    return schema;
}

static void runtime_schemas (struct runtime *runtime)
{
    const struct service *service = runtime->service;
    size_t count = 0;
    while (service->methods && service->methods[count].name)
        count++;
    runtime->schemas = calloc (count + 1, sizeof *runtime->schemas);
    for (size_t i = 0; i < count; i++) {
        const char *name = service->methods[i].name;
        const struct embedded_json *file = service->requests;
        while (file && file->name && !streq (file->name, name))
            file++;
        if (!file || !file->name) {
            log_line (LEVEL_ERROR, "request.schema_missing", "method", name, NULL);
            exit (EXIT_FAILURE);
        }
        json_auto_t *document = json_loads (file->text, 0, NULL);
        assert (document && "tools/embed_json.py writes JSON");
        runtime->schemas[i].params = runtime_schema (document, "params", name);
        runtime->schemas[i].body = runtime_schema (document, "body", name);
        runtime->schemas[i].free_text = json_flag (document, "free_text", false);
    }
}

/* "a.b,c.d" for the broker: what is worth being woken for; '{a.b,c.d,e.f}' for the log: everything. */
static void runtime_topics (struct runtime *runtime)
{
    size_t size = 4;
    const struct subscription *s;
    for (s = runtime->service->subscriptions; s && s->topic; s++)
        size += strlen (s->topic) + 1;
    runtime->topics_comma = calloc (1, size);
    runtime->topics_array = calloc (1, size);
    for (s = runtime->service->subscriptions; s && s->topic; s++) {
        strcat (runtime->topics_array, runtime->topics_array[0] ? "," : "{");
        strcat (runtime->topics_array, s->topic);
        if (s->haste == EVENT_SOON)
            continue;
        strcat (runtime->topics_comma, runtime->topics_comma[0] ? "," : "");
        strcat (runtime->topics_comma, s->topic);
    }
    strcat (runtime->topics_array, runtime->topics_array[0] ? "}" : "{}");
}

const struct method *runtime_method (const struct runtime *runtime, const char *name, const struct method_schemas **ret)
{
    const struct method *methods = runtime->service->methods;
    for (size_t i = 0; methods && methods[i].name; i++)
        if (streq (methods[i].name, name)) {
            *ret = &runtime->schemas[i];
            return &methods[i];
        }
    return NULL;
}

/* ---- orders to workers ------------------------------------------------------------------------------------------- */

static void slot_order (struct slot *slot, struct order order)
{
    struct order *copy = malloc (sizeof *copy);
    assert (copy);
    *copy = order;
    HAND_OVER (copy);
    zsock_send (slot->actor, "p", copy);
}

static void slot_start (struct slot *slot, struct order order)
{
    slot->busy = true;
    slot->background = order.kind != ORDER_REQUEST;
    slot->partitions = order.kind == ORDER_EVENTS ? order.partitions : 0;
    slot_order (slot, order);
}

static struct slot *loop_idle (struct loop *loop, bool background)
{
    int behind = 0;
    struct slot *idle = NULL;
    for (int i = 0; i < loop->workers; i++) {
        if (!loop->slots[i].busy)
            idle = &loop->slots[i];
        else if (loop->slots[i].background)
            behind++;
    }
    /* one worker stays free for people, where there is more than one */
    return background && loop->workers > 1 && behind >= loop->workers - 1 ? NULL : idle;
}

/* Partitions that have news, are in nobody's hands here and may be tried. */
static uint64_t loop_ready (const struct loop *loop)
{
    uint64_t ready = loop->dirty & ~loop->held;
    int64_t now = wire_ticks ();
    for (int p = 0; p < ID_PARTITIONS; p++)
        if (loop->retry_at[p] > now)
            ready &= ~(UINT64_C (1) << p);
    return ready;
}

/* At most `most` of these, in turn. */
static uint64_t loop_pick (struct loop *loop, uint64_t ready, int most)
{
    uint64_t picked = 0;
    for (int i = 0, from = loop->next_partition; i < ID_PARTITIONS && most > 0; i++) {
        int p = (from + i) % ID_PARTITIONS;
        if (ready >> p & 1) {
            picked |= UINT64_C (1) << p;
            loop->next_partition = p + 1;
            most--;
        }
    }
    return picked;
}

static bool loop_start_request (struct loop *loop)
{
    struct slot *slot = zlistx_size (loop->requests) ? loop_idle (loop, false) : NULL;
    if (!slot)
        return false;
    slot_start (slot, (struct order){.kind = ORDER_REQUEST, .request = zlistx_detach (loop->requests, NULL)});
    return true;
}

/* While one worker is at events, those that come meanwhile wait for it and share the next transaction; a second one
 * begins when there is a whole transaction's worth. */
static bool loop_start_events (struct loop *loop, struct slot *slot)
{
    uint64_t ready = loop_ready (loop);
    if (!ready || (loop->held && __builtin_popcountll (ready) < WORKER_PARTITIONS_MOST))
        return false;
    uint64_t partitions = loop_pick (loop, ready, WORKER_PARTITIONS_MOST);
    loop->dirty &= ~partitions;
    loop->held |= partitions;
    slot_start (slot, (struct order){.kind = ORDER_EVENTS, .partitions = partitions});
    return true;
}

static bool loop_start_job (struct loop *loop, struct slot *slot)
{
    if (!loop->jobs || !loop->runtime.service->jobs)
        return false;
    loop->jobs = false;
    slot_start (slot, (struct order){.kind = ORDER_JOB});
    return true;
}

/* Somebody has asked for figures since they were read, and that is a while ago. */
static bool loop_measure_due (const struct loop *loop)
{
    return monitor_asked_at () > loop->measured && wire_ticks () - loop->measured >= PULSE_MEASURE_MS;
}

/* The sweep is due once a second whatever else there is; events and jobs take turns. */
static bool loop_start_background (struct loop *loop)
{
    struct slot *slot = loop->stopping || wire_ticks () < loop->fit_at ? NULL : loop_idle (loop, true);
    if (!slot)
        return false;
    if (wire_ticks () - loop->swept >= SWEEP_MS) {
        loop->swept = wire_ticks ();
        slot_start (slot, (struct order){.kind = ORDER_SWEEP});
        return true;
    }
    if (loop_measure_due (loop)) {
        loop->measured = wire_ticks ();
        slot_start (slot, (struct order){.kind = ORDER_MEASURE});
        return true;
    }
    loop->jobs_first = !loop->jobs_first;
    return loop->jobs_first ? loop_start_job (loop, slot) || loop_start_events (loop, slot)
                            : loop_start_events (loop, slot) || loop_start_job (loop, slot);
}

/* People and background take turns, so that neither starves the other. */
static void loop_dispatch (struct loop *loop)
{
    for (;;) {
        loop->requests_first = !loop->requests_first;
        bool started = loop->requests_first ? loop_start_request (loop) || loop_start_background (loop)
                                            : loop_start_background (loop) || loop_start_request (loop);
        if (!started)
            return;
    }
}

/* ---- what comes in ----------------------------------------------------------------------------------------------- */

static void loop_request (struct loop *loop, int broker, zmsg_t *message)
{
    KILL_POINT ("request.received");
    struct request *request = calloc (1, sizeof *request);
    assert (request);
    request->broker = broker;
    request->route = zmsg_pop (message);
    request->id = wire_pop_text (message);
    request->deadline = wire_pop_int (message, 0);
    request->arrived_us = pulse_now_us ();
    request->from = wire_pop_text (message);
    request->header = wire_pop_bytes (message, &request->header_size);
    request->body = wire_pop_bytes (message, &request->body_size);
    request->blob = wire_pop_bytes (message, &request->blob_size);
    if (request->route && request->id && request->from && zlistx_size (loop->requests) < REQUESTS_MOST) {
        zlistx_add_end (loop->requests, request);
        return;
    }
    log_line (LEVEL_WARN, "request.dropped", "why",
              request->from ? "the broker sends more than our credit" : "malformed", NULL);
    request_destroy (&request);
}

/* An answer to a worker's question; anything else is stale. */
static void loop_answer (struct loop *loop, zmsg_t *message)
{
    zframe_t *id_frame = zmsg_first (message);
    AUTO_FREE char *text = id_frame ? zframe_strdup (id_frame) : NULL;
    int64_t id = text ? strtoll (text, NULL, 10) : 0;
    int64_t index = id >> WORKER_ASK_SHIFT;
    if (id <= 0 || index >= loop->workers || loop->slots[index].ask != id) {
        zmsg_destroy (&message);
        return;
    }
    loop->slots[index].ask = 0;
    slot_order (&loop->slots[index], (struct order){.kind = ORDER_ANSWER, .ask = id, .answer = message});
}

static void loop_message (struct loop *loop, int broker, char kind, zmsg_t *message)
{
    if (kind == WIRE_REQUEST[0]) {
        loop_request (loop, broker, message);
    } else if (kind == WIRE_NUDGE[0]) {
        int64_t partition = wire_pop_int (message, -1);
        if (partition >= 0 && partition < ID_PARTITIONS)
            loop->dirty |= UINT64_C (1) << partition;
    } else if (kind == WIRE_ANSWER[0]) {
        loop_answer (loop, message);
        return;
    }
    zmsg_destroy (&message);
}

static void slot_unanswered (struct slot *slot)
{
    slot_order (slot, (struct order){.kind = ORDER_ANSWER, .ask = slot->ask});
    slot->ask = 0;
}

static void loop_report (struct loop *loop, struct slot *slot)
{
    struct report *report = NULL;
    if (zsock_recv (slot->actor, "p", &report) < 0 || !report)
        return;
    TAKE_OVER (report);
    if (report->kind == REPORT_ASK) {
        slot->ask = report->ask;
        slot->ask_broker = link_request (loop->link, &report->message);
        if (slot->ask_broker < 0)
            slot_unanswered (slot);
        free (report);
        return;
    }
    slot->busy = false;
    slot->ask = 0;
    loop->held &= ~slot->partitions;
    slot->partitions = 0;
    for (int p = 0; report->retry && p < ID_PARTITIONS; p++)
        if (report->retry >> p & 1)
            loop->retry_at[p] = wire_ticks () + EVENT_RETRY_MS;
    loop->dirty |= report->behind;
    loop->jobs = loop->jobs || report->jobs;
    if (report->unfit)
        loop->fit_at = wire_ticks () + UNFIT_MS;
    KILL_POINT ("answer.before");
    if (report->message)
        link_answer (loop->link, report->broker, &report->message);
    KILL_POINT ("answer.sent");
    for (int i = 0; i < report->nudge_count; i++)
        link_nudge (loop->link, report->nudges[i].partition, report->nudges[i].topic, report->nudges[i].addressee,
                    report->nudges[i].place);
    KILL_POINT ("nudge.sent");
    free (report->nudges);
    free (report);
}

/* ---- the loop ---------------------------------------------------------------------------------------------------- */

static void loop_tick (struct loop *loop)
{
    unsigned died = link_tick (loop->link);
    for (int i = 0; died && i < loop->workers; i++)
        if (loop->slots[i].ask && (died & (1u << loop->slots[i].ask_broker)))
            slot_unanswered (&loop->slots[i]);
}

static void loop_signal (struct loop *loop)
{
    struct signalfd_siginfo info;
    if (read (loop->signals, &info, sizeof info) != sizeof info || loop->stopping)
        return;
    loop->stopping = true;
    loop->stop_at = wire_ticks () + DRAIN_MS;
    monitor_stopping ();
    link_bye (loop->link);
    log_line (LEVEL_INFO, "service.stopping", NULL);
}

static bool loop_done (const struct loop *loop)
{
    if (!loop->stopping)
        return false;
    if (wire_ticks () > loop->stop_at)
        return true;
    for (int i = 0; i < loop->workers; i++)
        if (loop->slots[i].busy)
            return false;
    return zlistx_size (loop->requests) == 0 && link_parted (loop->link);
}

/* For whoever watches. */
static void loop_turned (const struct loop *loop)
{
    int behind = 0, busy = 0;
    for (int i = 0; i < loop->workers; i++) {
        busy += loop->slots[i].busy;
        behind += loop->slots[i].busy && loop->slots[i].background;
    }
    monitor_turned ();
    metric_set (&pulse_workers, PULSE_IDLE, 0, loop->workers - busy);
    metric_set (&pulse_workers, PULSE_AT_REQUEST, 0, busy - behind);
    metric_set (&pulse_workers, PULSE_BEHIND, 0, behind);
    metric_set (&pulse_requests_waiting, 0, 0, (int64_t)zlistx_size (loop->requests));
}

static void loop_poll (struct loop *loop)
{
    loop_turned (loop);
    int brokers = link_brokers (loop->link), count = 0;
    zmq_pollitem_t items[WORKERS_MOST + 16];
    for (int i = 0; i < brokers; i++)
        items[count++] = (zmq_pollitem_t){.socket = zsock_resolve (link_socket (loop->link, i)), .events = ZMQ_POLLIN};
    for (int i = 0; i < loop->workers; i++)
        items[count++] = (zmq_pollitem_t){.socket = zsock_resolve (loop->slots[i].actor), .events = ZMQ_POLLIN};
    items[count++] = (zmq_pollitem_t){.fd = loop->signals, .events = ZMQ_POLLIN};
    zmq_poll (items, count, POLL_MS);

    for (int i = 0; i < brokers; i++) {
        char kind;
        zmsg_t *message;
        for (int n = 0; n < RECEIVE_MOST && (message = link_receive (loop->link, i, &kind)); n++)
            loop_message (loop, i, kind, message);
    }
    loop_tick (loop); /* before anything is asked of a broker that is new */
    for (int i = 0; i < loop->workers; i++)
        if (items[brokers + i].revents & ZMQ_POLLIN)
            loop_report (loop, &loop->slots[i]);
    if (items[count - 1].revents & ZMQ_POLLIN)
        loop_signal (loop);
}

static int loop_open (struct loop *loop, const struct service *service)
{
    loop->workers = (int)conf_int ("PATEN_WORKERS");
    loop->requests = zlistx_new ();
    loop->link = link_new (service->name, loop->workers * CREDIT_PER_WORKER, loop->runtime.topics_comma);
    if (!loop->link)
        return -1;
    link_derive_key (loop->link, "idempotency", loop->runtime.digest_key);
    for (int i = 0; i < loop->workers; i++) {
        struct slot *slot = &loop->slots[i];
        slot->seed = (struct worker_seed){.runtime = &loop->runtime, .index = i};
        slot->actor = zactor_new (worker_main, &slot->seed);
    }
    return 0;
}

static void loop_close (struct loop *loop)
{
    for (int i = 0; i < loop->workers; i++)
        zactor_destroy (&loop->slots[i].actor);
    link_destroy (&loop->link);
    if (loop->requests)
        for (struct request *request; (request = zlistx_detach (loop->requests, NULL));)
            request_destroy (&request);
    zlistx_destroy (&loop->requests);
    for (size_t i = 0; loop->runtime.service->methods && loop->runtime.service->methods[i].name; i++) {
        schema_destroy (&loop->runtime.schemas[i].params);
        schema_destroy (&loop->runtime.schemas[i].body);
    }
    free (loop->runtime.schemas);
    free (loop->runtime.topics_comma);
    free (loop->runtime.topics_array);
}

/* They are prepared under their names on one connection: a service's must not be called like one of the runtime's. */
static bool statements_unique (const struct runtime *runtime)
{
    for (const struct db_statement *const *own = runtime->service->statements; own && *own; own++)
        for (const struct db_statement *const *theirs = runtime_statements; *theirs; theirs++)
            if (streq ((*own)->name, (*theirs)->name)) {
                log_line (LEVEL_ERROR, "db.statement_name_taken", "statement", (*own)->name, NULL);
                return false;
            }
    return true;
}

/* A short trial of the statements before any thread runs: a service that does not fit its database must not start; one
 * whose database is away must (it answers 503 until it is back). */
static bool statements_fit (const struct runtime *runtime)
{
    if (!statements_unique (runtime))
        return false;
    AUTO (db) db = db_new (conf_text ("PATEN_DB"), runtime->statements);
    if (db_ensure (db) == 0 || !db_sqlstate (db)[0])
        return true;
    log_line (LEVEL_ERROR, "db.statement_refused", "sqlstate", db_sqlstate (db), "error", db_error (db), NULL);
    return strncmp (db_sqlstate (db), "42", 2) != 0;
}

static int signals_open (void)
{
    zsys_handler_set (NULL);
    sigset_t mask;
    sigemptyset (&mask);
    sigaddset (&mask, SIGTERM);
    sigaddset (&mask, SIGINT);
    sigprocmask (SIG_BLOCK, &mask, NULL); /* before any thread: they inherit it */
    signal (SIGPIPE, SIG_IGN);
    return signalfd (-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Before any thread runs: what it needs, and where that is asked. */
static void service_watched (const struct service *service)
{
    pulse_open (service);
    monitor_needs (MONITOR_LOOP);
    monitor_needs (MONITOR_BROKER);
    monitor_needs (MONITOR_DATABASE);
    monitor_start ();
}

int service_main (const struct service *service)
{
    static struct loop loop;
    loop.runtime = (struct runtime){.service = service, .statements = {runtime_statements, service->statements, NULL}};
    loop.signals = signals_open ();
    if (sodium_init () < 0 || conf_load (service_settings) < 0 || conf_load (link_settings) < 0 ||
        conf_load (monitor_settings) < 0 || conf_load (service->settings) < 0)
        return EXIT_FAILURE;
    int level = log_level_named (conf_text ("PATEN_LOG_LEVEL"));
    if (level < 0) {
        fprintf (stderr, "PATEN_LOG_LEVEL must be debug, info, warn or error\n");
        return EXIT_FAILURE;
    }
    log_open (service->name, (enum log_level)level);
    runtime_schemas (&loop.runtime);
    runtime_topics (&loop.runtime);
    if (!statements_fit (&loop.runtime) || (service->start && service->start () < 0))
        return EXIT_FAILURE;

    service_watched (service);
    int status = loop_open (&loop, service) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
    if (status == EXIT_SUCCESS) {
        log_line (LEVEL_INFO, "service.started", NULL);
        while (!loop_done (&loop)) {
            loop_dispatch (&loop);
            loop_poll (&loop);
        }
    }
    monitor_stop ();
    loop_close (&loop); /* first the threads, then what they used */
    if (service->stop)
        service->stop ();
    log_line (LEVEL_INFO, "service.stopped", NULL);
    close (loop.signals);
    return status;
}
