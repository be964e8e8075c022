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
                     DB_INT (receipt->paid_at_ms));
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

int ledger_post (db_t *db, const char *bill, const char *kind, const struct payment_rule *rule, money_t amount,
                 int64_t posted_at_ms)
{
    return db_query (db, &SQL_LEDGER_POST, NULL, bill, kind, DB_INT (posted_at_ms), payment_account_name (rule->debit),
                     payment_account_name (rule->credit), DB_MONEY (amount));
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
