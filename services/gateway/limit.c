/* Token buckets per remote address, see limit.h. */
#include "limit.h"

#include <netinet/in.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { WAYS = 4, SETS = 1024, ADDRESS_SIZE = 8, MINUTE_MS = 60000 };

struct bucket {
    unsigned char address[ADDRESS_SIZE];
    int64_t seen;  /* ms; 0: empty */
    int64_t drops; /* 1 token = MINUTE_MS drops; per_minute drops come in each millisecond */
};

struct limit {
    unsigned char key[crypto_shorthash_KEYBYTES];
    int64_t per_minute;
    pthread_mutex_t mutex;
    struct bucket buckets[SETS][WAYS];
};

limit_t *limit_new (int per_minute)
{
    limit_t *limit = calloc (1, sizeof *limit);
    if (!limit || sodium_init () < 0) {
        free (limit);
        return NULL;
    }
    limit->per_minute = per_minute;
    crypto_shorthash_keygen (limit->key);
    pthread_mutex_init (&limit->mutex, NULL);
    return limit;
}

void limit_destroy (limit_t **limit_p)
{
    if (!*limit_p)
        return;
    pthread_mutex_destroy (&(*limit_p)->mutex);
    free (*limit_p);
    *limit_p = NULL;
}

/* IPv4 (also mapped into IPv6) as its four bytes, IPv6 as its /64. */
static void identify (const struct sockaddr *address, unsigned char ret_id[ADDRESS_SIZE])
{
    memset (ret_id, 0, ADDRESS_SIZE);
    if (address && address->sa_family == AF_INET)
        memcpy (ret_id, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
    else if (address && address->sa_family == AF_INET6) {
        const struct in6_addr *six = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED (six))
            memcpy (ret_id, six->s6_addr + 12, 4);
        else
            memcpy (ret_id, six->s6_addr, 8);
    }
}

/* The address's bucket, or the one of its set that was quiet for longest. */
static struct bucket *find (limit_t *limit, const unsigned char id[ADDRESS_SIZE], int64_t full, int64_t now)
{
    unsigned char hash[crypto_shorthash_BYTES];
    crypto_shorthash (hash, id, ADDRESS_SIZE, limit->key);
    struct bucket *set = limit->buckets[(hash[0] | (unsigned)hash[1] << 8) % SETS], *oldest = set;
    for (size_t way = 0; way < WAYS; way++) {
        if (set[way].seen != 0 && memcmp (set[way].address, id, ADDRESS_SIZE) == 0)
            return &set[way];
        if (set[way].seen < oldest->seen)
            oldest = &set[way];
    }
    *oldest = (struct bucket){.seen = now, .drops = full};
    memcpy (oldest->address, id, ADDRESS_SIZE);
    return oldest;
}

int limit_take (limit_t *limit, const struct sockaddr *address, int64_t now_ms)
{
    unsigned char id[ADDRESS_SIZE];
    identify (address, id);
    int64_t full = limit->per_minute * MINUTE_MS, wait = 0;
    pthread_mutex_lock (&limit->mutex);
    struct bucket *bucket = find (limit, id, full, now_ms);
    int64_t idle = now_ms - bucket->seen;
    bucket->seen = now_ms;
    bucket->drops = idle >= MINUTE_MS ? full : bucket->drops + idle * limit->per_minute;
    if (bucket->drops > full)
        bucket->drops = full;
    if (bucket->drops >= MINUTE_MS)
        bucket->drops -= MINUTE_MS;
    else
        wait = (MINUTE_MS - bucket->drops + limit->per_minute * 1000 - 1) / (limit->per_minute * 1000);
    pthread_mutex_unlock (&limit->mutex);
    return (int)wait;
}
