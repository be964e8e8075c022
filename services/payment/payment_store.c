/* What the payment service keeps: see payment_store.h. */
#include "payment_store.h"

#include "common/auto.h"
#include "common/rows.h"
#include "payment_sql.h"

#include <assert.h>
#include <stdio.h>

#define DB_MONEY(amount) DB_INT (money_to_rupiah (amount))

int application_add (db_t *db, const struct known_application *known, enum payment_fee fee)
{
    return db_query (db, &SQL_APPLICATION_ADD, NULL, known->application, known->number, known->kecamatan,
                     known->service, payment_fee_name (fee));
}

int application_charge (db_t *db, const struct known_application *known)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_APPLICATION_CHARGE, &rows, known->application, known->number, known->kecamatan,
                       known->service);
    return rc < 0 ? rc : db_count (rows);
}

int application_get (db_t *db, const char *application, db_rows_t **ret_rows, const char **ret_kecamatan,
                     enum payment_fee *ret_fee)
{
    int rc = db_query (db, &SQL_APPLICATION_GET, ret_rows, application);
    if (rc < 0 || db_count (*ret_rows) == 0)
        return rc;
    *ret_kecamatan = db_text (*ret_rows, 0, "kecamatan");
    bool known = payment_fee_parse (db_text (*ret_rows, 0, "fee"), ret_fee);
    assert (known); /* the table's CHECK */
    return known ? 1 : -1;
}

int number_next (db_t *db, const char *kind, const char *kecamatan, int year, char ret_number[PAYMENT_NUMBER_SIZE])
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_COUNTER_NEXT, &rows, kind, kecamatan, DB_INT (year));
    if (rc < 0)
        return rc;
    snprintf (ret_number, PAYMENT_NUMBER_SIZE, "%s-%06lld/%s/%d", kind, (long long)db_int (rows, 0, "last"), kecamatan,
              year);
    return 0;
}

int bill_find (db_t *db, const char *application, const char *step, int64_t attempt)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_BILL_FIND, &rows, application, step, DB_INT (attempt));
    return rc < 0 ? rc : db_count (rows);
}

int bill_add (db_t *db, const struct bill_new *bill)
{
    return db_query (db, &SQL_BILL_ADD, NULL, bill->bill, bill->bill_number, bill->application, bill->step,
                     DB_INT (bill->attempt), DB_INT (bill->service_version), DB_MONEY (bill->amount), bill->formula,
                     bill->calculation, bill->unit, bill->legal_basis, bill->account_code, bill->due_on,
                     DB_INT (bill->issued_at_ms));
}

int bill_lock (db_t *db, const char *application, db_rows_t **ret_rows, struct bill_locked *ret_bill)
{
    int rc = db_query (db, &SQL_BILL_LOCK, ret_rows, application);
    if (rc < 0 || db_count (*ret_rows) == 0)
        return rc;
    const db_rows_t *rows = *ret_rows;
    *ret_bill = (struct bill_locked){
        .bill = db_text (rows, 0, "bill"),
        .step = db_text (rows, 0, "step"),
        .kecamatan = db_text (rows, 0, "kecamatan"),
        .terms = {.attempt = (int)db_int (rows, 0, "attempt"),
                  .amount = money_from_rupiah (db_int (rows, 0, "amount_rupiah"))},
    };
    bool known = payment_state_parse (db_text (rows, 0, "state"), &ret_bill->terms.state);
    assert (known); /* the table's CHECK */
    return known ? 1 : -1;
}

int receipt_add (db_t *db, const struct receipt_new *receipt)
{
    return db_query (db, &SQL_RECEIPT_ADD, NULL, receipt->receipt_number, receipt->bill, DB_MONEY (receipt->amount),
                     DB_MONEY (receipt->received), DB_MONEY (receipt->change), receipt->account, receipt->name,
                     DB_INT (receipt->paid_at_ms), receipt->deposit_by);
}

int receipt_list (db_t *db, const struct receipt_query *query, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_RECEIPT_LIST, ret_rows, query->cashier, DB_INT (query->from_ms),
                     DB_INT (query->before_ms), query->kecamatan, query->after, DB_INT (query->rows));
}

int receipt_sum (db_t *db, const struct receipt_query *query, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_RECEIPT_SUM, ret_rows, query->cashier, DB_INT (query->from_ms), DB_INT (query->before_ms),
                     query->kecamatan);
}

