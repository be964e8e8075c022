/* libpq behind named statements: prepared once per connection, BEGIN travels with the first statement of a transaction
 * and COMMIT with the last ones (pipeline mode), so a command costs few round trips. */
#include "common/db.h"

#include "common/auto.h"

#include <assert.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DB_PARAMS_MOST = 32 };

struct _db_t {
    PGconn *connection; /* NULL while there is none */
    char *conninfo;
    const struct db_statement *const *const *lists;
    bool begin_pending; /* BEGIN goes out with the next statement */
    bool in_transaction;
    char sqlstate[6];
    char error[512];
};

struct _db_rows_t {
    PGresult *result;
};

db_t *db_new (const char *conninfo, const struct db_statement *const *const *lists)
{
    db_t *db = calloc (1, sizeof *db);
    assert (db);
    db->conninfo = strdup (conninfo);
    db->lists = lists;
    return db;
}

static void db_disconnect (db_t *db)
{
    if (db->connection)
        PQfinish (db->connection);
    db->connection = NULL;
    db->begin_pending = db->in_transaction = false;
}

void db_destroy (db_t **db_p)
{
    db_t *db = *db_p;
    if (!db)
        return;
    db_disconnect (db);
    free (db->conninfo);
    free (db);
    *db_p = NULL;
}

static void db_note (db_t *db, const char *sqlstate, const char *message)
{
    snprintf (db->sqlstate, sizeof db->sqlstate, "%s", sqlstate ? sqlstate : "");
    snprintf (db->error, sizeof db->error, "%s", message ? message : "");
    for (char *c = db->error; *c; c++)
        if (*c == '\n')
            *c = ' ';
}

const char *db_sqlstate (const db_t *db)
{
    return db->sqlstate;
}

const char *db_error (const db_t *db)
{
    return db->error;
}

bool db_alive (db_t *db)
{
    return db->connection && PQstatus (db->connection) == CONNECTION_OK;
}

bool db_in_transaction (const db_t *db)
{
    return db->in_transaction || db->begin_pending;
}

