/* archive: keeps bytes.  The tables. */
#include "archive_methods.h"
#include "archive_requests.h"
#include "archive_sql.h"
#include "common/metrics.h"

static const struct method methods[] = {
    {"archive.upload.append", METHOD_ACTION, ROLES_PUBLIC, "gateway", NULL, archive_upload_append},
    {"archive.upload.finish", METHOD_ACTION, ROLES_PUBLIC, "gateway", NULL, archive_upload_finish},
    {"archive.file.stat", METHOD_QUERY, ROLES_NONE, "intake,inspection", NULL, archive_file_stat},
    /* services read without a person; for the gateway the handler asks for one */
    {"archive.file.get", METHOD_QUERY, ROLES_NONE, "gateway,signing,document", NULL, archive_file_get},
    {"archive.file.put", METHOD_ACTION, ROLES_NONE, "document,signing", NULL, archive_file_put},
    {0},
};

static const struct job_kind jobs[] = {
    {.name = "sweep", .max_attempts = 10, .conclude = sweep_conclude},
    {0},
};

/* Those of the backups, too: nearly all that is in them is kept here, and the database tells every service the same. */
static struct metric backup_age = {.name = "paten_backup_age_seconds",
                                   .kind = METRIC_MEASURED,
                                   .help = "Since the newest good backup began; where there is none yet, since backups "
                                           "were set up.  Untold where they are not.",
                                   .unit = "seconds"};
static struct metric wal_waiting = {.name = "paten_wal_waiting_seconds",
                                    .kind = METRIC_MEASURED,
                                    .help = "Since the last WAL file was archived, while a finished one waits for it; "
                                            "0: none waits.  Untold where none is archived.",
                                    .unit = "seconds"};
static const struct figure figures[] = {
    {&backup_age, &SQL_FIGURE_BACKUP_AGE}, {&wal_waiting, &SQL_FIGURE_WAL_WAITING}, {0}};

static const struct service service = {
    .name = "archive",
    .statements = archive_statements,
    .requests = archive_requests,
    .methods = methods,
    .jobs = jobs,
    .figures = figures,
};

int main (void)
{
    return service_main (&service);
}
