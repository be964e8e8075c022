/* The sweep: uploads that were never finished, and files whose retention has ended, leave the database with the
 * contents that nothing else refers to.  Whatever will have to go schedules the sweep of its hour; a full batch
 * schedules the next round.  It talks to nobody outside, so everything happens in the job's own transaction. */
#include "archive_methods.h"

#include <stdio.h>
#include <string.h>

enum { BATCH = 200 };

#define HOUR_MS INT64_C (3600000)

int sweep_schedule (struct call *call)
{
    int64_t hour = archive_sweep_hour (call->now);
    return job_add (call, "sweep", DB_INT (hour), json_object (), hour * HOUR_MS - call->now);
}

/* Rounds of one hour are "494000", "494000.1", "494000.2"... */
static int sweep_again (struct call *call, const struct job *job)
{
    json_int_t round = json_int (job->payload, "round", 0) + 1;
    char key[48];
    snprintf (key, sizeof key, "%.*s.%lld", (int)strcspn (job->key, "."), job->key, (long long)round);
    return job_add (call, "sweep", key, json_pack ("{s:I}", "round", round), 0);
}

int sweep_conclude (struct call *call, const struct job *job)
{
    int64_t uploads, files;
    AUTO_FREE char *objects = NULL;
    if (store_uploads_purge (call->db, call->now - ARCHIVE_KEEP_MS, BATCH, &uploads) < 0 ||
        store_files_purge (call->db, call->now, BATCH, &objects, &files) < 0 ||
        store_objects_purge (call->db, objects) < 0)
        return -1;
    return uploads == BATCH || files == BATCH ? sweep_again (call, job) : 0;
}
