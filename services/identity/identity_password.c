/* Argon2id in a bounded number of places, see identity_password.h. */
#include "identity_password.h"

#include <assert.h>
#include <errno.h>
#include <semaphore.h>
#include <sodium.h>
#include <string.h>
#include <time.h>

enum { PLACES = 2, PASSES = 3, WAIT_SECONDS = 2 };
#define MEMORY_BYTES ((size_t)64 * 1024 * 1024)

static_assert (IDENTITY_HASH_SIZE >= crypto_pwhash_STRBYTES, "a hash fits");

static sem_t places;
static char nobody[IDENTITY_HASH_SIZE]; /* written once at the start */

int identity_password_start (void)
{
    unsigned char random[32];
    char password[2 * sizeof random + 1];
    if (sodium_init () < 0 || sem_init (&places, 0, PLACES) != 0)
        return -1;
    randombytes_buf (random, sizeof random);
    sodium_bin2hex (password, sizeof password, random, sizeof random);
    int result = identity_password_hash (password, nobody);
    sodium_memzero (password, sizeof password);
    return result;
}

bool identity_password_enter (void)
{
    struct timespec until;
    clock_gettime (CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_SECONDS;
    int result;
    do
        result = sem_timedwait (&places, &until);
    while (result != 0 && errno == EINTR);
    return result == 0;
}

void identity_password_leave (void)
{
    sem_post (&places);
}

bool identity_password_matches (const char *hash, const char *password)
{
    const char *compared = hash != NULL ? hash : nobody;
    assert (compared[0] != '\0');
    return crypto_pwhash_str_verify (compared, password, strlen (password)) == 0 && hash != NULL;
}

int identity_password_hash (const char *password, char ret_hash[IDENTITY_HASH_SIZE])
{
    memset (ret_hash, 0, IDENTITY_HASH_SIZE);
    return crypto_pwhash_str (ret_hash, password, strlen (password), PASSES, MEMORY_BYTES) == 0 ? 0 : -1;
}
