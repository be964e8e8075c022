/* The methods of the archive; what each takes and gives stands in proto/requests/archive.*.json. */
#pragma once

#include "archive_store.h"
#include "common/service.h"

extern call_fn archive_upload_append, archive_upload_finish, archive_file_stat, archive_file_get, archive_file_put;

/* Job "sweep", see archive_jobs.c. */
extern job_fn sweep_conclude;
/* The sweep that will find what begins now. */
int sweep_schedule (struct call *call);

/* Publishes archive.file_kept. */
void file_publish (struct call *call, const struct archive_file *file);
/* A row of store_file_find () as file.stat and file.put show it; a new reference. */
json_t *file_json (const db_rows_t *rows);
