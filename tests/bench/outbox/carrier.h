/* What carries messages from the relay to the consumer of the outbox pattern: RabbitMQ or NATS JetStream, behind one
 * face, so that both are used by the same relay and the same consumer.  A carrier belongs to one thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct carrier carrier_t;

enum { CARRIER_PREFETCH = 500, CARRIER_BATCH_MOST = 500 };

/* A message that came; its body is borrowed until the next call. */
struct parcel {
    const char *body; /* no NUL behind it */
    size_t size;
    uint64_t tag;
};

struct carrier_kind {
    const char *name;
    /* Connects to "127.0.0.1:PORT" and makes the durable queue if it is not there.  NULL: said why on stderr. */
    carrier_t *(*open) (const char *address, bool consumes);
    /* Sends; not yet safe.  At most CARRIER_BATCH_MOST between two confirm ().  Negative: failed. */
    int (*publish) (carrier_t *carrier, const void *body, size_t size);
    /* Waits until the server has confirmed everything sent.  Negative: it did not. */
    int (*confirm) (carrier_t *carrier);
    /* 1: one more; 0: none within timeout_ms (0: none here now); negative: failed. */
    int (*next) (carrier_t *carrier, int timeout_ms, struct parcel *ret);
    /* Everything up to this parcel is done. */
    int (*ack) (carrier_t *carrier, const struct parcel *last);
    /* Empties the queue. */
    int (*purge) (carrier_t *carrier);
    void (*close) (carrier_t *carrier);
};

extern const struct carrier_kind carrier_rabbit, carrier_nats;
