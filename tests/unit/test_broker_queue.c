/* The queue (services/broker/broker_queue.c): how many requests may wait for a service, by number, pace and bytes. */
#include "broker_fixture.h"

#include "common/wire.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

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

int main (void)
{
    const struct CMUnitTest tests[] = {
        BENCH (full_queue_is_overloaded),
        BENCH (slow_queue_is_overloaded),
        BENCH (queue_is_as_long_as_its_pace_allows),
        YOUNG (waiting_for_the_replicas_is_no_pace),
        BENCH (waiting_bytes_are_bounded),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
