/* Who is asking: a short memory of what identity said about a bearer token, so that not every request asks again.
 * Bounded in number and in time; a revoked session or a changed role therefore counts after SESSION_KEEP_MS at the
 * latest.  It knows tokens only as keyed hashes.  It does not ask identity: that is exchange.c. */
#pragma once

#include "common/auto.h"

#include <jansson.h>
#include <stdint.h>

#define SESSION_KEEP_MS 10000
#define SESSION_MOST    4096

typedef struct session_cache session_cache_t;

/* NULL when there is no memory.  May be used from several threads. */
session_cache_t *session_cache_new (void);
void session_cache_destroy (session_cache_t **cache);

/* The claims of a token as a copy of the caller's own (Jansson's counters are not for two threads), or NULL.
 * `now`: unix ms. */
json_t *session_find (session_cache_t *cache, const char *token, int64_t now);
/* Remembers a copy of the claims; a full corner of the cache forgets its oldest entry. */
void session_put (session_cache_t *cache, const char *token, const json_t *claims, int64_t now);
void session_drop (session_cache_t *cache, const char *token);
