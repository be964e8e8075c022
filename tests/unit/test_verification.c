/* The verification station's rules: every state, every attempt around the right one, every outcome, every set of
 * members, known and unknown codes; the expectation is computed from the text of the rule, not from its tables. */
#include "verification.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const checklist[] = {"ktp", "kk", "pengantar"};
#define CHECKLIST_SIZE (sizeof checklist / sizeof *checklist)

static struct verification_task task_in (enum verification_state state)
{
    return (struct verification_task){
        .state = state,
        .attempt = 2,
        .outcomes = VERIFICATION_ALL_OUTCOMES,
        .requirements = checklist,
        .requirement_count = CHECKLIST_SIZE,
    };
}

/* A decision with those members of the set `members` (a bit each), all well formed. */
static struct verification_decision decision_with (enum verification_outcome outcome, unsigned members)
{
    static const char *const missing[] = {"pengantar", "ktp"};
    struct verification_decision decision = {.attempt = 2, .outcome = outcome, .missing = missing};
    if (members & 1u << VERIFICATION_REQUIREMENT)
        decision.requirement = "kk";
    if (members & 1u << VERIFICATION_REASON)
        decision.reason = "KK tidak memuat nama pemohon";
    if (members & 1u << VERIFICATION_LEGAL_BASIS)
        decision.legal_basis = "Perbup 41/2020 Pasal 5";
    if (members & 1u << VERIFICATION_MISSING)
        decision.missing_count = 2;
    return decision;
}

/* The members that an outcome needs, as the service's README says it. */
static unsigned wanted_by (enum verification_outcome outcome)
{
    if (outcome == VERIFICATION_REJECTED)
        return 1u << VERIFICATION_REQUIREMENT | 1u << VERIFICATION_REASON | 1u << VERIFICATION_LEGAL_BASIS;
    return outcome == VERIFICATION_INCOMPLETE ? 1u << VERIFICATION_MISSING : 0;
}

static enum verification_verdict expected (enum verification_state state, int attempt, unsigned outcomes,
                                           enum verification_outcome outcome, unsigned members)
{
    if (attempt != 2)
        return VERIFICATION_STALE_ATTEMPT;
    if (state == VERIFICATION_DECIDED)
        return VERIFICATION_ALREADY_DECIDED;
    if (state == VERIFICATION_CLOSED)
        return VERIFICATION_CASE_CLOSED;
    if (!(outcomes >> outcome & 1))
        return VERIFICATION_OUTCOME_NOT_ALLOWED;
    unsigned wrong = members ^ wanted_by (outcome);
    if (wrong == 0)
        return VERIFICATION_ACCEPTED;
    unsigned first = wrong & -wrong;
    return wanted_by (outcome) & first ? VERIFICATION_MEMBER_REQUIRED : VERIFICATION_MEMBER_FORBIDDEN;
}

static void every_state_attempt_outcome_and_member (void **state)
{
    (void)state;
    int accepted = 0;
    for (enum verification_state in = 0; in < VERIFICATION_STATES; in++)
        for (int attempt = 1; attempt <= 3; attempt++)
            for (unsigned outcomes = 0; outcomes <= VERIFICATION_ALL_OUTCOMES; outcomes++)
                for (enum verification_outcome outcome = 0; outcome < VERIFICATION_OUTCOMES; outcome++)
                    for (unsigned members = 0; members < 1u << VERIFICATION_MEMBERS; members++) {
                        struct verification_task task = task_in (in);
                        struct verification_decision decision = decision_with (outcome, members);
                        task.outcomes = outcomes;
                        decision.attempt = attempt;
                        struct verification_answer answer = verification_decide (&task, &decision);
                        assert_int_equal (answer.verdict, expected (in, attempt, outcomes, outcome, members));
                        if (answer.verdict == VERIFICATION_ACCEPTED) {
                            assert_int_equal (answer.to, VERIFICATION_DECIDED);
                            accepted++;
                        }
                    }
    /* each outcome once, in the half of the sixteen sets that holds it */
    assert_int_equal (accepted, VERIFICATION_OUTCOMES * 8);
}

static void the_offending_member_is_named (void **state)
{
    (void)state;
    struct verification_task task = task_in (VERIFICATION_OPEN);
    for (enum verification_outcome outcome = 0; outcome < VERIFICATION_OUTCOMES; outcome++)
        for (enum verification_member member = 0; member < VERIFICATION_MEMBERS; member++) {
            struct verification_decision decision = decision_with (outcome, wanted_by (outcome) ^ 1u << member);
            struct verification_answer answer = verification_decide (&task, &decision);
            assert_int_not_equal (answer.verdict, VERIFICATION_ACCEPTED);
            assert_int_equal (answer.member, member);
        }
}

