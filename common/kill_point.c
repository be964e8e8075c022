/* Dying on request, see kill_point.h.  Compiled into test builds only. */
#include "common/kill_point.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

/* The lock makes the countdown one for all processes and threads that pass here. */
static int passes_left (int file)
{
    char text[16] = "";
    if (flock (file, LOCK_EX) < 0 || pread (file, text, sizeof text - 1, 0) < 0)
        return -1;
    int left = atoi (text) - 1;
    int size = snprintf (text, sizeof text, "%d\n", left);
    if (ftruncate (file, 0) < 0 || pwrite (file, text, (size_t)size, 0) < size)
        return -1;
    return left;
}

void kill_point (const char *point)
{
    const char *folder = getenv ("PATEN_KILL_POINTS");
    if (!folder)
        return;
    char path[300];
    snprintf (path, sizeof path, "%s/%s.%s", folder, program_invocation_short_name, point);
    int file = open (path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return; /* not armed */
    if (passes_left (file) == 0) {
        unlink (path);
        raise (SIGKILL);
    }
    close (file);
}
