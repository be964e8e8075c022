/* Endpoints that name a host; the way from a name to its addresses, for the one name that every machine knows. */
#include "common/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

static void test_names_and_addresses (void **state)
{
    (void)state;
    assert_true (names_is_name ("tcp://broker:7000"));
    assert_true (names_is_name ("tcp://broker.paten.internal:7000"));
    assert_true (names_is_name ("tcp://10.0.0.256:7000"));
    assert_false (names_is_name ("tcp://10.0.0.2:7000"));
    assert_false (names_is_name ("tcp://[::1]:7000"));
    assert_false (names_is_name ("tcp://*:7000"));
    assert_false (names_is_name ("tcp://broker"));
    assert_false (names_is_name ("ipc:///run/broker.ipc"));
    assert_false (names_is_name ("broker:7000"));
    assert_false (names_is_name (""));
}

static void test_what_cannot_be_asked (void **state)
{
    (void)state;
    static const char *const bad[] = {"tcp://broker:", "tcp://broker:x", "tcp://broker:70000000",
                                      "tcp://broker:7000/x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_null (names_new (bad[i], 1000));
}

/* Waits for an answer. */
static int look (names_t *names, char found[NAMES_MOST][NAMES_ENDPOINT_SIZE])
{
    int count = -1;
    for (int i = 0; i < 1000 && (count = names_look (names, found)) < 0; i++)
        nanosleep (&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
    return count;
}

static void test_asks_again (void **state)
{
    (void)state;
    char found[NAMES_MOST][NAMES_ENDPOINT_SIZE];
    names_t *names = names_new ("tcp://localhost:7000", 20);
    assert_non_null (names);
    for (int i = 0; i < 3; i++) {
        assert_int_equal (look (names, found), 1);
        assert_string_equal (found[0], "tcp://127.0.0.1:7000");
    }
    names_destroy (&names);
    assert_null (names);
}

static void test_an_answer_is_told_once (void **state)
{
    (void)state;
    char found[NAMES_MOST][NAMES_ENDPOINT_SIZE];
    names_t *names = names_new ("tcp://localhost:7000", 1000 * 1000);
    assert_int_equal (look (names, found), 1);
    assert_int_equal (names_look (names, found), -1);
    names_destroy (&names);
}

int main (void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test (test_names_and_addresses),
                                       cmocka_unit_test (test_what_cannot_be_asked), cmocka_unit_test (test_asks_again),
                                       cmocka_unit_test (test_an_answer_is_told_once)};
    return cmocka_run_group_tests_name ("names", tests, NULL, NULL);
}
