/* The rules of intake: the lifecycle, the complete file, the promise, the checker of workflows and the next step.
 * The workflow under test is the demo's own (deploy/demo.d/workflow.json), so that what is published is what is proven.
 */
#include "common/auto.h"
#include "intake.h"
#include "intake_course.h"
#include "intake_json.h"
#include "intake_workflow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static json_t *demo (const char *path)
{
    json_error_t error;
    json_t *value = json_load_file (path, JSON_REJECT_DUPLICATES, &error);
    if (!value)
        fail_msg ("%s: %s", path, error.text);
    return value;
}

static struct workflow standard (void)
{
    struct workflow workflow;
    json_auto_t *body = demo ("deploy/demo.d/workflow.json");
    workflow_from_json (body, &workflow);
    return workflow;
}

/* ---- lifecycle ------------------------------------------------------------------------------------------------------
 */

static void every_state_answers_every_command (void **state)
{
    (void)state;
    static const char expected[INTAKE_STATES][INTAKE_COMMANDS + 1] = {
        /* complete advance withdraw hand_over;  y yes, - not now, c closed, u unpaid, h handed over already */
        [INTAKE_AT_LOKET] = "y-y-",    [INTAKE_AT_DESK] = "-yy-",         [INTAKE_AT_COMPLETION] = "y-y-",
        [INTAKE_AT_SIGNING] = "-y--",  [INTAKE_AT_PAYMENT] = "-y-u",      [INTAKE_AT_HANDOVER] = "---y",
        [INTAKE_CLOSED_DONE] = "ccch", [INTAKE_CLOSED_REJECTED] = "cccc", [INTAKE_CLOSED_WITHDRAWN] = "cccc",
    };
    static const char marks[INTAKE_VERDICTS] = {'-', 'y', 'c', 'u', 'h'};
    for (int at = 0; at < INTAKE_STATES; at++)
        for (int command = 0; command < INTAKE_COMMANDS; command++)
            assert_int_equal (marks[intake_decide ((enum intake_state)at, (enum intake_command)command)],
                              expected[at][command]);
}

static void a_step_places_the_file (void **state)
{
    (void)state;
    assert_int_equal (intake_state (INTAKE_INCOMPLETE, NULL), INTAKE_AT_LOKET);
    assert_int_equal (intake_state (INTAKE_REGISTERED, "verification"), INTAKE_AT_DESK);
    assert_int_equal (intake_state (INTAKE_REGISTERED, "paraf_sekcam"), INTAKE_AT_DESK);
    assert_int_equal (intake_state (INTAKE_REGISTERED, "completion"), INTAKE_AT_COMPLETION);
    assert_int_equal (intake_state (INTAKE_REGISTERED, "finalizing"), INTAKE_AT_SIGNING);
    assert_int_equal (intake_state (INTAKE_REGISTERED, "signing"), INTAKE_AT_SIGNING);
    assert_int_equal (intake_state (INTAKE_REGISTERED, "payment"), INTAKE_AT_PAYMENT);
    assert_int_equal (intake_state (INTAKE_REGISTERED, "handover"), INTAKE_AT_HANDOVER);
    assert_int_equal (intake_state (INTAKE_DONE, NULL), INTAKE_CLOSED_DONE);
    assert_int_equal (intake_state (INTAKE_REJECTED, NULL), INTAKE_CLOSED_REJECTED);
    assert_int_equal (intake_state (INTAKE_WITHDRAWN, NULL), INTAKE_CLOSED_WITHDRAWN);
}

static void names_read_back (void **state)
{
    (void)state;
    for (int status = 0; status < INTAKE_STATUSES; status++)
        assert_int_equal (intake_status_from (intake_status_name ((enum intake_status)status)), status);
    assert_int_equal (intake_status_from ("selesai"), INTAKE_STATUSES);
    for (int how = 0; how < INTAKE_HOWS; how++)
        assert_int_equal (intake_how_from (intake_how_name ((enum intake_how)how)), how);
    assert_int_equal (intake_how_from ("Upload"), INTAKE_HOWS);
}

/* ---- a complete file ---------------------------------------------------------------------------------------- */

