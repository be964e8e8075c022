/* The rules of the cash desk: what is owed, when money may be taken, what is given back, which accounts it moves.
 * The fee ("retribusi") is paid after the document is ready and before it is handed over; a free service takes no
 * money; what is taken stands in the books in the same transaction, and goes to the kas daerah within a working day.
 * Pure: no I/O, no clock, no allocation.  Roles and places are checked by the caller; the amount comes from
 * payment_formula.h. */
#pragma once

#include "common/calendar.h"
#include "common/money.h"

#include <stdbool.h>

/* ---- the bill ----------------------------------------------------------------------------------------------- */

enum payment_state {
    PAYMENT_DUE,
    PAYMENT_SETTLED,
    PAYMENT_CANCELLED, /* the application ended before it was paid */
    PAYMENT_STATES
};

enum payment_command { PAYMENT_TAKE_CASH, PAYMENT_CANCEL, PAYMENT_COMMANDS };

enum payment_account {
    PAYMENT_ACCOUNT_NONE,
    PAYMENT_KAS,        /* cash at the kecamatan's bendahara penerimaan */
    PAYMENT_KAS_DAERAH, /* the regional treasury's account, RKUD */
    PAYMENT_PIUTANG,    /* fees owed */
    PAYMENT_PENDAPATAN, /* fees earned */
    PAYMENT_ACCOUNTS
};

/* A (state, command) pair of the lifecycle and its posting: the bill's whole amount, debit and credit. */
struct payment_rule {
    bool allowed;
    enum payment_state to;
    enum payment_account debit, credit;
};

struct payment_rule payment_rule (enum payment_state state, enum payment_command command);
/* The rule by which a new bill comes into being. */
struct payment_rule payment_issue (void);

/* ---- taking money ------------------------------------------------------------------------------------------- */

enum payment_verdict {
    PAYMENT_ACCEPTED,
    PAYMENT_STALE_ATTEMPT, /* the cashier looked at another bill than the one that is in force */
    PAYMENT_ALREADY_SETTLED,
    PAYMENT_CASE_CLOSED,
    PAYMENT_TOO_LITTLE, /* no part payments */
    PAYMENT_VERDICTS
};

struct payment_bill {
    enum payment_state state;
    int attempt; /* counts the visits of the step, from 1 */
    money_t amount;
};

struct payment_cash {
    int attempt; /* that the cashier saw; 0: not said */
    money_t received;
};

struct payment_answer {
    enum payment_verdict verdict;
    struct payment_rule rule; /* with PAYMENT_ACCEPTED */
    money_t change;           /* with PAYMENT_ACCEPTED: never negative */
};

struct payment_answer payment_take_cash (const struct payment_bill *bill, const struct payment_cash *cash);

/* ---- the way to the kas daerah (PP 12/2019, Permendagri 77/2020) ------------------------------------------------ */

enum payment_deposit_verdict {
    PAYMENT_DEPOSIT_ACCEPTED,
    PAYMENT_DEPOSIT_DAY_WRONG, /* still to come */
    PAYMENT_DEPOSIT_NOTHING,
    PAYMENT_DEPOSIT_DIFFERS, /* receipts are taken whole, the oldest first: none of their sums is the slip's */
    PAYMENT_DEPOSIT_VERDICTS
};

/* Receipts that no deposit has taken, up to the slip's day: all of them, and the oldest that together are not more than
 * the slip. */
struct payment_sum {
    int64_t receipts;
    money_t amount;
};
struct payment_box {
    struct payment_sum all, fitting;
};

/* What the cashier says of the bank's slip. */
struct payment_slip {
    money_t amount;
    struct civil_date deposited_on;
};

enum payment_deposit_verdict payment_deposit (const struct payment_box *box, const struct payment_slip *slip,
                                              struct civil_date today);
/* How a deposit is posted, on the day on which it is recorded; the bills in it stay settled. */
struct payment_rule payment_deposited (void);

/* The last day on which money taken on a day is deposited in time: Monday to Friday count, public holidays are the
 * intake service's and not known here.  False outside the calendar's years. */
#define PAYMENT_DEPOSIT_DAYS 1 /* where no perkada gives more */
bool payment_deposit_by (struct civil_date taken_on, int working_days, struct civil_date *ret_date);

/* ---- an application without a bill -------------------------------------------------------------------------- */

enum payment_fee { PAYMENT_FEE_UNKNOWN, PAYMENT_FEE_FREE, PAYMENT_FEE_CHARGED, PAYMENT_FEES };

/* Names as they stand in the tables and in JSON.  The parsers return false for anything else. */
const char *payment_state_name (enum payment_state state);
const char *payment_command_name (enum payment_command command);
const char *payment_account_name (enum payment_account account);
const char *payment_fee_name (enum payment_fee fee);
bool payment_state_parse (const char *name, enum payment_state *ret_state);
bool payment_fee_parse (const char *name, enum payment_fee *ret_fee);
