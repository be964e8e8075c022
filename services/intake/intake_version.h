/* A published service version with its workflow, as the rules need it: parsed, the schema of its form compiled.  Published
 * versions never change (triggers see to it), so each is read once and then shared by all workers of the process.  Which
 * version is in force on a day is asked elsewhere, and each time anew (service_effective ()). */
#pragma once

#include "common/db.h"
#include "common/schema.h"
#include "intake_workflow.h"

#define VERSIONS_KEPT 64 /* a kabupaten has some twenty services; beyond this the oldest is read again when needed */

/* Several threads read it at once, so nobody writes to it, nor to the tree of its content: what goes into an answer or an
 * event is a copy, because even a reference would be a write. */
struct version {
    char *service, *name;
    int number;
    const json_t *content; /* the body of service.publish */
    schema_t *form;        /* content.form_schema */
    struct workflow workflow;
    int holders; /* intake_version.c's own */
};

/* Makes it anew from the database (catalogue_store.c).  0 or negative. */
int version_read (db_t *db, const char *service, int number, struct version **ret_version);

/* 0 or negative.  A version that is not on record is a bug: whoever names one has read it in a row that refers to it.
 * version_release () it. */
int version_hold (db_t *db, const char *service, int number, const struct version **ret_version);
/* NULL is nothing to release. */
void version_release (const struct version **version_p);
#define AUTO_VERSION __attribute__ ((cleanup (version_release))) const struct version *
