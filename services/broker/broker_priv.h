/* What broker.c, broker_queue.c and broker_nudge.c share; nobody else looks in here. */
#pragma once

#include "broker.h"

struct pending { /* a request on its way: from whom, which, until when */
    zframe_t *client;
    char *id;
    int64_t deadline;
    int64_t since;   /* ticks */
    int64_t ahead;   /* requests that waited when it came */
    zmsg_t *message; /* for the replica, without its routing id; NULL once it is in a replica's hands */
    size_t bytes;    /* of the message */
};

struct replica {
    zframe_t *route;
    char *key; /* the routing id in hexadecimal: the key of broker->replicas */
    struct service_entry *service;
    int credit, pid;
    int64_t heard;
    bool leaving;      /* it takes no more requests */
    int said, echoed;  /* LEAVE to it, and back */
    int due;           /* so many must have come back before this broker goes */
    char *topics;      /* "a.b,c.d"; "*a.b": listens */
    zlistx_t *in_hand; /* struct pending *, without messages */
};

struct service_entry {
    char name[BROKER_NAME_MOST + 1];
    zlistx_t *replicas; /* struct replica *, round robin; owned by broker->replicas */
    zlistx_t *pending;  /* struct pending * */
    int64_t pace_us;    /* from one waiting request's turn to the next one's, as it was lately */
};

struct _broker_t {
    zhashx_t *replicas;       /* key → struct replica */
    zhashx_t *services;       /* name → struct service_entry, kept for ever: as many as certificates have names, and
                           what was asked for in vain before settled_at */
    int64_t life, settled_at; /* settled_at: ticks, see broker_new () */
    int64_t now, ticked;      /* ticks of the last message or tick, of the last tick */
    bool leaving;
    bool is_last_word_said; /* LEAVE once more, behind the last answer */
    size_t waiting_bytes;
    broker_send_fn *send;
    void *context;
};

/* Takes the message.  A peer that is gone misses it: its own deadline or the next sweep makes up for that. */
void broker_send (broker_t *broker, zframe_t *route, zmsg_t *message);

/* The request as the replica will see it: with the client's routing id and its proven name.  `rest`: the frames that
 * go on unread; taken. */
struct pending *broker_queue_new (const char *name, zframe_t *route, const char *id, int64_t deadline, zmsg_t *rest);
void broker_queue_destroy (struct pending **pending);
/* Too many wait, too much, or too long: whoever is let in behind them would get his answer near his deadline or after
 * it, work for nothing.  Told so at once, he may come again when there is room. */
bool broker_queue_is_full (const broker_t *broker, const struct service_entry *service, const struct pending *next);
void broker_queue_put (broker_t *broker, struct service_entry *service, struct pending *pending);
void broker_queue_put_back (broker_t *broker, struct service_entry *service, struct pending *pending);
/* The oldest; there must be one. */
struct pending *broker_queue_take (broker_t *broker, struct service_entry *service);
/* It was its turn: how fast the queue moves. */
void broker_queue_passed (const broker_t *broker, struct service_entry *service, const struct pending *pending);

/* NUDGE (frames after the letter): passed on to one member of each group and to all listeners.  False: it says nothing sensible. */
bool broker_nudge (broker_t *broker, zmsg_t *message);
