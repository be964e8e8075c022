/* The officers' application over HTTP: its files with their headers, its addresses, and nothing beside them. */
#include "gateway_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static const char *web_folder;

static void write_file (const char *folder, const char *name, const char *text)
{
    char path[200];
    snprintf (path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    fputs (text, file);
    fclose (file);
}

static int start_with_web (void **state)
{
    (void)state;
    static char folder[40];
    char path[200];
    snprintf (folder, sizeof folder, "/tmp/paten_web_XXXXXX");
    web_folder = mkdtemp (folder);
    snprintf (path, sizeof path, "%s/aset", web_folder);
    assert_int_equal (mkdir (path, 0700), 0);
    write_file (web_folder, "index.html", "<p>petugas</p>");
    write_file (web_folder, "index.html.br", "brotli");
    write_file (web_folder, "aset/index-1.js", "start()");
    return start_with (web_folder);
}

static int stop_with_web (void **state)
{
    static const char *const names[] = {"aset/index-1.js", "aset", "index.html", "index.html.br", ""};
    char path[200];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf (path, sizeof path, "%s/%s", web_folder, names[i]);
        assert_int_equal (remove (path), 0);
    }
    return stop (state);
}

static void the_application_is_served (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /petugas/ HTTP/1.1\r\n" END "\r\n"), 200);
    assert_true (said ("Content-Type: text/html; charset=utf-8\r\n") && said ("\r\n\r\n<p>petugas</p>"));
    assert_true (said ("Cache-Control: no-cache\r\n") && said ("Vary: Accept-Encoding\r\n"));
    assert_true (said ("script-src 'self'") && said ("frame-ancestors 'none'") && said ("camera=(self)"));
    assert_true (said ("X-Content-Type-Options: nosniff\r\n") && said ("Referrer-Policy: no-referrer\r\n"));
    assert_int_equal (raw ("GET /petugas/loket/35.29.22?q=1&q=2 HTTP/1.1\r\n" END "\r\n"), 200);
    assert_true (said ("<p>petugas</p>"));
    assert_int_equal (raw ("GET /petugas/ HTTP/1.1\r\nAccept-Encoding: gzip, br\r\n" END "\r\n"), 200);
    assert_true (said ("Content-Encoding: br\r\n") && said ("\r\n\r\nbrotli"));
    assert_int_equal (raw ("GET /petugas/aset/index-1.js HTTP/1.1\r\n" END "\r\n"), 200);
    assert_true (said ("Cache-Control: public, max-age=31536000, immutable\r\n") && said ("start()"));
    assert_int_equal (raw ("HEAD /petugas/aset/index-1.js HTTP/1.1\r\n" END "\r\n"), 200);
    assert_true (said ("Content-Length: 7\r\n") && !said ("start()"));
    assert_int_equal (raw ("GET /petugas HTTP/1.1\r\n" END "\r\n"), 308);
    assert_true (said ("Location: /petugas/\r\n"));
    assert_int_equal (seen.asked, 0);
}

static void a_kept_file_is_not_sent_again (void **state)
{
    char request[300];
    (void)state;
    assert_int_equal (raw ("GET /petugas/ HTTP/1.1\r\n" END "\r\n"), 200);
    const char *etag = strstr (answer, "ETag: ");
    assert_non_null (etag);
    snprintf (request, sizeof request, "GET /petugas/ HTTP/1.1\r\nIf-None-Match: W/\"0\", %.34s\r\n" END "\r\n",
              etag + 6);
    assert_int_equal (raw (request), 304);
    assert_true (said ("ETag: ") && said ("Cache-Control: no-cache\r\n") && !said ("petugas</p>"));
    snprintf (request + strlen (request) - 2, 40, "Accept-Encoding: br\r\n\r\n");
    assert_int_equal (raw (request), 200); /* another form is another thing */
}

static void nothing_outside_the_folder_has_a_name (void **state)
{
    static const char *const addresses[] = {
        "/petugas/nothing.js",     "/petugas/../../etc/hosts.conf", "/petugas/..%2f..%2fetc%2fhosts.conf",
        "/petugas/aset/../x.html", "/petugas/%2e%2e/index.html",    "/petugas//etc/ld.so.conf",
        "/petugas/index.html.br",  "/petugas/aset/index-1.js%00",   "/petugas/aset\\index-1.js",
    };
    char request[200];
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        snprintf (request, sizeof request, "GET %s HTTP/1.1\r\n" END "\r\n", addresses[i]);
        assert_int_equal (raw (request), 404);
    }
    assert_int_equal (raw ("GET /petugas/etc/passwd HTTP/1.1\r\n" END "\r\n"), 200); /* the application says that
                                                                                         it has no such place */
    assert_true (said ("<p>petugas</p>"));
    assert_int_equal (raw ("POST /petugas/ HTTP/1.1\r\nContent-Length: 0\r\n" END "\r\n"), 405);
}

static void without_a_folder_nothing_is_served (void **state)
{
    (void)state;
    assert_int_equal (raw ("GET /petugas/ HTTP/1.1\r\n" END "\r\n"), 404);
    assert_true (said ("\"code\":\"not_found\""));
    assert_int_equal (raw ("GET /petugas HTTP/1.1\r\nAccept: text/html\r\n" END "\r\n"), 404);
    assert_true (said ("text/html"));
}

#define WITH_WEB(test) cmocka_unit_test_setup_teardown (test, start_with_web, stop_with_web)

int main (void)
{
    const struct CMUnitTest tests[] = {
        WITH_WEB (the_application_is_served),
        WITH_WEB (a_kept_file_is_not_sent_again),
        WITH_WEB (nothing_outside_the_folder_has_a_name),
        WITH_GATEWAY (without_a_folder_nothing_is_served),
    };
    return cmocka_run_group_tests (tests, be_quiet, NULL);
}