int bill_settle (db_t *db, const char *bill, enum payment_state state, const char *receipt_number)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_BILL_SETTLE, &rows, bill, payment_state_name (state), receipt_number);
    return rows_changed_one (rc, rows);
}

int bill_cancel (db_t *db, const char *bill, enum payment_state state, int64_t cancelled_at_ms)
{
    AUTO (db_rows) rows = NULL;
    int rc = db_query (db, &SQL_BILL_CANCEL, &rows, bill, payment_state_name (state), DB_INT (cancelled_at_ms));
    return rows_changed_one (rc, rows);
}

int ledger_post (db_t *db, const struct posting *posting, const struct payment_rule *rule)
{
    return db_query (db, &SQL_LEDGER_POST, NULL, posting->bill, posting->kind, DB_INT (posting->posted_at_ms),
                     payment_account_name (rule->debit), payment_account_name (rule->credit),
                     DB_MONEY (posting->amount), posting->deposit_number);
}

int term_get (db_t *db, const char *kecamatan, db_rows_t **ret_rows, int *ret_working_days)
{
    int rc = db_query (db, &SQL_TERM_GET, ret_rows, kecamatan);
    if (rc < 0)
        return rc;
    *ret_working_days = db_count (*ret_rows) ? (int)db_int (*ret_rows, 0, "working_days") : PAYMENT_DEPOSIT_DAYS;
    return db_count (*ret_rows);
}

int term_add (db_t *db, const struct term_new *term)
{
    return db_query (db, &SQL_TERM_ADD, NULL, term->kecamatan, DB_INT (term->working_days), term->legal_basis,
                     term->account, term->name, DB_INT (term->at_ms));
}

int box_days (db_t *db, const char *kecamatan, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_BOX_DAYS, ret_rows, kecamatan);
}

static struct payment_sum sum_of (const db_rows_t *rows, const char *receipts, const char *amount)
{
    return (struct payment_sum){.receipts = db_int (rows, 0, receipts),
                                .amount = money_from_rupiah (db_int (rows, 0, amount))};
}

int box_lock (db_t *db, const char *kecamatan, int64_t before_ms, money_t amount, db_rows_t **ret_rows,
              struct box_locked *ret_box)
{
    int rc = db_query (db, &SQL_BOX_LOCK, ret_rows, kecamatan, DB_INT (before_ms), DB_MONEY (amount));
    if (rc < 0)
        return rc;
    *ret_box = (struct box_locked){
        .sums = {.all = sum_of (*ret_rows, "receipts", "amount_rupiah"),
                 .fitting = sum_of (*ret_rows, "fitting", "fitting_rupiah")},
        .receipt_numbers = db_text (*ret_rows, 0, "numbers"),
        .taken_until = db_text (*ret_rows, 0, "taken_until"),
    };
    return 0;
}

int deposit_take (db_t *db, const struct deposit_new *deposit)
{
    AUTO (db_rows) added = NULL;
    const struct payment_sum *sum = &deposit->box->sums.fitting;
    int rc =
        db_query (db, &SQL_DEPOSIT_ADD, &added, deposit->deposit_number, deposit->kecamatan, deposit->box->taken_until,
                  DB_INT (sum->receipts), DB_MONEY (sum->amount), deposit->bank_reference, deposit->deposited_on,
                  deposit->account, deposit->name, DB_INT (deposit->recorded_at_ms));
    if (rc < 0 || db_count (added) == 0)
        return rc;
    rc = db_query (db, &SQL_BOX_TAKE, NULL, deposit->deposit_number, deposit->box->receipt_numbers);
    return rc < 0 ? rc : 1; /* that they are the deposit's sum is checked at the commit */
}

int deposit_of_slip (db_t *db, const char *bank_reference, const char *deposited_on, db_rows_t **ret_rows,
                     const char **ret_deposit_number)
{
    int rc = db_query (db, &SQL_DEPOSIT_OF_SLIP, ret_rows, bank_reference, deposited_on);
    if (rc == 0)
        *ret_deposit_number = db_text (*ret_rows, 0, "deposit_number");
    return rc;
}

int deposit_list (db_t *db, const char *kecamatan, const char *after, int rows, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_DEPOSIT_LIST, ret_rows, kecamatan, after, DB_INT (rows));
}

int deposit_get (db_t *db, const char *deposit_number, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_DEPOSIT_GET, ret_rows, deposit_number);
}

