/* Where a request begins and ends: heads and bodies that the gateway refuses without asking anybody, how many it takes at
 * once, and that a connection stays usable, or is closed, after all that. */
#include "gateway_fixture.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- refusals ---------------------------------------------------------------------------------------------------- */

struct refusal {
    const char *request;
    int status;
    const char *code;
};

static void check_refusals (const struct refusal *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char code[80];
        snprintf (code, sizeof code, "\"code\":\"%s\"", cases[i].code);
        int status = raw (cases[i].request);
        if (status != cases[i].status || !said (code) || !said ("application/problem+json"))
            fail_msg ("%s\n→ %d %s", cases[i].request, status, answer);
    }
}

static void refusals_of_the_head (void **state)
{
    static const struct refusal cases[] = {
        {"GET /v1/nothing HTTP/1.1\r\n" END "\r\n", 404, "not_found"},
        {"GET /v1/services/%00 HTTP/1.1\r\n" END "\r\n", 400, "bad_request"},
        {"DELETE /v1/services HTTP/1.1\r\n" END "\r\n", 405, "method_not_allowed"},
        {"GET /v1/services?a=1&a=2 HTTP/1.1\r\n" END "\r\n", 400, "bad_request"},
        {"GET /v1/applications HTTP/1.1\r\n" END "\r\n", 401, "unauthenticated"},
        {"GET /v1/applications HTTP/1.1\r\nAuthorization: Basic YTpi\r\n" END "\r\n", 401, "unauthenticated"},
        {"GET /v1/applications HTTP/1.1\r\nAuthorization: Bearer evil\r\n" END "\r\n", 401, "unauthenticated"},
        {"POST /v1/applications HTTP/1.1\r\n" GOOD KEY END "Content-Length: 2\r\n\r\n{}", 415,
         "media_type_unsupported"},
        {"POST /v1/applications HTTP/1.1\r\n" GOOD JSON END "Content-Length: 2\r\n\r\n{}", 400,
         "idempotency_key_required"},
        {"POST /v1/files?purpose=photo HTTP/1.1\r\n" GOOD END "Content-Length: 0\r\n\r\n", 422, "file_empty"},
        {"POST /v1/files?size=9 HTTP/1.1\r\n" GOOD END "Content-Length: 1\r\n\r\nx", 400, "bad_request"},
        {"POST /v1/verifications?purpose=photo HTTP/1.1\r\n" END "Content-Length: 1\r\n\r\nx", 400, "bad_request"},
    };
    (void)state;
    check_refusals (cases, sizeof cases / sizeof cases[0]);
    assert_int_equal (seen.asked, seen.resolved);
}

