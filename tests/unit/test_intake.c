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
    assert_int_equal (workflow.transition_count, 20);
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
    const char *why = NULL;
    assert_true (form_fee_due (body, facts, &due, &why));
    assert_true (due);
    assert_int_equal (json_integer_value (json_object_get (facts, "area_m2")), 50);
    json_object_set_new (facts, "width_m", json_integer (0)); /* an inspector's measure overrides */
    assert_true (form_fee_due (body, facts, &due, &why));
    assert_false (due);
    form_derive (body, facts);
    assert_int_equal (json_integer_value (json_object_get (facts, "area_m2")), 0);
    json_object_del (facts, "width_m");
    form_derive (body, facts);
    assert_null (json_object_get (facts, "area_m2"));
    assert_false (form_fee_due (body, facts, &due, &why));
    assert_string_equal (why, "memakai fakta yang tidak ada");
    json_auto_t *free_service = demo (services[0]);
    assert_true (form_fee_due (free_service, facts, &due, &why));
    assert_false (due);
}

static void a_negative_fee_is_a_fault_and_not_free (void **state)
{
    (void)state;
    static const struct {
        const char *formula;
        bool sound, due;
    } table[] = {
        {"10 - 10", true, false},
        {"10 - 9", true, true},
        {"10 - 11", false, false},
        {"0.4 - 0.5", false, false},
        {"max (0, 10 - 11)", true, false},
        {"0.4", true, false},
        {"9000000000000 * 10", false, false},
        {"1 / 0", false, false},
    };
    json_auto_t *facts = json_object ();
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        json_auto_t *content = json_pack ("{s:{s:s}}", "tariff", "formula", table[i].formula);
        bool due = false;
        const char *why = NULL;
        assert_int_equal (form_fee_due (content, facts, &due, &why), table[i].sound);
        assert_true (strlen (why) > 0);
        if (table[i].sound)
            assert_int_equal (due, table[i].due);
    }
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

