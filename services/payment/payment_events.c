/* What the payment service hears: which applications are free, when a bill is due, and that a case ended. */
#include "common/id.h"
#include "common/local_time.h"
#include "common/station.h"
#include "payment_formula.h"
#include "payment_methods.h"
#include "payment_store.h"

#include <assert.h>

#define STATION          "payment"
#define CALCULATION_SIZE 2048

static struct known_application known_application (const json_t *body)
{
    return (struct known_application){
        .application = json_text (body, "application"),
        .number = json_text (body, "number"),
        .kecamatan = json_text (body, "kecamatan"),
        .service = json_text (body, "service"),
    };
}

int payment_on_application_registered (struct call *call, const struct event *event)
{
    struct known_application known = known_application (event->body);
    const char *name = json_text (event->body, "fee");
    enum payment_fee fee = PAYMENT_FEE_UNKNOWN;
    if (name && !payment_fee_parse (name, &fee))
        return refuse (call, ERR_TARIFF_INVALID, "why", "fee must be free or charged", NULL);
    return application_add (call->db, &known, fee);
}

/* ---- a bill ------------------------------------------------------------------------------------------------- */

/* A fact of the application as the formula's language sees it: numbers and truths. */
static bool fact_lookup (void *context, const char *name, struct expr_value *ret_value)
{
    const json_t *fact = json_object_get (context, name);
    if (json_is_integer (fact))
        return expr_from_int (json_integer_value (fact), ret_value) == EXPR_OK;
    if (json_is_real (fact))
        return expr_from_real (json_real_value (fact), ret_value) == EXPR_OK;
    if (json_is_boolean (fact))
        *ret_value = expr_from_truth (json_is_true (fact));
    return json_is_boolean (fact);
}

/* The tariff comes to nothing: no bill, and the course goes on. */
static int skip_bill (struct call *call, const struct station_request *asked)
{
    publish (call, "step.completed", asked->application,
             station_completed (asked->application, asked->step, asked->attempt, "ok",
                                json_pack ("{s:{s:i}}", "facts", "paid_rupiah", 0)));
    return 0;
}

static int issue_bill (struct call *call, const struct station_request *asked, const struct bill_new *terms)
{
    char id[ID_UUID_SIZE], number[PAYMENT_NUMBER_SIZE];
    id_uuid7 (call->now, id);
    int rc = number_next (call->db, "SKRD", asked->kecamatan, local_time_date (call->now).year, number);
    if (rc < 0)
        return rc;
    struct bill_new bill = *terms;
    bill.bill = id;
    bill.bill_number = number;
    rc = bill_add (call->db, &bill);
    struct payment_rule rule = payment_issue ();
    if (rc == 0)
        rc = ledger_post (
            call->db, &(struct posting){.bill = id, .kind = "issued", .amount = bill.amount, .posted_at_ms = call->now},
            &rule);
    if (rc == 0)
        publish (call, "bill.issued", asked->application,
                 json_pack ("{s:s, s:s, s:s, s:s, s:I, s:s}", "application", asked->application, "bill", id,
                            "bill_number", number, "kecamatan", asked->kecamatan, "amount_rupiah",
                            (json_int_t)money_to_rupiah (bill.amount), "due_on", bill.due_on));
    return rc;
}

/* The terms of a bill from the tariff and the facts; anything but PAYMENT_OWED leaves the amount open. */
static enum payment_assessment assess (const struct station_request *asked, struct bill_new *bill, char *calculation,
                                       size_t size, enum expr_verdict *ret_fault)
{
    const json_t *tariff = json_object_get (asked->config, "tariff");
    json_t *facts = json_object_get (asked->body, "facts");
    bill->formula = json_text (tariff, "formula");
    bill->unit = json_text (tariff, "unit");
    bill->legal_basis = json_text (tariff, "legal_basis");
    bill->account_code = json_text (tariff, "account_code");
    bill->calculation = calculation;
    *ret_fault = EXPR_SYNTAX;
    if (!bill->formula)
        return PAYMENT_FORMULA_FAILS;
    payment_explain (bill->formula, fact_lookup, facts, calculation, size);
    return payment_assess (bill->formula, fact_lookup, facts, &bill->amount, ret_fault);
}

static int bill_application (struct call *call, const struct station_request *asked)
{
    char calculation[CALCULATION_SIZE];
    struct bill_new bill = {
        .application = asked->application,
        .step = asked->step,
        .attempt = asked->attempt,
        .service_version = asked->service_version,
        .due_on = asked->due_on,
        .issued_at_ms = call->now,
    };
    enum expr_verdict fault;
    switch (assess (asked, &bill, calculation, sizeof calculation, &fault)) {
    case PAYMENT_OWED:
        return issue_bill (call, asked, &bill);
    case PAYMENT_NOTHING_OWED:
        return skip_bill (call, asked);
    case PAYMENT_FORMULA_FAILS:
        return refuse (call, ERR_TARIFF_INVALID, "why", expr_verdict_name (fault), NULL);
    case PAYMENT_NEGATIVE:
        return refuse (call, ERR_TARIFF_INVALID, "why", "negative", NULL);
    case PAYMENT_TOO_LARGE:
        return refuse (call, ERR_TARIFF_INVALID, "why", "too large", NULL);
    case PAYMENT_ASSESSMENTS:
        break;
    }
    assert (!"an assessment");
    return -1;
}

int payment_on_step_requested (struct call *call, const struct event *event)
{
    struct station_request asked;
    if (!station_is_asked (event, STATION, &asked))
        return 0;
    struct known_application known = known_application (event->body);
    int found = bill_find (call->db, asked.application, asked.step, asked.attempt);
    if (found != 0)
        return found < 0 ? found : 0;
    int charged = application_charge (call->db, &known);
    if (charged < 0)
        return charged;
    return charged ? bill_application (call, &asked) : refuse (call, ERR_FREE_SERVICE, NULL);
}

int payment_on_application_closed (struct call *call, const struct event *event)
{
    AUTO (db_rows) rows = NULL;
    struct bill_locked bill;
    int found = bill_lock (call->db, event->key, &rows, &bill);
    if (found <= 0)
        return found;
    struct payment_rule rule = payment_rule (bill.terms.state, PAYMENT_CANCEL);
    if (!rule.allowed)
        return 0;
    int rc = bill_cancel (call->db, bill.bill, rule.to, call->now);
    struct posting posting = {.bill = bill.bill,
                              .kind = payment_state_name (rule.to),
                              .amount = bill.terms.amount,
                              .posted_at_ms = call->now};
    return rc < 0 ? rc : ledger_post (call->db, &posting, &rule);
}
