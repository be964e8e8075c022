/* What officers ask of the payment service: the bills, one bill with its receipt, and to take the money. */
#include "common/indonesian.h"
#include "common/local_time.h"
#include "common/page.h"
#include "common/station.h"
#include "payment_methods.h"
#include "payment_store.h"

#include <assert.h>
#include <string.h>

/* ---- reading ------------------------------------------------------------------------------------------------ */

int payment_bill_list (struct call *call)
{
    const char *kecamatan = json_text (call->params, "kecamatan");
    if (kecamatan && !require_role (call, "kasir", kecamatan))
        return 0;
    const char *state = json_text (call->params, "state");
    struct page page = page_asked (call->params);
    AUTO_FREE char *places = call_places (call, "kasir");
    AUTO (db_rows) rows = NULL;
    int rc = bill_list (call->db, places, state ? state : "due", page.after, page.limit + 1, &rows);
    return rc < 0 ? rc : reply_json (call, 200, page_json (&page, rows, "bills", bill_json, "bill"));
}

/* There is no bill: is the service free, is it too early, or is the application not known? */
static int refuse_without_bill (struct call *call, const char *application, const char *roles)
{
    AUTO (db_rows) rows = NULL;
    const char *kecamatan;
    enum payment_fee fee;
    int found = application_get (call->db, application, &rows, &kecamatan, &fee);
    if (found < 0)
        return found;
    if (found == 0)
        return refuse (call, ERR_APPLICATION_UNKNOWN, NULL);
    if (!require_role (call, roles, kecamatan))
        return 0;
    switch (fee) {
    case PAYMENT_FEE_FREE:
        return refuse (call, ERR_FREE_SERVICE, NULL);
    case PAYMENT_FEE_UNKNOWN:
    case PAYMENT_FEE_CHARGED:
    case PAYMENT_FEES:
        break;
    }
    return refuse (call, ERR_BILL_NOT_DUE, NULL);
}

int payment_bill_get (struct call *call)
{
    const char *application = json_text (call->params, "application");
    AUTO (db_rows) rows = NULL;
    int rc = bill_get (call->db, application, &rows);
    if (rc < 0)
        return rc;
    if (db_count (rows) == 0)
        return refuse_without_bill (call, application, PAYMENT_READERS);
    if (!require_role (call, PAYMENT_READERS, db_text (rows, 0, "kecamatan")))
        return 0;
    return reply_json (call, 200,
                       json_pack ("{s:o, s:o*}", "bill", bill_json (rows, 0), "receipt", receipt_json (rows, 0)));
}

/* What the caller took on a day: for the cash box in the evening. */
int payment_receipt_list (struct call *call)
{
    const char *kecamatan = json_text (call->params, "kecamatan"), *date = json_text (call->params, "date");
    if (kecamatan && !require_role (call, "kasir", kecamatan))
        return 0;
    struct page page = page_asked (call->params);
    struct receipt_query query = {
        .cashier = call->caller->account, .kecamatan = kecamatan, .after = page.after, .rows = page.limit + 1};
    struct civil_date day;
    if (!calendar_parse (date, strlen (date), &day)) /* the contract's format lets none through */
        return -1;
    query.from_ms = day_begins_ms (day);
    query.before_ms = query.from_ms + DAY_MS;
    AUTO (db_rows) rows = NULL;
    AUTO (db_rows) sum = NULL;
    int rc = receipt_list (call->db, &query, &rows);
    if (rc == 0)
        rc = receipt_sum (call->db, &query, &sum);
    if (rc < 0)
        return rc;
    json_t *body = page_json (&page, rows, "receipts", receipt_line_json, "receipt_number");
    json_object_set_new (body, "sum",
                         json_pack ("{s:I, s:I}", "receipts", (json_int_t)db_int (sum, 0, "receipts"), "amount_rupiah",
                                    (json_int_t)db_int (sum, 0, "amount_rupiah")));
    return reply_json (call, 200, body);
}

/* ---- taking money ------------------------------------------------------------------------------------------- */

static int refuse_too_little (struct call *call, money_t received, money_t amount)
{
    char received_text[INDONESIAN_AMOUNT_SIZE], amount_text[INDONESIAN_AMOUNT_SIZE];
    indonesian_number (money_to_rupiah (received), received_text, sizeof received_text);
    indonesian_number (money_to_rupiah (amount), amount_text, sizeof amount_text);
    return refuse_field (call, ERR_CASH_TOO_LITTLE, "/received_rupiah", "received", received_text, "amount",
                         amount_text, NULL);
}

/* The second cashier sees the receipt that the first one wrote. */
static int refuse_settled (struct call *call, const char *application)
{
    AUTO (db_rows) rows = NULL;
    int rc = bill_get (call->db, application, &rows);
    if (rc < 0)
        return rc;
    refuse (call, ERR_BILL_SETTLED, "receipt", db_text (rows, 0, "receipt_number"), NULL);
    refusal_add (call, "receipt", receipt_json (rows, 0));
    return 0;
}

