/* What the broker knows while it lives: replicas of services, their credit, what waits for them and what they are
 * working on. Nothing here touches a socket: functions return what is to be sent as messages on a list, the shell
 * (main.c) sends them. Losing it all costs nothing that was acknowledged: PostgreSQL remembers, the broker carries. */
#pragma once

#include "common/auto.h"
#include "errors.h"

#include <czmq.h>
#include <jansson.h>
#include <stdint.h>

enum {
    BROKER_PENDING_MOST = 512, /* requests that wait for one service */
    BROKER_CREDIT_MOST = 256,  /* requests in one replica's hands */
};

typedef struct _broker_t broker_t;

broker_t *broker_new (void);
void broker_destroy (broker_t **broker);

/* A message with its routing id in front, ready for the ROUTER. */
typedef void (broker_send_fn) (void *context, zmsg_t **message_p);
void broker_set_sender (broker_t *broker, broker_send_fn *send, void *context);

/* One message from the peer whose CURVE certificate names it `name`; `route` is its routing id.  Takes the message
 * (frames after the routing id).  now: ticks; wall: unix ms, for deadlines.  What a peer may not say is dropped;
 * returns false then. */
bool broker_receive (broker_t *broker, const char *name, zframe_t *route, zmsg_t **message_p, int64_t now,
                     int64_t wall);

/* Replicas that have been silent too long are dead: what they had in hand is answered with 503, so that nobody waits
 * for the deadline.  Requests past their deadline leave the queue. */
void broker_tick (broker_t *broker, int64_t now, int64_t wall);
