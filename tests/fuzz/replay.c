/* The main () of a fuzz target built with the ordinary compiler: every file of the named folders, once.  That is the
 * regression test of what fuzzing once found, without libFuzzer and its compiler. */
#include "fuzz.h"

#include <dirent.h>
#include <limits.h>

#pragma weak LLVMFuzzerInitialize

static void replay_file (const char *path)
{
    FILE *file = fopen (path, "rbe");
    char *bytes = NULL;
    size_t size = 0;
    FUZZ_HOLDS (file);
    FUZZ_HOLDS (fseek (file, 0, SEEK_END) == 0);
    size = (size_t)ftell (file);
    rewind (file);
    bytes = malloc (size > 0 ? size : 1);
    FUZZ_HOLDS (bytes && fread (bytes, 1, size, file) == size);
    fclose (file);
    LLVMFuzzerTestOneInput ((const uint8_t *)bytes, size);
    free (bytes);
}

/* How many files there are; each is named before it is read, so that the last line names the one that ended it. */
static int replay_folder (const char *folder)
{
    int count = 0;
    struct dirent **entries;
    int found = scandir (folder, &entries, NULL, alphasort);
    for (int i = 0; i < found; i++) {
        char path[PATH_MAX];
        snprintf (path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.') {
            printf ("%s\n", path);
            fflush (stdout);
            replay_file (path);
            count++;
        }
        free (entries[i]);
    }
    if (found >= 0)
        free (entries);
    return count;
}

int main (int argc, char **argv)
{
    int count = 0;
    if (LLVMFuzzerInitialize)
        LLVMFuzzerInitialize (&argc, &argv);
    for (int i = 1; i < argc; i++)
        count += replay_folder (argv[i]);
    printf ("%d inputs\n", count);
    return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
