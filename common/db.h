/* PostgreSQL behind named statements.  SQL lives in sql/queries.sql (tools/embed_sql.py makes the header); each
 * statement is prepared once per connection, so a statement that does not fit the database stops the start. Every
 * parameter is text or NULL (SQL NULL); PostgreSQL converts.  Columns are read by name. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db_statement {
    const char *name;
    const char *sql;
};

typedef struct _db_t db_t;           /* one connection, one thread */
typedef struct _db_rows_t db_rows_t; /* a result; owns its memory */

/* Runs one statement.  *ret is the caller's: AUTO (db_rows) rows = NULL;
 *     db_query (call->db, &SQL_TASK_LOCK, &rows, application)
 * Returns 0, or -1: the environment failed (connection, lock timeout) or the statement was refused; db_sqlstate ()
 * tells.  With ret NULL nobody looks at the result: in a transaction the statement goes out with the next one that is
 * looked at, or with COMMIT, and its failure is theirs. */
#define db_query(db, statement, ret, ...)                                                                              \
    db_run ((db), (statement), (ret), (const char *const[]){__VA_ARGS__},                                              \
            (int)(sizeof ((const char *const[]){__VA_ARGS__}) / sizeof (const char *)))
#define db_query0(db, statement, ret) db_run ((db), (statement), (ret), NULL, 0)
int db_run (db_t *db, const struct db_statement *statement, db_rows_t **ret, const char *const *params, int count);

/* The same, with `bytes` as one more (last) parameter of type bytea. */
#define db_query_bytes(db, statement, ret, bytes, size, ...)                                                           \
    db_run_bytes ((db), (statement), (ret), (bytes), (size), (const char *const[]){__VA_ARGS__},                       \
                  (int)(sizeof ((const char *const[]){__VA_ARGS__}) / sizeof (const char *)))
int db_run_bytes (db_t *db, const struct db_statement *statement, db_rows_t **ret, const void *bytes, size_t size,
                  const char *const *params, int count);

/* SQLSTATE of the last failure, "" when the connection itself is gone. */
const char *db_sqlstate (const db_t *db);

/* Numbers as parameters: db_query (db, &SQL_X, &rows, id, DB_INT (amount)) */
#define DB_INT(value) db_int_text ((char[24]){0}, (int64_t)(value))
const char *db_int_text (char buffer[24], int64_t value);
#define DB_BOOL(value) ((value) ? "t" : "f")
/* JSON as a parameter; free () the text (AUTO_FREE char *text = db_json_text (value)). */
char *db_json_text (const json_t *value);

int db_count (const db_rows_t *rows);                                     /* rows returned */
int64_t db_affected (const db_rows_t *rows);                              /* rows changed */
bool db_is_null (const db_rows_t *rows, int row, const char *column);     /* an unknown column is a bug: assert */
const char *db_text (const db_rows_t *rows, int row, const char *column); /* NULL for SQL NULL */
int64_t db_int (const db_rows_t *rows, int row, const char *column);      /* 0 for SQL NULL */
bool db_bool (const db_rows_t *rows, int row, const char *column);        /* false for SQL NULL */
json_t *db_json (const db_rows_t *rows, int row, const char *column);     /* new reference; JSON null for SQL NULL */
/* bytea; the caller frees the bytes with free ().  NULL for SQL NULL. */
void *db_bytes (const db_rows_t *rows, int row, const char *column, size_t *ret_size);
void db_rows_destroy (db_rows_t **rows);

/* Life of a connection; the runtime alone uses these. */
db_t *db_new (const char *conninfo,
              const struct db_statement *const *const *lists); /* lists: NULL-ended, of NULL-ended lists */
void db_destroy (db_t **db);
int db_ensure (db_t *db); /* (re)connects and prepares when needed; -1 while the server cannot be reached */
bool db_alive (db_t *db); /* false after the connection broke */
const char *db_error (const db_t *db); /* the server's last message without the values in it, for the log */
void db_forget_error (db_t *db);       /* a new unit of work begins: it must not be judged by an earlier failure */
int db_begin (db_t *db);
int db_commit (db_t *db);
int db_flush (db_t *db); /* sends what waits for the next statement; -1: something of it failed */
/* The transaction's last statements and its COMMIT in one round trip; 0 only if all of it is committed. */
struct db_step {
    const struct db_statement *statement;
    const char *const *params;
    int count;
};
int db_commit_with (db_t *db, const struct db_step *steps, int count);
void db_rollback (db_t *db);
bool db_in_transaction (const db_t *db);
