/* Formulas of tariffs and conditions of workflows, written by an officer of the kabupaten: "width * length * 500",
 * "area <= 100 and not near_river".  Exact decimals: 6 places, int64 scaled by 10^6 (about +-9.2 * 10^12).
 *
 *   or      := and { "or" and }                       and  := not { "and" not }
 *   not     := "not" not | compare                    compare := sum [ ("<" "<=" ">" ">=" "==" "!=") sum ]
 *   sum     := product { ("+"|"-") product }          product := unary { ("*"|"/") unary }
 *   unary   := "-" unary | primary
 *   primary := number | name | "(" or ")" | ("min"|"max") "(" or "," or ")" | ("ceil"|"floor") "(" or ")"
 *            | "if" "(" or "," or "," or ")"
 *   number  := digits [ "." 1..6 digits ]             name := letter or "_", then letters, digits, "_", "."
 *
 * Numbers and truths do not mix; == and != compare either.  and, or, if evaluate only what they need: a formula may
 * guard a division or a fact that is absent.  * and / round their last place half up.
 * Pure: no allocation, no floating point but where a fact comes as one.  It never has undefined behaviour. */
#pragma once

#include "common/money.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPR_LENGTH_MAX 1024 /* bytes of a formula */
#define EXPR_DEPTH_MAX  32   /* brackets, calls, signs and "not" within each other */
#define EXPR_NAME_MAX   63   /* bytes of a name */

enum expr_type { EXPR_NUMBER, EXPR_TRUTH };

struct expr_value {
    enum expr_type type;
    int64_t scaled; /* a number times 10^6 */
    bool truth;
};

enum expr_verdict {
    EXPR_OK,
    EXPR_TOO_LONG,
    EXPR_TOO_DEEP,
    EXPR_SYNTAX,
    EXPR_UNKNOWN_NAME,
    EXPR_WRONG_TYPE,
    EXPR_OVERFLOW,
    EXPR_DIVISION_BY_ZERO,
    EXPR_VERDICTS
};

/* A fact that a formula may use. */
struct expr_name {
    const char *name;
    enum expr_type type;
};

/* Is it a formula over these facts?  For the moment of publishing: syntax, names, types; not overflow and not division
 * by zero, which depend on the facts.  `ret_type`: what it yields; `ret_position`: byte offset of the offence.  Both
 * may be NULL. */
enum expr_verdict expr_check (const char *text, const struct expr_name *names, size_t count, enum expr_type *ret_type,
                              size_t *ret_position);

/* The value of a fact; false when there is none. */
typedef bool (expr_lookup_fn) (void *context, const char *name, struct expr_value *ret_value);

/* `lookup` may be NULL when the formula has no names.  *ret_value is written with EXPR_OK only. */
enum expr_verdict expr_eval (const char *text, expr_lookup_fn *lookup, void *context, struct expr_value *ret_value);

/* Facts.  EXPR_OVERFLOW beyond the range; a real is rounded to 6 places, halves away from zero (measurements of a form
 * arrive as JSON reals); one that is not finite is EXPR_OVERFLOW. */
enum expr_verdict expr_from_int (int64_t number, struct expr_value *ret_value);
enum expr_verdict expr_from_real (double number, struct expr_value *ret_value);
struct expr_value expr_from_truth (bool truth);

/* Whole rupiah, half up: 0.5 becomes 1, -0.5 becomes 0.  EXPR_WRONG_TYPE for a truth. */
enum expr_verdict expr_to_rupiah (const struct expr_value *value, money_t *ret_amount);

/* "ok", "too_long", ...: for codes and logs. */
const char *expr_verdict_name (enum expr_verdict verdict);
