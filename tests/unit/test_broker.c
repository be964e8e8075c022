/* The broker's rules (services/broker/broker.c) without a socket: routing ids are made up, what it sends is collected. */
#include "broker.h"
#include "common/wire.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { WALL = 1000000, DEADLINE = WALL + 5000 };

struct bench {
    broker_t *broker;
    zlistx_t *sent;    /* zmsg_t *, routing id in front */
    const char *gone;  /* the peer whose connection is gone */
    int64_t now, wall; /* ticks, unix ms */
};

static int collect (void *context, zmsg_t *message)
{
    struct bench *bench = context;
    if (bench->gone && zframe_streq (zmsg_first (message), bench->gone))
        return -1;
    zlistx_add_end (bench->sent, zmsg_dup (message));
    return 0;
}

static int bench_open (void **state)
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

static void bench_clear (struct bench *bench)
{
    for (zmsg_t *message; (message = zlistx_detach (bench->sent, NULL));)
        zmsg_destroy (&message);
}

static int bench_close (void **state)
{
    struct bench *bench = *state;
    broker_destroy (&bench->broker);
    bench_clear (bench);
    zlistx_destroy (&bench->sent);
    free (bench);
    return 0;
}

/* `frames`: texts ended by NULL. */
static bool say (struct bench *bench, const char *name, const char *route_text, const char *const *frames)
{
    AUTO (zframe) route = zframe_new (route_text, strlen (route_text));
    zmsg_t *message = zmsg_new ();
    for (; *frames; frames++)
        zmsg_addstr (message, *frames);
    bool taken = broker_receive (bench->broker, name, route, &message, bench->now, bench->wall);
    assert_null (message);
    return taken;
}
#define SAY(bench, name, route, ...) say ((bench), (name), (route), (const char *const[]){__VA_ARGS__, NULL})

static void ready (struct bench *bench, const char *name, const char *route, const char *credit, const char *topics)
{
    assert_true (SAY (bench, name, route, "R", name, credit, "7", topics));
}

static bool ask (struct bench *bench, const char *service, const char *id, int64_t deadline)
{
    char text[24];
    snprintf (text, sizeof text, "%" PRId64, deadline);
    return SAY (bench, "gateway", "client", "Q", service, id, text, "{}", "body", "");
}

/* The next message sent, checked for its receiver and letter; both are taken off. */
static zmsg_t *sent (struct bench *bench, const char *route, const char *letter)
{
    zmsg_t *message = zlistx_detach (bench->sent, NULL);
    assert_non_null (message);
    AUTO_FREE char *to = zmsg_popstr (message);
    AUTO_FREE char *kind = zmsg_popstr (message);
    assert_string_equal (to, route);
    assert_string_equal (kind, letter);
    return message;
}

static void sent_nothing (struct bench *bench)
{
    assert_int_equal (zlistx_size (bench->sent), 0);
}

static void sent_request (struct bench *bench, const char *route, const char *id)
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

static void sent_answer (struct bench *bench, const char *id, int64_t status, const char *code)
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

static bool answer (struct bench *bench, const char *name, const char *route, const char *client, const char *id)
{
    return SAY (bench, name, route, "A", client, id, "200", "application/json", "", "{}");
}

/* ---- who may speak ----------------------------------------------------------------------------------------------- */

static void ready_is_greeted (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "2", "");
    AUTO (zmsg) hello = sent (bench, "p1", "H");
    assert_int_equal (wire_pop_int (hello, 0), 42);
    sent_nothing (bench);
}

static void knock_is_greeted (void **state)
{
    struct bench *bench = *state;
    assert_true (SAY (bench, "payment", "p1", ""));
    AUTO (zmsg) hello = sent (bench, "p1", "H");
    assert_int_equal (wire_pop_int (hello, 0), 42);
    assert_true (ask (bench, "payment", "1", DEADLINE)); /* it serves nothing by that */
    sent_answer (bench, "1", 503, "service_unavailable");
}

static void foreign_name_is_refused (void **state)
{
    struct bench *bench = *state;
    assert_false (SAY (bench, "intake", "i1", "R", "payment", "2", "7", ""));
    sent_nothing (bench);
    assert_true (ask (bench, "payment", "1", DEADLINE));
    sent_answer (bench, "1", 503, "service_unavailable");
}

