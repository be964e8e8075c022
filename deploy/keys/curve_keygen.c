/* Makes one CURVE certificate for a service: the key pair by which the broker knows who speaks.

   curve_keygen NAME FILE writes FILE (public, with the metadata name = NAME, by which the broker authorises) and
   FILE_secret (mode 0600).  It never replaces a key: a second run with the same FILE is refused.
   It is not a key store and puts nothing into the broker's list of clients; deploy/start does. */
#include <czmq.h>

#include "common/auto.h"

enum { NAME_MAX_LENGTH = 32 };

static bool is_service_name (const char *name)
{
    size_t length = strspn (name, "abcdefghijklmnopqrstuvwxyz_");
    return length > 0 && length <= NAME_MAX_LENGTH && name[length] == '\0';
}

int main (int argc, char **argv)
{
    if (argc != 3 || !is_service_name (argv[1])) {
        fprintf (stderr, "usage: curve_keygen NAME FILE (NAME: a-z and _, at most %d letters)\n", NAME_MAX_LENGTH);
        return 2;
    }
    const char *name = argv[1];
    const char *file = argv[2];
    if (access (file, F_OK) == 0) {
        fprintf (stderr, "curve_keygen: %s exists already; a key is never replaced\n", file);
        return 1;
    }
    umask (077); /* zcert_save narrows the mode of the secret half only after writing it */
    AUTO (zcert) cert = zcert_new ();
    zcert_set_meta (cert, "name", "%s", name);
    if (zcert_save (cert, file) != 0) {
        fprintf (stderr, "curve_keygen: cannot write %s: %s\n", file, strerror (errno));
        return 1;
    }
    return 0;
}