/* None of these says "Connection: close": the gateway must close by itself, or the test would wait for ever. */
static void dishonest_framing_closes (void **state)
{
    static const struct refusal cases[] = {
        {"POST /v1/sessions HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", 400,
         "bad_request"},
        {"POST /v1/sessions HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400,
         "bad_request"},
        {"POST /v1/sessions HTTP/1.1\r\nHost: a\r\n" JSON
         "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n",
         400, "bad_request"},
        {"POST /v1/sessions HTTP/1.1\r\nHost: a\r\n" JSON "Transfer-Encoding: xchunked\r\n\r\n", 400, "bad_request"},
        {"GET /v1/health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "bad_request"},
        {"GET /v1/health HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 400, "bad_request"},
        {"POST /v1/files?purpose=photo HTTP/1.1\r\nHost: a\r\n" GOOD "Content-Length: 5242881\r\n\r\n", 413,
         "file_too_large"},
        {"POST /v1/files?purpose=photo HTTP/1.1\r\nHost: a\r\n" GOOD "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411,
         "length_required"},
        {"POST /v1/sessions HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: 65537\r\n\r\n", 413, "body_too_large"},
    };
    (void)state;
    check_refusals (cases, sizeof cases / sizeof cases[0]);
    assert_int_equal (seen.asked, 0);
    assert_true (raw ("nonsense\r\n\r\n") != 200);
    assert_false (said ("200 OK"));
    assert_int_equal (raw ("POST /v1/sessions HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: abc\r\n\r\n"), 400);
}

static void large_heads (void **state)
{
    (void)state;
    static char text[48 * 1024];
    int used = snprintf (text, sizeof text, "GET /v1/health HTTP/1.1\r\n" END "X-Long: ");
    memset (text + used, 'x', 40 * 1024);
    memcpy (text + used + 40 * 1024, "\r\n\r\n", 5);
    assert_int_equal (raw (text), 431);
    strcpy (text, "GET /");
    memset (text + 5, 'x', 40 * 1024 - 5);
    strcpy (text + 40 * 1024, " HTTP/1.1\r\n" END "\r\n");
    assert_int_equal (raw (text), 414);
}

/* ---- connections ------------------------------------------------------------------------------------------------- */

/* A chunked body over the limit is read to its end and refused; the connection serves the next request. */
static void a_long_chunked_body (void **state)
{
    (void)state;
    enum { CHUNKS = 20, CHUNK = 4096 };
    static char text[CHUNKS * (CHUNK + 8) + 1024];
    int used = snprintf (text, sizeof text,
                         "POST /v1/sessions HTTP/1.1\r\nHost: a\r\n" JSON "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < CHUNKS; i++) {
        used += sprintf (text + used, "1000\r\n");
        memset (text + used, ' ', CHUNK);
        used += CHUNK;
        used += sprintf (text + used, "\r\n");
    }
    used += sprintf (text + used, "0\r\n\r\nGET /v1/health HTTP/1.1\r\n" END "\r\n");
    assert_int_equal (exchange_bytes (text, (size_t)used), 413);
    assert_true (said ("\"code\":\"body_too_large\"") && said ("\"status\":\"ready\""));
    assert_int_equal (seen.asked, 0);
}

/* A refused request's small body is swallowed; the next request on the connection is not made of it. */
static void a_refused_connection_stays_usable (void **state)
{
    (void)state;
    assert_int_equal (raw ("POST /v1/applications HTTP/1.1\r\nHost: a\r\n" JSON KEY "Content-Length: 45\r\n\r\n"
                           "GET /v1/nothing HTTP/1.1\r\nHost: a\r\nxx: yy\r\n\r\n"
                           "GET /v1/health HTTP/1.1\r\n" END "\r\n"),
                      401);
    assert_true (said ("\"status\":\"ready\"") && !said ("not_found"));
}

static void connections_are_kept (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /v1/services?q=first HTTP/1.1\r\nHost: a\r\n\r\n"
                           "GET /v1/applications?q=second HTTP/1.1\r\nHost: a\r\n" GOOD "\r\n"
                           "GET /v1/applications?q=third HTTP/1.1\r\nHost: a\r\n" GOOD "\r\n"
                           "GET /v1/nothing HTTP/1.1\r\nHost: a\r\n\r\n"
                           "DELETE /v1/health HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
                           "POST /v1/applications HTTP/1.1\r\nHost: a\r\n" GOOD JSON KEY "Content-Length: 2\r\n\r\n{}"
                           "POST /v1/applications HTTP/1.1\r\nHost: a\r\n" GOOD JSON KEY "Content-Length: 0\r\n\r\n"
                           "GET /v1/health HTTP/1.1\r\n" END "\r\n"),
                      200);
    assert_true (said ("first") && said ("second") && said ("third") && said ("not_found"));
    assert_true (said ("method_not_allowed") && said ("intake.application.register") && said ("\"ready\""));
}

