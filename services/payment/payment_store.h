/* What the payment service keeps: one typed function per statement of sql/queries.sql.  It knows columns, no rules.
 * Functions return 0, or negative when the environment failed; those that look for one row return how many they found
 * (0 or 1).  Texts are borrowed from the result. */
#pragma once

#include "common/db.h"
#include "payment.h"

#include <jansson.h>

struct known_application {
    const char *application, *number, *kecamatan, *service;
};
int application_add (db_t *db, const struct known_application *known, enum payment_fee fee);
/* 1: it is to pay; 0: it is known to be free. */
int application_charge (db_t *db, const struct known_application *known);
int application_get (db_t *db, const char *application, db_rows_t **ret_rows, const char **ret_kecamatan,
                     enum payment_fee *ret_fee);

/* The next number of a kind ("SKRD", "TBP", "STS") in that kecamatan's year, without gaps: its row stays locked until the
 * transaction ends.  Writes "TBP-000001/35.29.22/2026". */
#define PAYMENT_NUMBER_SIZE 48
int number_next (db_t *db, const char *kind, const char *kecamatan, int year, char ret_number[PAYMENT_NUMBER_SIZE]);

struct bill_new {
    const char *bill, *bill_number, *application, *step;
    int64_t attempt, service_version;
    money_t amount;
    const char *formula, *calculation, *unit /* or NULL */, *legal_basis, *account_code;
    const char *due_on; /* YYYY-MM-DD */
    int64_t issued_at_ms;
};
int bill_find (db_t *db, const char *application, const char *step, int64_t attempt);
int bill_add (db_t *db, const struct bill_new *bill);

/* A bill under lock: what a decision needs. */
struct bill_locked {
    const char *bill, *step, *kecamatan;
    struct payment_bill terms;
};
int bill_lock (db_t *db, const char *application, db_rows_t **ret_rows, struct bill_locked *ret_bill);

struct receipt_new {
    const char *receipt_number, *bill;
    money_t amount, received, change;
    const char *account, *name; /* of the cashier */
    const char *deposit_by;     /* YYYY-MM-DD */
    int64_t paid_at_ms;
};
int receipt_add (db_t *db, const struct receipt_new *receipt);
/* What one cashier wrote in [from_ms, before_ms); kecamatan, after (a receipt number) and, in the sum, rows may be left
 * out: NULL, NULL, 0. */
struct receipt_query {
    const char *cashier, *kecamatan, *after;
    int64_t from_ms, before_ms;
    int rows;
};
int receipt_list (db_t *db, const struct receipt_query *query, db_rows_t **ret_rows);
int receipt_sum (db_t *db, const struct receipt_query *query, db_rows_t **ret_rows);
int bill_settle (db_t *db, const char *bill, enum payment_state state, const char *receipt_number);
int bill_cancel (db_t *db, const char *bill, enum payment_state state, int64_t cancelled_at_ms);
/* Books the amount as the rule says: of a bill ("issued", "settled", "cancelled") or of a deposit ("deposited"). */
struct posting {
    const char *bill, *deposit_number; /* one of them; the other NULL */
    const char *kind;
    money_t amount;
    int64_t posted_at_ms;
};
int ledger_post (db_t *db, const struct posting *posting, const struct payment_rule *rule);

/* ---- deposits */

/* The term of a kecamatan; 0 rows: the usual one. */
int term_get (db_t *db, const char *kecamatan, db_rows_t **ret_rows, int *ret_working_days);
struct term_new {
    const char *kecamatan, *legal_basis;
    int working_days;
    const char *account, *name; /* who publishes it */
    int64_t at_ms;
};
int term_add (db_t *db, const struct term_new *term);

/* What lies in the box, a row a day: date, receipts, amount_rupiah, deposit_by (may be NULL). */
int box_days (db_t *db, const char *kecamatan, db_rows_t **ret_rows);
/* What lay in it before a moment, under lock, and how much of it fits into the amount; ret_rows keeps the texts of those
 * that fit: their numbers (PostgreSQL array) and the day of the youngest (NULL: none fits). */
struct box_locked {
    struct payment_box sums;
    const char *receipt_numbers, *taken_until;
};
int box_lock (db_t *db, const char *kecamatan, int64_t before_ms, money_t amount, db_rows_t **ret_rows,
              struct box_locked *ret_box);

struct deposit_new {
    const char *deposit_number, *kecamatan;
    const char *bank_reference, *deposited_on; /* YYYY-MM-DD */
    const struct box_locked *box;              /* it takes what fits */
    const char *account, *name;                /* of the cashier */
    int64_t recorded_at_ms;
};
/* Adds it and takes the receipts out of the box: 1; 0: that slip of the bank is another deposit's. */
int deposit_take (db_t *db, const struct deposit_new *deposit);
int deposit_of_slip (db_t *db, const char *bank_reference, const char *deposited_on, db_rows_t **ret_rows,
                     const char **ret_deposit_number);
int deposit_list (db_t *db, const char *kecamatan, const char *after, int rows, db_rows_t **ret_rows);
int deposit_get (db_t *db, const char *deposit_number, db_rows_t **ret_rows);

/* `places`: PostgreSQL array literal; `after`: the last bill of the page before, or NULL. */
int bill_list (db_t *db, const char *places, const char *state, const char *after, int rows, db_rows_t **ret_rows);
int bill_get (db_t *db, const char *application, db_rows_t **ret_rows);
/* A row of bill_list and bill_get as the contract shows it; receipt_json: NULL while it is not paid. */
json_t *bill_json (const db_rows_t *rows, int row);
json_t *receipt_json (const db_rows_t *rows, int row);
/* A row of receipt_list. */
json_t *receipt_line_json (const db_rows_t *rows, int row);
/* A row of box_days. */
json_t *box_day_json (const db_rows_t *rows, int row);
/* A row of deposit_list and deposit_get. */
json_t *deposit_json (const db_rows_t *rows, int row);
