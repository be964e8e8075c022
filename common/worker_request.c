/* One request: who may ask, is it well-formed, was it answered before; then .before outside and .handle inside one
 * transaction that also stores the reply under its idempotency key and publishes the events. */
#include "common/log.h"
#include "common/pulse.h"
#include "common/worker.h"
#include "runtime_sql.h"

#include <sodium.h>
#include <time.h>

enum { DEADLOCK_PAUSE_MS = 25 };

/* What the header frame says, and the command's identity for idempotency. */
struct inbound {
    json_t *header;
    int64_t arrived_us; /* pulse_now_us () */
    const struct method *method;
    const struct method_schemas *schemas;
    const char *key;    /* idempotency key or NULL */
    const char *caller; /* whose key: account or service */
    char digest[65];    /* of method, parameters, body and blob, hexadecimal */
    json_t *params, *body;
};

static void inbound_clear (struct inbound *inbound)
{
    json_decref (inbound->header);
    json_decref (inbound->params);
    json_decref (inbound->body);
}

static bool list_names (const char *list, const char *name)
{
    size_t size = strlen (name);
    for (const char *at = list; at; at = strchr (at, ',') ? strchr (at, ',') + 1 : NULL)
        if (strncmp (at, name, size) == 0 && (at[size] == ',' || at[size] == '\0'))
            return true;
    return false;
}

static void worker_claims (struct worker *worker, struct call *call, json_t *header)
{
    json_t *claims = json_object_get (header, "claims");
    if (!json_is_object (claims))
        return;
    worker->claims_json = json_incref (claims);
    worker->claims = (struct claims){.account = json_text (claims, "account"),
                                     .username = json_text (claims, "username"),
                                     .name = json_text (claims, "name"),
                                     .grants = json_object_get (claims, "grants")};
    if (worker->claims.account && worker->claims.username && worker->claims.name)
        call->caller = &worker->claims;
}

/* Only the named services may call; a person needs one of the roles somewhere (the handler checks the place). */
static bool request_allowed (struct call *call, const struct method *method)
{
    if (!list_names (method->callers, call->from)) {
        log_line (LEVEL_WARN, "request.caller_refused", "method", method->name, "from", call->from, NULL);
        refuse (call, ERR_NOT_FOUND, NULL);
        return false;
    }
    if (!method->roles || streq (method->roles, ROLES_PUBLIC))
        return true;
    if (!call->caller)
        refuse (call, ERR_UNAUTHENTICATED, NULL);
    else if (!streq (method->roles, ROLES_ANY) && !claims_may (call->caller, method->roles, NULL))
        refuse (call, ERR_FORBIDDEN_ROLE, "roles", method->roles, NULL);
    else
        return true;
    return false;
}

static void refuse_json (struct call *call, const struct json_fault *fault)
{
    char position[64];
    snprintf (position, sizeof position, "di bita ke-%zu", fault->position);
    const char *pointer = fault->pointer[0] ? fault->pointer : NULL;
    switch (fault->kind) {
    case JSON_FAULT_TOO_DEEP:
        refuse (call, ERR_JSON_TOO_DEEP, NULL);
        break;
    case JSON_FAULT_TOO_LARGE:
        refuse_field (call, ERR_JSON_TOO_LARGE, pointer, "why", "isi, teks, atau jumlah anggota melebihi batas", NULL);
        break;
    case JSON_FAULT_DUPLICATE_KEY:
        refuse_field (call, ERR_DUPLICATE_KEY, pointer, "key", pointer ? pointer : position, NULL);
        break;
    case JSON_FAULT_INVALID_UTF8:
        refuse_field (call, ERR_INVALID_UTF8, pointer, NULL);
        break;
    case JSON_FAULT_FORBIDDEN_CHARACTER:
        refuse_field (call, ERR_FORBIDDEN_CHARACTER, pointer, NULL);
        break;
    case JSON_FAULT_NUMBER_OUT_OF_RANGE:
        refuse_field (call, ERR_JSON_MALFORMED, pointer, "why", "angka di luar jangkauan", NULL);
        break;
    case JSON_FAULT_NONE:
    case JSON_FAULT_MALFORMED:
    case JSON_FAULT_KINDS:
        refuse (call, ERR_JSON_MALFORMED, "why", position, NULL);
        break;
    }
}