static void long_name_is_refused (void **state)
{
    struct bench *bench = *state;
    const char *name = "abcdefghijklmnopqrstuvwxyz_abcdef"; /* 33 letters; the keys have 32 at most */
    assert_false (SAY (bench, name, "x", "R", name, "2", "7", ""));
    ready (bench, name + 1, "y", "2", "");
    bench_clear (bench);
    assert_true (ask (bench, name + 1, "1", DEADLINE));
    sent_request (bench, "y", "1");
}

/* A peer may ask for a dead one's routing id; it must not inherit its work. */
static void inherited_route_serves_its_own_name (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "2", "");
    assert_true (ask (bench, "payment", "1", DEADLINE));
    bench_clear (bench);
    assert_false (answer (bench, "notification", "p1", "client", "1"));
    sent_nothing (bench);
    ready (bench, "notification", "p1", "2", "");
    sent_answer (bench, "1", 503, "service_unavailable");
    bench_clear (bench);
    assert_true (ask (bench, "payment", "2", DEADLINE));
    sent_answer (bench, "2", 503, "service_unavailable");
}

/* ---- requests ---------------------------------------------------------------------------------------------------- */

/* Once a crash: the name went into a sentence that was no UTF-8. */
static void impossible_names_are_dropped (void **state)
{
    struct bench *bench = *state;
    assert_false (ask (bench, "\xff\xfe", "1", DEADLINE));
    assert_false (ask (bench, "", "1", DEADLINE));
    assert_false (ask (bench, "abcdefghijklmnopqrstuvwxyz_abcdef", "1", DEADLINE));
    sent_nothing (bench);
}

static void unknown_service_is_unavailable (void **state)
{
    struct bench *bench = *state;
    assert_true (ask (bench, "payment", "1", DEADLINE));
    sent_answer (bench, "1", 503, "service_unavailable");
    ready (bench, "gateway", "client", "0", ""); /* a pure client serves nothing */
    bench_clear (bench);
    assert_true (ask (bench, "gateway", "2", DEADLINE));
    sent_answer (bench, "2", 503, "service_unavailable");
}

static void requests_take_turns_by_credit (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "2", "");
    ready (bench, "payment", "p2", "1", "");
    bench_clear (bench);
    for (int i = 1; i <= 4; i++) {
        char id[24];
        snprintf (id, sizeof id, "%d", i);
        assert_true (ask (bench, "payment", id, DEADLINE));
    }
    sent_request (bench, "p1", "1");
    sent_request (bench, "p2", "2");
    sent_request (bench, "p1", "3");
    sent_nothing (bench); /* all credit is used: 4 waits */
    assert_true (answer (bench, "payment", "p2", "client", "2"));
    sent_answer (bench, "2", 200, NULL);
    sent_request (bench, "p2", "4");
    sent_nothing (bench);
}

static void new_credit_is_used_at_once (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "1", "");
    assert_true (ask (bench, "payment", "1", DEADLINE));
    assert_true (ask (bench, "payment", "2", DEADLINE));
    bench_clear (bench);
    ready (bench, "payment", "p2", "1", "");
    AUTO (zmsg) hello = sent (bench, "p2", "H");
    sent_request (bench, "p2", "2");
}

static void full_queue_is_overloaded (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "1", "");
    for (int i = 0; i < 1 + BROKER_PENDING_MOST; i++) /* nothing is known yet of how fast it goes */
        assert_true (ask (bench, "payment", "x", DEADLINE));
    bench_clear (bench);
    assert_true (ask (bench, "payment", "last", DEADLINE));
    sent_answer (bench, "last", 503, "overloaded");
}

static void slow_queue_is_overloaded (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "1", "");
    assert_true (ask (bench, "payment", "1", DEADLINE));
    assert_true (ask (bench, "payment", "2", DEADLINE));
    bench->now += BROKER_WAITED_MS - 1;
    ready (bench, "payment", "p1", "1", ""); /* it lives */
    bench_clear (bench);
    assert_true (ask (bench, "payment", "3", DEADLINE));
    sent_nothing (bench); /* waits */
    bench->now++;
    assert_true (ask (bench, "payment", "4", DEADLINE));
    sent_answer (bench, "4", 503, "overloaded"); /* 2 has waited too long */
    assert_true (answer (bench, "payment", "p1", "client", "1"));
    sent_answer (bench, "1", 200, NULL);
    sent_request (bench, "p1", "2");
    assert_true (ask (bench, "payment", "5", DEADLINE)); /* 3 has not */
    sent_nothing (bench);
}

