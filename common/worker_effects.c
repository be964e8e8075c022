/* What a transaction does beside its own tables: events, which are collected while a handler works, published in its COMMIT
 * and told to the brokers after it; and jobs.  Each with the actor behind it. */
#include "common/id.h"
#include "common/worker.h"
#include "runtime_sql.h"

static json_t *call_actor (struct call *call)
{
    struct worker *worker = call->worker;
    if (worker->actor)
        return json_incref (worker->actor);
    if (!call->caller)
        return json_pack ("{s:s}", "service", worker->runtime->service->name);
    json_t *actor = json_pack ("{s:s, s:s, s:s}", "account", call->caller->account, "username", call->caller->username,
                               "name", call->caller->name);
    if (worker->acting_role[0]) {
        json_object_set_new (actor, "role", json_string (worker->acting_role));
        json_object_set_new (actor, "place", json_string (worker->acting_place));
    }
    return actor;
}

void publish (struct call *call, const char *topic, const char *key, json_t *body)
{
    publish_to (call, topic, key, NULL, body);
}

void publish_to (struct call *call, const char *topic, const char *key, const char *addressee, json_t *body)
{
    struct worker *worker = call->worker;
    assert (db_in_transaction (worker->db) && worker->outbox_count < WORKER_OUTBOX_MOST && body);
    struct outbox_event *event = &worker->outbox[worker->outbox_count++];
    assert (strlen (topic) < sizeof event->topic && strlen (key) < sizeof event->key);
    snprintf (event->topic, sizeof event->topic, "%s", topic);
    snprintf (event->key, sizeof event->key, "%s", key);
    snprintf (event->correlation, sizeof event->correlation, "%s", call->correlation);
    snprintf (event->addressee, sizeof event->addressee, "%s", addressee ? addressee : "");
    event->body = body;
}

int job_add (struct call *call, const char *kind, const char *key, json_t *payload, int64_t due_in_ms)
{
    json_auto_t *owned = payload;
    json_auto_t *actor = call_actor (call);
    AUTO_FREE char *payload_text = db_json_text (owned);
    AUTO_FREE char *actor_text = db_json_text (actor);
    call->worker->job_added = true;
    return db_query (call->db, &SQL_JOB_ADD, NULL, kind, key, payload_text, DB_INT (due_in_ms), actor_text,
                     call->correlation);
}

/* Orders the outbox by partition, so that two transactions lock the counters in the same order; events of one partition
 * keep the order of publish () (insertion sort is stable, and there are few). */
static void outbox_sort (struct outbox_event *events, int count)
{
    for (int i = 1; i < count; i++)
        for (int j = i; j > 0 && id_partition (events[j - 1].key) > id_partition (events[j].key); j--) {
            struct outbox_event swapped = events[j];
            events[j] = events[j - 1];
            events[j - 1] = swapped;
        }
}

/* The event as bus.publish () wants it. */
static json_t *outbox_json (const struct outbox_event *event)
{
    json_t *json = json_pack ("{s:s, s:s, s:s, s:O}", "topic", event->topic, "key", event->key, "correlation",
                              event->correlation, "body", event->body);
    assert (json);
    if (event->addressee[0])
        json_object_set_new (json, "addressee", json_string (event->addressee));
    return json;
}

/* One statement for the events of one partition: the parameters of bus.publish (). */
struct publication {
    char partition[24];
    char *events;
    const char *params[3];
};

/* The sorted outbox as publications; returns how many. */
static int outbox_publications (const struct worker *worker, const char *actor, struct publication out[ID_PARTITIONS])
{
    int count = 0;
    for (int i = 0; i < worker->outbox_count; count++) {
        unsigned partition = id_partition (worker->outbox[i].key);
        json_auto_t *events = json_array ();
        for (; i < worker->outbox_count && id_partition (worker->outbox[i].key) == partition; i++)
            json_array_append_new (events, outbox_json (&worker->outbox[i]));
        struct publication *p = &out[count];
        p->events = db_json_text (events);
        p->params[0] = db_int_text (p->partition, partition);
        p->params[1] = actor;
        p->params[2] = p->events;
    }
    return count;
}

/* What the main thread is to tell the brokers once the events are there: once for all of a partition that go to the same
 * groups and concern the same place. */
static void report_nudge (struct report *report, const struct outbox_event *event)
{
    struct nudge nudge = {.partition = (int)id_partition (event->key)};
    const char *place = json_string_value (json_object_get (event->body, "kecamatan"));
    snprintf (nudge.topic, sizeof nudge.topic, "%s", event->topic);
    snprintf (nudge.addressee, sizeof nudge.addressee, "%s", event->addressee);
    snprintf (nudge.place, sizeof nudge.place, "%s", place ? place : "");
    for (int i = report->nudge_count - 1; i >= 0 && report->nudges[i].partition == nudge.partition; i--)
        if (memcmp (&report->nudges[i], &nudge, sizeof nudge) == 0)
            return;
    report->nudges = realloc (report->nudges, (size_t)(report->nudge_count + 1) * sizeof nudge);
    assert (report->nudges);
    report->nudges[report->nudge_count++] = nudge;
}

int worker_commit (struct worker *worker, struct call *call, const struct db_step *more, int more_count)
{
    struct db_step steps[ID_PARTITIONS + WORKER_STEPS_MOST];
    struct publication publications[ID_PARTITIONS];
    json_auto_t *actor = call_actor (call);
    AUTO_FREE char *actor_text = db_json_text (actor);

    assert (more_count <= WORKER_STEPS_MOST);
    for (int i = 0; i < more_count; i++)
        steps[i] = more[i];
    outbox_sort (worker->outbox, worker->outbox_count);
    int count = outbox_publications (worker, actor_text, publications);
    for (int i = 0; i < count; i++)
        steps[more_count + i] = (struct db_step){&SQL_BUS_PUBLISH, publications[i].params, 3};
    int rc = db_commit_with (worker->db, steps, more_count + count);
    for (int i = 0; i < count; i++)
        free (publications[i].events);
    for (int i = 0; i < worker->outbox_count; i++) {
        if (rc == 0)
            report_nudge (worker->report, &worker->outbox[i]);
        json_decref (worker->outbox[i].body);
    }
    worker->outbox_count = 0;
    if (rc == 0 && worker->job_added)
        worker->report->jobs = true;
    worker->job_added = false;
    return rc;
}

void worker_rollback (struct worker *worker)
{
    db_rollback (worker->db);
    for (int i = 0; i < worker->outbox_count; i++)
        json_decref (worker->outbox[i].body);
    worker->outbox_count = 0;
    worker->job_added = false;
}