/* The schema's refusal as a sentence for an officer: what is wrong, where. */
static void refuse_schema (struct call *call, const char *root, const struct schema_fault *fault)
{
    char why[400], pointer[JSON_POINTER_SIZE + 8];
    snprintf (pointer, sizeof pointer, "%s%s", root, fault->pointer);
    if (streq (fault->keyword, "required"))
        snprintf (why, sizeof why, "%s/%s wajib diisi", fault->pointer, fault->member);
    else if (streq (fault->keyword, "additionalProperties") || streq (fault->keyword, "propertyNames"))
        snprintf (why, sizeof why, "%s/%s tidak dikenal", fault->pointer, fault->member);
    else if (streq (fault->keyword, "type"))
        snprintf (why, sizeof why, "%s salah jenis", fault->pointer[0] ? fault->pointer : "isi");
    else
        snprintf (why, sizeof why, "%s tidak memenuhi aturan %s", fault->pointer[0] ? fault->pointer : "isi",
                  fault->keyword);
    refuse_field (call, ERR_SCHEMA_VIOLATION, pointer, "why", why, NULL);
    refusal_add (call, "keyword", json_string (fault->keyword));
    if (fault->member[0]) {
        json_t *member = json_string (fault->member);
        if (member)
            refusal_add (call, "member", member);
    }
}

static bool request_decode (struct call *call, struct inbound *inbound, const struct request *request)
{
    struct schema_fault fault;
    inbound->params = json_incref (json_object_get (inbound->header, "params"));
    if (!json_is_object (inbound->params)) {
        json_decref (inbound->params);
        inbound->params = json_object ();
    }
    if (inbound->schemas->params ? !schema_check (inbound->schemas->params, inbound->params, &fault)
                                 : json_object_size (inbound->params) > 0) {
        if (!inbound->schemas->params) {
            fault = (struct schema_fault){.keyword = "additionalProperties"};
            snprintf (fault.member, sizeof fault.member, "%s",
                      json_object_iter_key (json_object_iter (inbound->params)));
        }
        refuse_schema (call, "params:", &fault);
        return false;
    }
    if (request->body_size == 0) {
        inbound->body = json_object ();
    } else {
        struct json_fault json_fault;
        struct json_limits limits = json_limits_default;
        limits.printable = !inbound->schemas->free_text;
        inbound->body = json_parse_strict (request->body, request->body_size, &limits, &json_fault);
        if (!inbound->body) {
            refuse_json (call, &json_fault);
            return false;
        }
    }
    if (inbound->schemas->body ? !schema_check (inbound->schemas->body, inbound->body, &fault)
                               : request->body_size > 0) {
        if (!inbound->schemas->body)
            fault = (struct schema_fault){.keyword = "body"};
        refuse_schema (call, "", &fault);
        return false;
    }
    call->params = inbound->params;
    call->body = inbound->body;
    return true;
}

/* ---- idempotency --------------------------------------------------------------------------------------------------- */

/* What was asked, as a fingerprint to compare with.  Keyed: a body may hold a password or a passphrase, and whoever reads the
 * table must not be able to try words against its hash. */
static void inbound_digest (const struct worker *worker, struct inbound *inbound, const struct request *request)
{
    AUTO_FREE char *params = json_dumps (inbound->params, JSON_COMPACT | JSON_SORT_KEYS);
    const struct {
        const void *bytes;
        size_t size;
    } parts[] = {{inbound->method->name, strlen (inbound->method->name)},
                 {params, strlen (params)},
                 {request->body, request->body_size},
                 {request->blob, request->blob_size}};
    crypto_generichash_state state;
    unsigned char hash[32];
    crypto_generichash_init (&state, worker->runtime->digest_key, sizeof worker->runtime->digest_key, sizeof hash);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        uint64_t size =
            parts[i].size; /* in front of each part, so that no two requests run together into the same bytes */
        crypto_generichash_update (&state, (const unsigned char *)&size, sizeof size);
        crypto_generichash_update (&state, parts[i].bytes, parts[i].size);
    }
    crypto_generichash_final (&state, hash, sizeof hash);
    sodium_bin2hex (inbound->digest, sizeof inbound->digest, hash, sizeof hash);
}

