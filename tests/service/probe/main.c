/* probe: a service for the tests of the runtime.  Its methods do as they are told, the wrong thing too; what it did stands in its
 * tables.  It is never installed. */
#include "common/service.h"
#include "probe_requests.h"
#include "probe_sql.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* Publishes `events` events numbered from `first`. */
static void announce (struct call *call, const char *name)
{
    const char *poison = json_text (call->body, "poison");
    json_int_t first = json_integer_value (json_object_get (call->body, "first"));
    json_int_t count = json_integer_value (json_object_get (call->body, "events"));
    json_int_t pause = json_integer_value (json_object_get (call->body, "pause_ms"));
    const char *topic = json_flag (call->body, "soon", false) ? "probe.murmured" : "probe.noted";
    for (json_int_t n = first; n < first + count; n++)
        publish (call, topic, name, json_pack ("{s:I, s:I, s:s*}", "n", n, "pause_ms", pause, "poison", poison));
}

static int note_put (struct call *call)
{
    const char *name = json_text (call->body, "name"), *wrong = json_text (call->body, "wrong");
    const char *unless = json_text (call->body, "unless");
    json_int_t pause = json_integer_value (json_object_get (call->body, "pause_ms"));
    bool has_events = json_object_get (call->body, "events") != NULL;
    if (db_query (call->db, &SQL_NOTE_ADD, NULL, name) < 0)
        return -1;
    if (pause && !has_events && db_query (call->db, &SQL_WAIT, NULL, DB_INT (pause)) < 0)
        return -1;
    announce (call, name);
    if (unless) { /* refused while there is a note of that name */
        AUTO (db_rows) rows = NULL;
        if (db_query (call->db, &SQL_NOTE_COUNT, &rows, unless) < 0)
            return -1;
        if (db_int (rows, 0, "count") > 0)
            return refuse (call, ERR_FORBIDDEN_PLACE, "place", "35.29.22", NULL);
    }
    if (wrong && strcmp (wrong, "refuse") == 0)
        return refuse (call, ERR_FORBIDDEN_PLACE, "place", "35.29.22", NULL);
    if (wrong && db_query (call->db, &SQL_DIVIDE_BY_ZERO, NULL, "1") < 0 && strcmp (wrong, "sql") == 0)
        return -1;
    return reply_json (call, 201, json_pack ("{s:s}", "name", name)); /* sql_unnoticed comes here too */
}

static int note_count (struct call *call)
{
    AUTO (db_rows) rows = NULL;
    if (db_query (call->db, &SQL_NOTE_COUNT, &rows, json_text (call->body, "name")) < 0)
        return -1;
    return reply_json (call, 200, json_pack ("{s:I}", "count", (json_int_t)db_int (rows, 0, "count")));
}

static int note_ask_before (struct call *call)
{
    AUTO_REPLY answer = {0};
    if (call_service (call, "probe.note.count", NULL, json_deep_copy (call->body), NULL, 0, &answer) < 0)
        return -1;
    call->prepared = json_incref (answer.body);
    return 0;
}

static int note_ask (struct call *call)
{
    return reply_json (call, 200, json_incref (call->prepared));
}

static int account_both (struct call *call)
{
    json_int_t pause = json_integer_value (json_object_get (call->body, "pause_ms"));
    if (db_query (call->db, &SQL_ACCOUNT_ADD, NULL, json_text (call->body, "first")) < 0 ||
        db_query (call->db, &SQL_WAIT, NULL, DB_INT (pause)) < 0 ||
        db_query (call->db, &SQL_ACCOUNT_ADD, NULL, json_text (call->body, "second")) < 0)
        return -1;
    return reply_json (call, 200, json_object ());
}

static int work_add (struct call *call)
{
    if (job_add (call, json_text (call->body, "kind"), json_text (call->body, "key"), json_object (), 0) < 0)
        return -1;
    return reply_json (call, 202, json_object ());
}