static int refuse_as (struct call *call, enum payment_verdict verdict, const char *application, money_t received,
                      money_t amount)
{
    switch (verdict) {
    case PAYMENT_STALE_ATTEMPT:
        return refuse (call, ERR_CONTENT_CHANGED, NULL);
    case PAYMENT_ALREADY_SETTLED:
        return refuse_settled (call, application);
    case PAYMENT_CASE_CLOSED:
        return refuse (call, ERR_APPLICATION_CLOSED, "status", "tagihan dibatalkan", NULL);
    case PAYMENT_TOO_LITTLE:
        return refuse_too_little (call, received, amount);
    case PAYMENT_ACCEPTED:
    case PAYMENT_VERDICTS:
        break;
    }
    assert (!"a refusal");
    return -1;
}

/* Receipt, bill and books move together. */
static int save (struct call *call, const struct bill_locked *bill, const struct payment_answer *answer,
                 const struct receipt_new *receipt)
{
    int rc = receipt_add (call->db, receipt);
    if (rc == 0)
        rc = bill_settle (call->db, bill->bill, answer->rule.to, receipt->receipt_number);
    struct posting posting = {.bill = bill->bill,
                              .kind = payment_state_name (answer->rule.to),
                              .amount = receipt->amount,
                              .posted_at_ms = receipt->paid_at_ms};
    return rc < 0 ? rc : ledger_post (call->db, &posting, &answer->rule);
}

static void announce (struct call *call, const char *application, const struct bill_locked *bill,
                      const struct receipt_new *receipt, const char *paid_at)
{
    json_int_t amount_rupiah = money_to_rupiah (receipt->amount);
    publish (call, "payment.received", application,
             json_pack ("{s:s, s:s, s:s, s:I, s:s, s:s}", "application", application, "bill", bill->bill, "kecamatan",
                        bill->kecamatan, "amount_rupiah", amount_rupiah, "receipt_number", receipt->receipt_number,
                        "paid_at", paid_at));
    publish (call, "step.completed", application,
             station_completed (application, bill->step, bill->terms.attempt, "ok",
                                json_pack ("{s:{s:I}}", "facts", "paid_rupiah", amount_rupiah)));
}

/* Until when what is taken now must be in the kas daerah. */
static int deposit_day (struct call *call, const char *kecamatan, char ret_date[CALENDAR_DATE_SIZE])
{
    AUTO (db_rows) rows = NULL;
    int working_days;
    struct civil_date last;
    int rc = term_get (call->db, kecamatan, &rows, &working_days);
    if (rc < 0 || !payment_deposit_by (local_time_date (call->now), working_days, &last))
        return -1;
    calendar_print (last, ret_date);
    return 0;
}

static int take_locked (struct call *call, const char *application, const struct bill_locked *bill)
{
    struct payment_cash cash = {
        .attempt = (int)json_int (call->body, "attempt", 0),
        .received = money_from_rupiah (json_int (call->body, "received_rupiah", 0)),
    };
    struct payment_answer answer = payment_take_cash (&bill->terms, &cash);
    if (answer.verdict != PAYMENT_ACCEPTED)
        return refuse_as (call, answer.verdict, application, cash.received, bill->terms.amount);
    char number[PAYMENT_NUMBER_SIZE], paid_at[LOCAL_TIME_RFC3339_SIZE], deposit_by[CALENDAR_DATE_SIZE];
    local_time_rfc3339 (call->now, paid_at);
    int rc = deposit_day (call, bill->kecamatan, deposit_by);
    if (rc == 0)
        rc = number_next (call->db, "TBP", bill->kecamatan, local_time_date (call->now).year, number);
    if (rc < 0)
        return rc;
    struct receipt_new receipt = {
        .receipt_number = number,
        .bill = bill->bill,
        .amount = bill->terms.amount,
        .received = cash.received,
        .change = answer.change,
        .account = call->caller->account,
        .name = call->caller->name,
        .deposit_by = deposit_by,
        .paid_at_ms = call->now,
    };
    rc = save (call, bill, &answer, &receipt);
    if (rc < 0)
        return rc;
    announce (call, application, bill, &receipt, paid_at);
    return reply_json (call, 201,
                       json_pack ("{s:s, s:s, s:s, s:I, s:I, s:I, s:s}", "application", application, "state",
                                  payment_state_name (answer.rule.to), "receipt_number", number, "amount_rupiah",
                                  (json_int_t)money_to_rupiah (receipt.amount), "received_rupiah",
                                  (json_int_t)money_to_rupiah (receipt.received), "change_rupiah",
                                  (json_int_t)money_to_rupiah (receipt.change), "paid_at", paid_at));
}

int payment_cash_take (struct call *call)
{
    const char *application = json_text (call->params, "application");
    AUTO (db_rows) rows = NULL;
    struct bill_locked bill;
    int found = bill_lock (call->db, application, &rows, &bill);
    if (found < 0)
        return found;
    if (found == 0)
        return refuse_without_bill (call, application, "kasir");
    return require_role (call, "kasir", bill.kecamatan) ? take_locked (call, application, &bill) : 0;
}