/* One after the other takes 50 ms: the 40th that waits would have its turn after 2 s. */
static void queue_is_as_long_as_its_pace_allows (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "1", "");
    int waiting = -1; /* one is in the replica's hands */
    for (int i = 0; i < 400; i++) {
        bench_clear (bench);
        assert_true (ask (bench, "payment", "x", DEADLINE));
        bool is_refused = zlistx_size (bench->sent) > 0 && i > 0;
        waiting += !is_refused;
        if (i % 4 == 3) { /* four come while one is done */
            bench->now += 50;
            ready (bench, "payment", "p1", "1", ""); /* it lives */
            broker_tick (bench->broker, bench->now, bench->wall);
            assert_true (answer (bench, "payment", "p1", "client", "x"));
            waiting--;
        }
    }
    assert_in_range (waiting, 30, BROKER_WAITING_MS / 50);
}

static void waiting_bytes_are_bounded (void **state)
{
    struct bench *bench = *state;
    enum { SIZE = 6 * 1024 * 1024 };
    ready (bench, "archive", "a1", "1", "");
    AUTO (zframe) route = zframe_new ("client", 6);
    AUTO (zframe) blob = zframe_new (NULL, SIZE);
    memset (zframe_data (blob), 'x', SIZE);
    int refused = 0;
    for (int i = 0; i < 2 + BROKER_WAITING_BYTES / SIZE; i++) {
        bench_clear (bench);
        zmsg_t *message = zmsg_new ();
        zmsg_addstr (message, "Q");
        zmsg_addstr (message, "archive");
        zmsg_addstr (message, "1");
        wire_add_int (message, DEADLINE);
        zmsg_addstr (message, "{}");
        zmsg_addstr (message, "");
        zframe_t *copy = zframe_dup (blob);
        zmsg_append (message, &copy);
        assert_true (broker_receive (bench->broker, "gateway", route, &message, bench->now, bench->wall));
        refused += i > 0 && zlistx_size (bench->sent) == 1;
    }
    assert_int_equal (refused, 1); /* one in the replica's hands, ten wait, the next is too much */
    sent_answer (bench, "1", 503, "overloaded");
    bench->wall = DEADLINE; /* what leaves the queue leaves the count */
    broker_tick (bench->broker, bench->now, bench->wall);
    bench->wall = WALL;
    bench_clear (bench);
    assert_true (ask (bench, "archive", "2", DEADLINE));
    sent_nothing (bench); /* waits */
}

static void late_requests_are_dropped (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "1", "");
    bench_clear (bench);
    assert_true (ask (bench, "payment", "late", bench->wall));
    sent_nothing (bench);
    assert_true (ask (bench, "payment", "1", DEADLINE));
    assert_true (ask (bench, "payment", "2", WALL + 10));
    sent_request (bench, "p1", "1");
    bench->wall = WALL + 10;
    broker_tick (bench->broker, bench->now, bench->wall);
    assert_true (answer (bench, "payment", "p1", "client", "1"));
    sent_answer (bench, "1", 200, NULL);
    sent_nothing (bench); /* 2 is not handed out any more */
}

/* A request that its replica has lost must not cost the replica's credit for ever. */
static void forgotten_requests_give_their_credit_back (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "1", "");
    assert_true (ask (bench, "payment", "1", DEADLINE));
    assert_true (ask (bench, "payment", "2", DEADLINE + 2 * BROKER_GRACE_MS));
    bench_clear (bench);
    bench->wall = DEADLINE + BROKER_GRACE_MS - 1;
    broker_tick (bench->broker, bench->now, bench->wall);
    sent_nothing (bench);
    bench->wall++;
    broker_tick (bench->broker, bench->now, bench->wall);
    sent_request (bench, "p1", "2");
    assert_false (answer (bench, "payment", "p1", "client", "1"));
    sent_nothing (bench);
}