static void codes_are_those_of_the_checklist (void **state)
{
    (void)state;
    static const char *const strangers[] = {"", "kt", "ktpp", "KTP", "akta"};
    struct verification_task task = task_in (VERIFICATION_OPEN);
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        struct verification_decision rejected =
            decision_with (VERIFICATION_REJECTED, wanted_by (VERIFICATION_REJECTED));
        rejected.requirement = strangers[i];
        struct verification_answer answer = verification_decide (&task, &rejected);
        assert_int_equal (answer.verdict, VERIFICATION_REQUIREMENT_UNKNOWN);
        assert_int_equal (answer.member, VERIFICATION_REQUIREMENT);
        for (size_t place = 0; place < CHECKLIST_SIZE; place++) {
            const char *missing[CHECKLIST_SIZE];
            memcpy (missing, checklist, sizeof missing);
            missing[place] = strangers[i];
            struct verification_decision incomplete = decision_with (VERIFICATION_INCOMPLETE, 0);
            incomplete.missing = missing;
            incomplete.missing_count = CHECKLIST_SIZE;
            answer = verification_decide (&task, &incomplete);
            assert_int_equal (answer.verdict, VERIFICATION_REQUIREMENT_UNKNOWN);
            assert_int_equal (answer.member, VERIFICATION_MISSING);
            assert_int_equal (answer.index, place);
        }
    }
}

static void nothing_is_missing_twice (void **state)
{
    (void)state;
    struct verification_task task = task_in (VERIFICATION_OPEN);
    for (size_t first = 0; first < CHECKLIST_SIZE; first++)
        for (size_t second = 0; second < CHECKLIST_SIZE; second++) {
            const char *missing[] = {checklist[first], checklist[second]};
            struct verification_decision decision = decision_with (VERIFICATION_INCOMPLETE, 0);
            decision.missing = missing;
            decision.missing_count = 2;
            struct verification_answer answer = verification_decide (&task, &decision);
            assert_int_equal (answer.verdict, first == second ? VERIFICATION_MISSING_TWICE : VERIFICATION_ACCEPTED);
        }
}

static void a_service_without_checklist (void **state)
{
    (void)state;
    struct verification_task task = task_in (VERIFICATION_OPEN);
    task.requirement_count = 0;
    for (enum verification_outcome outcome = 0; outcome < VERIFICATION_OUTCOMES; outcome++) {
        struct verification_decision decision = decision_with (outcome, wanted_by (outcome));
        bool names_codes = outcome == VERIFICATION_INCOMPLETE || outcome == VERIFICATION_REJECTED;
        assert_int_equal (verification_decide (&task, &decision).verdict,
                          names_codes ? VERIFICATION_REQUIREMENT_UNKNOWN : VERIFICATION_ACCEPTED);
    }
}

/* Nothing leaves a final state, and only an open file moves. */
static void the_lifecycle_ends (void **state)
{
    (void)state;
    for (enum verification_state in = 0; in < VERIFICATION_STATES; in++)
        for (enum verification_command command = 0; command < VERIFICATION_COMMANDS; command++) {
            struct verification_rule rule = verification_rule (in, command);
            assert_true (rule.allowed == (in == VERIFICATION_OPEN));
            if (rule.allowed)
                assert_int_not_equal (rule.to, VERIFICATION_OPEN);
        }
}

static void names_come_back (void **state)
{
    (void)state;
    for (enum verification_state in = 0, back; in < VERIFICATION_STATES; in++) {
        assert_true (verification_state_parse (verification_state_name (in), &back));
        assert_int_equal (back, in);
    }
    for (enum verification_outcome outcome = 0, back; outcome < VERIFICATION_OUTCOMES; outcome++) {
        assert_true (verification_outcome_parse (verification_outcome_name (outcome), &back));
        assert_int_equal (back, outcome);
    }
    enum verification_outcome outcome;
    assert_false (verification_outcome_parse ("OK", &outcome));
}

/* The picture in the service's README is the table's: exactly these lines. */
static void the_readme_shows_the_lifecycle (void **state)
{
    (void)state;
    static char readme[16384];
    FILE *file = fopen ("services/verification/README.md", "r");
    assert_non_null (file);
    readme[fread (readme, 1, sizeof readme - 1, file)] = '\0';
    fclose (file);
    size_t arrows = 0, drawn = 0;
    for (enum verification_state in = 0; in < VERIFICATION_STATES; in++)
        for (enum verification_command command = 0; command < VERIFICATION_COMMANDS; command++) {
            struct verification_rule rule = verification_rule (in, command);
            char line[120];
            snprintf (line, sizeof line, "    %s --> %s: %s\n", verification_state_name (in),
                      verification_state_name (rule.to), verification_command_name (command));
            if (!rule.allowed)
                continue;
            arrows++;
            if (!strstr (readme, line))
                fail_msg ("the README lacks the line: %s", line);
        }
    for (const char *at = readme; (at = strstr (at, " --> ")); at++)
        drawn += strncmp (at - 3, "[*]", 3) != 0;
    assert_int_equal (drawn, arrows);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_state_attempt_outcome_and_member),
        cmocka_unit_test (the_offending_member_is_named),
        cmocka_unit_test (codes_are_those_of_the_checklist),
        cmocka_unit_test (nothing_is_missing_twice),
        cmocka_unit_test (a_service_without_checklist),
        cmocka_unit_test (the_lifecycle_ends),
        cmocka_unit_test (names_come_back),
        cmocka_unit_test (the_readme_shows_the_lifecycle),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
