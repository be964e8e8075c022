/* Comma lists of names, and places that lie in others. */
#include "common/codes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_list (void **state)
{
    (void)state;
    assert_true (codes_have ("intake.loket", "intake.loket"));
    assert_true (codes_have ("a,b,c", "a"));
    assert_true (codes_have ("a,b,c", "b"));
    assert_true (codes_have ("a,b,c", "c"));
    assert_true (codes_have ("ab,abc", "abc"));
    assert_false (codes_have ("ab,abc", "a"));
    assert_false (codes_have ("ab,abc", "bc"));
    assert_false (codes_have ("ab,abc", "ab,abc,d"));
    assert_false (codes_have ("", "a"));
    assert_false (codes_have (NULL, "a"));
}

static void test_place (void **state)
{
    (void)state;
    assert_true (code_covers ("35.29", "35.29"));
    assert_true (code_covers ("35.29", "35.29.22"));
    assert_true (code_covers ("35.29.22", "35.29.22"));
    assert_false (code_covers ("35.29.22", "35.29"));
    assert_false (code_covers ("35.29.2", "35.29.22"));
    assert_false (code_covers ("35.2", "35.29.22"));
    assert_false (code_covers ("35.28", "35.29.22"));
    assert_false (code_covers ("35.29", ""));
}

int main (void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test (test_list), cmocka_unit_test (test_place)};
    return cmocka_run_group_tests_name ("codes", tests, NULL, NULL);
}