/* Bodies that stop midway, connections that are reset at any point: nothing is asked for them, nothing stays (ASan). */
static void aborted_connections (void **state)
{
    (void)state;
    static const char *const texts[] = {
        "POST /v1/applications HTTP/1.1\r\nHost: a\r\n" GOOD JSON KEY "Content-Length: 100\r\n\r\n{\"a\":",
        "POST /v1/applications HTTP/1.1\r\nHost: a\r\n" GOOD JSON KEY "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"a",
        "POST /v1/files?purpose=photo HTTP/1.1\r\nHost: a\r\n" GOOD "Content-Length: 1000\r\n\r\nabc",
        "GET /v1/applications HTTP/1.1\r\nHost: a\r\n" GOOD "\r\nGET /v1/applica",
        "POST /v1/sessions HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: 2\r\n\r\n{}",
        "GET /v1/services HT",
        "",
    };
    for (size_t i = 0; i < 700; i++) {
        int handle = dial ();
        const char *text = texts[i % (sizeof texts / sizeof texts[0])];
        put (handle, text, strlen (text));
        if (i % 2) {
            struct linger reset = {.l_onoff = 1, .l_linger = 0};
            setsockopt (handle, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        }
        close (handle);
    }
    int status = 503; /* until the last of them is over */
    while (status == 503)
        status = raw ("GET /v1/applications HTTP/1.1\r\n" GOOD END "\r\n");
    assert_int_equal (status, 200);
    assert_int_equal (seen.chunks, 0);
}

/* ---- too much ---------------------------------------------------------------------------------------------------- */

static void too_many_at_once (void **state)
{
    (void)state;
    int handles[8];
    for (int i = 0; i < 8; i++) {
        handles[i] = dial ();
        const char text[] = "GET /v1/inspection/tasks HTTP/1.1\r\n" GOOD END "\r\n";
        put (handles[i], text, sizeof text - 1);
        while (seen.asked - seen.resolved <= i)
            usleep (1000);
    }
    assert_int_equal (raw ("GET /v1/applications HTTP/1.1\r\n" GOOD END "\r\n"), 503);
    assert_true (said ("\"code\":\"overloaded\"") && said ("Retry-After: "));
    assert_int_equal (raw ("GET /v1/health HTTP/1.1\r\n" END "\r\n"), 200);
    http_stop (&http); /* the eight are answered, not cut */
    for (int i = 0; i < 8; i++) {
        assert_int_equal (drain (handles[i]), 503);
        assert_true (said ("\"code\":\"service_unavailable\"") && said ("Connection: close"));
    }
}

static void *stop_it (void *unused)
{
    http_stop (&http);
    return unused;
}

/* While one request is still at work: kept connections are served or closed, none is told that we are going. */
static void nobody_is_refused_at_the_end (void **state)
{
    (void)state;
    enum { KEPT = 200 };
    const char held[] = "GET /v1/inspection/tasks HTTP/1.1\r\n" GOOD END "\r\n";
    const char text[] = "GET /v1/services HTTP/1.1\r\nHost: a\r\n\r\n";
    int working = dial (), kept[KEPT], served = 0;
    put (working, held, sizeof held - 1);
    for (int i = 0; i < KEPT; i++)
        kept[i] = dial ();
    while (seen.asked == 0)
        usleep (1000);
    pthread_t stopping;
    assert_int_equal (pthread_create (&stopping, NULL, stop_it, NULL), 0);
    for (int i = 0; i < KEPT; i++) {
        usleep (20 * 1000);
        put (kept[i], text, sizeof text - 1);
        int status = drain (kept[i]);
        assert_true (status == 200 || status == 0);
        served += status == 200;
    }
    assert_int_equal (drain (working), 503);
    assert_int_equal (pthread_join (stopping, NULL), 0);
    assert_in_range (served, 1, KEPT - 1);
}

static void knocking_too_often (void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++)
        assert_int_equal (raw ("GET /v1/track?number=1&code=2 HTTP/1.1\r\n" END "\r\n"), 200);
    int status = 200; /* the bucket fills while we knock, but more slowly than we do */
    for (int i = 0; i < 1000 && status == 200; i++)
        status = raw ("GET /v1/track?number=1&code=2 HTTP/1.1\r\n" END "\r\n");
    assert_int_equal (status, 429);
    assert_true (said ("\"code\":\"rate_limited\"") && said ("Retry-After: "));
    assert_int_equal (raw ("GET /v1/services HTTP/1.1\r\n" END "\r\n"), 200); /* not a rated address */
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        WITH_GATEWAY (refusals_of_the_head),
        WITH_GATEWAY (dishonest_framing_closes),
        WITH_GATEWAY (large_heads),
        WITH_GATEWAY (a_long_chunked_body),
        WITH_GATEWAY (a_refused_connection_stays_usable),
        WITH_GATEWAY (connections_are_kept),
        WITH_GATEWAY (aborted_connections),
        WITH_GATEWAY (too_many_at_once),
        WITH_GATEWAY (nobody_is_refused_at_the_end),
        WITH_GATEWAY (knocking_too_often),
    };
    return cmocka_run_group_tests (tests, be_quiet, NULL);
}