/* If something is known of the key: the stored reply, the same refusal as before, or the refusal of a reused key. */
static bool idem_answer (struct call *call, const struct inbound *inbound, const db_rows_t *rows)
{
    if (db_count (rows) == 0)
        return false;
    if (!streq (db_text (rows, 0, "request"), inbound->digest)) {
        refuse (call, ERR_IDEMPOTENCY_KEY_REUSED, NULL);
        return true;
    }
    reply_clear (call->reply);
    call->reply->status = (int)db_int (rows, 0, "status");
    call->reply->body = db_json (rows, 0, "reply");
    snprintf (call->reply->media_type, sizeof call->reply->media_type, "%s",
              call->reply->status < 400 ? "application/json" : "application/problem+json");
    return true;
}

/* Locks the key until the transaction ends.  1: answered, by what is known of it; 0: go on; negative: failed. */
static int idem_begin (struct worker *worker, struct call *call, const struct inbound *inbound)
{
    AUTO (db_rows) rows = NULL;
    if (db_query (worker->db, &SQL_IDEM_BEGIN, &rows, inbound->caller, inbound->key, inbound->digest) < 0)
        return -1;
    return idem_answer (call, inbound, rows);
}

/* A person who is told "no" by .before or .handle may rely on it: an attempt of hers that is still on its way must not succeed
 * afterwards, because the world is another one by then.  Who repeats until he is heard (another service) is not concerned, nor
 * what asks to be repeated. */
static bool refusal_counts (const struct call *call, const struct inbound *inbound)
{
    const struct reply *reply = call->reply;
    return reply->refused && reply->status < 500 && reply->code != ERR_IDEMPOTENCY_KEY_REUSED &&
           reply->code != ERR_RATE_LIMITED && reply->code != ERR_UNAUTHENTICATED && inbound->key &&
           streq (call->from, "gateway");
}

/* The refusal under its key, before anybody hears of it; or, if another attempt was answered meanwhile, that answer.
 * 0: done; negative: failed, rolled back. */
static int refusal_keep (struct worker *worker, struct call *call, const struct inbound *inbound)
{
    AUTO_FREE char *reply = db_json_text (call->reply->body);
    char status[24];
    const char *params[] = {inbound->caller, inbound->key, inbound->digest, db_int_text (status, call->reply->status),
                            reply};
    struct db_step keep = {&SQL_BUS_REFUSE, params, 5};
    worker->note[0] = worker->silent[0] = '\0'; /* of the handler: no reason for what fails here */
    if (db_begin (worker->db) < 0)
        return -1;
    int rc = idem_begin (worker, call, inbound);
    if (rc == 0)
        return worker_commit (worker, call, &keep, 1);
    worker_rollback (worker);
    return rc < 0 ? rc : 0;
}

/* ---- running ------------------------------------------------------------------------------------------------------- */

/* The environment failed or the code has a bug: say which, once, to the log and to the caller. */
static void request_failed (struct worker *worker, struct call *call, const struct inbound *inbound)
{
    bool database = worker_environment_failed (worker);
    log_line (database ? LEVEL_WARN : LEVEL_ERROR, "request.failed", "method", inbound->method->name, "sqlstate",
              db_sqlstate (worker->db), "error", db_error (worker->db), "note", worker->note, NULL);
    if (database)
        refuse (call, ERR_STORAGE_UNAVAILABLE, NULL);
    else if (worker->silent[0])
        refuse (call, ERR_SERVICE_UNAVAILABLE, "service", worker->silent, NULL);
    else if (worker->note[0]) /* something outside failed, and the handler said what */
        refuse (call, ERR_OVERLOADED, NULL);
    else
        refuse (call, ERR_INTERNAL, "correlation", call->correlation, NULL);
}