static void foreign_answers_are_dropped (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "1", "");
    ready (bench, "payment", "p2", "1", "");
    bench_clear (bench);
    assert_true (ask (bench, "payment", "1", DEADLINE));
    sent_request (bench, "p1", "1");
    assert_false (answer (bench, "payment", "p2", "client", "1"));     /* another replica */
    assert_false (answer (bench, "payment", "p1", "client", "2"));     /* never asked */
    assert_false (answer (bench, "payment", "p1", "other", "1"));      /* another client */
    assert_false (answer (bench, "payment", "nobody", "client", "1")); /* no replica */
    assert_false (SAY (bench, "payment", "p1", "A", "client", "1"));   /* no answer at all */
    sent_nothing (bench);
    assert_true (answer (bench, "payment", "p1", "client", "1"));
    sent_answer (bench, "1", 200, NULL);
    assert_false (answer (bench, "payment", "p1", "client", "1")); /* twice */
    sent_nothing (bench);
}

/* ---- coming and going -------------------------------------------------------------------------------------------- */

static void silent_replica_is_dead (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "1", "");
    assert_true (ask (bench, "payment", "1", DEADLINE));
    assert_true (ask (bench, "payment", "2", DEADLINE));
    bench_clear (bench);
    bench->now += WIRE_DEAD_MS - 1;
    broker_tick (bench->broker, bench->now, bench->wall);
    sent_nothing (bench);
    bench->now++;
    broker_tick (bench->broker, bench->now, bench->wall);
    sent_answer (bench, "1", 503, "service_unavailable"); /* in its hands */
    sent_answer (bench, "2", 503, "service_unavailable"); /* waiting for it */
    sent_nothing (bench);
    assert_false (answer (bench, "payment", "p1", "client", "1")); /* from the grave */
    sent_nothing (bench);
}

/* A machine that stood still for a while: nobody could be heard. */
static void held_up_broker_buries_nobody (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "1", "");
    assert_true (ask (bench, "payment", "1", DEADLINE));
    broker_tick (bench->broker, bench->now, bench->wall);
    bench_clear (bench);
    bench->now += 2 * WIRE_DEAD_MS;
    broker_tick (bench->broker, bench->now, bench->wall);
    sent_nothing (bench);
    for (int i = 0; i < WIRE_DEAD_MS / WIRE_BEAT_MS; i++) {
        bench->now += WIRE_BEAT_MS;
        broker_tick (bench->broker, bench->now, bench->wall);
    }
    sent_answer (bench, "1", 503, "service_unavailable"); /* but the silence goes on */
}

static void lost_connection_moves_the_request (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "2", "");
    ready (bench, "payment", "p2", "2", "");
    bench_clear (bench);
    assert_true (ask (bench, "payment", "1", DEADLINE));
    sent_request (bench, "p1", "1");
    assert_true (ask (bench, "payment", "2", DEADLINE));
    sent_request (bench, "p2", "2");
    bench->gone = "p1";
    assert_true (ask (bench, "payment", "3", DEADLINE));
    sent_answer (bench, "1", 503, "service_unavailable"); /* what the lost one had */
    sent_request (bench, "p2", "3");
    sent_nothing (bench);
    bench->gone = "p2";
    assert_true (answer (bench, "payment", "p2", "client", "3"));
    sent_answer (bench, "3", 200, NULL);
    assert_true (ask (bench, "payment", "4", DEADLINE));
    sent_answer (bench, "2", 503, "service_unavailable");
    sent_answer (bench, "4", 503, "service_unavailable");
    sent_nothing (bench);
}

static void bye_gets_nothing_new (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "2", "a.b");
    assert_true (ask (bench, "payment", "1", DEADLINE));
    assert_true (SAY (bench, "payment", "p1", "X"));
    ready (bench, "payment", "p1", "2", "a.b"); /* it beats on until its work is done */
    bench_clear (bench);
    assert_true (ask (bench, "payment", "2", DEADLINE));
    sent_answer (bench, "2", 503, "service_unavailable");
    assert_true (SAY (bench, "intake", "i1", "E", "3", "a.b"));
    sent_nothing (bench);
    assert_true (answer (bench, "payment", "p1", "client", "1"));
    sent_answer (bench, "1", 200, NULL);
    AUTO (zmsg) part = sent (bench, "p1", "X"); /* nothing is left in its hands */
    assert_false (SAY (bench, "payment", "stranger", "X"));
    sent_nothing (bench);
}