static void missing_is_what_the_citizen_must_bring (void **state)
{
    (void)state;
    for (int how = 0; how < INTAKE_HOWS; how++)
        for (int bits = 0; bits < 16; bits++) {
            struct intake_requirement requirement = {.how = (enum intake_how)how,
                                                     .mandatory = bits & 1,
                                                     .has_file = bits & 2,
                                                     .original_seen = bits & 4,
                                                     .asked_again = bits & 8};
            bool met = how == INTAKE_BY_UPLOAD     ? requirement.has_file
                       : how == INTAKE_BY_ORIGINAL ? requirement.original_seen
                                                   : requirement.has_file || requirement.original_seen;
            bool missing = (requirement.mandatory && !met) || requirement.asked_again;
            assert_int_equal (intake_is_missing (&requirement), missing);
        }
}

static void what_is_asked_again_wants_something_new (void **state)
{
    (void)state;
    for (int bits = 0; bits < 16; bits++) {
        struct intake_brought brought = {
            .asked_again = bits & 1, .same_file = bits & 2, .original_seen = bits & 4, .new_note = bits & 8};
        assert_int_equal (intake_is_answer (&brought), bits != 3);
    }
}

/* ---- the promise -------------------------------------------------------------------------------------------- */

static const struct civil_date holidays[] = {{2026, 8, 17}, {2026, 8, 25}};
static const struct working_calendar office = {CALENDAR_MONDAY_TO_FRIDAY, holidays, 2, 450, 900}; /* 07:30 to 15:00 */

static struct civil_date day (const char *text)
{
    struct civil_date date;
    assert_true (calendar_parse (text, strlen (text), &date));
    return date;
}

static void nobody_is_born_tomorrow_or_before_1900 (void **state)
{
    (void)state;
    assert_true (intake_birth_fits (day ("2026-11-22"), day ("2026-11-22")));
    assert_false (intake_birth_fits (day ("2026-11-23"), day ("2026-11-22")));
    assert_true (intake_birth_fits (day ("1900-01-01"), day ("2026-11-22")));
    assert_false (intake_birth_fits (day ("1899-12-31"), day ("2026-11-22")));
}

static void assert_promise (const char *date, int minute, struct intake_duration duration, const char *received,
                            const char *due)
{
    struct intake_promise promise = {0};
    char text[CALENDAR_DATE_SIZE];
    int64_t at = calendar_to_unix (day (date), minute, CALENDAR_WIB_MINUTES);
    assert_true (intake_promise (&office, at, CALENDAR_WIB_MINUTES, duration, &promise));
    calendar_print (promise.received_on, text);
    assert_string_equal (text, received);
    calendar_print (promise.due_on, text);
    assert_string_equal (text, due);
    assert_int_equal (promise.wait,
                      duration.wait && strcmp (date, due) == 0); /* who waits until tomorrow is told the day */
}

static void the_promise_counts_working_days (void **state)
{
    (void)state;
    const struct intake_duration one = {.working_days = 1}, fourteen = {.working_days = 14};
    const struct intake_duration hour = {.wait = true, .minutes = 60};
    assert_promise ("2026-08-12", 600, one, "2026-08-12", "2026-08-13");
    assert_promise ("2026-08-14", 600, one, "2026-08-14", "2026-08-18");      /* Friday; Monday is Independence Day */
    assert_promise ("2026-08-14", 899, one, "2026-08-14", "2026-08-18");      /* a minute before closing */
    assert_promise ("2026-08-14", 900, one, "2026-08-18", "2026-08-19");      /* at closing: next working day */
    assert_promise ("2026-08-15", 600, one, "2026-08-18", "2026-08-19");      /* Saturday */
    assert_promise ("2026-08-12", 600, fourteen, "2026-08-12", "2026-09-03"); /* two holidays between */
    assert_promise ("2026-08-14", 840, hour, "2026-08-14", "2026-08-14");     /* 60 minutes fit exactly */
    assert_promise ("2026-08-14", 841, hour, "2026-08-14", "2026-08-18");     /* 59 are left */
    assert_promise ("2026-08-14", 300, hour, "2026-08-14", "2026-08-14");     /* before opening */
    assert_promise ("2026-08-15", 899, hour, "2026-08-18", "2026-08-18");     /* the minute counts on the day only */
    assert_promise ("2026-08-14", 900, hour, "2026-08-18", "2026-08-18");     /* closed */
    assert_promise ("2026-08-17", 600, hour, "2026-08-18", "2026-08-18");     /* a holiday */
}

static void a_week_without_working_days_promises_nothing (void **state)
{
    (void)state;
    struct working_calendar never = office;
    never.weekdays = 0;
    struct intake_promise promise;
    assert_false (intake_promise (&never, 1786500000, CALENDAR_WIB_MINUTES, (struct intake_duration){.working_days = 1},
                                  &promise));
}

