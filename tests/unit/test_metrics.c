/* Figures as text: kinds, labels, escapes, what is left out; counting from several threads.  With "--sample" it prints
 * the text for a judge that is not ours (metrics_judge.py). */
#include "common/metrics.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const methods[] = {"a.get", "a.\"odd\"\\\n", NULL};
static const char *const classes[] = {"2xx", "5xx", NULL};

static struct metric requests = {
    "paten_requests", METRIC_COUNTER, "Requests.", {{"method", methods}, {"status", classes}}, NULL, NULL, 0};
static struct metric seconds = {
    "paten_request_seconds", METRIC_SECONDS, "Time of \"requests\"\n\\.", {{"method", methods}}, "seconds", NULL, 0};
static struct metric waiting = {"paten_waiting", METRIC_GAUGE, "Requests that wait.", {{0}}, NULL, NULL, 0};
static struct metric oldest = {
    "paten_oldest_seconds", METRIC_MEASURED, "Age of the oldest.", {{"status", classes}}, "seconds", NULL, 0};
static struct metric absent = {"paten_absent", METRIC_COUNTER, "Never added.", {{0}}, NULL, NULL, 0};

static void open_all (void)
{
    metrics_open ("trial");
    metrics_add (&requests);
    metrics_add (&requests); /* a second time does nothing */
    metrics_add (&seconds);
    metrics_add (&waiting);
    metrics_add (&oldest);
}

static void fill_all (void)
{
    metric_add (&requests, 0, 0, 3);
    metric_add (&requests, 1, 1, 1);
    metric_observe (&seconds, 0, 0, 2500);    /* on the bound: within it */
    metric_observe (&seconds, 0, 0, 2501);    /* beyond */
    metric_observe (&seconds, 0, 0, 7000000); /* +Inf */
    metric_set (&waiting, 0, 0, 5);
    metric_add (&waiting, 0, 0, -7);
    metric_set (&oldest, 0, 0, 1500000);
    metric_set (&oldest, 1, 0, -250000);
}

static char *text (void)
{
    size_t size;
    char *all = metrics_text (&size);
    assert_non_null (all);
    assert_int_equal (strlen (all), size);
    return all;
}

static void assert_line (const char *all, const char *line)
{
    const char *at = strstr (all, line);
    if (!at || (at != all && at[-1] != '\n') || at[strlen (line)] != '\n')
        fail_msg ("no line %s in\n%s", line, all);
}

static void test_text (void **state)
{
    (void)state;
    fill_all ();
    char *all = text ();
    assert_line (all, "# TYPE paten_requests counter");
    assert_line (all, "paten_requests_total{service=\"trial\",method=\"a.get\",status=\"2xx\"} 3");
    assert_line (all, "paten_requests_total{service=\"trial\",method=\"a.get\",status=\"5xx\"} 0");
    assert_line (all, "paten_requests_total{service=\"trial\",method=\"a.\\\"odd\\\"\\\\\\n\",status=\"5xx\"} 1");
    assert_line (all, "# UNIT paten_request_seconds seconds");
    assert_line (all, "# HELP paten_request_seconds Time of \\\"requests\\\"\\n\\\\.");
    assert_line (all, "paten_request_seconds_bucket{service=\"trial\",method=\"a.get\",le=\"0.0025\"} 1");
    assert_line (all, "paten_request_seconds_bucket{service=\"trial\",method=\"a.get\",le=\"0.01\"} 2");
    assert_line (all, "paten_request_seconds_bucket{service=\"trial\",method=\"a.get\",le=\"5.0\"} 2");
    assert_line (all, "paten_request_seconds_bucket{service=\"trial\",method=\"a.get\",le=\"+Inf\"} 3");
    assert_line (all, "paten_request_seconds_count{service=\"trial\",method=\"a.get\"} 3");
    assert_line (all, "paten_request_seconds_sum{service=\"trial\",method=\"a.get\"} 7.005001");
    assert_null (strstr (all, "paten_request_seconds_count{service=\"trial\",method=\"a.\\\"odd")); /* never happened */
    assert_line (all, "paten_waiting{service=\"trial\"} -2");
    assert_null (strstr (all, "paten_oldest")); /* nobody has measured it */
    assert_null (strstr (all, "paten_absent"));
    assert_non_null (strstr (all, "\nprocess_resident_memory_bytes{service=\"trial\"} "));
    assert_string_equal (all + strlen (all) - 6, "# EOF\n");
    free (all);
    metric_measured (&oldest);
    all = text ();
    assert_line (all, "paten_oldest_seconds{service=\"trial\",status=\"2xx\"} 1.500000");
    assert_line (all, "paten_oldest_seconds{service=\"trial\",status=\"5xx\"} -0.250000");
    free (all);
}

static void test_values (void **state)
{
    (void)state;
    int64_t before = metric_value (&seconds, 1, 0);
    metric_observe (&seconds, 1, 0, 1);
    assert_int_equal (metric_value (&seconds, 1, 0), before + 1);
    metric_add (&absent, 0, 0, 1);
    metric_observe (&absent, 0, 0, 1);
    assert_int_equal (metric_value (&absent, 0, 0), 0);
    assert_int_equal (metric_index (&requests, 0, "a.get"), 0);
    assert_int_equal (metric_index (&requests, 1, "5xx"), 1);
    assert_int_equal (metric_index (&requests, 1, "4xx"), -1);
    assert_int_equal (metric_index (&waiting, 0, "x"), -1);
}

enum { THREADS = 4, TIMES = 20000 };

static void *count (void *argument)
{
    (void)argument;
    for (int i = 0; i < TIMES; i++) {
        metric_add (&requests, 0, 1, 1);
        metric_observe (&seconds, 1, 0, i);
    }
    return NULL;
}

static void test_threads (void **state)
{
    (void)state;
    int64_t requests_before = metric_value (&requests, 0, 1), seconds_before = metric_value (&seconds, 1, 0);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal (pthread_create (&threads[i], NULL, count, NULL), 0);
    char *during = text ();
    free (during);
    for (int i = 0; i < THREADS; i++)
        pthread_join (threads[i], NULL);
    assert_int_equal (metric_value (&requests, 0, 1), requests_before + THREADS * TIMES);
    assert_int_equal (metric_value (&seconds, 1, 0), seconds_before + THREADS * TIMES);
}

static int print_sample (void)
{
    fill_all ();
    metric_measured (&oldest);
    char *all = text ();
    fputs (all, stdout);
    free (all);
    return 0;
}

int main (int argc, char **argv)
{
    open_all ();
    if (argc == 2 && strcmp (argv[1], "--sample") == 0)
        return print_sample ();
    const struct CMUnitTest tests[] = {cmocka_unit_test (test_text), cmocka_unit_test (test_values),
                                       cmocka_unit_test (test_threads)};
    return cmocka_run_group_tests_name ("metrics", tests, NULL, NULL);
}
