/* The requests that wait for a service: how they are made, and when there are too many. */
#include "broker_priv.h"

#include "common/wire.h"

struct pending *broker_queue_new (const char *name, zframe_t *route, const char *id, int64_t deadline, zmsg_t *rest)
{
    struct pending *pending = calloc (1, sizeof *pending);
    assert (pending);
    pending->client = zframe_dup (route);
    pending->id = strdup (id);
    pending->deadline = deadline;
    pending->message = zmsg_new ();
    zmsg_addstr (pending->message, WIRE_REQUEST);
    zframe_t *client = zframe_dup (route);
    zmsg_append (pending->message, &client);
    zmsg_addstr (pending->message, id);
    wire_add_int (pending->message, deadline);
    zmsg_addstr (pending->message, name);
    for (zframe_t *frame; (frame = zmsg_pop (rest));)
        zmsg_append (pending->message, &frame);
    pending->bytes = zmsg_content_size (pending->message);
    return pending;
}

void broker_queue_destroy (struct pending **pending_p)
{
    struct pending *pending = *pending_p;
    if (!pending)
        return;
    zframe_destroy (&pending->client);
    free (pending->id);
    zmsg_destroy (&pending->message);
    free (pending);
    *pending_p = NULL;
}

bool broker_queue_is_full (const broker_t *broker, const struct service_entry *service, const struct pending *next)
{
    const struct pending *oldest = zlistx_first (service->pending);
    int64_t ahead = (int64_t)zlistx_size (service->pending);
    return ahead >= BROKER_PENDING_MOST || broker->waiting_bytes + next->bytes > BROKER_WAITING_BYTES ||
           ahead * service->pace_us >= INT64_C (1000) * BROKER_WAITING_MS ||
           (oldest && broker->now - oldest->since >= BROKER_WAITED_MS);
}

void broker_queue_put (broker_t *broker, struct service_entry *service, struct pending *pending)
{
    broker->waiting_bytes += pending->bytes;
    zlistx_add_end (service->pending, pending);
}

void broker_queue_put_back (broker_t *broker, struct service_entry *service, struct pending *pending)
{
    broker->waiting_bytes += pending->bytes;
    zlistx_add_start (service->pending, pending);
}

struct pending *broker_queue_take (broker_t *broker, struct service_entry *service)
{
    struct pending *oldest = zlistx_detach (service->pending, NULL);
    broker->waiting_bytes -= oldest->bytes;
    return oldest;
}

void broker_queue_passed (const broker_t *broker, struct service_entry *service, const struct pending *pending)
{
    if (pending->since < broker->settled_at) /* it waited until the replicas had found a new broker, not for its turn */
        return;
    int64_t pace_us = (broker->now - pending->since) * 1000 / (pending->ahead + 1);
    service->pace_us += (pace_us - service->pace_us) / 4;
}
