/* The course of an application.  See intake_flow.h. */
#include "intake_flow.h"

#include "common/auto.h"
#include "common/id.h"
#include "common/local_time.h"
#include "intake_course.h"
#include "intake_form.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* ---- what a step is told ------------------------------------------------------------------------------------ */

static json_t *checklist (const json_t *content)
{
    json_t *list = json_array ();
    size_t i;
    json_t *requirement;
    json_array_foreach (json_object_get (json_object_get (content, "published"), "requirements"), i, requirement)
    {
        json_array_append_new (list, json_pack ("{s:s, s:s}", "code", json_text (requirement, "code"), "name",
                                                json_text (requirement, "name")));
    }
    return list;
}

/* The pinned version's own words for that step, and what the station would otherwise have to ask for.  The final
 * document is made from the draft's template, so "finalizing" inherits from "drafting". */
static json_t *step_config (const struct application *application, const char *step)
{
    const json_t *content = application->version->content;
    const json_t *steps = json_object_get (content, "steps");
    const json_t *own = json_object_get (steps, step);
    bool is_final = strcmp (step, "finalizing") == 0;
    if (!own && is_final)
        own = json_object_get (steps, "drafting");
    json_t *config = own ? json_deep_copy (own) : json_object ();
    json_t *tariff = json_object_get (content, "tariff");
    bool writes = is_final || strcmp (step, "drafting") == 0;
    if (strcmp (step, "verification") == 0)
        json_object_set_new (config, "requirements", checklist (content));
    if (writes)
        json_object_set_new (config, "unit", json_string (application->unit));
    if (json_is_object (tariff) && (writes || strcmp (step, "payment") == 0)) /* a permit names its fee */
        json_object_set_new (config, "tariff", json_deep_copy (tariff));
    return config;
}

/* `reason`: why it comes back; NULL: it does not. */
static void publish_request (struct call *call, const struct application *application, const struct workflow_step *step,
                             const char *due_on, const char *reason)
{
    json_t *body =
        json_pack ("{s:s, s:s, s:s, s:s, s:i, s:s, s:s, s:s, s:i, s:s, s:O, s:o}", "application", application->id,
                   "number", application->number, "kecamatan", application->kecamatan, "service",
                   application->version->service, "service_version", application->version->number, "step", step->step,
                   "station", step->station, "role", step->role, "attempt", application->attempt, "due_on", due_on,
                   "facts", application->facts, "config", step_config (application, step->step));
    if (reason)
        json_object_set_new (body, "reason", json_string (reason));
    /* its station alone; a step of our own counter concerns nobody but who tells the citizen */
    const char *addressee = strcmp (step->station, "intake") == 0 ? "notification" : step->station;
    publish_to (call, "step.requested", application->id, addressee, body);
}

json_t *flow_channels (const struct call *call)
{
    const json_t *applicant = json_object_get (call->body, "applicant");
    if (!applicant)
        return NULL;
    return json_object_get (applicant, "email") ? json_pack ("[s]", "email") : json_array ();
}

json_t *flow_caller (const struct call *call, const char *role, const char *place)
{
    return json_pack ("{s:s, s:s, s:s, s:s, s:s}", "account", call->caller->account, "username", call->caller->username,
                      "name", call->caller->name, "role", role, "place", place);
}

/* ---- facts -------------------------------------------------------------------------------------------------- */

/* Works out what follows from the facts, and whether a fee is due; false when the formula gives no amount or a negative
 * one, and the refusal is given. */
static bool settle_fee (struct call *call, const struct application *application)
{
    bool due = false;
    const char *why;
    form_derive (application->version->content, application->facts);
    if (!form_fee_due (application->version->content, application->facts, &due, &why)) {
        refuse (call, ERR_FORMULA_INVALID, "why", why, NULL);
        return false;
    }
    json_object_set_new (application->facts, "fee_due", json_boolean (due));
    return true;
}

static bool fact_of (void *context, const char *fact, bool *ret_value)
{
    const json_t *value = json_object_get (context, fact);
    *ret_value = json_is_true (value);
    return json_is_boolean (value);
}

/* ---- registration ------------------------------------------------------------------------------------------- */

static struct intake_duration duration_of (const json_t *content)
{
    const json_t *duration = json_object_get (json_object_get (content, "published"), "duration");
    return (struct intake_duration){.wait = json_object_get (duration, "minutes") != NULL,
                                    .minutes = (int)json_int (duration, "minutes", 0),
                                    .working_days = (int)json_int (duration, "working_days", 0)};
}

/* No working day in sight is a fault of the calendar, said as such: false, the refusal is given. */
static bool promise_now (struct call *call, const struct office *office, const struct application *application,
                         struct intake_promise *ret_promise)
{
    bool known = intake_promise (&office->calendar, call->now / 1000, LOCAL_TIME_OFFSET_MINUTES,
                                 duration_of (application->version->content), ret_promise);
    if (!known)
        refuse (call, ERR_CALENDAR_EMPTY, "kecamatan", application->kecamatan, NULL);
    return known;
}