static void a_published_cost_is_what_is_paid (void **state)
{
    (void)state;
    static const struct {
        const char *cost;
        bool tariff, sound;
    } table[] = {
        {"GRATIS", false, true},  {"GRATIS", true, false},         {"Gratis", true, false},
        {"Gratis", false, false}, {"Rp 5.000 per m²", true, true}, {"Rp 5.000 per m²", false, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        json_auto_t *body = demo (services[1]); /* it has a tariff */
        json_object_set_new (json_object_get (body, "published"), "cost", json_string (table[i].cost));
        if (!table[i].tariff)
            json_object_set_new (body, "tariff", json_null ());
        AUTO_FREE char *why = NULL;
        assert_int_equal (form_check_service (body, &why), table[i].sound ? FORM_OK : FORM_COST_CONTRADICTS);
        json_object_del (body, "tariff"); /* left out is none */
        AUTO_FREE char *again = NULL;
        if (!table[i].tariff)
            assert_int_equal (form_check_service (body, &again), table[i].sound ? FORM_OK : FORM_COST_CONTRADICTS);
    }
}

/* ---- a form that does not fit ------------------------------------------------------------------------------- */

static const char *const form_schema =
    "{'type': 'object', 'required': ['name', 'length', 'bare'], 'additionalProperties': false, 'properties': {"
    "'name': {'x-label': 'Nama kegiatan', 'title': 'Judul', 'type': 'string', 'minLength': 1, 'maxLength': 5,"
    " 'pattern': '\\\\S'},"
    "'code': {'title': 'Kode', 'type': 'string', 'minLength': 3, 'pattern': '^[A-Z]+$'},"
    "'length': {'x-label': 'Panjang (m)', 'type': 'number', 'minimum': 0.5, 'maximum': 500, 'multipleOf': 0.5},"
    "'width': {'x-label': 'Lebar (m)', 'type': 'number', 'exclusiveMinimum': 0, 'exclusiveMaximum': 20},"
    "'floors': {'x-label': 'Lantai', 'type': 'integer'},"
    "'held_on': {'x-label': 'Tanggal', 'type': 'string', 'format': 'date'},"
    "'kind': {'x-label': 'Jenis', 'enum': ['hajatan', 'niaga']},"
    "'agreed': {'x-label': 'Persetujuan', 'type': 'boolean'},"
    "'guests': {'x-label': 'Tamu', 'type': 'array', 'maxItems': 2, 'items': {'type': 'string', 'maxLength': 3}},"
    "'place': {'type': 'object', 'properties': {'a/b': {'x-label': 'Dusun', 'type': 'string'}}},"
    "'odd': {'x-label': 'Aneh', 'not': {'type': 'number'}}, 'bare': {'type': 'string'}}}";

static json_t *quoted (const char *text)
{
    char copy[2048];
    size_t i = 0;
    assert_true (strlen (text) < sizeof copy);
    do
        copy[i] = text[i] == '\'' ? '"' : text[i];
    while (text[i++]);
    json_error_t error;
    json_t *value = json_loads (copy, 0, &error);
    if (!value)
        fail_msg ("%s: %s", error.text, copy);
    return value;
}

static void a_form_is_refused_in_plain_words (void **state)
{
    (void)state;
    static const struct {
        const char *changes, *pointer, *why;
    } table[] = {
        {"{'name': null}", "/form/name", "Nama kegiatan harus berupa teks"},
        {"{'name': ''}", "/form/name", "Nama kegiatan wajib diisi"},
        {"{'name': '  '}", "/form/name", "Nama kegiatan wajib diisi"},
        {"{'name': 'Pesta rakyat'}", "/form/name", "Nama kegiatan paling banyak 5 karakter"},
        {"{'code': 'A'}", "/form/code", "Kode paling sedikit 3 karakter"},
        {"{'code': 'abc'}", "/form/code", "Kode penulisannya tidak sesuai"},
        {"{'length': 501}", "/form/length", "Panjang (m) paling besar 500"},
        {"{'length': 0}", "/form/length", "Panjang (m) paling kecil 0,5"},
        {"{'length': 0.7}", "/form/length", "Panjang (m) harus kelipatan 0,5"},
        {"{'length': '5'}", "/form/length", "Panjang (m) harus berupa angka"},
        {"{'width': 0}", "/form/width", "Lebar (m) harus lebih dari 0"},
        {"{'width': 20}", "/form/width", "Lebar (m) harus kurang dari 20"},
        {"{'floors': 1.5}", "/form/floors", "Lantai harus berupa bilangan bulat"},
        {"{'held_on': 'besok'}", "/form/held_on", "Tanggal harus berupa tanggal, misalnya 2026-12-31"},
        {"{'kind': 'lain'}", "/form/kind", "Jenis harus salah satu dari: hajatan, niaga"},
        {"{'agreed': 'ya'}", "/form/agreed", "Persetujuan harus ya atau tidak"},
        {"{'guests': ['a', 'b', 'c']}", "/form/guests", "Tamu paling banyak 2 entri"},
        {"{'guests': ['abcd']}", "/form/guests/0", "Tamu paling banyak 3 karakter"},
        {"{'place': {'a/b': 1}}", "/form/place/a~1b", "Dusun harus berupa teks"},
        {"{'odd': 1}", "/form/odd", "Aneh tidak memenuhi ketentuan"},
        {"{'bare': 1}", "/form/bare", "bare harus berupa teks"},
        {"{'extra': 1}", "/form", "isian extra tidak dikenal"},
    };
    json_auto_t *content = json_pack ("{s:o}", "form_schema", quoted (form_schema));
    json_auto_t *sound = quoted ("{'name': 'Pesta', 'length': 5, 'bare': 'x'}");
    char pointer[JSON_POINTER_SIZE] = "", why[512] = "";
    assert_true (form_check (content, sound, pointer, why, sizeof why));
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        json_auto_t *form = json_deep_copy (sound);
        json_auto_t *changes = quoted (table[i].changes);
        json_object_update (form, changes);
        assert_false (form_check (content, form, pointer, why, sizeof why));
        assert_string_equal (why, table[i].why);
        assert_string_equal (pointer, table[i].pointer);
    }
    json_object_del (sound, "length");
    assert_false (form_check (content, sound, pointer, why, sizeof why));
    assert_string_equal (why, "Panjang (m) wajib diisi");
    assert_string_equal (pointer, "/form/length");
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
        cmocka_unit_test (the_demo_services_may_be_published),
        cmocka_unit_test (the_fee_is_width_times_length),
        cmocka_unit_test (a_negative_fee_is_a_fault_and_not_free),
        cmocka_unit_test (a_published_cost_is_what_is_paid),
        cmocka_unit_test (beyond_100_square_metres_is_not_the_camats),
        cmocka_unit_test (a_form_is_refused_in_plain_words),
        cmocka_unit_test (unsound_services_are_refused),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