int bill_list (db_t *db, const char *places, const char *state, const char *after, int rows, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_BILL_LIST, ret_rows, places, state, after, DB_INT (rows));
}

int bill_get (db_t *db, const char *application, db_rows_t **ret_rows)
{
    return db_query (db, &SQL_BILL_GET, ret_rows, application);
}

/* ---- rows as the contract shows them; members that are not there are left out ------------------------------- */

json_t *bill_json (const db_rows_t *rows, int row)
{
    return json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:I, s:s, s:s, s:s*, s:s, s:s, s:s, s:o, s:s*}",
                      "bill", db_text (rows, row, "bill"), "bill_number", db_text (rows, row, "bill_number"),
                      "application", db_text (rows, row, "application"), "number", db_text (rows, row, "number"),
                      "kecamatan", db_text (rows, row, "kecamatan"), "service", db_text (rows, row, "service"),
                      "service_version", (json_int_t)db_int (rows, row, "service_version"), "attempt",
                      (json_int_t)db_int (rows, row, "attempt"), "state", db_text (rows, row, "state"), "amount_rupiah",
                      (json_int_t)db_int (rows, row, "amount_rupiah"), "formula", db_text (rows, row, "formula"),
                      "calculation", db_text (rows, row, "calculation"), "unit", db_text (rows, row, "unit"),
                      "legal_basis", db_text (rows, row, "legal_basis"), "account_code",
                      db_text (rows, row, "account_code"), "due_on", db_text (rows, row, "due_on"), "issued_at",
                      rows_moment (rows, row, "issued_at_ms"), "receipt_number", db_text (rows, row, "receipt_number"));
}

json_t *receipt_json (const db_rows_t *rows, int row)
{
    if (db_is_null (rows, row, "receipt_number"))
        return NULL;
    return json_pack ("{s:s, s:I, s:I, s:I, s:{s:s}, s:o}", "receipt_number", db_text (rows, row, "receipt_number"),
                      "amount_rupiah", (json_int_t)db_int (rows, row, "amount_rupiah"), "received_rupiah",
                      (json_int_t)db_int (rows, row, "received_rupiah"), "change_rupiah",
                      (json_int_t)db_int (rows, row, "change_rupiah"), "cashier", "name",
                      db_text (rows, row, "cashier_name"), "paid_at", rows_moment (rows, row, "paid_at_ms"));
}

json_t *receipt_line_json (const db_rows_t *rows, int row)
{
    return json_pack (
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:o}", "receipt_number",
        db_text (rows, row, "receipt_number"), "bill_number", db_text (rows, row, "bill_number"), "application",
        db_text (rows, row, "application"), "number", db_text (rows, row, "number"), "kecamatan",
        db_text (rows, row, "kecamatan"), "service", db_text (rows, row, "service"), "account_code",
        db_text (rows, row, "account_code"), "amount_rupiah", (json_int_t)db_int (rows, row, "amount_rupiah"),
        "received_rupiah", (json_int_t)db_int (rows, row, "received_rupiah"), "change_rupiah",
        (json_int_t)db_int (rows, row, "change_rupiah"), "paid_at", rows_moment (rows, row, "paid_at_ms"));
}

json_t *box_day_json (const db_rows_t *rows, int row)
{
    return json_pack ("{s:s, s:I, s:I, s:s*}", "date", db_text (rows, row, "date"), "receipts",
                      (json_int_t)db_int (rows, row, "receipts"), "amount_rupiah",
                      (json_int_t)db_int (rows, row, "amount_rupiah"), "deposit_by", db_text (rows, row, "deposit_by"));
}

json_t *deposit_json (const db_rows_t *rows, int row)
{
    return json_pack (
        "{s:s, s:s, s:s, s:I, s:I, s:o, s:s, s:s, s:{s:s}, s:o}", "deposit_number",
        db_text (rows, row, "deposit_number"), "kecamatan", db_text (rows, row, "kecamatan"), "taken_until",
        db_text (rows, row, "taken_until"), "receipts", (json_int_t)db_int (rows, row, "receipts"), "amount_rupiah",
        (json_int_t)db_int (rows, row, "amount_rupiah"), "accounts", db_json (rows, row, "accounts"), "bank_reference",
        db_text (rows, row, "bank_reference"), "deposited_on", db_text (rows, row, "deposited_on"), "cashier", "name",
        db_text (rows, row, "cashier_name"), "recorded_at", rows_moment (rows, row, "recorded_at_ms"));
}
