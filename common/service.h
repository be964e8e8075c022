/* What a service is made of: tables of methods, subscriptions, jobs and settings, given to service_main ().
 * The runtime (service.c, worker.c, link.c) does what is the same everywhere: connections, deadlines, schema checks,
 * roles, transactions, idempotency, publishing, cursors, retries, dead letters.  A handler decides and saves. */
#pragma once

#include "common/auto.h"
#include "common/db.h"
#include "common/json.h"
#include "errors.h" /* made from proto/errors.json */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- who asks ---------------------------------------------------------------------------------------------------- */

struct claims {
    const char *account; /* UUID */
    const char *username;
    const char *name;
    const json_t
        *grants; /* [{"role":"loket","place":"35.29.22"}]; place: a kecamatan, or a kabupaten = all its kecamatan */
};

/* ---- one unit of work as a handler sees it ----------------------------------------------------------------------- */

struct call {
    db_t *db;
    const struct claims *caller; /* NULL: nobody signed in, or a service acting by itself */
    const char *from;            /* the peer's service name, proven by its CURVE key ("gateway", "document"…) */
    const json_t *params; /* path and query parameters: an object of texts, checked by the method's "params" schema */
    const json_t *body;   /* checked by the method's "body" schema; an empty object when there is none */
    const void *blob;     /* attached bytes (a file chunk), or NULL */
    size_t blob_size;
    int64_t now; /* unix milliseconds, the same for the whole unit */
    const char *correlation;
    json_t *prepared;      /* what .before / .perform found out, for the handler (owned by the call; set it freely) */
    struct worker *worker; /* runtime's own */
    struct reply *reply;   /* runtime's own */
};

/* Handlers return 0 when they answered (a result or a refusal), negative when the environment failed (→ 503, rollback).
 */
typedef int (call_fn) (struct call *call);

/* ---- answers ----------------------------------------------------------------------------------------------------- */

/* 2xx with a JSON body; takes `body`.  Always returns 0: return reply_json (call, 201, json_pack (...)); */
int reply_json (struct call *call, int status, json_t *body);
/* 200 with bytes; takes `bytes` (malloc).  `filename` may be NULL. */
int reply_bytes (struct call *call, const char *media_type, void *bytes, size_t size, const char *filename);

/* A refusal by the rules: problem+json with the code's status and Indonesian sentence, {placeholders} filled from the
 * name/value pairs (ended by NULL).  The transaction is rolled back.  Always returns 0.
 *     return refuse (call, ERR_TASK_DECIDED, "who", name, "when", when, NULL); */
int refuse (struct call *call, enum error_code code, ...) __attribute__ ((sentinel));
/* The same, about one field: JSON Pointer into the body, "/applicant/nik". */
int refuse_field (struct call *call, enum error_code code, const char *pointer, ...) __attribute__ ((sentinel));
/* After refuse*(): adds a member to the problem document (takes `value`), e.g. "missing": [...]. */
void refusal_add (struct call *call, const char *member, json_t *value);

/* ---- roles ------------------------------------------------------------------------------------------------------- */

/* True if the caller holds one of `roles` ("loket,penyerahan") for `place`; it becomes the acting role of what is
 * published. False: the refusal (ERR_FORBIDDEN_PLACE / ERR_FORBIDDEN_ROLE) is already the answer: if (!require_role
 * (...)) return 0; */
bool require_role (struct call *call, const char *roles, const char *place);
/* The same question without a refusal. */
bool claims_may (const struct claims *claims, const char *roles, const char *place);
/* The places in which the caller holds one of `roles`, as a PostgreSQL array literal '{35.29.22}' (free () it), for
 * kecamatan = ANY ($1).  A kabupaten-wide grant counts for params.kecamatan if that is given, else for no kecamatan. */
char *call_places (const struct call *call, const char *roles);

/* ---- effects: part of the transaction ---------------------------------------------------------------------------- */

/* Adds an event to the log when the transaction commits; `key` = the application's id (the order is kept per key).
 * Takes `body`.  No personal data in it. */
void publish (struct call *call, const char *topic, const char *key, json_t *body);
/* The same for one service alone: the other consumers of the topic never see it (nor are they woken for it). */
void publish_to (struct call *call, const char *topic, const char *key, const char *addressee, json_t *body);
/* Records work for later that talks to the outside.  `key` makes it unique within its kind: a second job with the same
 * kind and key is not added.  Takes `payload`.  due_in_ms from now.  0 or negative. */
int job_add (struct call *call, const char *kind, const char *key, json_t *payload, int64_t due_in_ms);

/* ---- other services: never inside a transaction (asserted) ------------------------------------------------------- */

