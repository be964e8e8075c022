/* What handlers call: answers, refusals, roles, other services (service.h); events and jobs: worker_effects.c. */
#include "common/codes.h"
#include "common/id.h"
#include "common/log.h"
#include "common/worker.h"
#include "runtime_sql.h"

/* ---- answers ----------------------------------------------------------------------------------------------------- */

void reply_clear (struct reply *reply)
{
    json_decref (reply->body);
    free (reply->bytes);
    memset (reply, 0, sizeof *reply);
}

int reply_json (struct call *call, int status, json_t *body)
{
    assert (body && status >= 200 && status < 300);
    reply_clear (call->reply);
    call->reply->status = status;
    call->reply->body = body;
    snprintf (call->reply->media_type, sizeof call->reply->media_type, "application/json");
    return 0;
}

int reply_bytes (struct call *call, const char *media_type, void *bytes, size_t size, const char *filename)
{
    struct reply *reply = call->reply;
    reply_clear (reply);
    reply->status = 200;
    reply->bytes = bytes;
    reply->size = size;
    snprintf (reply->media_type, sizeof reply->media_type, "%s", media_type);
    snprintf (reply->filename, sizeof reply->filename, "%s", filename ? filename : "");
    return 0;
}

/* Value of `name` among the pairs; NULL if it is not there. */
static const char *refuse_value (va_list pairs, const char *name, size_t size)
{
    va_list rest;
    va_copy (rest, pairs);
    const char *found = NULL;
    for (const char *key = va_arg (rest, const char *); key && !found; key = va_arg (rest, const char *)) {
        const char *value = va_arg (rest, const char *);
        if (strlen (key) == size && strncmp (key, name, size) == 0)
            found = value ? value : "";
    }
    va_end (rest);
    return found;
}

/* The registry's sentence with its {placeholders} filled; one without a value is a bug of the refusal. */
static void refuse_sentence (char *out, size_t size, const char *sentence, va_list pairs)
{
    size_t used = 0;
    while (*sentence && used + 1 < size) {
        const char *end = *sentence == '{' ? strchr (sentence, '}') : NULL;
        if (!end) {
            out[used++] = *sentence++;
            continue;
        }
        const char *value = refuse_value (pairs, sentence + 1, (size_t)(end - sentence - 1));
        assert (value && "the refusal does not give what its sentence needs");
        used += (size_t)snprintf (out + used, size - used, "%s", value ? value : "?");
        sentence = end + 1;
    }
    out[used < size ? used : size - 1] = '\0';
}

static int refuse_with (struct call *call, enum error_code code, const char *pointer, va_list pairs)
{
    const struct error_entry *entry = &error_registry[code];
    char sentence[1000];
    refuse_sentence (sentence, sizeof sentence, entry->detail, pairs);
    struct reply *reply = call->reply;
    reply_clear (reply);
    reply->status = entry->status;
    reply->refused = true;
    reply->code = code;
    snprintf (reply->media_type, sizeof reply->media_type, "application/problem+json");
    json_t *detail = json_string (sentence); /* NULL if a cut fell into a character */
    reply->body = json_pack ("{s:s, s:i, s:s, s:o}", "type", "about:blank", "status", entry->status, "code",
                             entry->code, "detail", detail ? detail : json_string (entry->code));
    if (pointer)
        json_object_set_new (reply->body, "field", json_string (pointer));
    if (call->correlation)
        json_object_set_new (reply->body, "correlation", json_string (call->correlation));
    return 0;
}

int refuse (struct call *call, enum error_code code, ...)
{
    va_list pairs;
    va_start (pairs, code);
    int rc = refuse_with (call, code, NULL, pairs);
    va_end (pairs);
    return rc;
}

int refuse_field (struct call *call, enum error_code code, const char *pointer, ...)
{
    va_list pairs;
    va_start (pairs, pointer);
    int rc = refuse_with (call, code, pointer, pairs);
    va_end (pairs);
    return rc;
}

void refusal_add (struct call *call, const char *member, json_t *value)
{
    assert (call->reply->refused);
    json_object_set_new (call->reply->body, member, value);
}

/* ---- roles ------------------------------------------------------------------------------------------------------- */

/* The first grant that fits; place NULL: any place. */
static const json_t *claims_grant (const struct claims *claims, const char *roles, const char *place)
{
    size_t i;
    json_t *grant;
    json_array_foreach (claims ? claims->grants : NULL, i, grant)
    {
        const char *role = json_text (grant, "role"), *at = json_text (grant, "place");
        if (role && at && (codes_have (roles, role) || strcmp (roles, ROLES_ANY) == 0) &&
            (!place || code_covers (at, place)))
            return grant;
    }
    return NULL;
}

bool claims_may (const struct claims *claims, const char *roles, const char *place)
{
    return claims_grant (claims, roles, place) != NULL;
}

bool require_role (struct call *call, const char *roles, const char *place)
{
    const json_t *grant = claims_grant (call->caller, roles, place);
    if (grant) {
        struct worker *worker = call->worker;
        snprintf (worker->acting_role, sizeof worker->acting_role, "%s", json_text (grant, "role"));
        snprintf (worker->acting_place, sizeof worker->acting_place, "%s", place);
        return true;
    }
    if (!call->caller)
        refuse (call, ERR_UNAUTHENTICATED, NULL);
    else if (claims_grant (call->caller, roles, NULL))
        refuse (call, ERR_FORBIDDEN_PLACE, "place", place, NULL);
    else
        refuse (call, ERR_FORBIDDEN_ROLE, "roles", roles, NULL);
    return false;
}

