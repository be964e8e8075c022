/* Streams for GET /v1/changes: they tell officers' windows that something moved in their kecamatan, so that inboxes ask
 * anew.  What moved is not said: a stream carries no data of anybody.  Nothing is kept for who was away; whoever
 * connects asks anyway.  May be used from several threads. */
#pragma once

#include <jansson.h>
#include <microhttpd.h>
#include <stdbool.h>

/* The events that move something into an inbox or out of it and name their kecamatan; for struct client_ears. */
#define LIVE_TOPICS                                                                                                    \
    "*application.registered,*application.incomplete,*application.closed,*step.requested,*inspection.scheduled"

#define LIVE_TICK_MS     1000 /* the least between two messages of a stream */
#define LIVE_BEAT_TICKS  15   /* of silence, then a comment: who is gone is noticed, proxies stay awake */
#define LIVE_LIFE_TICKS  60   /* of a stream; the next one is admitted anew, so it ends soon after its session */
#define LIVE_OF_ONE_MOST 8    /* streams of one account; a further one ends the oldest */
#define LIVE_MESSAGE     "data: moved\n\n"

typedef struct live live_t;

/* `tick_ms`: LIVE_TICK_MS (tests are less patient).  NULL: no memory, no thread. */
live_t *live_new (int most, int tick_ms);
/* After the daemon that serves its streams has stopped. */
void live_destroy (live_t **live);

/* A client_heard_fn. */
void live_heard (void *live, const char *topic, const char *place);

/* A stream for the officer of the claims, as the connection's response (which owns it).  NULL: there are too many, or
 * live_end () was called. */
struct MHD_Response *live_open (live_t *live, struct MHD_Connection *connection, const json_t *claims);
/* Ends all streams, opens no more, and waits for them to leave; afterwards none is suspended. */
void live_end (live_t *live, int most_ms);
