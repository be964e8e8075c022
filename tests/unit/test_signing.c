/* The rules of paraf and signature: every state x level x level of the caller, and each guard by itself. */
#include "signing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CONTENT  "aaaa"
#define DOCUMENT "dddd"

/* A desk as it is when everything before it went well. */
static struct signing_desk desk_at (enum signing_level level)
{
    struct signing_desk desk = {.level = level, .content_sha256 = CONTENT};
    static const char *const persons[] = {"kasi-person", "sekcam-person"};
    for (enum signing_level before = SIGNING_KASI; before < level; before++)
        desk.parafs[before] = (struct signing_paraf){.content_sha256 = CONTENT, .account = persons[before]};
    if (level == SIGNING_CAMAT)
        desk.document_sha256 = DOCUMENT;
    return desk;
}

static struct signing_approval approval_of (enum signing_level level)
{
    static const char *const persons[] = {"kasi-person", "sekcam-person", "camat-person"};
    return (struct signing_approval){
        .level = level, .account = persons[level], .seen_sha256 = level == SIGNING_CAMAT ? DOCUMENT : CONTENT};
}

static void only_the_open_desk_of_the_level_accepts (void **state)
{
    (void)state;
    for (enum signing_level at = 0; at < SIGNING_LEVELS; at++)
        for (enum signing_level who = 0; who < SIGNING_LEVELS; who++)
            for (enum signing_state s = 0; s < SIGNING_STATES; s++) {
                struct signing_desk desk = desk_at (at);
                desk.state = s;
                struct signing_approval approval = approval_of (who);
                struct signing_answer answer = signing_approve (&desk, &approval);
                if (at == who && s == SIGNING_OPEN)
                    assert_int_equal (answer.verdict, SIGNING_ACCEPTED);
                else
                    assert_int_not_equal (answer.verdict, SIGNING_ACCEPTED);
                if (answer.verdict == SIGNING_ACCEPTED)
                    assert_int_equal (answer.to, SIGNING_DONE);
                struct signing_answer back = signing_return (&desk, who);
                assert_int_equal (back.verdict == SIGNING_ACCEPTED, at == who && s == SIGNING_OPEN);
            }
}

static void who_comes_too_early_misses_the_paraf_before (void **state)
{
    (void)state;
    struct signing_desk desk = desk_at (SIGNING_KASI);
    struct signing_approval sekcam = approval_of (SIGNING_SEKCAM), camat = approval_of (SIGNING_CAMAT);
    struct signing_answer answer = signing_approve (&desk, &sekcam);
    assert_int_equal (answer.verdict, SIGNING_PARAF_MISSING);
    assert_int_equal (answer.missing, SIGNING_KASI);
    assert_int_equal (signing_approve (&desk, &camat).verdict, SIGNING_PARAF_MISSING);
    desk = desk_at (SIGNING_SEKCAM);
    answer = signing_approve (&desk, &camat);
    assert_int_equal (answer.verdict, SIGNING_PARAF_MISSING);
    assert_int_equal (answer.missing, SIGNING_SEKCAM);
}

static void each_paraf_must_be_there_and_bind_this_content (void **state)
{
    (void)state;
    for (enum signing_level at = SIGNING_SEKCAM; at < SIGNING_LEVELS; at++)
        for (enum signing_level before = SIGNING_KASI; before < at; before++) {
            struct signing_approval approval = approval_of (at);
            struct signing_desk desk = desk_at (at);
            desk.parafs[before] = (struct signing_paraf){0};
            struct signing_answer answer = signing_approve (&desk, &approval);
            assert_int_equal (answer.verdict, SIGNING_PARAF_MISSING);
            assert_int_equal (answer.missing, before);
            desk = desk_at (at);
            desk.parafs[before].content_sha256 = "other content";
            assert_int_equal (signing_approve (&desk, &approval).verdict, SIGNING_PARAF_MISSING);
        }
}

static void nobody_stands_twice_under_a_document (void **state)
{
    (void)state;
    for (enum signing_level at = SIGNING_SEKCAM; at < SIGNING_LEVELS; at++)
        for (enum signing_level before = SIGNING_KASI; before < at; before++) {
            struct signing_desk desk = desk_at (at);
            struct signing_approval approval = approval_of (at);
            approval.account = desk.parafs[before].account;
            assert_int_equal (signing_approve (&desk, &approval).verdict, SIGNING_SAME_PERSON);
        }
}

static void what_was_seen_is_what_is_signed (void **state)
{
    (void)state;
    for (enum signing_level at = 0; at < SIGNING_LEVELS; at++) {
        struct signing_desk desk = desk_at (at);
        struct signing_approval approval = approval_of (at);
        approval.seen_sha256 = "something else";
        assert_int_equal (signing_approve (&desk, &approval).verdict, SIGNING_CONTENT_CHANGED);
        approval.seen_sha256 = NULL;
        assert_int_equal (signing_approve (&desk, &approval).verdict, SIGNING_CONTENT_CHANGED);
    }
    struct signing_desk desk = desk_at (SIGNING_CAMAT);
    desk.document_sha256 = NULL;
    struct signing_approval approval = approval_of (SIGNING_CAMAT);
    assert_int_equal (signing_approve (&desk, &approval).verdict, SIGNING_CONTENT_CHANGED);
}

static void names_lead_back (void **state)
{
    (void)state;
    for (enum signing_level level = 0; level < SIGNING_LEVELS; level++) {
        enum signing_level back;
        assert_true (signing_level_parse (signing_level_name (level), &back));
        assert_int_equal (back, level);
    }
    for (enum signing_state s = 0; s < SIGNING_STATES; s++) {
        enum signing_state back;
        assert_true (signing_state_parse (signing_state_name (s), &back));
        assert_int_equal (back, s);
    }
    enum signing_level level;
    assert_false (signing_level_of_step ("payment", &level));
    assert_true (signing_level_of_step ("signing", &level));
    assert_int_equal (level, SIGNING_CAMAT);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (only_the_open_desk_of_the_level_accepts),
        cmocka_unit_test (who_comes_too_early_misses_the_paraf_before),
        cmocka_unit_test (each_paraf_must_be_there_and_bind_this_content),
        cmocka_unit_test (nobody_stands_twice_under_a_document),
        cmocka_unit_test (what_was_seen_is_what_is_signed),
        cmocka_unit_test (names_lead_back),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
