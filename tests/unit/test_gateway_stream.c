/* The streams on which the officers' screens hear that something has moved: what they tell, how many there may be, and
 * how they end. */
#include "gateway_fixture.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* What comes until `wanted` is in it or `ms` are over, added to `answer`; -1: the other side has closed. */
static int hear (int handle, const char *wanted, int ms)
{
    size_t used = strlen (answer);
    while (!strstr (answer, wanted)) {
        struct pollfd ready = {.fd = handle, .events = POLLIN};
        if (poll (&ready, 1, ms) == 0)
            return 0;
        ssize_t got = recv (handle, answer + used, sizeof answer - 1 - used, 0);
        if (got <= 0)
            return -1;
        answer[used += (size_t)got] = '\0';
    }
    return 1;
}

static int ask_for_stream (const char *token)
{
    char request[200];
    snprintf (request, sizeof request, "GET /v1/changes HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n",
              token);
    int handle = dial ();
    put (handle, request, strlen (request));
    return handle;
}

static bool is_opened (int handle)
{
    answer[0] = '\0';
    return hear (handle, ":\n\n", 5000) == 1;
}

static int open_stream (const char *token)
{
    int handle = ask_for_stream (token);
    assert_true (is_opened (handle));
    return handle;
}

/* In the place of one who has hung up, which is noticed at the next message, at the latest. */
static int open_stream_instead (const char *token)
{
    for (int i = 0; i < 25; i++) {
        live_heard (live, "step.requested", "");
        usleep (4 * TICK_MS * 1000);
        int handle = ask_for_stream (token);
        answer[0] = '\0';
        if (hear (handle, "\r\n", 5000) == 1 && said ("HTTP/1.1 200") &&
            (strstr (answer, ":\n\n") || is_opened (handle)))
            return handle;
        close (handle);
    }
    return -1;
}

static void a_stream_tells_that_something_moved (void **state)
{
    (void)state;
    int handle = open_stream ("good-1");
    assert_true (said ("HTTP/1.1 200") && said ("Content-Type: text/event-stream\r\n") &&
                 said ("Cache-Control: no-store"));
    answer[0] = '\0';
    live_heard (live, "step.requested", "35.29.01"); /* elsewhere */
    live_heard (live, "step.requested", "35.29.2");
    live_heard (live, "step.requested", "35.7");
    assert_int_equal (hear (handle, "moved", 4 * TICK_MS), 0);
    for (int i = 0; i < 50; i++)
        live_heard (live, "step.requested", "35.29.22");
    assert_int_equal (hear (handle, LIVE_MESSAGE, 5000), 1);
    answer[0] = '\0';
    assert_int_equal (hear (handle, "moved", 4 * TICK_MS), 0); /* fifty times is once */
    live_heard (live, "step.requested", "35.78.03");
    assert_int_equal (hear (handle, LIVE_MESSAGE, 5000), 1);
    answer[0] = '\0';
    live_heard (live, "application.closed", "");
    assert_int_equal (hear (handle, LIVE_MESSAGE, 5000), 1);
    close (handle);
}

static void a_stream_lives_for_a_while (void **state)
{
    (void)state;
    int handle = open_stream ("good-1");
    answer[0] = '\0';
    assert_int_equal (hear (handle, ":\n\n", 5000), 1);      /* a beat */
    assert_int_equal (hear (handle, "0\r\n\r\n", 30000), 1); /* the end, properly */
    assert_false (said ("moved"));
    close (handle);
    assert_int_equal (raw ("GET /v1/changes HTTP/1.1\r\n" END "\r\n"), 401);
    assert_int_equal (raw ("HEAD /v1/changes HTTP/1.1\r\n" GOOD END "\r\n"), 200);
}

static void streams_are_bounded (void **state)
{
    int handles[STREAMS_MOST];
    char token[20];
    (void)state;
    handles[0] = open_stream ("good-1");
    for (int i = 1; i < STREAMS_MOST; i++) { /* at once: each has its full life before it when the last has come */
        snprintf (token, sizeof token, "good-%d", i < LIVE_OF_ONE_MOST ? 1 : i);
        handles[i] = ask_for_stream (token);
    }
    for (int i = 1; i < STREAMS_MOST; i++)
        assert_true (is_opened (handles[i]));
    assert_int_equal (raw ("GET /v1/changes HTTP/1.1\r\n" GOOD END "\r\n"), 503);
    close (handles[STREAMS_MOST - 1]);
    handles[STREAMS_MOST - 1] = open_stream_instead ("good-1"); /* the ninth of one: his first must go */
    assert_true (handles[STREAMS_MOST - 1] >= 0);
    answer[0] = '\0';
    assert_int_equal (hear (handles[0], "0\r\n\r\n", 5000), 1);
    for (int i = 0; i < STREAMS_MOST; i++)
        close (handles[i]);
}

/* libmicrohttpd would abort if one were still suspended. */
static void streams_end_when_the_gateway_stops (void **state)
{
    (void)state;
    int handles[3];
    for (int i = 0; i < 3; i++)
        handles[i] = open_stream ("good-1");
    http_stop (&http);
    for (int i = 0; i < 3; i++) {
        answer[0] = '\0';
        assert_int_equal (hear (handles[i], "0\r\n\r\n", 5000), 1);
        close (handles[i]);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        WITH_GATEWAY (a_stream_tells_that_something_moved),
        WITH_GATEWAY (a_stream_lives_for_a_while),
        WITH_GATEWAY (streams_are_bounded),
        WITH_GATEWAY (streams_end_when_the_gateway_stops),
    };
    return cmocka_run_group_tests (tests, be_quiet, NULL);
}
