/* Carrying (services/broker/broker.c): who may speak, requests to a replica with credit, answers back to the asker. */
#include "broker_fixture.h"

#include "common/wire.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

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
        BENCH (late_requests_are_dropped),
        BENCH (forgotten_requests_give_their_credit_back),
        BENCH (foreign_answers_are_dropped),
        BENCH (rubbish_is_survived),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
