/* The usual pattern in C, as the reference: outbox table, relay, a broker that stores, inbox table. */
#pragma once

#include "carrier.h"

#include <libpq-fe.h>

struct outbox_options {
    const struct carrier_kind *kind;
    const char *address, *database;
    int batch;   /* of the consumer: messages in one transaction */
    int poll_ms; /* of the relay: pause when nothing is unsent; with `listen` only for what no NOTIFY told */
    bool listen; /* the relay is woken by NOTIFY */
};

/* Each runs until SIGTERM or a failure (said on stderr) and returns the exit status. */
int relay_run (const struct outbox_options *options);
int consumer_run (const struct outbox_options *options);

/* SIGTERM has come. */
bool outbox_ended (void);

/* ---- libpq, shared by both ---- */

/* A connection with these statements prepared; exits when that fails: there is nothing to measure then. */
struct outbox_statement {
    const char *name, *sql;
};
PGconn *outbox_connect (const char *database, const struct outbox_statement *statements, size_t count);
/* The next result of the pipeline, skipping the NULL behind the one before; exits unless it is of `expected` status. */
PGresult *outbox_result (PGconn *database, ExecStatusType expected);
