/* libpq behind named statements: prepared once per connection.  In a transaction what nobody looks at (BEGIN, statements
 * without a result) waits in libpq's buffer for the next statement whose result is wanted, or for COMMIT (pipeline mode),
 * so a command costs few round trips. */
#include "common/db.h"

#include "common/auto.h"
#include "common/kill_point.h"
#include "common/pulse.h"

#include <assert.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DB_PARAMS_MOST = 32,
    DB_PUSH = 32, /* statements after which libpq's buffer is emptied, so that the server works meanwhile */
};

/* A transaction that lost its connection stays one until it is ended: what follows must not run outside it. */
enum db_phase { DB_OUTSIDE, DB_BEGIN_PENDING /* goes out with the next statement */, DB_INSIDE, DB_LOST };

struct _db_t {
    PGconn *connection; /* NULL while there is none */
    char *conninfo;
    const struct db_statement *const *const *lists;
    enum db_phase phase;
    int unread; /* results of the pipeline that nobody has looked at yet; 0: not in pipeline mode */
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
    db->unread = 0;
    if (db->phase != DB_OUTSIDE)
        db->phase = DB_LOST;
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

void db_forget_error (db_t *db)
{
    db->sqlstate[0] = db->error[0] = '\0';
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
    return db->phase != DB_OUTSIDE;
}

/* What may go to a log: neither DETAIL nor the values that class 22 (data exception) quotes in its first line. */
static void db_note_result (db_t *db, const PGresult *result)
{
    const char *state = PQresultErrorField (result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY);
    if (state && strcmp (state, "25P02") == 0 && db->sqlstate[0])
        return; /* "the transaction is aborted": the failure that aborted it is the one to tell */
    db_note (db, state, message ? message : PQresultErrorMessage (result));
    if (state && strncmp (state, "22", 2) == 0)
        db->error[strcspn (db->error, "\"")] = '\0';
}

/* 0 if the result is a success; else notes why. */
static int db_judge (db_t *db, const PGresult *result)
{
    ExecStatusType status = PQresultStatus (result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return 0;
    if (!result)
        db_note (db, "", PQerrorMessage (db->connection));
    else if (status != PGRES_PIPELINE_ABORTED) /* the first failure of a pipeline is the one to tell */
        db_note_result (db, result);
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

/* Notices are for psql; libpq would print them to stderr between the log's lines. */
static void db_drop_notice (void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

/* A server that went away says so (or just hangs up) on the idle connection; seen here, it costs nobody a request. */
static void db_look (db_t *db)
{
    struct pollfd socket = {.fd = PQsocket (db->connection), .events = POLLIN};
    while (db_alive (db) && poll (&socket, 1, 0) > 0) {
        if (PQconsumeInput (db->connection) == 0)
            return;
        (void)PQisBusy (db->connection); /* reads the messages: notices, changed parameters, the farewell */
    }
}

/* Short waits unless the conninfo says otherwise: a server that vanished must not hold a thread for minutes, be it while we
 * send (tcp_user_timeout, ms) or while we wait for what it was asked (keepalives, s: gone after 5 + 3 * 2). */
static PGconn *db_connect (const char *conninfo)
{
    static const char *const names[] = {"connect_timeout",
                                        "tcp_user_timeout",
                                        "keepalives_idle",
                                        "keepalives_interval",
                                        "keepalives_count",
                                        "dbname",
                                        NULL};
    const char *const values[] = {"3", "10000", "5", "2", "3", conninfo, NULL};
    return PQconnectdbParams (names, values, 1);
}

int db_ensure (db_t *db)
{
    if (db_alive (db) && db->phase == DB_OUTSIDE)
        db_look (db);
    if (db_alive (db))
        return 0;
    db_disconnect (db);
    db->connection = db_connect (db->conninfo);
    PQsetNoticeReceiver (db->connection, db_drop_notice, NULL);
    if (PQstatus (db->connection) != CONNECTION_OK) {
        db_note (db, "", PQerrorMessage (db->connection));
        db_disconnect (db);
        return -1;
    }
    /* Plans are made once, when the tables may still be empty, and kept: every statement of a service finds its rows by an
     * index, so the plan for an empty table must not be a scan of what will be a full one. */
    if (db_simple (db, "SET lock_timeout = '4s'; SET idle_in_transaction_session_timeout = '30s'; "
                       "SET client_min_messages = warning; SET timezone = 'UTC'; "
                       "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off") < 0 ||
        db_prepare_all (db) < 0) {
        db_disconnect (db);
        return -1;
    }
    metric_add (&pulse_database_connections, 0, 0, 1);
    return 0;
}

int db_begin (db_t *db)
{
    assert (!db_in_transaction (db));
    if (db_ensure (db) < 0)
        return -1;
    db->phase = DB_BEGIN_PENDING;
    return 0;
}

/* ---- the pipeline ------------------------------------------------------------------------------------------------ */

static bool pipeline_sent (db_t *db, int sent)
{
    if (sent)
        db->unread++;
    else
        db_note (db, "", PQerrorMessage (db->connection));
    return sent;
}

static bool pipeline_command (db_t *db, const char *sql)
{
    return pipeline_sent (db, PQsendQueryParams (db->connection, sql, 0, NULL, NULL, NULL, NULL, 0));
}

/* Into libpq's buffer, behind BEGIN where that is still to be said.  False: the connection is unusable. */
static bool pipeline_statement (db_t *db, const struct db_statement *statement, const char *const *params,
                                const int *lengths, const int *formats, int count)
{
    if (db->unread == 0 && PQenterPipelineMode (db->connection) == 0)
        return pipeline_sent (db, 0);
    if (db->phase == DB_BEGIN_PENDING && !pipeline_command (db, "BEGIN"))
        return false;
    db->phase = DB_INSIDE;
    int sent = PQsendQueryPrepared (db->connection, statement->name, count, params, lengths, formats, 0);
    if (sent && db->unread % DB_PUSH == DB_PUSH - 1)
        sent = PQflush (db->connection) == 0;
    return pipeline_sent (db, sent);
}

/* Sends what waits and reads all results: the last one, or NULL with the first failure noted. */
static PGresult *pipeline_end (db_t *db)
{
    PGconn *c = db->connection;
    PGresult *last = NULL;
    int rc = PQpipelineSync (c) ? 0 : -1;
    if (rc < 0)
        db_note (db, "", PQerrorMessage (c));
    KILL_POINT ("statements.sent"); /* COMMIT perhaps among them: nobody knows whether it happens */
    for (; db->unread > 0; db->unread--) {
        PQclear (last);
        last = PQgetResult (c);
        for (PGresult *extra; (extra = PQgetResult (c));) /* the NULL that ends this one's results */
            PQclear (extra);
        if (rc == 0)
            rc = db_judge (db, last);
    }
    PGresult *sync = PQgetResult (c);
    if (PQresultStatus (sync) != PGRES_PIPELINE_SYNC || PQexitPipelineMode (c) == 0)
        db_disconnect (db); /* if COMMIT succeeded before the line broke, it succeeded */
    PQclear (sync);
    if (rc < 0)
        PQclear (last);
    return rc < 0 ? NULL : last;
}

/* ---- transactions ------------------------------------------------------------------------------------------------ */

void db_rollback (db_t *db)
{
    if (db->phase == DB_INSIDE && db_alive (db)) {
        char sqlstate[6], error[sizeof db->error]; /* the failure that led here stays told */
        memcpy (sqlstate, db->sqlstate, sizeof sqlstate);
        memcpy (error, db->error, sizeof error);
        if (db->unread)
            PQclear (pipeline_end (db));
        if (!db_alive (db) || db_simple (db, "ROLLBACK") < 0)
            db_disconnect (db);
        memcpy (db->sqlstate, sqlstate, sizeof sqlstate);
        memcpy (db->error, error, sizeof error);
    }
    db->phase = DB_OUTSIDE;
}

/* Lost, or to a server that has become a standby: the next connection may find the one that takes its place. */
static bool db_unusable (db_t *db)
{
    return !db_alive (db) || strcmp (db->sqlstate, "25006") == 0;
}

static int db_execute (db_t *db, const struct db_statement *statement, db_rows_t **ret, const char *const *params,
                       const int *lengths, const int *formats, int count)
{
    if (!db_in_transaction (db) && db_ensure (db) < 0)
        return -1;
    if (db->phase == DB_LOST) /* why, is noted already */
        return -1;
    KILL_POINT ("statement"); /* the n-th: between lock, decide and save */
    PGresult *result = NULL;
    if (!db_in_transaction (db)) {
        result = PQexecPrepared (db->connection, statement->name, count, params, lengths, formats, 0);
        if (db_judge (db, result) < 0) {
            PQclear (result);
            result = NULL;
        }
    } else if (pipeline_statement (db, statement, params, lengths, formats, count)) {
        if (!ret)
            return 0;
        result = pipeline_end (db);
    }
    if (!result) {
        if (db->connection && db_unusable (db))
            db_disconnect (db);
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

int db_flush (db_t *db)
{
    if (db->unread == 0)
        return 0;
    PGresult *last = pipeline_end (db);
    PQclear (last);
    return last ? 0 : -1;
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

/* The last steps and COMMIT; 0 only if everything succeeded and the server says COMMIT (it says ROLLBACK when something
 * had failed before). */
static int db_end (db_t *db, const struct db_step *steps, int count)
{
    bool sent = true;
    for (int i = 0; i < count && sent; i++)
        sent = pipeline_statement (db, steps[i].statement, steps[i].params, NULL, NULL, steps[i].count);
    KILL_POINT ("commit.before");
    if (sent && db->unread == 0)
        sent = PQenterPipelineMode (db->connection) != 0;
    if (!sent || !pipeline_command (db, "COMMIT")) {
        db_disconnect (db);
        return -1;
    }
    PGresult *commit = pipeline_end (db);
    KILL_POINT ("commit.read"); /* it happened, and only we know */
    int rc = commit ? 0 : -1;
    if (commit && strcmp (PQcmdStatus (commit), "COMMIT") != 0) {
        if (!db->sqlstate[0])
            db_note (db, "25P02", "a statement had failed and the handler went on");
        rc = -1;
    }
    PQclear (commit);
    return rc;
}

int db_commit_with (db_t *db, const struct db_step *steps, int count)
{
    assert (db->phase != DB_OUTSIDE);
    int rc = -1;
    if (db->phase == DB_BEGIN_PENDING && count == 0) /* nothing was done at all */
        rc = 0;
    else if (db->phase != DB_LOST)
        rc = db_end (db, steps, count);
    if (rc < 0)
        db_rollback (db);
    db->phase = DB_OUTSIDE;
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

/* ---- rows -------------------------------------------------------------------------------------------------------- */

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