static void idle_bye_may_go_at_once (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "2", "");
    bench_clear (bench);
    assert_true (SAY (bench, "payment", "p1", "X"));
    AUTO (zmsg) part = sent (bench, "p1", "X");
    assert_true (ask (bench, "broker", "1", DEADLINE)); /* and it counts no more */
    AUTO (zmsg) message = sent (bench, "client", "A");
    AUTO_FREE char *body = zframe_strdup (zmsg_last (message));
    json_auto_t *census = json_loads (body, 0, NULL);
    assert_int_equal (json_integer_value (json_object_get (json_object_get (census, "payment"), "replicas")), 0);
}

static int young_open (void **state)
{
    bench_open (state);
    struct bench *bench = *state;
    broker_destroy (&bench->broker);
    bench->broker = broker_new (42, bench->now + WIRE_DEAD_MS);
    broker_set_sender (bench->broker, collect, bench);
    return 0;
}

static void young_broker_waits_for_the_replicas (void **state)
{
    struct bench *bench = *state;
    assert_true (ask (bench, "broker", "0", DEADLINE));
    sent_answer (bench, "0", 202, NULL); /* the census of a broker that knows little */
    assert_true (ask (bench, "payment", "1", DEADLINE));
    assert_true (ask (bench, "archive", "2", DEADLINE));
    broker_tick (bench->broker, bench->now, bench->wall);
    sent_nothing (bench);
    ready (bench, "payment", "p1", "2", "");
    AUTO (zmsg) hello = sent (bench, "p1", "H");
    sent_request (bench, "p1", "1");
    bench->now += WIRE_DEAD_MS;
    ready (bench, "payment", "p1", "2", "");
    bench_clear (bench);
    broker_tick (bench->broker, bench->now, bench->wall);
    sent_answer (bench, "2", 503, "service_unavailable");
    assert_true (ask (bench, "archive", "3", DEADLINE));
    sent_answer (bench, "3", 503, "service_unavailable");
}

/* The time in which the replicas find a new broker says nothing about how fast the queue moves. */
static void waiting_for_the_replicas_is_no_pace (void **state)
{
    struct bench *bench = *state;
    for (int i = 0; i < 100; i++)
        assert_true (ask (bench, "payment", "x", DEADLINE));
    sent_nothing (bench);
    bench->now += WIRE_DEAD_MS;
    ready (bench, "payment", "p1", "12", "");
    bench_clear (bench);
    assert_true (ask (bench, "payment", "late", DEADLINE));
    sent_nothing (bench); /* it waits behind the others */
}

static void leaving_broker_carries_what_it_has (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "1", "");
    ready (bench, "gateway", "client", "0", "");
    assert_true (ask (bench, "payment", "1", DEADLINE));
    assert_false (SAY (bench, "gateway", "client", "L")); /* nobody asked it to */
    bench_clear (bench);
    broker_leave (bench->broker);
    zmsg_t *told = sent (bench, "p1", "L");
    zmsg_destroy (&told);
    told = sent (bench, "client", "L");
    zmsg_destroy (&told);
    assert_true (SAY (bench, "payment", "p1", "L"));
    assert_true (ask (bench, "payment", "2", DEADLINE)); /* was under way */
    assert_true (SAY (bench, "gateway", "client", "L"));
    assert_false (broker_is_done (bench->broker));
    assert_true (answer (bench, "payment", "p1", "client", "1"));
    sent_answer (bench, "1", 200, NULL);
    sent_request (bench, "p1", "2");
    assert_false (broker_is_done (bench->broker));
    assert_true (answer (bench, "payment", "p1", "client", "2"));
    sent_answer (bench, "2", 200, NULL);
    assert_true (broker_is_done (bench->broker));
    assert_true (SAY (bench, "intake", "i1", "")); /* who comes now is told at once */
    told = sent (bench, "i1", "H");
    zmsg_destroy (&told);
    told = sent (bench, "i1", "L");
    zmsg_destroy (&told);
}

static void census_counts_replicas (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "2", "");
    ready (bench, "payment", "p2", "2", "");
    bench_clear (bench);
    assert_true (ask (bench, "broker", "1", DEADLINE));
    AUTO (zmsg) message = sent (bench, "client", "A");
    AUTO_FREE char *body = zframe_strdup (zmsg_last (message));
    json_auto_t *census = json_loads (body, 0, NULL);
    json_t *payment = json_object_get (census, "payment");
    assert_int_equal (json_integer_value (json_object_get (payment, "replicas")), 2);
    assert_int_equal (json_integer_value (json_array_get (json_object_get (payment, "pids"), 0)), 7);
}

