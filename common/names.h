/* The addresses behind a name of the DNS (or /etc/hosts), asked for again and again in a thread of its own: what `docker
 * compose --scale broker=3` or a Swarm service changes while we run. */
#pragma once

#include <stdbool.h>

enum { NAMES_MOST = 8, NAMES_ENDPOINT_SIZE = 64 };

typedef struct _names_t names_t;

/* Does the endpoint name a host, tcp://NAME:PORT, instead of an address? */
bool names_is_name (const char *endpoint);
/* For such an endpoint; asks again `again_ms` after each answer.  NULL: it is too long or has no port. */
names_t *names_new (const char *endpoint, int again_ms);
/* Never waits: a question that hangs ends by itself. */
void names_destroy (names_t **names_p);

/* Never waits.  How many endpoints of addresses (IPv4, at most NAMES_MOST) the last answer had; -1: there was no answer since
 * the last call.  A question that fails is no answer: what was known stays. */
int names_look (names_t *names, char ret_endpoints[NAMES_MOST][NAMES_ENDPOINT_SIZE]);
