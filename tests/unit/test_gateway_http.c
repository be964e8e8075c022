/* The gateway's HTTP face: what it asks the services, and how it says what they answered, in JSON, in bytes and in the
 * pages for citizens. */
#include "gateway_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* ---- answers ----------------------------------------------------------------------------------------------------- */

static void a_query_is_asked_and_answered (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /v1/applications?kecamatan=35.29.22&q=a%20b HTTP/1.1\r\n" GOOD
                           "X-Correlation-Id: my-id\r\n" END "\r\n"),
                      200);
    assert_true (said ("\"method\":\"intake.application.list\""));
    assert_true (said ("\"params\":{\"kecamatan\":\"35.29.22\",\"q\":\"a b\"}"));
    assert_true (said ("\"claims\":{\"account\":\"a-1\",\"username\":\"siti\",\"name\":\"Siti\",\"grants\":[]}"));
    assert_true (said ("\"correlation\":\"my-id\""));
    assert_true (said ("X-Correlation-Id: my-id\r\n"));
    assert_int_equal (raw ("GET /v1/applications HTTP/1.1\r\n" GOOD "X-Correlation-Id: my-id\r\n"
                           "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n" END "\r\n"),
                      200);
    assert_true (said ("\"correlation\":\"4bf92f3577b34da6a3ce929d0e0e4736\""));
    assert_true (said ("X-Correlation-Id: 4bf92f3577b34da6a3ce929d0e0e4736\r\n"));
    assert_int_equal (raw ("GET /v1/applications HTTP/1.1\r\n" GOOD "X-Correlation-Id: my-id\r\n"
                           "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"
                           "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n" END "\r\n"),
                      200);
    assert_true (said ("X-Correlation-Id: my-id\r\n"));
    assert_true (said ("Cache-Control: no-store\r\n"));
    assert_true (said ("X-Content-Type-Options: nosniff\r\n"));
    assert_int_equal (raw ("GET /v1/applications HTTP/1.1\r\n" GOOD END "\r\n"), 200);
    assert_int_equal (seen.resolved, 1); /* the second time from memory */
    assert_int_equal (raw ("HEAD /v1/applications HTTP/1.1\r\n" GOOD END "\r\n"), 200);
    assert_false (said ("intake.application.list"));
}

static void a_command_brings_key_and_body (void **state)
{
    (void)state;
    assert_int_equal (
        raw ("POST /v1/payment/bills/x/cash HTTP/1.1\r\n" GOOD JSON KEY END "Content-Length: 2\r\n\r\n{}"), 503);
    assert_true (said ("\"code\":\"service_unavailable\"") && said ("Layanan payment"));
    assert_true (said ("Retry-After: 1\r\n"));
    assert_int_equal (raw ("POST /v1/applications HTTP/1.1\r\n" GOOD JSON KEY END "Content-Length: 7\r\n\r\n{\"a\":1}"),
                      200);
    assert_true (said ("\"key\":\"k-1\"") && said ("\"body\":\"{\\\"a\\\":1}\""));
    assert_int_equal (raw ("POST /v1/applications HTTP/1.1\r\n" GOOD JSON KEY END
                           "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n"),
                      200);
    assert_true (said ("\"body\":\"{\\\"a\\\":1}\""));
    assert_int_equal (raw ("GET /v1/payment/bills/x HTTP/1.1\r\n" GOOD END "\r\n"), 504);
    assert_true (said ("\"code\":\"deadline_exceeded\""));
    assert_int_equal (raw ("GET /v1/accounts HTTP/1.1\r\n" GOOD END "\r\n"), 503);
    assert_true (said ("\"code\":\"overloaded\""));
}

static void bytes_have_their_name (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /v1/applications/x/receipt.pdf HTTP/1.1\r\n" GOOD END "\r\n"), 200);
    assert_true (said ("Content-Type: application/pdf\r\n") && said ("\r\n\r\n%PDF-1.7"));
    assert_true (said ("Content-Disposition: inline; filename=\"tanda terima.pdf\"\r\n"));
}

static void health_names_the_missing (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /v1/health HTTP/1.1\r\n" END "\r\n"), 200);
    assert_true (said ("\"status\":\"ready\"") && said ("\"missing\":[]") && said ("\"age_ms\":250") && !said ("4711"));
    seen.is_live = false;
    assert_int_equal (raw ("GET /v1/health HTTP/1.1\r\n" END "\r\n"), 503);
    assert_true (said ("\"status\":\"starting\"") && said ("\"missing\":[\"verification\"]"));
    assert_int_equal (seen.asked, 0);
}

static void sign_out_is_at_once (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /v1/sessions/current HTTP/1.1\r\n" GOOD END "\r\n"), 200);
    assert_int_equal (raw ("DELETE /v1/sessions/current HTTP/1.1\r\n" GOOD END "\r\n"), 200);
    assert_true (said ("\"body\":\"{\\\"token\\\":\\\"good\\\"}\""));
    assert_int_equal (raw ("GET /v1/sessions/current HTTP/1.1\r\n" GOOD END "\r\n"), 200);
    assert_int_equal (seen.resolved, 2);
}

static void public_lists_may_be_kept (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /v1/services HTTP/1.1\r\n" END "\r\n"), 200);
    assert_true (said ("Cache-Control: public, max-age=60\r\n") && said ("\"claims\":null"));
}

/* ---- pages ------------------------------------------------------------------------------------------------------- */

static void pages_are_html_with_their_policy (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /v/abc HTTP/1.1\r\n" END "\r\n"), 200);
    assert_true (said ("Content-Type: text/html; charset=utf-8\r\n") && said (">ASLI</h1>"));
    assert_true (said ("Content-Security-Policy: default-src 'none'; style-src 'sha256-"));
    assert_true (said ("Cache-Control: no-store\r\n"));
    assert_int_equal (raw ("GET /lacak?number=1&code=2 HTTP/1.1\r\n" END "\r\n"), 200);
    assert_int_equal (seen.asked, 2);
    assert_int_equal (raw ("HEAD /v HTTP/1.1\r\n" END "\r\n"), 200);
    assert_int_equal (raw ("GET /lacak HTTP/1.1\r\n" END "\r\n"), 200);
    assert_true (said ("name=\"number\""));
    assert_int_equal (seen.asked, 2); /* a form asks nobody */
}

static void who_takes_html_is_refused_in_html (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /nothing HTTP/1.1\r\nAccept: text/html,*/*\r\n" END "\r\n"), 404);
    assert_true (said ("text/html; charset=utf-8") && said ("Alamat tidak ditemukan."));
    assert_int_equal (raw ("GET /nothing HTTP/1.1\r\nAccept: */*\r\n" END "\r\n"), 404);
    assert_true (said ("application/problem+json"));
    assert_int_equal (raw ("GET /v1/applications HTTP/1.1\r\nAccept: text/html\r\n" END "\r\n"), 401);
    assert_true (said ("application/problem+json")); /* the interface of programs stays one */
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        WITH_GATEWAY (a_query_is_asked_and_answered),
        WITH_GATEWAY (a_command_brings_key_and_body),
        WITH_GATEWAY (bytes_have_their_name),
        WITH_GATEWAY (health_names_the_missing),
        WITH_GATEWAY (sign_out_is_at_once),
        WITH_GATEWAY (public_lists_may_be_kept),
        WITH_GATEWAY (pages_are_html_with_their_policy),
        WITH_GATEWAY (who_takes_html_is_refused_in_html),
    };
    return cmocka_run_group_tests (tests, be_quiet, NULL);
}