struct service_reply {
    int status; /* as HTTP */
    json_t *body;
    void *bytes; /* malloc, or NULL */
    size_t size;
};
void service_reply_clear (struct service_reply *reply);
#define AUTO_REPLY __attribute__ ((cleanup (service_reply_clear))) struct service_reply
/* Asks another service's method through the broker and waits (at most the call's own deadline, 5 s for jobs).
 * Takes `params` and `body` (each may be NULL); borrows the bytes.  The caller's claims travel along.
 * 0: it answered, look at ret->status.  Negative: nobody answered. */
int call_service (struct call *call, const char *method, json_t *params, json_t *body, const void *bytes, size_t size,
                  struct service_reply *ret);

/* ---- tables ------------------------------------------------------------------------------------------------------ */

#define ROLES_PUBLIC "*"  /* anyone, signed in or not */
#define ROLES_ANY    "+"  /* anyone who is signed in */
#define ROLES_NONE   NULL /* no person: only the services named in .callers, acting by themselves or for somebody */

enum method_kind {
    METHOD_QUERY,   /* reads; no transaction, no idempotency key */
    METHOD_COMMAND, /* changes: transaction; idempotency key (required from the gateway): same key + body → the stored
                       reply */
    METHOD_ACTION,  /* changes in a transaction, but without an idempotency key, being harmless twice (login, a file
                       chunk) */
};

struct method {
    const char *name; /* "verification.decide" = proto/requests/verification.decide.json */
    enum method_kind kind;
    const char *roles;   /* comma list, or one of the ROLES_ above; the handler still checks the place */
    const char *callers; /* services that may call it, comma list: "gateway", "document,notification" */
    call_fn *before; /* outside any transaction, may ask other services, may refuse; NULL if there is nothing to ask */
    call_fn *handle;
};

struct event {
    int partition;
    int64_t seq;
    const char *id, *topic, *key, *producer, *correlation;
    int64_t occurred_at; /* unix ms */
    const json_t *actor; /* {"account","username","name","role","place"} or {"service"} */
    const json_t *body;
};
/* Runs in the transaction that also advances the group's cursor.  Negative is tried again; after 5 failures that are
 * not the environment's the event goes to bus.dead_letter and the partition goes on.  A refusal counts as a failure. */
typedef int (event_fn) (struct call *call, const struct event *event);
enum event_haste {
    EVENT_AT_ONCE, /* a member of the group is woken */
    EVENT_SOON,    /* nobody waits for it: within a second, by the sweep, or before the next event of its partition; so
                      many of them share one transaction */
};
struct subscription {
    const char *topic;
    event_fn *handle;
    enum event_haste haste;
};

struct job {
    const char *id, *kind, *key;
    const json_t *payload;
    int attempt; /* 1 for the first */
};
typedef int (job_fn) (struct call *call, const struct job *job);
struct job_kind {
    const char *name;
    int max_attempts;
    job_fn *perform;  /* outside a transaction: talks to the outside; 0 done, negative: try again later (back-off with
                         jitter);  a refusal via refuse () ends the job as failed at once */
    job_fn *conclude; /* in the transaction that marks the job done; may be NULL */
    job_fn *give_up;  /* in the transaction that marks the job failed for good; may be NULL */
};
/* Says why a perform failed, for the operator (no personal data). */
void job_note (struct call *call, const char *format, ...) __attribute__ ((format (printf, 2, 3)));

/* A setting comes from the environment; with .secret from the file that NAME_FILE names. */
enum setting_type { SETTING_TEXT, SETTING_INT };
struct setting {
    const char *name; /* "PATEN_SMTP_URL" */
    enum setting_type type;
    const char *fallback; /* NULL: required */
    int64_t min, max;     /* of SETTING_INT */
    const char *help;
    bool secret;
};
const char *conf_text (const char *name); /* a name that is in no table is a bug: assert */
int64_t conf_int (const char *name);

/* Something that a service tells of its own tables (common/metrics.h).  The statement takes no parameter and returns rows
 * (label text, value bigint); it is read at most every 15 s, by one worker of each replica.  NULL: the service counts by
 * itself. */
struct metric;
struct figure {
    struct metric *metric; /* METRIC_MEASURED with at most one label; what no row names is 0 (no label: not told) */
    const struct db_statement *statement;
};

struct service {
    const char *name;
    const struct db_statement *const *statements; /* NAME_statements of NAME_sql.h */
    const struct embedded_json *requests;         /* NAME_requests of NAME_requests.h */
    const struct method *methods;                 /* ended by {0}; each of these may be NULL */
    const struct subscription *subscriptions;
    const struct job_kind *jobs;
    const struct setting *settings;
    const struct figure *figures;
    int (*start) (void); /* once, before the workers; negative stops the process (say why with log_error) */
    void (*stop) (void);
};

/* The whole life of a service process; returns its exit status. */
int service_main (const struct service *service);
