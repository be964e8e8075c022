/* Coming and going: replicas that fall silent, lose their connection or say BYE, a broker that has just come or leaves, and
 * who is counted. */
#include "broker_fixture.h"

#include "common/wire.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

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
    assert_false (broker_may_go (bench->broker));
    assert_true (answer (bench, "payment", "p1", "client", "1"));
    sent_answer (bench, "1", 200, NULL);
    sent_request (bench, "p1", "2");
    assert_false (broker_may_go (bench->broker));
    assert_true (answer (bench, "payment", "p1", "client", "2"));
    sent_answer (bench, "2", 200, NULL);
    bench_clear (bench);
    assert_false (broker_may_go (bench->broker)); /* that answer may not have been read yet */
    told = sent (bench, "p1", "L");
    zmsg_destroy (&told);
    told = sent (bench, "client", "L");
    zmsg_destroy (&told);
    ready (bench, "gateway", "client", "0", ""); /* told again with its beat, which is not waited for */
    assert_true (SAY (bench, "payment", "p1", "L"));
    assert_false (broker_may_go (bench->broker));
    assert_true (SAY (bench, "gateway", "client", "L"));
    assert_true (broker_may_go (bench->broker));
    bench_clear (bench);
    assert_true (SAY (bench, "intake", "i1", "")); /* who comes now is told at once */
    told = sent (bench, "i1", "H");
    zmsg_destroy (&told);
    told = sent (bench, "i1", "L");
    zmsg_destroy (&told);
}

/* One that comes while the broker leaves, one that leaves itself, and a request that comes behind the last word. */
static void leaving_broker_waits_for_everybody (void **state)
{
    struct bench *bench = *state;
    ready (bench, "payment", "p1", "1", "");
    ready (bench, "gateway", "client", "0", "");
    broker_leave (bench->broker);
    assert_true (SAY (bench, "payment", "p1", "L"));
    assert_true (SAY (bench, "gateway", "client", "X")); /* says BYE: it may still wait for an answer */
    assert_false (broker_may_go (bench->broker));
    assert_true (SAY (bench, "gateway", "client", "L"));
    assert_false (broker_may_go (bench->broker)); /* the last word */
    assert_true (SAY (bench, "payment", "p1", "L"));
    assert_true (ask (bench, "payment", "1", DEADLINE));
    assert_true (SAY (bench, "gateway", "client", "L"));
    assert_true (answer (bench, "payment", "p1", "client", "1"));
    assert_false (broker_may_go (bench->broker)); /* once more, behind that answer */
    assert_true (SAY (bench, "payment", "p1", "L"));
    assert_true (SAY (bench, "gateway", "client", "L"));
    assert_true (broker_may_go (bench->broker));
    assert_true (SAY (bench, "intake", "i1", ""));
    ready (bench, "intake", "i1", "1", "");
    assert_true (SAY (bench, "intake", "i1", "L")); /* the echo to what it was told with its KNOCK */
    assert_false (broker_may_go (bench->broker));
    assert_true (SAY (bench, "intake", "i1", "L"));
    assert_false (SAY (bench, "intake", "i1", "L")); /* more than it was told */
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

int main (void)
{
    const struct CMUnitTest tests[] = {
        BENCH (silent_replica_is_dead),
        BENCH (held_up_broker_buries_nobody),
        BENCH (lost_connection_moves_the_request),
        BENCH (bye_gets_nothing_new),
        BENCH (idle_bye_may_go_at_once),
        YOUNG (young_broker_waits_for_the_replicas),
        BENCH (leaving_broker_carries_what_it_has),
        BENCH (leaving_broker_waits_for_everybody),
        BENCH (census_counts_replicas),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
