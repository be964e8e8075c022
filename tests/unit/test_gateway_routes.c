/* The table of public addresses: well-formed, unambiguous, and matched without surprises. */
#include "routes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct match match;
static char target[4096];

static enum target_verdict try (const char *method, const char *address)
{
    snprintf (target, sizeof target, "%s", address);
    return route_match (method, target, &match);
}

static const char *parameter (const char *name)
{
    for (size_t i = 0; i < match.count; i++)
        if (match.parameters[i].name_size == strlen (name) &&
            memcmp (match.parameters[i].name, name, strlen (name)) == 0)
            return match.parameters[i].value;
    return NULL;
}

/* The template as an address: "{application}" → "x". */
static void instance (const char *path, char *ret_address)
{
    for (; *path; path++) {
        if (*path == '{') {
            *ret_address++ = 'x';
            path = strchr (path, '}');
        } else
            *ret_address++ = *path;
    }
    *ret_address = '\0';
}

static void every_route_is_found_and_no_other (void **state)
{
    (void)state;
    for (const struct route *route = routes; route->method; route++) {
        char address[200];
        instance (route->path, address);
        assert_int_equal (try (route->method, address), TARGET_OK);
        assert_ptr_equal (match.route, route); /* so no earlier row hides it */
    }
}

static void rows_are_well_formed (void **state)
{
    (void)state;
    for (const struct route *route = routes; route->method; route++) {
        bool is_writing = strcmp (route->method, "POST") == 0 || strcmp (route->method, "PUT") == 0;
        bool takes_body = (route->flags & (ROUTE_JSON | ROUTE_UPLOAD)) != 0;
        assert_int_equal (is_writing, takes_body);
        assert_false ((route->flags & ROUTE_JSON) && (route->flags & ROUTE_UPLOAD));
        if (route->flags & ROUTE_COMMAND)
            assert_true (route->flags & ROUTE_JSON);
        if (route->flags & ROUTE_CACHED)
            assert_true (route->flags & ROUTE_PUBLIC);
        assert_int_equal (route->flags & (ROUTE_OWN | ROUTE_LIVE) ? 0 : 1, strchr (route->ask, '.') != NULL);
        assert_int_equal (route->flags & (ROUTE_PAGE | ROUTE_ASSET) ? 1 : 0, strncmp (route->path, "/v1/", 4) != 0);
        if (route->flags & ROUTE_PAGE) /* a citizen has no session, and no script that could send JSON or a key */
            assert_int_equal (route->flags & (ROUTE_PUBLIC | ROUTE_JSON), ROUTE_PUBLIC);
        if (route->flags & ROUTE_PAGE) /* what is told of one person, document or file is guarded and not kept */
            assert_int_equal (route->flags & ROUTE_RATED ? 1 : 0, route->flags & ROUTE_CACHED ? 0 : 1);
        if (route->flags & ROUTE_FORM)
            assert_int_equal (route->flags & (ROUTE_PAGE | ROUTE_UPLOAD), ROUTE_PAGE);
    }
}

static void addresses_of_the_application_stay_whole (void **state)
{
    (void)state;
    assert_int_equal (try ("GET", "/petugas/loket/a%2Fb//c/../d?q=1&q=2&%zz"), TARGET_OK);
    assert_int_equal (match.route->flags & ROUTE_ASSET, ROUTE_ASSET);
    assert_int_equal (match.count, 1);
    assert_string_equal (parameter ("address"), "loket/a%2Fb//c/../d");
    assert_int_equal (try ("HEAD", "/petugas/"), TARGET_OK);
    assert_string_equal (parameter ("address"), "");
    assert_int_equal (try ("GET", "/petugas?x"), TARGET_OK);
    assert_int_equal (match.count, 0);
    assert_int_equal (try ("POST", "/petugas/loket"), TARGET_WRONG_METHOD);
    assert_string_equal (match.allow, "GET, HEAD");
    assert_int_equal (try ("GET", "/petugasx"), TARGET_UNKNOWN);
    assert_int_equal (try ("GET", "/%70etugas/x"), TARGET_UNKNOWN);
}

static void parameters_are_decoded (void **state)
{
    (void)state;
    assert_int_equal (try ("GET", "/v1/services/surat%2Dketerangan%20x?a=1+2&b=%C3%A9&c&d="), TARGET_OK);
    assert_int_equal (match.count, 5);
    assert_string_equal (parameter ("service"), "surat-keterangan x");
    assert_string_equal (parameter ("a"), "1 2");
    assert_string_equal (parameter ("b"), "\xc3\xa9");
    assert_string_equal (parameter ("c"), "");
    assert_string_equal (parameter ("d"), "");
    assert_int_equal (try ("GET", "/v1/services/a+b"), TARGET_OK);
    assert_string_equal (parameter ("service"), "a+b"); /* a plus in a path is a plus */
    assert_int_equal (try ("GET", "/v1/services/a%2Fb"), TARGET_OK);
    assert_string_equal (parameter ("service"), "a/b"); /* an encoded slash does not cut */
    assert_int_equal (try ("GET", "/v1/services?&&kecamatan=35.29.22&"), TARGET_OK);
    assert_int_equal (match.count, 1);
}

static void pages_have_addresses_of_their_own (void **state)
{
    (void)state;
    assert_int_equal (try ("GET", "/"), TARGET_OK);
    assert_string_equal (match.route->path, "/");
    assert_int_equal (match.count, 0);
    assert_int_equal (try ("POST", "/"), TARGET_WRONG_METHOD);
    assert_string_equal (match.allow, "GET, HEAD");
    assert_int_equal (try ("GET", "/kecamatan/35.29.22/layanan/sktm/papan"), TARGET_OK);
    assert_string_equal (parameter ("kecamatan"), "35.29.22");
    assert_string_equal (parameter ("service"), "sktm");
}