/* ---- nudges ------------------------------------------------------------------------------------------------------ */

/* The member that a nudge of `partition` goes to: 1, 2, 3; 0 for none.  There must be no second one. */
static int nudged (struct bench *bench, int partition, const char *topic)
{
    char text[24];
    snprintf (text, sizeof text, "%d", partition);
    bench_clear (bench);
    assert_true (SAY (bench, "intake", "i1", "E", text, topic));
    assert_true (zlistx_size (bench->sent) <= 1);
    zmsg_t *message = zlistx_first (bench->sent);
    if (!message)
        return 0;
    assert_int_equal (zmsg_size (message), 5);
    return ((const char *)zframe_data (zmsg_first (message)))[1] - '0';
}

static void nudge_reaches_one_of_each_group (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "1", "a.b,c.d");
    ready (bench, "payment", "p2", "1", "a.b,c.d");
    ready (bench, "signing", "s1", "1", "c.d");
    ready (bench, "archive", "a1", "1", "");
    bench_clear (bench);
    assert_true (SAY (bench, "intake", "i1", "E", "5", "c.d"));
    assert_int_equal (zlistx_size (bench->sent), 2);
    bench_clear (bench);
    assert_true (SAY (bench, "intake", "i1", "E", "5", "c.d", "signing")); /* for one alone */
    assert_int_equal (zlistx_size (bench->sent), 1);
    zmsg_t *addressed = zlistx_first (bench->sent);
    assert_true (zframe_streq (zmsg_first (addressed), "s1"));
    bench_clear (bench);
    assert_true (SAY (bench, "intake", "i1", "E", "5", "c.d", "nobody"));
    assert_int_equal (zlistx_size (bench->sent), 0);
    assert_int_not_equal (nudged (bench, 5, "a.b"), 0);
    assert_int_equal (nudged (bench, 5, "a"), 0); /* whole names only */
    assert_false (SAY (bench, "intake", "i1", "E", "64", "a.b"));
    assert_false (SAY (bench, "intake", "i1", "E", "-1", "a.b"));
    assert_false (SAY (bench, "intake", "i1", "E", "99999999999999999999", "a.b"));
}

/* Gateways: all are told, also of what is for somebody else, and stand in nobody's way. */
static void listeners_are_all_told (void **state)
{
    struct bench *bench = *state;
    ready (bench, "gateway", "g1", "0", "*a.b,*c.d");
    ready (bench, "gateway", "g2", "0", "*c.d");
    ready (bench, "payment", "p1", "1", "c.d");
    bench_clear (bench);
    assert_true (SAY (bench, "intake", "i1", "E", "5", "c.d", "payment", "35.29.22"));
    assert_int_equal (zlistx_size (bench->sent), 3);
    for (zmsg_t *message = zlistx_first (bench->sent); message; message = zlistx_next (bench->sent))
        assert_true (zframe_streq (zmsg_last (message), "35.29.22"));
    assert_int_equal (nudged (bench, 5, "a.b"), 1);
    assert_false (SAY (bench, "intake", "i1", "E", "5", "*c.d"));
    assert_true (SAY (bench, "gateway", "g1", "X"));
    bench_clear (bench);
    assert_true (SAY (bench, "intake", "i1", "E", "5", "c.d", "nobody"));
    assert_int_equal (zlistx_size (bench->sent), 1);
}

static void nudges_move_with_the_leaver_only (void **state)
{
    struct bench *bench = *state;
    int before[64], share[4] = {0};
    ready (bench, "payment", "p1", "1", "a.b");
    ready (bench, "payment", "p2", "1", "a.b");
    ready (bench, "payment", "p3", "1", "a.b");
    for (int p = 0; p < 64; p++)
        share[before[p] = nudged (bench, p, "a.b")]++;
    for (int member = 1; member <= 3; member++)
        assert_in_range (share[member], 8, 40); /* no member idle, none with nearly all */
    for (int p = 0; p < 64; p++)
        assert_int_equal (nudged (bench, p, "a.b"), before[p]);
    assert_true (SAY (bench, "payment", "p2", "X"));
    for (int p = 0; p < 64; p++) {
        int after = nudged (bench, p, "a.b");
        assert_int_not_equal (after, 2);
        if (before[p] != 2)
            assert_int_equal (after, before[p]);
    }
}

