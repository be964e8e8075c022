/* Files that come in: as a body of their own or in a form, passed on to the archive in chunks. */
#include "gateway_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- bodies ------------------------------------------------------------------------------------------------------ */

static int send_file (const char *head, size_t size)
{
    char *text = malloc (size + 1024);
    int used = snprintf (text, 1024, "%sContent-Length: %zu\r\n\r\n", head, size);
    memset (text + used, 'f', size);
    int status = exchange_bytes (text, (size_t)used + size);
    free (text);
    return status;
}

static void a_file_goes_in_chunks (void **state)
{
    (void)state;
    assert_int_equal (
        send_file ("POST /v1/files?purpose=photo&kecamatan=35.29.22&name=a.jpg HTTP/1.1\r\n" GOOD END, 5 * 1024 * 1024),
        201);
    assert_true (said ("{\"file\":\"f-1\"}"));
    assert_int_equal (seen.chunks, 20);
    assert_int_equal (seen.upload_bytes, 5 * 1024 * 1024);
    seen.upload_bytes = 0;
    assert_int_equal (send_file ("POST /v1/files?purpose=photo HTTP/1.1\r\n" GOOD END, 1), 201);
    seen.upload_bytes = 0;
    assert_int_equal (send_file ("POST /v1/files?purpose=photo HTTP/1.1\r\n" GOOD END, 256 * 1024 + 1), 201);
    assert_int_equal (seen.chunks, 23);
}

static void a_file_is_verified (void **state)
{
    (void)state;
    assert_int_equal (send_file ("POST /v1/verifications HTTP/1.1\r\n" END, 300000), 200);
    assert_true (said ("\"method\":\"signing.file.verify\"") && said ("\"params\":{\"file\":\"f-1\"}"));
}

static void a_refused_file (void **state)
{
    (void)state;
    assert_int_equal (send_file ("POST /v1/files?purpose=nonsense HTTP/1.1\r\n" GOOD END, 1000000), 422);
    assert_true (said ("\"code\":\"schema_violation\""));
    assert_int_equal (seen.chunks, 1);
    assert_int_equal (seen.finished, 0);
}

/* ---- forms ------------------------------------------------------------------------------------------------------- */

#define FORM "POST /v HTTP/1.1\r\n" END "Content-Type: multipart/form-data; boundary=XX\r\n"
#define PART "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n"

/* A form with the file of `size` bytes between `begin` and `end`; the bytes look like boundaries as often as they can. */
static int send_form (const char *begin, size_t size, const char *end)
{
    static const char tease[] = "\r\n--X\r\n--\r\n\r";
    size_t length = strlen (begin) + size + strlen (end);
    char *text = malloc (length + 300);
    int used = snprintf (text, 300, FORM "Content-Length: %zu\r\n\r\n%s", length, begin);
    for (size_t i = 0; i < size; i++)
        text[(size_t)used + i] = tease[i % (sizeof tease - 1)];
    strcpy (text + used + size, end);
    int status = exchange_bytes (text, (size_t)used + size + strlen (end));
    free (text);
    return status;
}

static void a_form_brings_its_file (void **state)
{
    static const size_t sizes[] = {1, 4095, 4096, 4097, 256 * 1024 - 4096, 256 * 1024, 256 * 1024 + 1, 3000000};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        seen.upload_bytes = 0;
        assert_int_equal (send_form (PART, sizes[i], "\r\n--XX--\r\n"), 200);
        assert_int_equal (seen.upload_bytes, sizes[i]);
        assert_true (said ("text/html") && said ("<h1"));
    }
    seen.upload_bytes = 0;
    assert_int_equal (
        send_form ("--XX\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx\r\n" PART, 5000, "\r\n--XX--\r\n"),
        200);
    assert_int_equal (seen.upload_bytes, 5000);
}

static void broken_forms (void **state)
{
    (void)state;
    assert_int_equal (send_form (PART, 100, ""), 400);                            /* never ends */
    assert_int_equal (send_form ("no form at all", 100, "\r\n"), 422);            /* nothing but preamble */
    assert_int_equal (send_form (PART "a\r\n" PART, 100, "\r\n--XX--\r\n"), 400); /* two files */
    assert_int_equal (send_form (PART, 0, "\r\n--XX--\r\n"), 422);                /* an empty one */
    assert_int_equal (send_form ("--XX--\r\n", 0, ""), 422);                      /* none */
    assert_int_equal (raw ("POST /v HTTP/1.1\r\n" END "Content-Type: application/pdf\r\nContent-Length: 1\r\n\r\nx"),
                      415);
    assert_int_equal (
        raw ("POST /v HTTP/1.1\r\n" END "Content-Type: multipart/form-data\r\nContent-Length: 1\r\n\r\nx"), 415);
    assert_int_equal (raw (FORM "Content-Length: 5242881\r\n\r\n"), 413);
    assert_true (said ("text/html"));
    assert_int_equal (seen.finished, 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        WITH_GATEWAY (a_file_goes_in_chunks),  WITH_GATEWAY (a_file_is_verified), WITH_GATEWAY (a_refused_file),
        WITH_GATEWAY (a_form_brings_its_file), WITH_GATEWAY (broken_forms),
    };
    return cmocka_run_group_tests (tests, be_quiet, NULL);
}
