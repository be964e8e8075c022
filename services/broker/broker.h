/* What the broker knows while it lives: replicas of services, their credit, what waits for them and what they are
 * working on. Nothing here touches a socket or a clock: the shell (main.c) hands in messages and times and lends the
 * function that sends.  Losing it all costs nothing that was acknowledged: PostgreSQL remembers, the broker carries. */
#pragma once

#include "common/auto.h"
#include "errors.h"

#include <czmq.h>
#include <jansson.h>
#include <stdint.h>

enum {
    BROKER_PENDING_MOST = 512, /* requests that wait for one service */
    BROKER_WAITING_MS = 2000,  /* for a turn, as far as the pace tells; who would wait longer is not let in */
    BROKER_WAITED_MS = 3000,   /* who has waited so long shows that the pace is not what it was: nobody is let in */
    BROKER_WAITING_BYTES = 64 * 1024 * 1024, /* of all requests that wait, together */
    BROKER_CREDIT_MOST = 256,                /* requests in one replica's hands */
    BROKER_NAME_MOST = 32,                   /* letters of a service's name, as curve_keygen has it */
    BROKER_GRACE_MS = 30000, /* after its deadline a request in a replica's hands counts as forgotten by it */
};

typedef struct _broker_t broker_t;

/* life: a number that no earlier broker on this endpoint had; by it peers notice that what they had asked is lost.
 * settled_at: ticks by which every replica that lives has found the new broker; until then a request waits for its
 * service instead of being refused. */
broker_t *broker_new (int64_t life, int64_t settled_at);
void broker_destroy (broker_t **broker);

/* Sends a message that has its routing id in front; borrows it.  0, or -1: that peer's connection is gone. */
typedef int (broker_send_fn) (void *context, zmsg_t *message);
void broker_set_sender (broker_t *broker, broker_send_fn *send, void *context);

/* One message from the peer whose CURVE certificate names it `name`; `route` is its routing id.  Takes the message
 * (frames after the routing id).  now: ticks; wall: unix ms, for deadlines.  What a peer may not say is dropped;
 * returns false then. */
bool broker_receive (broker_t *broker, const char *name, zframe_t *route, zmsg_t **message_p, int64_t now,
                     int64_t wall);

/* To be called twice in WIRE_BEAT_MS.  Replicas that have been silent too long are dead: what they had in hand is answered with 503, so that nobody waits
 * for the deadline.  Requests past their deadline leave the queue; nobody waits for an answer to them. */
void broker_tick (broker_t *broker, int64_t now, int64_t wall);

/* Asks everybody to ask nothing more; what is on its way is still carried. */
void broker_leave (broker_t *broker);
/* After broker_leave (), again and again: true when nothing is on its way, nothing will come, and everybody has taken in what was sent
 * to him.  A connection that is closed may lose what its other end has not read yet. */
bool broker_may_go (broker_t *broker);
