/* A signer's PKCS#12 file (services/signing/signer_key.c), opened twice: in full, and as a file that is known already. */
#include "fuzz.h"
#include "signing_data.h"

#include <sys/mman.h>
#include <unistd.h>

static signer_cache_t *cache;

static void stop (void)
{
    signer_cache_destroy (&cache);
}

int LLVMFuzzerInitialize (int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    cache = signer_cache_new ();
    FUZZ_HOLDS (cache);
    atexit (stop);
    return 0;
}

static int open_once (const char *path)
{
    signer_key_t *key = NULL;
    int verdict = signer_key_open (&key, path, SIGNING_DATA_PASSPHRASE, cache);
    FUZZ_HOLDS (verdict >= 0 && (verdict == SIGNER_KEY_OPEN) == (key != NULL));
    if (key)
        signer_key_check (key, SIGNING_DATA_NOW);
    signer_key_destroy (&key);
    return verdict;
}

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    char path[40];
    int file = memfd_create ("p12", MFD_CLOEXEC);
    FUZZ_HOLDS (file >= 0 && write (file, bytes, size) == (ssize_t)size);
    snprintf (path, sizeof path, "/proc/self/fd/%d", file);
    int verdict = open_once (path);
    FUZZ_HOLDS (open_once (path) == verdict);
    close (file);
    return 0;
}
