/* Nudges (services/broker/broker_nudge.c): one member of each group, and every listener. */
#include "broker_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

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

int main (void)
{
    const struct CMUnitTest tests[] = {
        BENCH (nudge_reaches_one_of_each_group),
        BENCH (listeners_are_all_told),
        BENCH (nudges_move_with_the_leaver_only),
        BENCH (topics_may_change),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