static int bytes_get (struct call *call)
{
    size_t size = (size_t)json_integer_value (json_object_get (call->body, "size"));
    return reply_bytes (call, "application/octet-stream", calloc (1, size + 1), size, NULL);
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

static int on_noted (struct call *call, const struct event *event)
{
    const char *poison = json_text (event->body, "poison");
    json_int_t n = json_integer_value (json_object_get (event->body, "n"));
    json_int_t pause = json_integer_value (json_object_get (event->body, "pause_ms"));
    if (db_query (call->db, &SQL_HANDLED_ADD, NULL, event->key, DB_INT (n), event->correlation) < 0)
        return -1;
    if (pause && db_query (call->db, &SQL_WAIT, NULL, DB_INT (pause)) < 0)
        return -1;
    if (!poison)
        return 0;
    if (strcmp (poison, "sql") == 0)
        return db_query (call->db, &SQL_DIVIDE_BY_ZERO, NULL, "1");
    if (strcmp (poison, "publish") == 0) /* a topic that the log refuses: it fails at the COMMIT */
        publish (call, "NO TOPIC", event->key, json_object ());
    else
        refuse (call, ERR_NOT_FOUND, NULL);
    return 0;
}

/* ---- jobs -------------------------------------------------------------------------------------------------------- */

static int worked (struct call *call, const struct job *job, const char *what)
{
    return db_query (call->db, &SQL_WORKED_ADD, NULL, job->key, what);
}

static int flaky_perform (struct call *call, const struct job *job)
{
    if (worked (call, job, "tried") < 0)
        return -1;
    job_note (call, "attempt %d", job->attempt);
    return job->attempt < 3 ? -1 : 0;
}

static int flaky_conclude (struct call *call, const struct job *job)
{
    return worked (call, job, "concluded");
}

static int hopeless_perform (struct call *call, const struct job *job)
{
    job_note (call, "no such thing");
    (void)worked (call, job, "tried");
    return -1;
}

static int unending_conclude (struct call *call, const struct job *job)
{
    (void)job;
    return db_query (call->db, &SQL_DIVIDE_BY_ZERO, NULL, "1");
}

/* The first attempt takes its whole process down, as a crash would. */
static int deadly_perform (struct call *call, const struct job *job)
{
    if (worked (call, job, "tried") < 0)
        return -1;
    if (job->attempt == 1)
        raise (SIGKILL);
    return 0;
}

static int give_up (struct call *call, const struct job *job)
{
    return worked (call, job, "given up");
}

/* ---- tables ------------------------------------------------------------------------------------------------------ */

static const struct method methods[] = {
    {"probe.note.put", METHOD_COMMAND, ROLES_PUBLIC, "gateway", NULL, note_put},
    {"probe.note.count", METHOD_QUERY, ROLES_PUBLIC, "gateway,probe", NULL, note_count},
    {"probe.note.ask", METHOD_QUERY, ROLES_PUBLIC, "gateway", note_ask_before, note_ask},
    {"probe.account.both", METHOD_COMMAND, ROLES_PUBLIC, "gateway", NULL, account_both},
    {"probe.work.add", METHOD_COMMAND, ROLES_PUBLIC, "gateway", NULL, work_add},
    {"probe.bytes.get", METHOD_QUERY, ROLES_PUBLIC, "gateway", NULL, bytes_get},
    {0},
};

static const struct subscription subscriptions[] = {
    {"probe.noted", on_noted, EVENT_AT_ONCE},
    {"probe.murmured", on_noted, EVENT_SOON},
    {0},
};

static const struct job_kind jobs[] = {
    {.name = "flaky", .max_attempts = 5, .perform = flaky_perform, .conclude = flaky_conclude, .give_up = give_up},
    {.name = "hopeless", .max_attempts = 2, .perform = hopeless_perform, .give_up = give_up},
    {.name = "deadly", .max_attempts = 5, .perform = deadly_perform},
    {.name = "unending", .max_attempts = 2, .conclude = unending_conclude, .give_up = give_up},
    {0},
};

static const struct service service = {
    .name = "probe",
    .statements = probe_statements,
    .requests = probe_requests,
    .methods = methods,
    .subscriptions = subscriptions,
    .jobs = jobs,
};

int main (void)
{
    return service_main (&service);
}
