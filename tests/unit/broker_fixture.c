/* See broker_fixture.h. */
#include "broker_fixture.h"

#include "common/wire.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int collect (void *context, zmsg_t *message)
{
    struct bench *bench = context;
    if (bench->gone && zframe_streq (zmsg_first (message), bench->gone))
        return -1;
    zlistx_add_end (bench->sent, zmsg_dup (message));
    return 0;
}

int bench_open (void **state)
{
    struct bench *bench = calloc (1, sizeof *bench);
    bench->broker = broker_new (42, 0);
    bench->sent = zlistx_new ();
    bench->now = 1000;
    bench->wall = WALL;
    broker_set_sender (bench->broker, collect, bench);
    *state = bench;
    return 0;
}

int young_open (void **state)
{
    bench_open (state);
    struct bench *bench = *state;
    broker_destroy (&bench->broker);
    bench->broker = broker_new (42, bench->now + WIRE_DEAD_MS);
    broker_set_sender (bench->broker, collect, bench);
    return 0;
}

void bench_clear (struct bench *bench)
{
    for (zmsg_t *message; (message = zlistx_detach (bench->sent, NULL));)
        zmsg_destroy (&message);
}

int bench_close (void **state)
{
    struct bench *bench = *state;
    broker_destroy (&bench->broker);
    bench_clear (bench);
    zlistx_destroy (&bench->sent);
    free (bench);
    return 0;
}

bool say (struct bench *bench, const char *name, const char *route_text, const char *const *frames)
{
    AUTO (zframe) route = zframe_new (route_text, strlen (route_text));
    zmsg_t *message = zmsg_new ();
    for (; *frames; frames++)
        zmsg_addstr (message, *frames);
    bool taken = broker_receive (bench->broker, name, route, &message, bench->now, bench->wall);
    assert_null (message);
    return taken;
}

void ready (struct bench *bench, const char *name, const char *route, const char *credit, const char *topics)
{
    assert_true (SAY (bench, name, route, "R", name, credit, "7", topics));
}

bool ask (struct bench *bench, const char *service, const char *id, int64_t deadline)
{
    char text[24];
    snprintf (text, sizeof text, "%" PRId64, deadline);
    return SAY (bench, "gateway", "client", "Q", service, id, text, "{}", "body", "");
}

bool answer (struct bench *bench, const char *name, const char *route, const char *client, const char *id)
{
    return SAY (bench, name, route, "A", client, id, "200", "application/json", "", "{}");
}

zmsg_t *sent (struct bench *bench, const char *route, const char *letter)
{
    zmsg_t *message = zlistx_detach (bench->sent, NULL);
    assert_non_null (message);
    AUTO_FREE char *to = zmsg_popstr (message);
    AUTO_FREE char *kind = zmsg_popstr (message);
    assert_string_equal (to, route);
    assert_string_equal (kind, letter);
    return message;
}

void sent_nothing (struct bench *bench)
{
    assert_int_equal (zlistx_size (bench->sent), 0);
}

void sent_request (struct bench *bench, const char *route, const char *id)
{
    AUTO (zmsg) message = sent (bench, route, "Q");
    assert_int_equal (zmsg_size (message), 7);
    AUTO_FREE char *client = zmsg_popstr (message);
    AUTO_FREE char *text = zmsg_popstr (message);
    assert_string_equal (client, "client");
    assert_string_equal (text, id);
    wire_pop_int (message, 0);
    AUTO_FREE char *from = zmsg_popstr (message);
    assert_string_equal (from, "gateway");
}

void sent_answer (struct bench *bench, const char *id, int64_t status, const char *code)
{
    AUTO (zmsg) message = sent (bench, "client", "A");
    AUTO_FREE char *text = zmsg_popstr (message);
    assert_string_equal (text, id);
    assert_int_equal (wire_pop_int (message, 0), status);
    assert_int_equal (zmsg_size (message), 3);
    if (!code)
        return;
    AUTO_FREE char *body = zframe_strdup (zmsg_last (message));
    json_auto_t *problem = json_loads (body, 0, NULL);
    assert_string_equal (json_string_value (json_object_get (problem, "code")), code);
}
