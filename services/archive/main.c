/* archive: keeps bytes.  The tables. */
#include "archive_methods.h"
#include "archive_requests.h"
#include "archive_sql.h"

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

static const struct service service = {
    .name = "archive",
    .statements = archive_statements,
    .requests = archive_requests,
    .methods = methods,
    .jobs = jobs,
};

int main (void)
{
    return service_main (&service);
}
