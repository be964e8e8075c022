/* A process's side of the wire: one CURVE DEALER per broker, READY twice a second, and who of the brokers is alive.
 * For one thread.  It keeps no requests: whoever sends one waits for it (worker.c, client.c). */
#pragma once

#include "common/auto.h"
#include "common/service.h"
#include "common/wire.h"

typedef struct _link_t link_t;

extern const struct setting link_settings[]; /* PATEN_BROKERS and the keys */

/* service: the name of this process's certificate.  credit: how many requests it takes at once, 0 for a pure client.
 * topics: comma list of what its group consumes, "" for none.  NULL: a key file cannot be read (logged). */
link_t *link_new (const char *service, int credit, const char *topics);
void link_destroy (link_t **link);

/* A key for `purpose`, made from this service's CURVE secret: the same in all its replicas, known to nobody else. */
void link_derive_key (const link_t *link, const char *purpose, unsigned char ret_key[32]);

int link_brokers (const link_t *link);
zsock_t *link_socket (link_t *link, int broker);
bool link_alive (const link_t *link, int broker);

/* READY where it is due; call it at least every WIRE_BEAT_MS.  Returns a bit mask of brokers that have just died or were
 * restarted: what was asked there will not be answered. */
unsigned link_tick (link_t *link);
/* The next message of that broker that concerns the caller, its letter taken off into *ret_kind ('Q', 'A', 'E'); NULL
 * when there is none now.  HELLO, BYE and LEAVE are swallowed. */
zmsg_t *link_receive (link_t *link, int broker, char *ret_kind);

/* Sends REQUEST to a live broker; takes the message (frames after the letter).  The broker's index, or -1: none is
 * alive. */
int link_request (link_t *link, zmsg_t **message_p);
/* Sends ANSWER back through the broker that brought the request; a broker that died meanwhile loses it. */
void link_answer (link_t *link, int broker, zmsg_t **message_p);
/* Tells the consumers of a topic (addressee not "": only that one) that the partition has grown, and every listener that
 * something moved in `place` (a kecamatan, or "").  Losing it costs a second, no event. */
void link_nudge (link_t *link, int partition, const char *topic, const char *addressee, const char *place);
/* Says BYE to all brokers; from now on READY offers no credit. */
void link_bye (link_t *link);
/* After link_bye (): every live broker has all our answers and will send no request. */
bool link_parted (const link_t *link);