/* Links that were passed on carry all sorts of things. */
static void a_page_that_is_no_form_takes_nothing_from_the_query (void **state)
{
    static const char *const addresses[] = {"/?fbclid=1", "/?a=1&a=2", "/?%ff", "/kecamatan/x?kecamatan=y",
                                            "/v/x?token=y"};
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        assert_int_equal (try ("GET", addresses[i]), TARGET_OK);
        assert_true (match.count <= 1);
        if (match.count == 1)
            assert_string_equal (match.parameters[0].value, "x");
    }
    assert_int_equal (try ("GET", "/lacak?number=1&number=2"), TARGET_REPEATED);
    assert_int_equal (try ("GET", "/v?token=x"), TARGET_OK);
    assert_string_equal (parameter ("token"), "x");
}

static void bad_encodings_are_refused (void **state)
{
    static const char *const bad[] = {
        "/v1/services/%",      "/v1/services/%4",          "/v1/services/%zz",  "/v1/services/%00",
        "/v1/services/%c3",    "/v1/services/%c0%af",      "/v1/services/%ff",  "/v1/services/%e2%80%ae",
        "/v1/services/%0a%0d", "/v1/services?q=%ed%a0%80", "/v1/services?q=%0", "/v1/services?%00=1",
        "/v1/services?=1",     "/v1/services/a\x01",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal (try ("GET", bad[i]), TARGET_BAD_ENCODING);
}

static void unknown_addresses (void **state)
{
    static const char *const unknown[] = {
        "",
        "*",
        "//",
        "v1/services",
        "/v1",
        "/v1/",
        "/v1/services/",
        "/v1//services",
        "//v1/services",
        "/v1/services/a/b",
        "/V1/services",
        "/v1/service",
        "/v1/servicesx",
        "/v1/health/../services",
        "http://paten.example/v1/services",
        "/v1/a/b/c/d/e/f/g/h/i/j",
        "/v1/documents/x/draft.pdf.exe",
    };
    (void)state;
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        assert_int_equal (try ("GET", unknown[i]), TARGET_UNKNOWN);
}

static void wrong_methods_name_the_right_ones (void **state)
{
    (void)state;
    assert_int_equal (try ("PATCH", "/v1/sessions/current"), TARGET_WRONG_METHOD);
    assert_string_equal (match.allow, "GET, HEAD, DELETE");
    assert_int_equal (try ("DELETE", "/v1/applications"), TARGET_WRONG_METHOD);
    assert_string_equal (match.allow, "POST, GET, HEAD");
    assert_int_equal (try ("get", "/v1/health"), TARGET_WRONG_METHOD);
    assert_int_equal (try ("HEAD", "/v1/health"), TARGET_OK);
    assert_int_equal (try ("HEAD", "/v1/sessions"), TARGET_WRONG_METHOD);
    assert_string_equal (match.allow, "POST");
}

static void repeated_and_many_parameters (void **state)
{
    (void)state;
    assert_int_equal (try ("GET", "/v1/services?q=1&q=2"), TARGET_REPEATED);
    assert_int_equal (try ("GET", "/v1/services?q=1&%71=2"), TARGET_REPEATED);
    assert_int_equal (try ("GET", "/v1/services/a?service=b"), TARGET_REPEATED);
    assert_int_equal (try ("GET", "/v1/services?a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p"), TARGET_OK);
    assert_int_equal (try ("GET", "/v1/services?a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q"), TARGET_TOO_MANY);
}

/* Random bytes never leave the buffer (the sanitizers watch) and never match without a known template. */
static void noise_is_survived (void **state)
{
    static const char alphabet[] = "/v1servi?&=%+{}c3a0\xc3\xa9.";
    (void)state;
    srand (7);
    for (int i = 0; i < 200000; i++) {
        size_t size = (size_t)rand () % 40;
        char *text = malloc (size + 1);
        for (size_t j = 0; j < size; j++)
            text[j] = alphabet[(size_t)rand () % (sizeof alphabet - 1)];
        text[size] = '\0';
        enum target_verdict verdict = route_match ("GET", text, &match);
        assert_true (verdict != TARGET_OK || match.route);
        free (text);
    }
}

static void flags_as_text (void **state)
{
    char text[ROUTE_FLAGS_SIZE];
    (void)state;
    route_flags_text (ROUTE_PUBLIC | ROUTE_JSON, text);
    assert_string_equal (text, "public,json");
    route_flags_text (0, text);
    assert_string_equal (text, "");
    route_flags_text (~0u, text);
    assert_string_equal (text, "public,json,wide,upload,command,rated,cached,own,sign_out,page,asset,live,form");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_route_is_found_and_no_other),
        cmocka_unit_test (rows_are_well_formed),
        cmocka_unit_test (addresses_of_the_application_stay_whole),
        cmocka_unit_test (parameters_are_decoded),
        cmocka_unit_test (pages_have_addresses_of_their_own),
        cmocka_unit_test (a_page_that_is_no_form_takes_nothing_from_the_query),
        cmocka_unit_test (bad_encodings_are_refused),
        cmocka_unit_test (unknown_addresses),
        cmocka_unit_test (wrong_methods_name_the_right_ones),
        cmocka_unit_test (repeated_and_many_parameters),
        cmocka_unit_test (noise_is_survived),
        cmocka_unit_test (flags_as_text),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