/* 0 if the result is a success; else notes why. */
static int db_judge (db_t *db, const PGresult *result)
{
    ExecStatusType status = PQresultStatus (result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return 0;
    if (status != PGRES_PIPELINE_ABORTED) /* the first failure of a pipeline is the one to tell */
        db_note (db, result ? PQresultErrorField (result, PG_DIAG_SQLSTATE) : NULL,
                 result ? PQresultErrorMessage (result) : PQerrorMessage (db->connection));
    return -1;
}

static int db_simple (db_t *db, const char *sql)
{
    PGresult *result = PQexec (db->connection, sql);
    int rc = db_judge (db, result);
    PQclear (result);
    return rc;
}

static int db_prepare_all (db_t *db)
{
    for (const struct db_statement *const *const *list = db->lists; list && *list; list++)
        for (const struct db_statement *const *statement = *list; *statement; statement++) {
            PGresult *result = PQprepare (db->connection, (*statement)->name, (*statement)->sql, 0, NULL);
            int rc = db_judge (db, result);
            PQclear (result);
            if (rc < 0) {
                char message[sizeof db->error];
                snprintf (message, sizeof message, "statement %s: %.400s", (*statement)->name, db->error);
                db_note (db, db->sqlstate, message);
                return -1;
            }
        }
    return 0;
}

int db_ensure (db_t *db)
{
    if (db_alive (db))
        return 0;
    db_disconnect (db);
    db->connection = PQconnectdb (db->conninfo);
    if (PQstatus (db->connection) != CONNECTION_OK) {
        db_note (db, "", PQerrorMessage (db->connection));
        db_disconnect (db);
        return -1;
    }
    if (db_simple (db, "SET lock_timeout = '4s'; SET idle_in_transaction_session_timeout = '30s'; "
                       "SET client_min_messages = warning; SET timezone = 'UTC'") < 0 ||
        db_prepare_all (db) < 0) {
        db_disconnect (db);
        return -1;
    }
    return 0;
}

int db_begin (db_t *db)
{
    assert (!db_in_transaction (db));
    if (db_ensure (db) < 0)
        return -1;
    db->begin_pending = true;
    return 0;
}

void db_rollback (db_t *db)
{
    if (db->in_transaction && db_alive (db)) {
        char sqlstate[6], error[sizeof db->error]; /* the failure that led here stays told */
        memcpy (sqlstate, db->sqlstate, sizeof sqlstate);
        memcpy (error, db->error, sizeof error);
        if (db_simple (db, "ROLLBACK") < 0)
            db_disconnect (db);
        memcpy (db->sqlstate, sqlstate, sizeof sqlstate);
        memcpy (db->error, error, sizeof error);
    }
    db->begin_pending = db->in_transaction = false;
}

/* Reads one query's results in pipeline mode: its result, then the NULL that ends it. */
static PGresult *db_pipeline_next (db_t *db)
{
    PGresult *result = PQgetResult (db->connection), *extra;
    while ((extra = PQgetResult (db->connection)))
        PQclear (extra);
    return result;
}

static int db_pipeline_end (db_t *db)
{
    PGresult *result = PQgetResult (db->connection); /* the sync point */
    int rc = PQresultStatus (result) == PGRES_PIPELINE_SYNC ? 0 : -1;
    PQclear (result);
    if (PQexitPipelineMode (db->connection) == 0)
        rc = -1;
    return rc;
}

/* BEGIN and the first statement in one round trip. */
static PGresult *db_begin_with (db_t *db, const struct db_statement *statement, const char *const *params,
                                const int *lengths, const int *formats, int count)
{
    db->begin_pending = false;
    PGconn *c = db->connection;
    if (PQenterPipelineMode (c) == 0)
        return NULL;
    bool sent = PQsendQueryParams (c, "BEGIN", 0, NULL, NULL, NULL, NULL, 0) &&
                PQsendQueryPrepared (c, statement->name, count, params, lengths, formats, 0) && PQpipelineSync (c);
    if (!sent) {
        db_note (db, "", PQerrorMessage (c));
        db_disconnect (db);
        return NULL;
    }
    db->in_transaction = true;
    PGresult *begin = db_pipeline_next (db);
    PGresult *result = db_pipeline_next (db);
    PQclear (begin);
    if (db_pipeline_end (db) < 0 && db_alive (db)) {
        db_note (db, "", "the pipeline did not end");
        db_disconnect (db);
    }
    return result;
}

static int db_execute (db_t *db, const struct db_statement *statement, db_rows_t **ret, const char *const *params,
                       const int *lengths, const int *formats, int count)
{
    if (!db_in_transaction (db) && db_ensure (db) < 0)
        return -1;
    if (!db->connection) { /* lost in the middle of a transaction: what follows must not run outside it */
        db_note (db, "", "the connection was lost");
        return -1;
    }
    PGresult *result = db->begin_pending
                           ? db_begin_with (db, statement, params, lengths, formats, count)
                           : PQexecPrepared (db->connection, statement->name, count, params, lengths, formats, 0);
    if (!result || db_judge (db, result) < 0) {
        if (!result && db->connection)
            db_note (db, "", PQerrorMessage (db->connection));
        PQclear (result);
        return -1;
    }
    if (!ret) {
        PQclear (result);
        return 0;
    }
    db_rows_t *rows = malloc (sizeof *rows);
    assert (rows);
    rows->result = result;
    db_rows_destroy (ret);
    *ret = rows;
    return 0;
}

int db_run (db_t *db, const struct db_statement *statement, db_rows_t **ret, const char *const *params, int count)
{
    return db_execute (db, statement, ret, params, NULL, NULL, count);
}

int db_run_bytes (db_t *db, const struct db_statement *statement, db_rows_t **ret, const void *bytes, size_t size,
                  const char *const *params, int count)
{
    assert (count < DB_PARAMS_MOST && size <= INT32_MAX);
    const char *values[DB_PARAMS_MOST];
    int lengths[DB_PARAMS_MOST] = {0}, formats[DB_PARAMS_MOST] = {0};
    for (int i = 0; i < count; i++)
        values[i] = params[i];
    values[count] = bytes;
    lengths[count] = (int)size;
    formats[count] = 1;
    return db_execute (db, statement, ret, values, lengths, formats, count + 1);
}

int db_commit_with (db_t *db, const struct db_step *steps, int count)
{
    if (db->begin_pending && count == 0) { /* nothing was done at all */
        db->begin_pending = false;
        return 0;
    }
    if (!db->connection) {
        db_note (db, "", "the connection was lost");
        db->begin_pending = db->in_transaction = false;
        return -1;
    }
    PGconn *c = db->connection;
    bool sent = PQenterPipelineMode (c) != 0;
    int results = count + 1;
    if (db->begin_pending && sent) {
        sent = PQsendQueryParams (c, "BEGIN", 0, NULL, NULL, NULL, NULL, 0);
        results++;
    }
    for (int i = 0; i < count && sent; i++)
        sent = PQsendQueryPrepared (c, steps[i].statement->name, steps[i].count, steps[i].params, NULL, NULL, 0);
    sent = sent && PQsendQueryParams (c, "COMMIT", 0, NULL, NULL, NULL, NULL, 0) && PQpipelineSync (c);
    db->begin_pending = false;
    if (!sent) {
        db_note (db, "", PQerrorMessage (c));
        db_disconnect (db);
        return -1;
    }
    db->in_transaction = true;
    int rc = 0;
    for (int i = 0; i < results; i++) {
        PGresult *result = db_pipeline_next (db);
        if (db_judge (db, result) < 0)
            rc = -1;
        else if (i == results - 1 && strcmp (PQcmdStatus (result), "COMMIT") != 0) {
            db_note (db, "", "the server rolled the transaction back");
            rc = -1;
        }
        PQclear (result);
    }
    if (db_pipeline_end (db) < 0)
        rc = -1;
    if (rc < 0)
        db_rollback (db);
    db->in_transaction = false;
    return rc;
}

int db_commit (db_t *db)
{
    return db_commit_with (db, NULL, 0);
}

const char *db_int_text (char buffer[24], int64_t value)
{
    snprintf (buffer, 24, "%" PRId64, value);
    return buffer;
}

char *db_json_text (const json_t *value)
{
    return value ? json_dumps (value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
}

/* ---- rows
 * ------------------------------------------------------------------------------------------------------------ */

static int db_column (const db_rows_t *rows, const char *column)
{
    int index = PQfnumber (rows->result, column);
    assert (index >= 0 && "the statement returns no such column");
    return index;
}

int db_count (const db_rows_t *rows)
{
    return rows ? PQntuples (rows->result) : 0;
}

int64_t db_affected (const db_rows_t *rows)
{
    return rows ? strtoll (PQcmdTuples (rows->result), NULL, 10) : 0;
}

bool db_is_null (const db_rows_t *rows, int row, const char *column)
{
    return PQgetisnull (rows->result, row, db_column (rows, column)) == 1;
}

const char *db_text (const db_rows_t *rows, int row, const char *column)
{
    int index = db_column (rows, column);
    return PQgetisnull (rows->result, row, index) ? NULL : PQgetvalue (rows->result, row, index);
}

int64_t db_int (const db_rows_t *rows, int row, const char *column)
{
    const char *text = db_text (rows, row, column);
    return text ? strtoll (text, NULL, 10) : 0;
}

bool db_bool (const db_rows_t *rows, int row, const char *column)
{
    const char *text = db_text (rows, row, column);
    return text && text[0] == 't';
}

json_t *db_json (const db_rows_t *rows, int row, const char *column)
{
    const char *text = db_text (rows, row, column);
    json_t *value = text ? json_loads (text, JSON_DECODE_ANY, NULL) : NULL;
    return value ? value : json_null ();
}

void *db_bytes (const db_rows_t *rows, int row, const char *column, size_t *ret_size)
{
    *ret_size = 0;
    const char *text = db_text (rows, row, column);
    if (!text)
        return NULL;
    size_t size;
    unsigned char *decoded = PQunescapeBytea ((const unsigned char *)text, &size);
    if (!decoded)
        return NULL;
    void *bytes = malloc (size ? size : 1);
    assert (bytes);
    memcpy (bytes, decoded, size);
    PQfreemem (decoded);
    *ret_size = size;
    return bytes;
}

void db_rows_destroy (db_rows_t **rows_p)
{
    db_rows_t *rows = *rows_p;
    if (!rows)
        return;
    PQclear (rows->result);
    free (rows);
    *rows_p = NULL;
}