/* "35.29.22-2026-000123" */
static int take_number (struct call *call, const char *kecamatan, char *ret_number, size_t size)
{
    int year = local_time_date (call->now).year;
    int64_t next = 0;
    int rc = number_next (call->db, kecamatan, year, &next);
    snprintf (ret_number, size, "%s-%04d-%06lld", kecamatan, year, (long long)next);
    return rc;
}

static void publish_registered (struct call *call, const struct application *application)
{
    char registered_at[LOCAL_TIME_RFC3339_SIZE];
    const struct version *version = application->version;
    local_time_rfc3339 (call->now, registered_at);
    publish (call, "application.registered", application->id,
             json_pack ("{s:s, s:s, s:s, s:s, s:i, s:s?, s:s, s:s, s:o*}", "application", application->id, "number",
                        application->number, "kecamatan", application->kecamatan, "service", version->service,
                        "service_version", version->number, "promised_on",
                        application->wait ? NULL : application->due_on, "registered_at", registered_at, "fee",
                        json_is_object (json_object_get (version->content, "tariff")) ? "charged" : "free", "channels",
                        flow_channels (call)));
}

static void begin_course (struct call *call, struct application *application, const struct intake_promise *promise)
{
    const struct workflow *workflow = &application->version->workflow;
    const struct workflow_step *first = workflow_find (workflow, workflow->start);
    assert (first && "a published workflow has a start");
    application->status = INTAKE_REGISTERED;
    application->wait = promise->wait;
    application->wait_minutes = promise->wait ? duration_of (application->version->content).minutes : 0;
    application->registered_ms = application->step_started_ms = call->now;
    application->registered_by = call->caller->name;
    application->step = first->step;
    application->attempt = 1;
    publish_registered (call, application);
    publish_request (call, application, first, application->due_on, NULL);
}

int flow_register (struct call *call, const struct office *office, struct application *application, bool *ret_done)
{
    struct intake_promise promise;
    struct registration *texts = &application->registration;
    *ret_done = promise_now (call, office, application, &promise);
    if (!*ret_done)
        return 0;
    int rc = take_number (call, application->kecamatan, texts->number, sizeof texts->number);
    if (rc < 0)
        return rc;
    id_code (SHORT_CODE_LENGTH, texts->short_code);
    calendar_print (promise.received_on, texts->received_on);
    calendar_print (promise.due_on, texts->due_on);
    application->number = texts->number;
    application->short_code = texts->short_code;
    application->received_on = texts->received_on;
    application->due_on = application->due_original_on = texts->due_on;
    begin_course (call, application, &promise);
    return 0;
}

/* ---- closing ------------------------------------------------------------------------------------------------ */

static int close_case (struct call *call, struct application *application, enum intake_status status,
                       const struct step_ending *ending, const char *reason, const char *handed_to)
{
    json_t *body = json_pack ("{s:s, s:s?, s:s, s:s, s:s}", "application", application->id, "number",
                              application->number, "kecamatan", application->kecamatan, "service",
                              application->version->service, "outcome", intake_status_name (status));
    if (reason)
        json_object_set_new (body, "reason", json_string (reason));
    /* who came to the end lies on no desk: only who tells the citizen is concerned; any other end concerns all stations */
    publish_to (call, "application.closed", application->id, status == INTAKE_DONE ? "notification" : NULL, body);
    application->status = status;
    application->step = NULL;
    application->closed_ms = call->now;
    application->closed_reason = reason;
    application->handed_to = handed_to;
    return application_advance (call->db, application, ending, call->now);
}

int flow_withdraw (struct call *call, struct application *application, const json_t *actor, const char *reason)
{
    struct step_ending ending = {.outcome = "withdrawn", .actor = actor, .reason = reason};
    if (application->step)
        ending.step = workflow_find (&application->version->workflow, application->step);
    return close_case (call, application, INTAKE_WITHDRAWN, &ending, reason, NULL);
}

/* ---- from step to step -------------------------------------------------------------------------------------- */

/* The time that the file lay with the citizen does not count.  `due_on` holds the promise and takes the new one. */
static int extend_promise (struct call *call, const struct application *application, char due_on[CALENDAR_DATE_SIZE])
{
    struct office office;
    struct civil_date due;
    struct intake_pause pause = {application->step_started_ms / 1000, call->now / 1000};
    int rc = office_load (call->db, application->kecamatan, local_time_date (application->step_started_ms), &office);
    if (rc < 0)
        return rc;
    int days = 0;
    bool known = calendar_parse (due_on, strlen (due_on), &due) &&
                 intake_paused_days (&office.calendar, pause, LOCAL_TIME_OFFSET_MINUTES, &days);
    if (!known || days == 0 || !intake_extend (&office.calendar, due, days, &due))
        return 0;
    calendar_print (due, due_on);
    return application_extend (call->db, application->id, due, days);
}