static void topics_may_change (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "1", "a.b");
    ready (bench, "payment", "p1", "1", "");
    assert_int_equal (nudged (bench, 1, "a.b"), 0);
}

/* ---- rubbish ----------------------------------------------------------------------------------------------------- */

static zframe_t *random_frame (void)
{
    static const char *const words[] = {"R",
                                        "Q",
                                        "A",
                                        "E",
                                        "X",
                                        "H",
                                        "",
                                        "payment",
                                        "1",
                                        "-1",
                                        "0",
                                        "a.b",
                                        "client",
                                        "99999999999999999999",
                                        "-9223372036854775808",
                                        "1005000",
                                        "{}",
                                        "p1",
                                        "p2"};
    enum { WORDS = sizeof words / sizeof *words };
    int pick = rand () % (WORDS + 4);
    if (pick < WORDS)
        return zframe_new (words[pick], strlen (words[pick]));
    unsigned char bytes[40];
    size_t size = (size_t)rand () % sizeof bytes;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (unsigned char)rand ();
    return zframe_new (bytes, size);
}

/* Whatever comes in: no crash, no leak (ASan judges), and the honest are still served afterwards. */
static void rubbish_is_survived (void **state)
{
    struct bench *bench = *state;
    static const char *const routes[] = {"p1", "p2", "client", "x"};
    static const char *const names[] = {"payment", "intake", "gateway"};
    srand (20261122);
    for (int round = 0; round < 100000; round++) {
        const char *from = routes[rand () % 4];
        AUTO (zframe) route = zframe_new (from, strlen (from));
        zmsg_t *message = zmsg_new ();
        for (int frames = rand () % 9; frames > 0; frames--) {
            zframe_t *frame = random_frame ();
            zmsg_append (message, &frame);
        }
        bench->gone = rand () % 10 ? NULL : "p1";
        broker_receive (bench->broker, names[rand () % 3], route, &message, bench->now, bench->wall);
        if (rand () % 50 == 0)
            broker_tick (bench->broker, bench->now += 100, bench->wall += 100);
        bench_clear (bench);
    }
    bench->gone = NULL;
    bench->now += WIRE_DEAD_MS;
    broker_tick (bench->broker, bench->now, bench->wall);
    ready (bench, "payment", "p9", "1", "");
    bench_clear (bench);
    assert_true (ask (bench, "payment", "1", bench->wall + 1000));
    sent_request (bench, "p9", "1");
}

#define BENCH(test) cmocka_unit_test_setup_teardown (test, bench_open, bench_close)
#define YOUNG(test) cmocka_unit_test_setup_teardown (test, young_open, bench_close)

int main (void)
{
    const struct CMUnitTest tests[] = {
        BENCH (ready_is_greeted),
        BENCH (knock_is_greeted),
        BENCH (foreign_name_is_refused),
        BENCH (long_name_is_refused),
        BENCH (inherited_route_serves_its_own_name),
        BENCH (impossible_names_are_dropped),
        BENCH (unknown_service_is_unavailable),
        BENCH (requests_take_turns_by_credit),
        BENCH (new_credit_is_used_at_once),
        BENCH (full_queue_is_overloaded),
        BENCH (slow_queue_is_overloaded),
        BENCH (queue_is_as_long_as_its_pace_allows),
        BENCH (waiting_bytes_are_bounded),
        BENCH (late_requests_are_dropped),
        BENCH (forgotten_requests_give_their_credit_back),
        BENCH (foreign_answers_are_dropped),
        BENCH (silent_replica_is_dead),
        BENCH (held_up_broker_buries_nobody),
        BENCH (lost_connection_moves_the_request),
        BENCH (bye_gets_nothing_new),
        BENCH (idle_bye_may_go_at_once),
        YOUNG (young_broker_waits_for_the_replicas),
        YOUNG (waiting_for_the_replicas_is_no_pace),
        BENCH (leaving_broker_carries_what_it_has),
        BENCH (census_counts_replicas),
        BENCH (nudge_reaches_one_of_each_group),
        BENCH (listeners_are_all_told),
        BENCH (nudges_move_with_the_leaver_only),
        BENCH (topics_may_change),
        BENCH (rubbish_is_survived),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
