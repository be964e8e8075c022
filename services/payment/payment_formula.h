/* From a tariff's formula and an application's facts to the amount owed, and to a line on the bill that everyone can
 * check with a pencil.  Pure: the facts come through a function of the caller. */
#pragma once

#include "common/expr.h"
#include "common/money.h"

#include <stddef.h>

/* One bill is at most Rp 999,999,999,999: beyond it a fact has a slipped decimal point. */
#define PAYMENT_RUPIAH_MAX INT64_C (999999999999)

enum payment_assessment {
    PAYMENT_OWED,
    PAYMENT_NOTHING_OWED, /* the formula comes to zero: there is no bill */
    PAYMENT_FORMULA_FAILS,
    PAYMENT_NEGATIVE,
    PAYMENT_TOO_LARGE,
    PAYMENT_ASSESSMENTS
};

/* *ret_amount is written with PAYMENT_OWED only; *ret_fault, which may be NULL, with PAYMENT_FORMULA_FAILS. */
enum payment_assessment payment_assess (const char *formula, expr_lookup_fn *lookup, void *facts, money_t *ret_amount,
                                        enum expr_verdict *ret_fault);

/* The formula with the facts' values in the place of their names: "panjang_m * lebar_m * 500" becomes
 * "40.5 * 6 * 500"; truths are "ya" and "tidak"; a name without a fact stays.  Cut when the buffer is full.
 * Returns the length written, without the NUL. */
size_t payment_explain (const char *formula, expr_lookup_fn *lookup, void *facts, char *ret_text, size_t size);
