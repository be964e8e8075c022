/* The rules of the field check: every state with every command, days and minutes around each boundary, every pair of
 * grounds, every place of a bad photo; the expectation is computed from the text of the rule, not from its tables. */
#include "inspection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LETTER    "ST-0007/35.29.22/2026"
#define LETTER_AT INT64_C (1795317356000)
#define NOW       (LETTER_AT + INT64_C (86400000))
#define SLACK     INT64_C (300000)

static const struct civil_date today = {2026, 11, 22};

static struct inspection_visit visit_in (enum inspection_state state)
{
    bool has_letter = state == INSPECTION_SCHEDULED || state == INSPECTION_RECORDED;
    return (struct inspection_visit){
        .state = state,
        .kecamatan = "35.29.22",
        .letter_number = has_letter ? LETTER : NULL,
        .letter_at_ms = has_letter ? LETTER_AT : 0,
    };
}

static const struct inspection_photo good_photo = {.place = "35.29.22", .is_photo = true};

static struct inspection_report report_with (enum inspection_result result)
{
    bool rejected = result == INSPECTION_REJECTED;
    return (struct inspection_report){
        .result = result,
        .reason = rejected ? "Jalan itu jalan provinsi" : NULL,
        .legal_basis = rejected ? "Perda 3/2019 Pasal 4" : NULL,
        .visited_at_ms = NOW,
        .photos = &good_photo,
        .photo_count = 1,
    };
}

static enum inspection_verdict expected_schedule (enum inspection_state state, int64_t days, const char *replaces)
{
    if (state == INSPECTION_CLOSED)
        return INSPECTION_CASE_CLOSED;
    if (state == INSPECTION_RECORDED)
        return INSPECTION_ALREADY_RECORDED;
    if (state == INSPECTION_REQUESTED && replaces)
        return INSPECTION_LETTER_NOT_FOUND;
    if (state == INSPECTION_SCHEDULED && (!replaces || strcmp (replaces, LETTER) != 0))
        return INSPECTION_LETTER_IN_FORCE;
    if (days < 0)
        return INSPECTION_DATE_PAST;
    return days > 366 ? INSPECTION_DATE_FAR : INSPECTION_ACCEPTED;
}

static void every_state_day_and_letter_replaced (void **state)
{
    (void)state;
    static const int64_t days[] = {-366, -1, 0, 1, 366, 367, 10000};
    static const char *const replaced[] = {NULL, LETTER, "ST-0006/35.29.22/2026"};
    int accepted = 0;
    for (enum inspection_state in = 0; in < INSPECTION_STATES; in++)
        for (size_t d = 0; d < sizeof days / sizeof *days; d++)
            for (size_t r = 0; r < 3; r++) {
                struct inspection_visit visit = visit_in (in);
                struct inspection_plan plan = {.replaces = replaced[r]};
                assert_true (calendar_add_days (today, days[d], &plan.date));
                struct inspection_answer answer = inspection_schedule (&visit, &plan, today);
                assert_int_equal (answer.verdict, expected_schedule (in, days[d], replaced[r]));
                if (answer.verdict == INSPECTION_ACCEPTED) {
                    assert_int_equal (answer.to, INSPECTION_SCHEDULED);
                    accepted++;
                }
            }
    assert_int_equal (accepted, 6); /* two states, each with its letter, three days within the limits */
}

static enum inspection_verdict expected_record (enum inspection_state state, int64_t visited_at_ms)
{
    if (state == INSPECTION_CLOSED)
        return INSPECTION_CASE_CLOSED;
    if (state == INSPECTION_RECORDED)
        return INSPECTION_ALREADY_RECORDED;
    if (state == INSPECTION_REQUESTED)
        return INSPECTION_NOT_SCHEDULED;
    if (visited_at_ms < LETTER_AT - SLACK)
        return INSPECTION_VISIT_BEFORE_LETTER;
    return visited_at_ms > NOW + SLACK ? INSPECTION_VISIT_IN_FUTURE : INSPECTION_ACCEPTED;
}

static void every_state_and_moment (void **state)
{
    (void)state;
    static const int64_t moments[] = {
        0, LETTER_AT - SLACK - 1, LETTER_AT - SLACK, LETTER_AT, NOW, NOW + SLACK, NOW + SLACK + 1, INT64_C (1) << 50,
    };
    for (enum inspection_state in = 0; in < INSPECTION_STATES; in++)
        for (size_t m = 0; m < sizeof moments / sizeof *moments; m++)
            for (enum inspection_result result = 0; result < INSPECTION_RESULTS; result++) {
                struct inspection_visit visit = visit_in (in);
                struct inspection_report report = report_with (result);
                report.visited_at_ms = moments[m];
                struct inspection_answer answer = inspection_record (&visit, &report, NOW);
                assert_int_equal (answer.verdict, expected_record (in, moments[m]));
                if (answer.verdict == INSPECTION_ACCEPTED)
                    assert_int_equal (answer.to, INSPECTION_RECORDED);
            }
}