static int request_commit (struct worker *worker, struct call *call, const struct inbound *inbound)
{
    if (!inbound->key)
        return worker_commit (worker, call, NULL, 0);
    assert (call->reply->body && "a command answers JSON: bytes cannot be stored under its key");
    AUTO_FREE char *reply = db_json_text (call->reply->body);
    char status[24];
    const char *params[] = {inbound->caller, inbound->key, inbound->digest, db_int_text (status, call->reply->status),
                            reply};
    struct db_step store = {&SQL_IDEM_STORE, params, 5};
    return worker_commit (worker, call, &store, 1);
}

/* BEGIN … COMMIT once.  0: answered (committed or refused); negative: failed, rolled back. */
static int request_transaction (struct worker *worker, struct call *call, const struct inbound *inbound)
{
    if (db_begin (worker->db) < 0)
        return -1;
    if (inbound->key) {
        int rc = idem_begin (worker, call, inbound);
        if (rc == 0 && pulse_now_us () - inbound->arrived_us > WORKER_ATTEMPT_MS * INT64_C (1000)) {
            refuse (call, ERR_DEADLINE_EXCEEDED, NULL); /* its twin's refusal may be forgotten by now */
            rc = 1;
        }
        if (rc > 0)
            worker_rollback (worker);
        if (rc != 0)
            return rc < 0 ? rc : 0;
    }
    if (inbound->method->handle (call) < 0)
        return -1;
    assert (call->reply->status && "a handler returned 0 without an answer");
    if (call->reply->refused) {
        worker_rollback (worker);
        return 0;
    }
    return request_commit (worker, call, inbound);
}

/* The other one, which goes on, must get the lock that we gave up before we ask for it again. */
static void deadlock_pause (int tries)
{
    struct timespec pause = {.tv_nsec =
                                 (long)(1 + randombytes_uniform (DEADLOCK_PAUSE_MS * (unsigned)tries)) * 1000000};
    nanosleep (&pause, NULL);
}

static void request_run (struct worker *worker, struct call *call, const struct inbound *inbound)
{
    const struct method *method = inbound->method;
    if (method->before) {
        if (inbound->key) { /* a repeated command must not do its outside work again */
            AUTO (db_rows) rows = NULL;
            if (db_query (worker->db, &SQL_IDEM_FIND, &rows, inbound->caller, inbound->key, inbound->digest) < 0) {
                request_failed (worker, call, inbound);
                return;
            }
            if (idem_answer (call, inbound, rows))
                return;
        }
        int rc = method->before (call);
        if (rc < 0)
            request_failed (worker, call, inbound);
        if (rc < 0 || call->reply->status)
            return;
        worker->note[0] = '\0'; /* a question that .before could do without is no reason for what fails later */
    }
    if (method->kind == METHOD_QUERY) {
        if (method->handle (call) < 0)
            request_failed (worker, call, inbound);
        return;
    }
    for (int tries = 1;; tries++) {
        int rc = request_transaction (worker, call, inbound);
        if (rc == 0)
            return;
        worker_rollback (worker);
        if (!worker_may_retry (worker) || tries == WORKER_DEADLOCK_TRIES || wire_now () > worker->deadline) {
            request_failed (worker, call, inbound);
            return;
        }
        metric_add (&pulse_retries, 0, 0, 1);
        reply_clear (call->reply);
        db_forget_error (worker->db);
        deadlock_pause (tries);
    }
}