static int64_t moment (const char *date, int minute)
{
    return calendar_to_unix (day (date), minute, CALENDAR_WIB_MINUTES);
}

static void a_pause_counts_working_days (void **state)
{
    (void)state;
    static const struct {
        const char *from;
        int from_minute;
        const char *to;
        int to_minute;
        int days;
    } table[] = {
        {"2026-08-12", 600, "2026-08-12", 890, 0},  /* the same day */
        {"2026-08-12", 600, "2026-08-13", 600, 1},  /* the next */
        {"2026-08-12", 600, "2026-08-12", 900, 1},  /* brought at closing: as if tomorrow */
        {"2026-08-12", 901, "2026-08-13", 600, 0},  /* given back after closing: as if tomorrow */
        {"2026-08-12", 901, "2026-08-12", 902, 0},  /* both after closing */
        {"2026-08-12", 300, "2026-08-12", 301, 0},  /* both before opening */
        {"2026-08-14", 600, "2026-08-17", 600, 1},  /* Friday; brought on a holiday: counts as Tuesday */
        {"2026-08-14", 600, "2026-08-19", 600, 2},  /* Tuesday and Wednesday; Monday is a holiday */
        {"2026-08-14", 901, "2026-08-19", 600, 1},  /* Friday after closing counts as Tuesday */
        {"2026-08-16", 600, "2026-08-16", 600, 0},  /* a Sunday, in one moment */
        {"2026-08-15", 600, "2026-08-17", 1000, 0}, /* from Saturday to the holiday: the office was closed */
        {"2026-08-16", 600, "2026-08-18", 899, 0},  /* from Sunday to the first working day */
        {"2026-08-16", 600, "2026-08-18", 900, 1},  /* after its closing */
        {"2026-08-19", 600, "2026-08-14", 600, 0},  /* a clock that was put back */
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct intake_pause pause = {moment (table[i].from, table[i].from_minute),
                                     moment (table[i].to, table[i].to_minute)};
        int days = -1;
        assert_true (intake_paused_days (&office, pause, CALENDAR_WIB_MINUTES, &days));
        if (days != table[i].days)
            fail_msg ("row %zu: %d days, not %d", i, days, table[i].days);
    }
    struct working_calendar never = office;
    never.weekdays = 0;
    int days;
    assert_false (intake_paused_days (&never, (struct intake_pause){0, 1}, CALENDAR_WIB_MINUTES, &days));
}

static void a_pause_moves_the_promise (void **state)
{
    (void)state;
    struct civil_date due;
    assert_true (intake_extend (&office, day ("2026-08-14"), 2, &due));
    assert_int_equal (calendar_compare (due, day ("2026-08-19")), 0);
    assert_true (intake_extend (&office, day ("2026-08-14"), 0, &due));
    assert_int_equal (calendar_compare (due, day ("2026-08-14")), 0);
}

/* ---- the checker -------------------------------------------------------------------------------------------- */

static void assert_refused (const struct workflow *workflow, enum workflow_verdict expected, const char *step,
                            const char *outcome)
{
    struct workflow_offence offence = {0};
    assert_int_equal (workflow_check (workflow, &offence), expected);
    assert_string_equal (offence.step, step);
    if (outcome)
        assert_string_equal (offence.outcome, outcome);
    else
        assert_null (offence.outcome);
    assert_true (strlen (workflow_verdict_text (expected)) > 0);
}

static struct workflow_transition *row_of (struct workflow *workflow, const char *from, const char *outcome)
{
    for (size_t i = 0; i < workflow->transition_count; i++)
        if (strcmp (workflow->transitions[i].from, from) == 0 &&
            strcmp (workflow->transitions[i].outcome, outcome) == 0)
            return &workflow->transitions[i];
    fail_msg ("no row %s %s", from, outcome);
    return NULL;
}

static struct workflow_step *step_of (struct workflow *workflow, const char *step)
{
    for (size_t i = 0; i < workflow->step_count; i++)
        if (strcmp (workflow->steps[i].step, step) == 0)
            return &workflow->steps[i];
    fail_msg ("no step %s", step);
    return NULL;
}

static void drop_row (struct workflow *workflow, const char *from, const char *outcome)
{
    *row_of (workflow, from, outcome) = workflow->transitions[--workflow->transition_count];
}

