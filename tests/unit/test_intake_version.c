/* Service versions in memory: read once, shared by threads, given up when there are too many, never under a holder's feet. */
#include "common/auto.h"
#include "intake_version.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static atomic_int reads;

/* In place of the database: a version that can be told by its content. */
int version_read (db_t *db, const char *service, int number, struct version **ret_version)
{
    (void)db;
    if (strcmp (service, "unreachable") == 0)
        return -1;
    struct version *version = calloc (1, sizeof *version);
    assert_non_null (version);
    version->service = strdup (service);
    version->name = strdup ("Layanan uji");
    version->number = number;
    version->content = json_pack ("{s:i, s:{s:s}}", "version", number, "form_schema", "type", "object");
    version->form = schema_new (json_object_get (version->content, "form_schema"), NULL);
    atomic_fetch_add (&reads, 1);
    *ret_version = version;
    return 0;
}

static void hold_and_look (const char *service, int number)
{
    AUTO_VERSION version = NULL;
    assert_int_equal (version_hold (NULL, service, number, &version), 0);
    assert_string_equal (version->service, service);
    assert_int_equal (version->number, number);
    assert_int_equal (json_int (version->content, "version", 0), number);
    assert_true (schema_check (version->form, version->content, NULL));
}

static void a_version_is_read_once (void **state)
{
    (void)state;
    int before = atomic_load (&reads);
    for (int i = 0; i < 10; i++) {
        hold_and_look ("once", 1);
        hold_and_look ("once", 2);
        hold_and_look ("other", 1);
    }
    assert_int_equal (atomic_load (&reads) - before, 3);
}

static void a_failure_is_passed_up_and_not_kept (void **state)
{
    (void)state;
    AUTO_VERSION version = NULL;
    assert_int_equal (version_hold (NULL, "unreachable", 1, &version), -1);
    assert_null (version);
    hold_and_look ("reachable", 1);
}

static void what_is_held_outlives_its_place (void **state)
{
    (void)state;
    AUTO_VERSION held = NULL;
    assert_int_equal (version_hold (NULL, "held", 7, &held), 0);
    for (int number = 1; number <= VERSIONS_KEPT; number++)
        hold_and_look ("crowd", number);
    int before = atomic_load (&reads);
    hold_and_look ("crowd", VERSIONS_KEPT);
    assert_int_equal (atomic_load (&reads), before);
    hold_and_look ("held", 7); /* given up, so it is another one */
    assert_int_equal (atomic_load (&reads), before + 1);
    assert_string_equal (held->service, "held");
    assert_int_equal (json_int (held->content, "version", 0), 7);
}

/* cmocka's assertions jump, so a thread counts instead. */
static void *hold_many (void *mistakes)
{
    for (int i = 0; i < 2000; i++) {
        AUTO_VERSION version = NULL;
        int number = 1 + i * 37 % (VERSIONS_KEPT + 20);
        if (version_hold (NULL, "threads", number, &version) < 0 || version->number != number ||
            !schema_check (version->form, version->content, NULL)) {
            atomic_fetch_add ((atomic_int *)mistakes, 1);
            continue;
        }
        json_auto_t *copy = json_deep_copy (version->content);
        if (json_int (copy, "version", 0) != number)
            atomic_fetch_add ((atomic_int *)mistakes, 1);
    }
    return NULL;
}

static void threads_share_it (void **state)
{
    (void)state;
    pthread_t threads[4];
    atomic_int mistakes = 0;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal (pthread_create (&threads[i], NULL, hold_many, &mistakes), 0);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal (pthread_join (threads[i], NULL), 0);
    assert_int_equal (atomic_load (&mistakes), 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_version_is_read_once),
        cmocka_unit_test (a_failure_is_passed_up_and_not_kept),
        cmocka_unit_test (what_is_held_outlives_its_place),
        cmocka_unit_test (threads_share_it),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