static void request_answer (struct worker *worker, struct request *request, struct reply *reply)
{
    zmsg_t *message = zmsg_new ();
    assert (reply->media_type[0]);
    zmsg_append (message, &request->route);
    zmsg_addstr (message, request->id);
    wire_add_int (message, reply->status);
    zmsg_addstr (message, reply->media_type);
    zmsg_addstr (message, reply->filename);
    if (reply->bytes) {
        zmsg_addmem (message, reply->bytes, reply->size);
    } else {
        AUTO_FREE char *text = db_json_text (reply->body);
        zmsg_addstr (message, text ? text : "");
    }
    worker->report->message = message;
    worker->report->broker = request->broker;
}

static bool request_open (struct worker *worker, struct call *call, struct inbound *inbound, struct request *request)
{
    call->from = request->from;
    call->blob = request->blob_size ? request->blob : NULL;
    call->blob_size = request->blob_size;
    worker->deadline = request->deadline;
    worker_claims (worker, call, inbound->header);
    const char *name = json_text (inbound->header, "method");
    inbound->method = name ? runtime_method (worker->runtime, name, &inbound->schemas) : NULL;
    if (!inbound->method) {
        refuse (call, ERR_NOT_FOUND, NULL);
        return false;
    }
    if (!request_allowed (call, inbound->method) || !request_decode (call, inbound, request))
        return false;
    if (inbound->method->kind != METHOD_COMMAND)
        return true;
    inbound->key = json_text (inbound->header, "key");
    inbound->caller = call->caller ? call->caller->account : call->from;
    if (!inbound->key && streq (call->from, "gateway")) {
        refuse (call, ERR_IDEMPOTENCY_KEY_REQUIRED, NULL);
        return false;
    }
    if (inbound->key)
        inbound_digest (worker, inbound, request);
    return true;
}

/* It goes into the log, into every event, and back to the caller. */
static bool is_correlation (const char *text)
{
    size_t size = text ? strlen (text) : 0;
    return size > 0 && size < sizeof ((struct outbox_event *)0)->correlation &&
           strspn (text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.:") == size;
}

/* One line for what may have changed something, so that a request can be followed from the edge to the last service. */
static void request_log (const struct inbound *inbound, const struct reply *reply, const struct request *request)
{
    if (!inbound->method)
        return;
    char status[24], ms[24];
    log_line (inbound->method->kind == METHOD_QUERY ? LEVEL_DEBUG : LEVEL_INFO, "request.answered", "method",
              inbound->method->name, "from", request->from, "status", db_int_text (status, reply->status), "ms",
              db_int_text (ms, (pulse_now_us () - request->arrived_us) / 1000), NULL);
}

static bool reply_too_large (const struct reply *reply)
{
    return reply->bytes && reply->size > WORKER_REPLY_BYTES;
}

void worker_request (struct worker *worker, struct request *request)
{
    struct call call;
    struct reply reply;
    struct inbound inbound = {.header = json_loadb (request->header, request->header_size, 0, NULL),
                              .arrived_us = request->arrived_us};
    const char *correlation = json_text (inbound.header, "correlation");
    worker_unit (worker, &call, &reply, is_correlation (correlation) ? correlation : NULL);
    if (wire_now () > request->deadline) /* nobody waits any more, but the broker keeps account of our credit */
        refuse (&call, ERR_DEADLINE_EXCEEDED, NULL);
    else if (request_open (worker, &call, &inbound, request))
        request_run (worker, &call, &inbound);
    if (refusal_counts (&call, &inbound) && refusal_keep (worker, &call, &inbound) < 0) {
        worker_rollback (worker);
        request_failed (worker, &call, &inbound);
    }
    if (reply.status == 0 || reply_too_large (&reply)) { /* bugs of a query; the caller must not wait for it */
        log_line (LEVEL_ERROR, "request.no_answer", "method", json_text (inbound.header, "method"), "why",
                  reply.status ? "too large" : "none given", NULL);
        refuse (&call, ERR_INTERNAL, "correlation", call.correlation, NULL);
    }
    request_answer (worker, request, &reply);
    request_log (&inbound, &reply, request);
    pulse_request (worker->runtime->service, inbound.method, reply.status, request->arrived_us);
    worker_unit_end (worker, &call);
    inbound_clear (&inbound);
    request_destroy (&request);
}