/* What the verifier named becomes the list that the citizen is told. */
static int ask_again (struct call *call, const struct application *application, const json_t *missing)
{
    json_auto_t *known = checklist (application->version->content);
    json_t *codes = json_array ();
    size_t i, j;
    json_t *item, *requirement;
    int rc = 0;
    json_array_foreach (missing, i, item)
    {
        const char *code = json_text (item, "code");
        json_array_foreach (known, j, requirement)
        {
            if (rc < 0 || !code || strcmp (code, json_text (requirement, "code")) != 0)
                continue;
            json_array_append_new (codes, json_string (code));
            rc = requirement_ask_again (call->db, application->id, code, json_text (item, "note"));
        }
    }
    publish (call, "application.incomplete", application->id,
             json_pack ("{s:s, s:s, s:s, s:s, s:o}", "application", application->id, "kecamatan",
                        application->kecamatan, "service", application->version->service, "stage", "verification",
                        "missing", codes));
    return rc;
}

static int begin_step (struct call *call, struct application *application, const struct step_ending *ending,
                       const struct workflow_step *next, const struct flow_result *result)
{
    char due_on[CALENDAR_DATE_SIZE];
    snprintf (due_on, sizeof due_on, "%s", application->due_on);
    int rc = strcmp (application->step, "completion") == 0 ? extend_promise (call, application, due_on) : 0;
    if (rc < 0)
        return rc;
    application->step = next->step;
    rc = application_advance (call->db, application, ending, call->now);
    if (rc == 0 && strcmp (next->step, "completion") == 0)
        rc = ask_again (call, application, result->missing);
    if (rc == 0)
        publish_request (call, application, next, due_on,
                         strcmp (result->outcome, "returned") == 0 ? result->reason : NULL);
    return rc;
}

struct decision {
    enum course_verdict verdict;
    const struct workflow_step *current, *next;
    const char *reason;
};

/* False: the refusal is given. */
static bool decide (struct call *call, const struct application *application, const struct flow_result *result,
                    struct decision *ret_decision)
{
    const struct workflow *workflow = &application->version->workflow;
    const struct workflow_step *current = workflow_find (workflow, application->step);
    if (!current || strcmp (current->station, result->station) != 0) {
        refuse (call, ERR_STEP_OUT_OF_ORDER, "step", application->step, NULL);
        return false;
    }
    ret_decision->current = current;
    ret_decision->reason = result->reason;
    ret_decision->verdict =
        course_next (workflow, application->step, result->outcome, fact_of, application->facts, &ret_decision->next);
    const char *why = NULL;
    enum expr_verdict limits = form_limits (application->version->content, application->facts, &why);
    if (limits != EXPR_OK || ret_decision->verdict == COURSE_FACT_ABSENT) {
        refuse (call, ERR_FORMULA_INVALID, "why",
                limits != EXPR_OK ? form_formula_words (limits) : "fakta yang menentukan alur belum ada", NULL);
        return false;
    }
    if (ret_decision->verdict == COURSE_NO_ROW) {
        refuse (call, ERR_OUTCOME_NOT_ALLOWED, "outcome", result->outcome, NULL);
        return false;
    }
    if (why && ret_decision->verdict == COURSE_STEP) {
        ret_decision->verdict = COURSE_REJECTED;
        ret_decision->reason = why;
    }
    return true;
}

static int carry_out (struct call *call, struct application *application, const struct decision *decision,
                      const struct flow_result *result)
{
    struct step_ending ending = {.step = decision->current,
                                 .outcome = result->outcome,
                                 .actor = result->actor,
                                 .reason = decision->reason,
                                 .requirement = result->requirement,
                                 .legal_basis = result->legal_basis};
    switch (decision->verdict) {
    case COURSE_STEP:
        return begin_step (call, application, &ending, decision->next, result);
    case COURSE_DONE:
        return close_case (call, application, INTAKE_DONE, &ending, NULL, result->handed_to);
    case COURSE_REJECTED:
        return close_case (call, application, INTAKE_REJECTED, &ending, decision->reason, NULL);
    case COURSE_NO_ROW:
    case COURSE_FACT_ABSENT:
    case COURSE_VERDICTS:
        break;
    }
    assert (false && "decide () refuses these");
    return -1;
}

int flow_end_step (struct call *call, struct application *application, const struct flow_result *result, bool *ret_done)
{
    *ret_done = false;
    if (json_is_object (result->facts))
        json_object_update (application->facts, (json_t *)result->facts);
    struct decision decision;
    if (!settle_fee (call, application) || !decide (call, application, result, &decision))
        return 0;
    *ret_done = true;
    return carry_out (call, application, &decision, result);
}