static void a_refusal_says_why_and_by_what_law (void **state)
{
    (void)state;
    struct inspection_visit visit = visit_in (INSPECTION_SCHEDULED);
    for (enum inspection_result result = 0; result < INSPECTION_RESULTS; result++)
        for (int given = 0; given < 4; given++) {
            struct inspection_report report = report_with (result);
            report.reason = given & 1 ? "Jalan itu jalan provinsi" : NULL;
            report.legal_basis = given & 2 ? "Perda 3/2019 Pasal 4" : NULL;
            bool rejected = result == INSPECTION_REJECTED;
            enum inspection_verdict expected = INSPECTION_ACCEPTED;
            if (rejected != !!(given & 1))
                expected = rejected ? INSPECTION_REASON_REQUIRED : INSPECTION_REASON_FORBIDDEN;
            else if (rejected != !!(given & 2))
                expected = rejected ? INSPECTION_LEGAL_BASIS_REQUIRED : INSPECTION_LEGAL_BASIS_FORBIDDEN;
            assert_int_equal (inspection_record (&visit, &report, NOW).verdict, expected);
        }
}

static void every_photo_is_looked_at (void **state)
{
    (void)state;
    static const struct inspection_photo bad[] = {
        {.place = "35.29.21", .is_photo = true},
        {.place = "35.29.22", .is_photo = false},
        {.place = "", .is_photo = true},
        {.place = "35.29", .is_photo = true},
    };
    struct inspection_visit visit = visit_in (INSPECTION_SCHEDULED);
    for (size_t count = 0; count <= INSPECTION_PHOTOS_MAX; count++)
        for (size_t place = 0; place <= count; place++)
            for (size_t b = 0; b < sizeof bad / sizeof *bad; b++) {
                struct inspection_photo photos[INSPECTION_PHOTOS_MAX + 1];
                for (size_t i = 0; i <= INSPECTION_PHOTOS_MAX; i++)
                    photos[i] = good_photo;
                photos[place] = bad[b]; /* at `count` itself: behind the last */
                struct inspection_report report = report_with (INSPECTION_OK);
                report.photos = photos;
                report.photo_count = count;
                struct inspection_answer answer = inspection_record (&visit, &report, NOW);
                if (place == count) {
                    assert_int_equal (answer.verdict, INSPECTION_ACCEPTED);
                    continue;
                }
                assert_int_equal (answer.verdict, bad[b].is_photo ? INSPECTION_PHOTO_FOREIGN : INSPECTION_PHOTO_NONE);
                assert_int_equal (answer.index, place);
            }
}

/* Nothing leaves a final state, nothing is recorded that was not scheduled, and every state has a way on. */
static void the_lifecycle_ends (void **state)
{
    (void)state;
    for (enum inspection_state in = 0; in < INSPECTION_STATES; in++)
        for (enum inspection_command command = 0; command < INSPECTION_COMMANDS; command++) {
            struct inspection_rule rule = inspection_rule (in, command);
            bool final = in == INSPECTION_RECORDED || in == INSPECTION_CLOSED;
            bool unscheduled = in == INSPECTION_REQUESTED && command == INSPECTION_RECORD;
            assert_true (rule.allowed == (!final && !unscheduled));
            if (rule.allowed)
                assert_int_not_equal (rule.to, INSPECTION_REQUESTED);
        }
}

static void names_come_back (void **state)
{
    (void)state;
    for (enum inspection_state in = 0, back; in < INSPECTION_STATES; in++) {
        assert_true (inspection_state_parse (inspection_state_name (in), &back));
        assert_int_equal (back, in);
    }
    for (enum inspection_result result = 0, back; result < INSPECTION_RESULTS; result++) {
        assert_true (inspection_result_parse (inspection_result_name (result), &back));
        assert_int_equal (back, result);
    }
    enum inspection_result result;
    assert_false (inspection_result_parse ("", &result));
}

/* The picture in the service's README is the table's: exactly these lines. */
static void the_readme_shows_the_lifecycle (void **state)
{
    (void)state;
    static char readme[16384];
    FILE *file = fopen ("services/inspection/README.md", "r");
    assert_non_null (file);
    readme[fread (readme, 1, sizeof readme - 1, file)] = '\0';
    fclose (file);
    size_t arrows = 0, drawn = 0;
    for (enum inspection_state in = 0; in < INSPECTION_STATES; in++)
        for (enum inspection_command command = 0; command < INSPECTION_COMMANDS; command++) {
            struct inspection_rule rule = inspection_rule (in, command);
            char line[120];
            snprintf (line, sizeof line, "    %s --> %s: %s\n", inspection_state_name (in),
                      inspection_state_name (rule.to), inspection_command_name (command));
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
        cmocka_unit_test (every_state_day_and_letter_replaced),
        cmocka_unit_test (every_state_and_moment),
        cmocka_unit_test (a_refusal_says_why_and_by_what_law),
        cmocka_unit_test (every_photo_is_looked_at),
        cmocka_unit_test (the_lifecycle_ends),
        cmocka_unit_test (names_come_back),
        cmocka_unit_test (the_readme_shows_the_lifecycle),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
