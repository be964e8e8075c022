/* The memory of sessions, see session.h: a set-associative table; a token's hash chooses the set. */
#include "session.h"

#include <pthread.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { WAYS = 8, SETS = SESSION_MOST / WAYS, HASH_SIZE = crypto_generichash_BYTES };

struct entry {
    unsigned char hash[HASH_SIZE];
    int64_t until; /* unix ms; 0: empty */
    json_t *claims;
};

struct session_cache {
    unsigned char
        key[crypto_generichash_KEYBYTES]; /* so that nobody can aim at one set, and no hash of a token lies about */
    pthread_mutex_t mutex;
    struct entry entries[SETS][WAYS];
};

session_cache_t *session_cache_new (void)
{
    session_cache_t *cache = calloc (1, sizeof *cache);
    if (!cache || sodium_init () < 0) {
        free (cache);
        return NULL;
    }
    crypto_generichash_keygen (cache->key);
    pthread_mutex_init (&cache->mutex, NULL);
    return cache;
}

static void empty (struct entry *entry)
{
    json_decref (entry->claims);
    *entry = (struct entry){.until = 0};
}

void session_cache_destroy (session_cache_t **cache_p)
{
    session_cache_t *cache = *cache_p;
    if (!cache)
        return;
    for (size_t set = 0; set < SETS; set++)
        for (size_t way = 0; way < WAYS; way++)
            empty (&cache->entries[set][way]);
    pthread_mutex_destroy (&cache->mutex);
    free (cache);
    *cache_p = NULL;
}

/* The set of a token and its hash. */
static struct entry *locate (session_cache_t *cache, const char *token, unsigned char hash[HASH_SIZE])
{
    crypto_generichash (hash, HASH_SIZE, (const unsigned char *)token, strlen (token), cache->key, sizeof cache->key);
    return cache->entries[(hash[0] | (unsigned)hash[1] << 8) % SETS];
}

static struct entry *look_up (struct entry *set, const unsigned char hash[HASH_SIZE])
{
    for (size_t way = 0; way < WAYS; way++)
        if (set[way].until != 0 && sodium_memcmp (set[way].hash, hash, HASH_SIZE) == 0)
            return &set[way];
    return NULL;
}

static struct entry *oldest (struct entry *set)
{
    struct entry *found = set;
    for (size_t way = 1; way < WAYS; way++)
        if (set[way].until < found->until)
            found = &set[way];
    return found;
}

json_t *session_find (session_cache_t *cache, const char *token, int64_t now)
{
    unsigned char hash[HASH_SIZE];
    struct entry *set = locate (cache, token, hash);
    pthread_mutex_lock (&cache->mutex);
    struct entry *entry = look_up (set, hash);
    if (entry && entry->until <= now) {
        empty (entry);
        entry = NULL;
    }
    json_t *claims = entry ? json_deep_copy (entry->claims) : NULL;
    pthread_mutex_unlock (&cache->mutex);
    return claims;
}

void session_put (session_cache_t *cache, const char *token, const json_t *claims, int64_t now)
{
    unsigned char hash[HASH_SIZE];
    struct entry *set = locate (cache, token, hash);
    pthread_mutex_lock (&cache->mutex);
    struct entry *entry = look_up (set, hash);
    if (!entry)
        entry = oldest (set);
    empty (entry);
    memcpy (entry->hash, hash, HASH_SIZE);
    entry->until = now + SESSION_KEEP_MS;
    entry->claims = json_deep_copy (claims);
    pthread_mutex_unlock (&cache->mutex);
}

void session_drop (session_cache_t *cache, const char *token)
{
    unsigned char hash[HASH_SIZE];
    struct entry *set = locate (cache, token, hash);
    pthread_mutex_lock (&cache->mutex);
    struct entry *entry = look_up (set, hash);
    if (entry)
        empty (entry);
    pthread_mutex_unlock (&cache->mutex);
}
