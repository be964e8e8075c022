/* Service versions, kept in memory.  See intake_version.h. */
#include "intake_version.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static struct {
    pthread_mutex_t lock;
    struct version *kept[VERSIONS_KEPT]; /* each counts as one holder */
    size_t next;                         /* the place of the next one, whose version is then given up */
} cache = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void destroy (struct version *version)
{
    free (version->service);
    free (version->name);
    json_decref ((json_t *)version->content);
    schema_destroy (&version->form);
    free (version);
}

/* ---- under the lock ----------------------------------------------------------------------------------------- */

static void let_go (struct version *version)
{
    if (version && --version->holders == 0)
        destroy (version);
}

static struct version *find (const char *service, int number)
{
    for (size_t i = 0; i < VERSIONS_KEPT && cache.kept[i]; i++)
        if (cache.kept[i]->number == number && strcmp (cache.kept[i]->service, service) == 0)
            return cache.kept[i];
    return NULL;
}

/* Another thread may have read the same meanwhile; then that one is kept. */
static struct version *keep (struct version *fresh)
{
    struct version *known = find (fresh->service, fresh->number);
    if (known) {
        destroy (fresh);
        return known;
    }
    let_go (cache.kept[cache.next]);
    fresh->holders = 1;
    cache.kept[cache.next] = fresh;
    cache.next = (cache.next + 1) % VERSIONS_KEPT;
    return fresh;
}

/* ---- without it --------------------------------------------------------------------------------------------- */

int version_hold (db_t *db, const char *service, int number, const struct version **ret_version)
{
    pthread_mutex_lock (&cache.lock);
    struct version *version = find (service, number);
    if (version)
        version->holders++;
    pthread_mutex_unlock (&cache.lock);
    if (!version) {
        int rc = version_read (db, service, number, &version);
        if (rc < 0)
            return rc;
        pthread_mutex_lock (&cache.lock);
        version = keep (version);
        version->holders++;
        pthread_mutex_unlock (&cache.lock);
    }
    *ret_version = version;
    return 0;
}

void version_release (const struct version **version_p)
{
    pthread_mutex_lock (&cache.lock);
    let_go ((struct version *)*version_p);
    pthread_mutex_unlock (&cache.lock);
    *version_p = NULL;
}