char *call_places (const struct call *call, const char *roles)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    assert (out);
    const char *asked = json_text (call->params, "kecamatan");
    char separator = '{';
    size_t i;
    json_t *grant;
    json_array_foreach (call->caller ? call->caller->grants : NULL, i, grant)
    {
        const char *role = json_text (grant, "role"), *place = json_text (grant, "place");
        if (!role || !place || !(codes_have (roles, role) || strcmp (roles, ROLES_ANY) == 0))
            continue;
        bool kecamatan = strlen (place) == 8;
        if (asked && !code_covers (place, asked))
            continue;
        if (!asked && !kecamatan)
            continue;
        fprintf (out, "%c\"%s\"", separator, asked ? asked : place);
        separator = ',';
    }
    fputs (separator == '{' ? "{}" : "}", out);
    fclose (out);
    return text;
}

void job_note (struct call *call, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (call->worker->note, sizeof call->worker->note, format, arguments);
    va_end (arguments);
}

/* ---- other services ---------------------------------------------------------------------------------------------- */

void service_reply_clear (struct service_reply *reply)
{
    json_decref (reply->body);
    free (reply->bytes);
    memset (reply, 0, sizeof *reply);
}

static zmsg_t *ask_message (struct call *call, const char *method, const json_t *params, const json_t *body,
                            const void *bytes, size_t size, int64_t id, int64_t deadline)
{
    char service[40];
    snprintf (service, sizeof service, "%.*s", (int)strcspn (method, "."), method);
    json_auto_t *header = json_pack ("{s:s, s:s, s:O?, s:O?}", "method", method, "correlation", call->correlation,
                                     "params", params, "claims", call->worker->claims_json);
    AUTO_FREE char *header_text = db_json_text (header);
    AUTO_FREE char *body_text = db_json_text (body);
    zmsg_t *message = zmsg_new ();
    zmsg_addstr (message, service);
    wire_add_int (message, id);
    wire_add_int (message, deadline);
    zmsg_addstr (message, header_text);
    zmsg_addstr (message, body_text ? body_text : "");
    zmsg_addmem (message, bytes, size);
    return message;
}

/* Waits for the loop's answer to this very question; answers to earlier, given-up questions are dropped. */
static zmsg_t *ask_wait (struct worker *worker, int64_t id, int64_t deadline)
{
    for (;;) {
        int64_t left = deadline - wire_now ();
        zsock_set_rcvtimeo (worker->pipe, left > 0 ? (int)left + 200 : 1);
        struct order *order = worker->ended ? NULL : worker_receive (worker);
        if (!order)
            return NULL;
        assert (order->kind == ORDER_ANSWER);
        int64_t ask = order->ask;
        zmsg_t *answer = order->answer;
        free (order);
        if (ask == id) {
            if (answer)
                wire_pop_int (answer, -1); /* the id again */
            return answer;
        }
        zmsg_destroy (&answer);
    }
}

/* Whose silence the refusal will name. */
static void call_silent (struct call *call, const char *method)
{
    snprintf (call->worker->silent, sizeof call->worker->silent, "%.*s", (int)strcspn (method, "."), method);
}

int call_service (struct call *call, const char *method, json_t *params, json_t *body, const void *bytes, size_t size,
                  struct service_reply *ret)
{
    struct worker *worker = call->worker;
    assert (!db_in_transaction (worker->db) && "nothing outside is called inside a transaction");
    json_auto_t *owned_params = params;
    json_auto_t *owned_body = body;
    service_reply_clear (ret);

    int64_t deadline = wire_now () + WORKER_ASK_MS;
    if (worker->deadline && worker->deadline < deadline)
        deadline = worker->deadline;
    int64_t id = ++worker->asked;
    struct report *report = calloc (1, sizeof *report);
    assert (report);
    report->kind = REPORT_ASK;
    report->ask = id;
    report->message = ask_message (call, method, owned_params, owned_body, bytes, size, id, deadline);
    HAND_OVER (report);
    zsock_send (worker->pipe, "p", report);

    AUTO (zmsg) answer = ask_wait (worker, id, deadline);
    zsock_set_rcvtimeo (worker->pipe, -1);
    if (!answer) {
        call_silent (call, method);
        job_note (call, "%s did not answer", method);
        return -1;
    }
    ret->status = (int)wire_pop_int (answer, 503);
    AUTO_FREE char *media_type = wire_pop_text (answer);
    AUTO_FREE char *filename = wire_pop_text (answer);
    void *content = wire_pop_bytes (answer, &ret->size);
    if (media_type && strstr (media_type, "json")) {
        ret->body = json_loadb (content, ret->size, JSON_DECODE_ANY, NULL);
        if (!ret->body) { /* a caller that looks into it must find something */
            ret->body = json_null ();
            ret->status = 502;
        }
        free (content);
        ret->size = 0;
    } else {
        ret->bytes = content;
    }
    if (ret->status >= 500) { /* a service that is down is the environment, not an answer */
        call_silent (call, method);
        job_note (call, "%s answered %d", method, ret->status);
        return -1;
    }
    return 0;
}
