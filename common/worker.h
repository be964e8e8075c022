/* A worker: one thread with one database connection that takes orders from the service's loop and reports back.
 * Private to the runtime (service.c, worker*.c, call.c). */
#pragma once

#include "common/schema.h"
#include "common/service.h"
#include "common/wire.h"

#include <stdatomic.h>

enum {
    WORKER_ASK_MS = 5000,        /* longest wait for another service's answer */
    WORKER_ATTEMPT_MS = 30000,   /* older commands begin no transaction; refusals are kept longer (bus.refused) */
    WORKER_EVENT_BATCH = 500,    /* events in one transaction, */
    WORKER_EVENT_MS = 200,       /* which ends after this time whatever was taken: people wait for its locks */
    WORKER_EVENT_FLUSH = 32,     /* events after which the server's time is ours again: until then it may be behind */
    WORKER_PARTITIONS_MOST = 16, /* whose events share one transaction */
    WORKER_EVENT_FAILURES = 5,   /* then an event is buried */
    WORKER_DEADLOCK_TRIES = 4,
    WORKER_OUTBOX_MOST = 256, /* events of one transaction: a batch of events may publish several each */
    WORKER_PUBLISH_MOST = 32, /* events that one handler may publish; a batch ends early to leave it this room */
    WORKER_REPLY_BYTES = WIRE_MOST_BYTES - 64 * 1024, /* more would cost the broker's connection */
    WORKER_STEPS_MOST = 2,                            /* that worker_commit () takes beside the outbox */
    WORKER_PRUNE_MS = 60 * 60 * 1000,
};

/* What a method's file in proto/requests says about its input, compiled. */
struct method_schemas {
    schema_t *params, *body; /* NULL: none may be given */
    bool free_text; /* "free_text": its texts may hold line breaks and what no font prints (an SVG, for instance) */
};

/* Orders and reports change hands through a zactor's pipe, which also orders memory.  ThreadSanitizer cannot look into
 * libzmq; the giver's store and the taker's load of this member tell it. */
typedef atomic_bool handed_t;
#define HAND_OVER(thing) atomic_store_explicit (&(thing)->handed, true, memory_order_release)
#define TAKE_OVER(thing) ((void)atomic_load_explicit (&(thing)->handed, memory_order_acquire))

/* A service with what is derived from its tables once, before the threads start; read-only afterwards. */
struct runtime {
    const struct service *service;
    struct method_schemas *schemas;                  /* parallel to service->methods */
    char *topics_comma, *topics_array;               /* see runtime_topics () */
    const struct db_statement *const *statements[3]; /* runtime's, service's, NULL */
    unsigned char digest_key[32];                    /* of the digests in the idem table, see inbound_digest () */
};

struct request {
    int broker;
    zframe_t *route;
    char *id, *from, *header;
    int64_t deadline;
    int64_t arrived_us; /* pulse_now_us () */
    void *body, *blob;
    size_t header_size, body_size, blob_size;
};
void request_destroy (struct request **request);

enum order_kind { ORDER_REQUEST, ORDER_EVENTS, ORDER_JOB, ORDER_SWEEP, ORDER_MEASURE, ORDER_ANSWER };

struct order {
    handed_t handed;
    enum order_kind kind;
    struct request *request; /* ORDER_REQUEST; the worker's to destroy */
    uint64_t partitions;     /* ORDER_EVENTS, one bit each */
    int64_t ask;             /* ORDER_ANSWER: the question's id */
    zmsg_t *answer;          /* ORDER_ANSWER: id, status, media type, filename, body; NULL: nobody answered */
};

enum report_kind { REPORT_ASK, REPORT_DONE };

/* That a partition has grown by events of this topic. */
struct nudge {
    int partition;
    char topic[64];
    char addressee[32]; /* or "" */
    char place[16];     /* the kecamatan that they name, or "" */
};

struct report {
    handed_t handed;
    enum report_kind kind;
    zmsg_t *message;      /* REPORT_ASK: the REQUEST to send; REPORT_DONE: the ANSWER to send or NULL */
    int broker;           /* of the ANSWER */
    int64_t ask;          /* REPORT_ASK: its id, comes back in the answer */
    uint64_t behind;      /* partitions with work: found by a sweep, or one whose batch was full */
    bool jobs;            /* a job may be due now */
    bool unfit;           /* the environment failed: no background work for a moment */
    uint64_t retry;       /* partitions that failed: not at once again */
    struct nudge *nudges; /* malloc, or NULL */
    int nudge_count;
};

struct outbox_event {
    char topic[64], key[64], correlation[64], addressee[32];
    json_t *body;
};

struct reply {
    int status;
    json_t *body; /* JSON answer or problem document */
    void *bytes;  /* or bytes */
    size_t size;
    char media_type[64], filename[160];
    bool refused;
    enum error_code code;
};

struct worker {
    const struct runtime *runtime;
    zsock_t *pipe;
    db_t *db;
    int64_t asked;  /* id of the last question to another service; the upper bits are the worker's index */
    int64_t pruned; /* ticks of the last housekeeping */
    bool ended;     /* the loop has said $TERM */

    /* of the unit of work in hand */
    struct claims claims;
    json_t *claims_json;
    int64_t deadline;
    char acting_role[40], acting_place[16];
    json_t *actor; /* who is behind it, for events and jobs */
    struct outbox_event outbox[WORKER_OUTBOX_MOST];
    int outbox_count;
    bool job_added;
    char note[400];
    char silent[40];       /* the service that was asked and did not answer, or "" */
    struct report *report; /* being filled */
};

struct worker_seed {
    const struct runtime *runtime;
    int index;
};
enum { WORKER_ASK_SHIFT = 40 };                   /* ask id >> this = the worker's index */
void worker_main (zsock_t *pipe, void *argument); /* zactor; argument: struct worker_seed *, outlives the thread */

/* The next order; NULL: the wait ran out (ZMQ_RCVTIMEO), or worker->ended. */
struct order *worker_receive (struct worker *worker);
void worker_request (struct worker *worker, struct request *request);
void worker_events (struct worker *worker, uint64_t partitions);
void worker_job (struct worker *worker);
void worker_sweep (struct worker *worker);

/* Starts and ends a unit of work: fresh call, empty outbox, the actor. */
void worker_unit (struct worker *worker, struct call *call, struct reply *reply, const char *correlation);
void worker_unit_end (struct worker *worker, struct call *call);
/* COMMIT together with up to WORKER_STEPS_MOST steps and the outbox; fills the report's nudges.  0 only if all is committed. */
int worker_commit (struct worker *worker, struct call *call, const struct db_step *more, int more_count);
/* Rolls back and forgets the outbox. */
void worker_rollback (struct worker *worker);
/* What failed since worker_unit () was the environment (connection, shutdown, resources, lock timeout), not the
 * statement. */
bool worker_environment_failed (struct worker *worker);
/* A deadlock or serialization failure: the same transaction may well succeed now. */
bool worker_may_retry (struct worker *worker);

void reply_clear (struct reply *reply);
const struct method *runtime_method (const struct runtime *runtime, const char *name,
                                     const struct method_schemas **ret);
