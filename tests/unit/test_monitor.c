/* The monitor over real sockets: figures, readiness need by need, what it refuses, a taken address. */
#include "common/conf.h"
#include "common/listen.h"
#include "common/metrics.h"
#include "common/monitor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static struct metric trials = {"paten_trials", METRIC_COUNTER, "Trials.", {{0}}, NULL, NULL, 0};

/* The whole answer to these bytes. */
static const char *ask (const char *question)
{
    static char answer[64 * 1024];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons ((uint16_t)monitor_port ())};
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    int handle = socket (AF_INET, SOCK_STREAM, 0);
    assert_int_equal (connect (handle, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal (send (handle, question, strlen (question), MSG_NOSIGNAL), strlen (question));
    size_t used = 0;
    for (ssize_t got; (got = recv (handle, answer + used, sizeof answer - 1 - used, 0)) > 0;)
        used += (size_t)got;
    answer[used] = '\0';
    close (handle);
    return answer;
}

static const char *get (const char *path)
{
    char question[100];
    snprintf (question, sizeof question, "GET %s HTTP/1.0\r\n\r\n", path);
    return ask (question);
}

static void assert_answer (const char *answer, int status, const char *body)
{
    int said = 0;
    assert_int_equal (sscanf (answer, "HTTP/1.%*d %d", &said), 1);
    assert_int_equal (said, status);
    const char *own = strstr (answer, "\r\n\r\n");
    assert_non_null (own);
    assert_string_equal (own + 4, body);
}

/* Needs are named one after the other: the first that is not met is what is told. */
static void test_ready (void **state)
{
    (void)state;
    assert_answer (get ("/ready"), 200, "ready\n");
    monitor_needs (MONITOR_LOOP);
    assert_answer (get ("/ready"), 503, "the main loop does not turn\n");
    monitor_turned ();
    assert_answer (get ("/ready"), 200, "ready\n");
    monitor_needs (MONITOR_BROKER);
    monitor_needs (MONITOR_DATABASE);
    assert_answer (get ("/ready"), 503, "no broker is alive\n");
    monitor_say (MONITOR_BROKER, true);
    assert_answer (get ("/ready"), 503, "the database does not answer\n");
    monitor_say (MONITOR_DATABASE, true);
    monitor_turned ();
    assert_answer (get ("/ready"), 200, "ready\n");
    monitor_say (MONITOR_BROKER, false);
    monitor_turned ();
    assert_answer (get ("/ready"), 503, "no broker is alive\n");
    monitor_stopping ();
    assert_answer (get ("/ready"), 503, "it is stopping\n");
}

static void test_metrics (void **state)
{
    (void)state;
    assert_int_equal (monitor_asked_at (), 0);
    metric_add (&trials, 0, 0, 42);
    const char *answer = get ("/metrics");
    assert_non_null (strstr (answer, "Content-Type: " METRICS_MEDIA_TYPE "\r\n"));
    assert_non_null (strstr (answer, "\npaten_trials_total{service=\"trial\"} 42\n"));
    assert_string_equal (answer + strlen (answer) - 6, "# EOF\n");
    assert_true (monitor_asked_at () > 0);
}

static void test_refused (void **state)
{
    (void)state;
    assert_answer (get ("/"), 404, "/metrics or /ready\n");
    assert_answer (get ("/metrics/"), 404, "/metrics or /ready\n");
    assert_answer (ask ("POST /ready HTTP/1.0\r\nContent-Length: 0\r\n\r\n"), 405, "GET or HEAD\n");
    assert_answer (ask ("HEAD /metrics HTTP/1.0\r\n\r\n"), 200, "");
    (void)ask ("\r\n\x01\xff nonsense\r\n\r\n"); /* whatever it says, the next one is answered */
    assert_answer (get ("/nothing"), 404, "/metrics or /ready\n");
}

/* One address, one listener; what was stopped can begin again, and stopping twice does nothing. */
static void test_address (void **state)
{
    (void)state;
    char address[40];
    snprintf (address, sizeof address, "127.0.0.1:%d", monitor_port ());
    assert_int_equal (listen_on (address, 1), -1);
    assert_int_equal (errno, EADDRINUSE);
    assert_int_equal (listen_on ("no address", 1), -1);
    monitor_stop ();
    monitor_stop ();
    assert_int_equal (monitor_port (), 0);
    int handle = listen_on (address, 1);
    assert_true (handle >= 0);
    close (handle);
    monitor_start ();
    assert_answer (get ("/"), 404, "/metrics or /ready\n");
    monitor_stop ();
}

int main (void)
{
    setenv ("PATEN_MONITOR_LISTEN", "127.0.0.1:0", 1);
    if (conf_load (monitor_settings) < 0)
        return EXIT_FAILURE;
    metrics_open ("trial");
    metrics_add (&trials);
    monitor_start ();
    const struct CMUnitTest tests[] = {cmocka_unit_test (test_metrics), cmocka_unit_test (test_ready),
                                       cmocka_unit_test (test_refused), cmocka_unit_test (test_address)};
    return cmocka_run_group_tests_name ("monitor", tests, NULL, NULL);
}
