/* The rules of intake: the lifecycle, the complete file, the promise, the checker of workflows and the next step.
 * The workflow under test is the demo's own (deploy/demo.d/workflow.json), so that what is published is what is proven.
 */
#include "common/auto.h"
#include "intake.h"
#include "intake_course.h"
#include "intake_form.h"
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

/* ---- the promise -------------------------------------------------------------------------------------------- */

static const struct civil_date holidays[] = {{2026, 8, 17}, {2026, 8, 25}};
static const struct working_calendar office = {CALENDAR_MONDAY_TO_FRIDAY, holidays, 2, 450, 900}; /* 07:30 to 15:00 */

static struct civil_date day (const char *text)
{
    struct civil_date date;
    assert_true (calendar_parse (text, strlen (text), &date));
    return date;
}

static void assert_promise (const char *date, int minute, struct intake_duration duration, const char *received,
                            const char *due)
{
    struct intake_promise promise;
    char text[CALENDAR_DATE_SIZE];
    int64_t at = calendar_to_unix (day (date), minute, CALENDAR_WIB_MINUTES);
    assert_true (intake_promise (&office, at, CALENDAR_WIB_MINUTES, duration, &promise));
    calendar_print (promise.received_on, text);
    assert_string_equal (text, received);
    calendar_print (promise.due_on, text);
    assert_string_equal (text, due);
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

static void a_pause_moves_the_promise (void **state)
{
    (void)state;
    assert_int_equal (intake_paused_days (&office, day ("2026-08-12"), day ("2026-08-12")), 0);
    assert_int_equal (intake_paused_days (&office, day ("2026-08-12"), day ("2026-08-13")), 1);
    assert_int_equal (intake_paused_days (&office, day ("2026-08-14"), day ("2026-08-17")), 0);
    assert_int_equal (intake_paused_days (&office, day ("2026-08-14"), day ("2026-08-19")), 2);
    assert_int_equal (intake_paused_days (&office, day ("2026-08-19"), day ("2026-08-14")), 0);
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
    assert_int_equal (workflow.transition_count, 19);
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
    strcpy (row_of (&workflow, "handover", "ok")->to, "payment");        /* payment and handover turn in a circle */
    assert_refused (&workflow, WORKFLOW_STEP_ENDLESS, "drafting", NULL); /* the first that falls into it */
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
    {"paraf_kasi", "ok", "paraf_sekcam"},
    {"paraf_kasi", "returned", "drafting"},
    {"paraf_sekcam", "ok", "finalizing"},
    {"paraf_sekcam", "returned", "drafting"},
    {"finalizing", "ok", "signing"},
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

/* ---- the catalogue ------------------------------------------------------------------------------------------ */

static const char *const services[] = {"deploy/demo.d/services/sktm.json",
                                       "deploy/demo.d/services/izin_penutupan_jalan.json",
                                       "deploy/demo.d/services/pbg_rumah_tinggal.json"};

static void the_demo_services_may_be_published (void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        json_auto_t *body = demo (services[i]);
        AUTO_FREE char *why = NULL;
        enum form_verdict verdict = form_check_service (body, &why);
        if (verdict != FORM_OK)
            fail_msg ("%s: %s", services[i], why);
    }
}

static json_t *facts_of (json_t *body, const char *form_text)
{
    json_auto_t *form = json_loads (form_text, 0, NULL);
    assert_non_null (form);
    return form_facts (body, form);
}

static void the_fee_is_width_times_length (void **state)
{
    (void)state;
    json_auto_t *body = demo (services[1]);
    json_auto_t *facts = facts_of (body, "{\"length_m\": 12.5, \"width_m\": 4}");
    bool due = false;
    assert_int_equal (form_fee_due (body, facts, &due), EXPR_OK);
    assert_true (due);
    assert_int_equal (json_integer_value (json_object_get (facts, "area_m2")), 50);
    json_object_set_new (facts, "width_m", json_integer (0)); /* an inspector's measure overrides */
    assert_int_equal (form_fee_due (body, facts, &due), EXPR_OK);
    assert_false (due);
    form_derive (body, facts);
    assert_int_equal (json_integer_value (json_object_get (facts, "area_m2")), 0);
    json_object_del (facts, "width_m");
    form_derive (body, facts);
    assert_null (json_object_get (facts, "area_m2"));
    assert_int_equal (form_fee_due (body, facts, &due), EXPR_UNKNOWN_NAME);
    json_auto_t *free_service = demo (services[0]);
    assert_int_equal (form_fee_due (free_service, facts, &due), EXPR_OK);
    assert_false (due);
}

static void beyond_100_square_metres_is_not_the_camats (void **state)
{
    (void)state;
    json_auto_t *body = demo (services[2]);
    json_auto_t *facts = facts_of (body, "{\"building_area_m2\": 100}");
    const char *why = NULL;
    assert_int_equal (form_limits (body, facts, &why), EXPR_OK);
    assert_null (why);
    json_object_set_new (facts, "building_area_m2", json_real (100.01));
    assert_int_equal (form_limits (body, facts, &why), EXPR_OK);
    assert_non_null (why);
    assert_non_null (strstr (why, "PTSP"));
}

static void assert_service_refused (const char *member, const char *value, enum form_verdict expected_verdict)
{
    json_auto_t *body = demo (services[1]);
    json_auto_t *changed = json_loads (value, JSON_DECODE_ANY, NULL);
    assert_non_null (changed);
    json_object_set (body, member, changed);
    AUTO_FREE char *why = NULL;
    assert_int_equal (form_check_service (body, &why), expected_verdict);
    assert_non_null (why);
}

static void unsound_services_are_refused (void **state)
{
    (void)state;
    assert_service_refused ("form_schema", "{\"type\": \"objekt\"}", FORM_SCHEMA_INVALID);
    assert_service_refused ("facts", "{\"length_m\": \"length\"}", FORM_FACT_INVALID);
    assert_service_refused ("facts", "{\"length_m\": \"road_name\"}", FORM_FACT_INVALID); /* free text is no fact */
    assert_service_refused ("limits", "[{\"expression\": \"height_m < 3\", \"why\": \"x\"}]", FORM_FORMULA_INVALID);
    assert_service_refused ("limits", "[{\"expression\": \"length_m\", \"why\": \"x\"}]", FORM_FORMULA_INVALID);
    assert_service_refused ("tariff", "{\"formula\": \"length_m *\"}", FORM_FORMULA_INVALID);
    assert_service_refused ("tariff", "{\"formula\": \"length_m > 3\"}", FORM_FORMULA_INVALID);
    assert_service_refused ("derived", "{\"length_m\": \"width_m * 2\"}", FORM_FACT_INVALID);
    assert_service_refused ("derived", "{\"b\": \"a * 2\", \"a\": \"width_m\"}", FORM_FORMULA_INVALID);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_state_answers_every_command),
        cmocka_unit_test (a_step_places_the_file),
        cmocka_unit_test (names_read_back),
        cmocka_unit_test (missing_is_what_the_citizen_must_bring),
        cmocka_unit_test (the_promise_counts_working_days),
        cmocka_unit_test (a_week_without_working_days_promises_nothing),
        cmocka_unit_test (a_pause_moves_the_promise),
        cmocka_unit_test (the_demo_workflow_is_sound),
        cmocka_unit_test (unsound_steps_are_found),
        cmocka_unit_test (unsound_rows_are_found),
        cmocka_unit_test (dead_branches_are_found),
        cmocka_unit_test (every_step_and_outcome_leads_on),
        cmocka_unit_test (an_absent_fact_is_not_false),
        cmocka_unit_test (the_demo_services_may_be_published),
        cmocka_unit_test (the_fee_is_width_times_length),
        cmocka_unit_test (beyond_100_square_metres_is_not_the_camats),
        cmocka_unit_test (unsound_services_are_refused),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
