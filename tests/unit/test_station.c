/* What stations share: whom a step.requested concerns, what is read from it, and the page that a list is asked for. */
#include "common/page.h"
#include "common/station.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define LATE_EVENING_UTC INT64_C (1795366500000) /* 2026-11-22 16:55 UTC = 23:55 WIB */
#define TEN_MINUTES_MS   INT64_C (600000)

static json_t *request (const char *due_on)
{
    return json_pack ("{s:s, s:s, s:s, s:i, s:s, s:s, s:s, s:i, s:s*, s:{s:b}}", "application", "a-1", "step", "visit",
                      "station", "inspection", "attempt", 2, "number", "0001/2026", "kecamatan", "35.29.22", "service",
                      "sktm", "service_version", 3, "due_on", due_on, "facts", "poor", 1);
}

static void test_another_station (void **state)
{
    (void)state;
    json_auto_t *body = request ("2026-11-30"), *without_station = json_object ();
    struct event event = {.body = body}, broken = {.body = without_station};
    struct station_request ret = {.attempt = -1};
    assert_false (station_is_asked (&event, "verification", &ret));
    assert_false (station_is_asked (&event, "inspectio", &ret));
    assert_false (station_is_asked (&broken, "inspection", &ret));
    assert_int_equal (ret.attempt, -1);
}

static void test_request (void **state)
{
    (void)state;
    json_auto_t *body = request ("2026-11-30");
    struct event event = {.body = body, .occurred_at = LATE_EVENING_UTC};
    struct station_request ret;
    assert_true (station_is_asked (&event, "inspection", &ret));
    assert_string_equal (ret.application, "a-1");
    assert_string_equal (ret.step, "visit");
    assert_string_equal (ret.number, "0001/2026");
    assert_string_equal (ret.kecamatan, "35.29.22");
    assert_string_equal (ret.service, "sktm");
    assert_string_equal (ret.due_on, "2026-11-30");
    assert_int_equal (ret.attempt, 2);
    assert_int_equal (ret.service_version, 3);
    assert_int_equal (ret.requested_at_ms, LATE_EVENING_UTC);
    assert_ptr_equal (ret.facts, json_object_get (body, "facts"));
    assert_null (ret.config);
}

/* Without a promise it is due on the day that it came, which is the office's day, not Greenwich's. */
static void test_no_due_date (void **state)
{
    (void)state;
    json_auto_t *body = request (NULL);
    struct event event = {.body = body, .occurred_at = LATE_EVENING_UTC};
    struct station_request ret;
    assert_true (station_is_asked (&event, "inspection", &ret));
    assert_string_equal (ret.due_on, "2026-11-22");
    event.occurred_at += TEN_MINUTES_MS;
    assert_true (station_is_asked (&event, "inspection", &ret));
    assert_string_equal (ret.due_on, "2026-11-23");
}

static void test_completed (void **state)
{
    (void)state;
    json_auto_t *plain = station_completed ("a-1", "visit", 2, "ok", NULL);
    json_auto_t *expected =
        json_pack ("{s:s, s:s, s:i, s:s}", "application", "a-1", "step", "visit", "attempt", 2, "outcome", "ok");
    assert_true (json_equal (plain, expected));
    json_auto_t *more = station_completed ("a-1", "visit", 2, "ok", json_pack ("{s:s}", "reason", "tutup"));
    json_object_set_new (expected, "reason", json_string ("tutup"));
    assert_true (json_equal (more, expected));
}

static void test_page_asked (void **state)
{
    (void)state;
    json_auto_t *nothing = json_object ();
    json_auto_t *all = json_pack ("{s:s, s:s}", "limit", "100", "after", "17");
    struct page page = page_asked (nothing);
    assert_int_equal (page.limit, PAGE_ROWS);
    assert_null (page.after);
    page = page_asked (all);
    assert_int_equal (page.limit, 100);
    assert_string_equal (page.after, "17");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_another_station), cmocka_unit_test (test_request),
        cmocka_unit_test (test_no_due_date),     cmocka_unit_test (test_completed),
        cmocka_unit_test (test_page_asked),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