static void the_demo_workflow_is_sound (void **state)
{
    (void)state;
    struct workflow workflow = standard ();
    struct workflow_offence offence;
    assert_int_equal (workflow.step_count, 10);
    assert_int_equal (workflow.transition_count, 21);
    assert_int_equal (workflow_check (&workflow, &offence), WORKFLOW_OK);
}

static void unsound_steps_are_found (void **state)
{
    (void)state;
    struct workflow workflow = standard ();
    workflow.steps[workflow.step_count++] = workflow.steps[3];
    assert_refused (&workflow, WORKFLOW_STEP_TWICE, "drafting", NULL);
    workflow = standard ();
    strcpy (step_of (&workflow, "payment")->step, "pembayaran");
    assert_refused (&workflow, WORKFLOW_STEP_UNKNOWN, "pembayaran", NULL);
    workflow = standard ();
    strcpy (step_of (&workflow, "payment")->station, "signing");
    assert_refused (&workflow, WORKFLOW_STATION_WRONG, "payment", NULL);
    workflow = standard ();
    strcpy (step_of (&workflow, "signing")->role, "bupati");
    assert_refused (&workflow, WORKFLOW_ROLE_UNKNOWN, "signing", NULL);
    workflow = standard ();
    strcpy (workflow.start, "begin");
    assert_refused (&workflow, WORKFLOW_START_UNKNOWN, "begin", NULL);
    workflow = standard ();
    workflow.step_count = workflow.transition_count = 0;
    assert_refused (&workflow, WORKFLOW_START_UNKNOWN, "verification", NULL);
}

static void unsound_rows_are_found (void **state)
{
    (void)state;
    struct workflow workflow = standard ();
    strcpy (row_of (&workflow, "payment", "ok")->from, "kasir");
    assert_refused (&workflow, WORKFLOW_FROM_UNKNOWN, "kasir", "ok");
    workflow = standard ();
    strcpy (row_of (&workflow, "payment", "ok")->to, "courier");
    assert_refused (&workflow, WORKFLOW_TO_UNKNOWN, "payment", "ok");
    workflow = standard ();
    strcpy (row_of (&workflow, "payment", "ok")->outcome, "waived");
    assert_refused (&workflow, WORKFLOW_OUTCOME_UNKNOWN, "payment", "waived");
    workflow = standard ();
    drop_row (&workflow, "paraf_kasi", "returned");
    assert_refused (&workflow, WORKFLOW_OUTCOME_UNCOVERED, "paraf_kasi", "returned");
    workflow = standard ();
    drop_row (&workflow, "verification", "ok"); /* half of the pair */
    assert_refused (&workflow, WORKFLOW_ROW_AMBIGUOUS, "verification", "ok");
    workflow = standard ();
    row_of (&workflow, "signing", "ok")->when_value = false; /* false twice, true never */
    assert_refused (&workflow, WORKFLOW_ROW_AMBIGUOUS, "signing", "ok");
    workflow = standard ();
    strcpy (row_of (&workflow, "signing", "ok")->when_fact, "field_check"); /* two facts */
    assert_refused (&workflow, WORKFLOW_ROW_AMBIGUOUS, "signing", "ok");
    workflow = standard ();
    workflow.transitions[workflow.transition_count++] = *row_of (&workflow, "drafting", "ok");
    assert_refused (&workflow, WORKFLOW_ROW_AMBIGUOUS, "drafting", "ok");
    workflow = standard ();
    workflow.transitions[workflow.transition_count++] = *row_of (&workflow, "signing", "ok"); /* a third */
    assert_refused (&workflow, WORKFLOW_ROW_AMBIGUOUS, "signing", "ok");
}

static void dead_branches_are_found (void **state)
{
    (void)state;
    struct workflow workflow = standard ();
    strcpy (row_of (&workflow, "verification", "incomplete")->to, "rejected");
    assert_refused (&workflow, WORKFLOW_STEP_UNREACHABLE, "completion", NULL);
    workflow = standard ();
    strcpy (row_of (&workflow, "handover", "ok")->to, "payment"); /* payment and handover turn in a circle */
    assert_refused (&workflow, WORKFLOW_STEP_ENDLESS, "payment",
                    NULL); /* from drafting on there is a way back and out */
}

/* ---- the next step ------------------------------------------------------------------------------------------ */

static bool fact_of (void *context, const char *fact, bool *ret_value)
{
    const json_t *value = json_object_get (context, fact);
    *ret_value = json_is_true (value);
    return json_is_boolean (value);
}

