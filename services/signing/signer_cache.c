/* The certificates of files that were opened before, see signer_cache.h: a ring, searched from one end to the other. */
#include "signer_cache.h"
#include "common/auto.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    unsigned char sha256[SHA256_DIGEST_LENGTH];
    X509 *certificate; /* NULL: empty */
    STACK_OF (X509) * chain;
};

struct _signer_cache_t {
    pthread_mutex_t mutex;
    size_t next; /* the entry to be written next: the oldest */
    struct entry entries[SIGNER_CACHE_MOST];
};

signer_cache_t *signer_cache_new (void)
{
    signer_cache_t *self = calloc (1, sizeof *self);
    if (self)
        pthread_mutex_init (&self->mutex, NULL);
    return self;
}

static void empty (struct entry *entry)
{
    X509_free (entry->certificate);
    sk_X509_pop_free (entry->chain, X509_free);
    *entry = (struct entry){.certificate = NULL};
}

void signer_cache_destroy (signer_cache_t **self)
{
    if (!*self)
        return;
    for (size_t i = 0; i < SIGNER_CACHE_MOST; i++)
        empty (&(*self)->entries[i]);
    pthread_mutex_destroy (&(*self)->mutex);
    free (*self);
    *self = NULL;
}

/* References of one's own to both, or to neither. */
static bool take (struct entry *into, X509 *certificate, STACK_OF (X509) * chain)
{
    STACK_OF (X509) *own = chain ? X509_chain_up_ref (chain) : NULL;
    if (chain && !own)
        return false;
    X509_up_ref (certificate);
    into->certificate = certificate;
    into->chain = own;
    return true;
}

static struct entry *look_up (signer_cache_t *self, const unsigned char *sha256)
{
    for (size_t i = 0; i < SIGNER_CACHE_MOST; i++)
        if (self->entries[i].certificate && memcmp (self->entries[i].sha256, sha256, SHA256_DIGEST_LENGTH) == 0)
            return &self->entries[i];
    return NULL;
}

bool signer_cache_find (signer_cache_t *self, const unsigned char sha256[SHA256_DIGEST_LENGTH], X509 **ret_certificate,
                        STACK_OF (X509) * *ret_chain)
{
    struct entry found;
    pthread_mutex_lock (&self->mutex);
    const struct entry *entry = look_up (self, sha256);
    bool is_known = entry && take (&found, entry->certificate, entry->chain);
    pthread_mutex_unlock (&self->mutex);
    if (is_known) {
        *ret_certificate = found.certificate;
        *ret_chain = found.chain;
    }
    return is_known;
}

void signer_cache_put (signer_cache_t *self, const unsigned char sha256[SHA256_DIGEST_LENGTH], X509 *certificate,
                       STACK_OF (X509) * chain)
{
    struct entry fresh = {.certificate = NULL};
    if (!take (&fresh, certificate, chain))
        return;
    memcpy (fresh.sha256, sha256, SHA256_DIGEST_LENGTH);
    pthread_mutex_lock (&self->mutex);
    struct entry *entry = look_up (self, sha256);
    if (!entry) {
        entry = &self->entries[self->next];
        self->next = (self->next + 1) % SIGNER_CACHE_MOST;
    }
    struct entry old = *entry;
    *entry = fresh;
    pthread_mutex_unlock (&self->mutex);
    empty (&old);
}
