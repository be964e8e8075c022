/* The way of the cash to the kas daerah: what lies in a kecamatan's box, the deposits (STS) that emptied it, and how soon
 * that must be. */
#include "common/indonesian.h"
#include "common/local_time.h"
#include "common/page.h"
#include "payment_methods.h"
#include "payment_store.h"

#include <assert.h>
#include <string.h>

int64_t day_begins_ms (struct civil_date day)
{
    return calendar_to_unix (day, 0, LOCAL_TIME_OFFSET_MINUTES) * 1000;
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

int payment_cash_get (struct call *call)
{
    const char *kecamatan = json_text (call->params, "kecamatan");
    if (!require_role (call, PAYMENT_WATCHERS, kecamatan))
        return 0;
    AUTO (db_rows) term = NULL;
    AUTO (db_rows) days = NULL;
    int working_days;
    int given = term_get (call->db, kecamatan, &term, &working_days);
    int rc = given < 0 ? given : box_days (call->db, kecamatan, &days);
    if (rc < 0)
        return rc;
    json_int_t receipts = 0, amount_rupiah = 0;
    json_t *list = json_array ();
    for (int row = 0; row < db_count (days); row++) {
        receipts += db_int (days, row, "receipts");
        amount_rupiah += db_int (days, row, "amount_rupiah");
        json_array_append_new (list, box_day_json (days, row));
    }
    return reply_json (call, 200,
                       json_pack ("{s:s, s:i, s:s*, s:o, s:{s:I, s:I}}", "kecamatan", kecamatan, "working_days",
                                  working_days, "legal_basis", given ? db_text (term, 0, "legal_basis") : NULL, "days",
                                  list, "sum", "receipts", receipts, "amount_rupiah", amount_rupiah));
}

int payment_deposit_list (struct call *call)
{
    const char *kecamatan = json_text (call->params, "kecamatan");
    if (!require_role (call, PAYMENT_WATCHERS, kecamatan))
        return 0;
    struct page page = page_asked (call->params);
    AUTO (db_rows) rows = NULL;
    int rc = deposit_list (call->db, kecamatan, page.after, page.limit + 1, &rows);
    return rc < 0 ? rc : reply_json (call, 200, page_json (&page, rows, "deposits", deposit_json, "deposit_number"));
}

/* ---- a deposit ---------------------------------------------------------------------------------------------- */

/* The sentence says what lies in the box, not what the cashier meant. */
static int refuse_as (struct call *call, enum payment_deposit_verdict verdict, const struct payment_sum *all,
                      const struct payment_slip *slip)
{
    char amount[INDONESIAN_AMOUNT_SIZE], said[INDONESIAN_AMOUNT_SIZE], receipts[INDONESIAN_AMOUNT_SIZE];
    char day[INDONESIAN_DATE_SIZE];
    indonesian_date (slip->deposited_on.year, slip->deposited_on.month, slip->deposited_on.day, day, sizeof day);
    switch (verdict) {
    case PAYMENT_DEPOSIT_DAY_WRONG:
        return refuse_field (call, ERR_DEPOSIT_DAY_WRONG, "/deposited_on", "deposited_on", day, NULL);
    case PAYMENT_DEPOSIT_NOTHING:
        return refuse (call, ERR_DEPOSIT_NOTHING, "deposited_on", day, NULL);
    case PAYMENT_DEPOSIT_DIFFERS:
        indonesian_number (money_to_rupiah (all->amount), amount, sizeof amount);
        indonesian_number (money_to_rupiah (slip->amount), said, sizeof said);
        indonesian_number (all->receipts, receipts, sizeof receipts);
        return refuse_field (call, ERR_DEPOSIT_DIFFERS, "/amount_rupiah", "deposited_on", day, "amount", amount,
                             "receipts", receipts, "said", said, NULL);
    case PAYMENT_DEPOSIT_ACCEPTED:
    case PAYMENT_DEPOSIT_VERDICTS:
        break;
    }
    assert (!"a refusal");
    return -1;
}

static int refuse_slip (struct call *call, const struct deposit_new *deposit, struct civil_date on)
{
    AUTO (db_rows) rows = NULL;
    const char *number;
    char day[INDONESIAN_DATE_SIZE];
    indonesian_date (on.year, on.month, on.day, day, sizeof day);
    int rc = deposit_of_slip (call->db, deposit->bank_reference, deposit->deposited_on, &rows, &number);
    return rc < 0 ? rc
                  : refuse_field (call, ERR_DEPOSIT_KNOWN, "/bank_reference", "reference", deposit->bank_reference,
                                  "deposited_on", day, "number", number, NULL);
}

static void announce (struct call *call, const struct deposit_new *deposit)
{
    const struct payment_sum *sum = &deposit->box->sums.fitting;
    publish (call, "payment.deposited", deposit->deposit_number,
             json_pack ("{s:s, s:s, s:I, s:I, s:s}", "deposit_number", deposit->deposit_number, "kecamatan",
                        deposit->kecamatan, "receipts", (json_int_t)sum->receipts, "amount_rupiah",
                        (json_int_t)money_to_rupiah (sum->amount), "deposited_on", deposit->deposited_on));
}

/* The deposit takes its receipts, the books move, and what the contract shows of it is the answer.  Its number is of the
 * year in which the money was deposited. */
static int save (struct call *call, const struct deposit_new *slip, struct civil_date on)
{
    char number[PAYMENT_NUMBER_SIZE];
    int rc = number_next (call->db, "STS", slip->kecamatan, on.year, number);
    if (rc < 0)
        return rc;
    struct deposit_new deposit = *slip;
    deposit.deposit_number = number;
    int taken = deposit_take (call->db, &deposit);
    if (taken <= 0)
        return taken < 0 ? taken : refuse_slip (call, &deposit, on);
    struct payment_rule rule = payment_deposited ();
    struct posting posting = {.deposit_number = number,
                              .kind = "deposited",
                              .amount = deposit.box->sums.fitting.amount,
                              .posted_at_ms = deposit.recorded_at_ms};
    AUTO (db_rows) rows = NULL;
    rc = ledger_post (call->db, &posting, &rule);
    if (rc == 0)
        rc = deposit_get (call->db, number, &rows);
    if (rc < 0)
        return rc;
    announce (call, &deposit);
    return reply_json (call, 201, deposit_json (rows, 0));
}

int payment_deposit_record (struct call *call)
{
    struct box_locked box;
    struct deposit_new deposit = {
        .kecamatan = json_text (call->body, "kecamatan"),
        .bank_reference = json_text (call->body, "bank_reference"),
        .deposited_on = json_text (call->body, "deposited_on"),
        .box = &box,
        .account = call->caller->account,
        .name = call->caller->name,
        .recorded_at_ms = call->now,
    };
    if (!require_role (call, "kasir", deposit.kecamatan))
        return 0;
    struct payment_slip slip = {.amount = money_from_rupiah (json_int (call->body, "amount_rupiah", 0))};
    if (!calendar_parse (deposit.deposited_on, strlen (deposit.deposited_on), &slip.deposited_on))
        return -1; /* the contract's format lets none through */
    AUTO (db_rows) rows = NULL;
    int rc =
        box_lock (call->db, deposit.kecamatan, day_begins_ms (slip.deposited_on) + DAY_MS, slip.amount, &rows, &box);
    if (rc < 0)
        return rc;
    enum payment_deposit_verdict verdict = payment_deposit (&box.sums, &slip, local_time_date (call->now));
    if (verdict != PAYMENT_DEPOSIT_ACCEPTED)
        return refuse_as (call, verdict, &box.sums.all, &slip);
    return save (call, &deposit, slip.deposited_on);
}

/* ---- how soon ----------------------------------------------------------------------------------------------- */

int payment_term_publish (struct call *call)
{
    struct term_new term = {
        .kecamatan = json_text (call->body, "kecamatan"),
        .legal_basis = json_text (call->body, "legal_basis"),
        .working_days = (int)json_int (call->body, "working_days", 0),
        .account = call->caller->account,
        .name = call->caller->name,
        .at_ms = call->now,
    };
    if (!require_role (call, "admin_kabupaten", term.kecamatan))
        return 0;
    int rc = term_add (call->db, &term);
    return rc < 0 ? rc
                  : reply_json (call, 200,
                                json_pack ("{s:s, s:i, s:s}", "kecamatan", term.kecamatan, "working_days",
                                           term.working_days, "legal_basis", term.legal_basis));
}