struct course_case {
    const char *step, *outcome, *to; /* to: with fee_due and field_check true / false after a bar when they differ */
};

static const struct course_case cases[] = {
    {"verification", "ok", "inspection|drafting"},
    {"verification", "needs_inspection", "inspection"},
    {"verification", "incomplete", "completion"},
    {"verification", "rejected", "(rejected)"},
    {"completion", "ok", "verification"},
    {"inspection", "ok", "drafting"},
    {"inspection", "rejected", "(rejected)"},
    {"drafting", "ok", "paraf_kasi"},
    {"drafting", "returned", "verification"},
    {"paraf_kasi", "ok", "paraf_sekcam"},
    {"paraf_kasi", "returned", "drafting"},
    {"paraf_sekcam", "ok", "finalizing"},
    {"paraf_sekcam", "returned", "drafting"},
    {"finalizing", "ok", "signing"},
    {"finalizing", "returned", "drafting"},
    {"signing", "ok", "payment|handover"},
    {"signing", "returned", "drafting"},
    {"payment", "ok", "handover"},
    {"handover", "ok", "(done)"},
};

static const char *go (const struct workflow *workflow, const char *step, const char *outcome, json_t *facts)
{
    const struct workflow_step *next;
    switch (course_next (workflow, step, outcome, fact_of, facts, &next)) {
    case COURSE_STEP:
        return next->step;
    case COURSE_DONE:
        return "(done)";
    case COURSE_REJECTED:
        return "(rejected)";
    case COURSE_NO_ROW:
        return "(no row)";
    case COURSE_FACT_ABSENT:
        return "(fact absent)";
    case COURSE_VERDICTS:
        break;
    }
    fail ();
    return NULL;
}

static const char *expected (const char *step, const char *outcome, bool truth)
{
    static char text[64];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (strcmp (cases[i].step, step) != 0 || strcmp (cases[i].outcome, outcome) != 0)
            continue;
        snprintf (text, sizeof text, "%s", cases[i].to);
        char *bar = strchr (text, '|');
        if (!bar)
            return text;
        *bar = '\0';
        return truth ? text : bar + 1;
    }
    return "(no row)";
}

static void every_step_and_outcome_leads_on (void **state)
{
    (void)state;
    static const char *const outcomes[] = {"ok", "incomplete", "needs_inspection", "rejected", "returned", "lost", ""};
    struct workflow workflow = standard ();
    for (int truth = 0; truth < 2; truth++) {
        json_auto_t *facts = json_pack ("{s:b, s:b}", "fee_due", truth, "field_check", truth);
        for (size_t i = 0; i < workflow.step_count; i++)
            for (size_t j = 0; j < sizeof outcomes / sizeof *outcomes; j++)
                assert_string_equal (go (&workflow, workflow.steps[i].step, outcomes[j], facts),
                                     expected (workflow.steps[i].step, outcomes[j], truth));
        assert_string_equal (go (&workflow, "elsewhere", "ok", facts), "(no row)");
    }
}

static void an_absent_fact_is_not_false (void **state)
{
    (void)state;
    struct workflow workflow = standard ();
    json_auto_t *facts = json_pack ("{s:i}", "fee_due", 1);
    assert_string_equal (go (&workflow, "signing", "ok", facts), "(fact absent)");
    assert_string_equal (go (&workflow, "payment", "ok", facts), "handover");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_state_answers_every_command),
        cmocka_unit_test (a_step_places_the_file),
        cmocka_unit_test (names_read_back),
        cmocka_unit_test (missing_is_what_the_citizen_must_bring),
        cmocka_unit_test (what_is_asked_again_wants_something_new),
        cmocka_unit_test (nobody_is_born_tomorrow_or_before_1900),
        cmocka_unit_test (the_promise_counts_working_days),
        cmocka_unit_test (a_week_without_working_days_promises_nothing),
        cmocka_unit_test (a_pause_counts_working_days),
        cmocka_unit_test (a_pause_moves_the_promise),
        cmocka_unit_test (the_demo_workflow_is_sound),
        cmocka_unit_test (unsound_steps_are_found),
        cmocka_unit_test (unsound_rows_are_found),
        cmocka_unit_test (dead_branches_are_found),
        cmocka_unit_test (every_step_and_outcome_leads_on),
        cmocka_unit_test (an_absent_fact_is_not_false),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
