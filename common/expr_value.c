/* Values of formulas: exact decimal arithmetic with 128-bit intermediate results, facts on the way in, rupiah on the
 * way out.  Every result that does not fit is a verdict. */
#include "common/expr_priv.h"

#include <assert.h>

__extension__ typedef __int128 wide_t; /* the product of two scaled numbers is at most 2^126 */

static const char *const verdict_names[EXPR_VERDICTS] = {
    [EXPR_OK] = "ok",
    [EXPR_TOO_LONG] = "too_long",
    [EXPR_TOO_DEEP] = "too_deep",
    [EXPR_SYNTAX] = "syntax",
    [EXPR_UNKNOWN_NAME] = "unknown_name",
    [EXPR_WRONG_TYPE] = "wrong_type",
    [EXPR_OVERFLOW] = "overflow",
    [EXPR_DIVISION_BY_ZERO] = "division_by_zero",
};

const char *expr_verdict_name (enum expr_verdict verdict)
{
    assert (verdict < EXPR_VERDICTS);
    return verdict_names[verdict];
}

struct expr_value expr_from_truth (bool truth)
{
    return (struct expr_value){.type = EXPR_TRUTH, .truth = truth};
}

static struct expr_value number_value (int64_t scaled)
{
    return (struct expr_value){.type = EXPR_NUMBER, .scaled = scaled};
}

static enum expr_verdict fit (wide_t scaled, struct expr_value *ret_value)
{
    if (scaled > INT64_MAX || scaled < INT64_MIN) {
        return EXPR_OVERFLOW;
    }
    *ret_value = number_value ((int64_t)scaled);
    return EXPR_OK;
}

/* Towards minus infinity; divisor > 0. */
static wide_t floor_div (wide_t dividend, wide_t divisor)
{
    wide_t quotient = dividend / divisor;
    return dividend % divisor < 0 ? quotient - 1 : quotient;
}

/* To the nearest, halves up; divisor > 0.  Half of an odd divisor is rounded down, but then no remainder is a half. */
static wide_t round_div (wide_t dividend, wide_t divisor)
{
    return floor_div (dividend + divisor / 2, divisor);
}

static enum expr_verdict divide (wide_t a, wide_t b, struct expr_value *ret_value)
{
    if (b == 0) {
        return EXPR_DIVISION_BY_ZERO;
    }
    return fit (b < 0 ? round_div (-a * EXPR_SCALE, -b) : round_div (a * EXPR_SCALE, b), ret_value);
}

enum expr_verdict expr_combine (char sign, int64_t a, int64_t b, struct expr_value *ret_value)
{
    switch (sign) {
    case '+':
        return fit ((wide_t)a + b, ret_value);
    case '-':
        return fit ((wide_t)a - b, ret_value);
    case '*':
        return fit (round_div ((wide_t)a * b, EXPR_SCALE), ret_value);
    case '/':
        return divide (a, b, ret_value);
    }
    assert (false);
    return EXPR_SYNTAX;
}

enum expr_verdict expr_whole (int64_t scaled, bool up, struct expr_value *ret_value)
{
    wide_t whole = up ? -floor_div (-(wide_t)scaled, EXPR_SCALE) : floor_div (scaled, EXPR_SCALE);
    return fit (whole * EXPR_SCALE, ret_value);
}

enum expr_verdict expr_from_int (int64_t number, struct expr_value *ret_value)
{
    int64_t scaled;
    if (__builtin_mul_overflow (number, (int64_t)EXPR_SCALE, &scaled)) {
        return EXPR_OVERFLOW;
    }
    *ret_value = number_value (scaled);
    return EXPR_OK;
}

enum expr_verdict expr_from_real (double number, struct expr_value *ret_value)
{
    double scaled = number * EXPR_SCALE;
    if (!(scaled > -9.2e18 && scaled < 9.2e18)) { /* also when it is no number */
        return EXPR_OVERFLOW;
    }
    *ret_value = number_value ((int64_t)(scaled + (scaled < 0 ? -0.5 : 0.5)));
    return EXPR_OK;
}

enum expr_verdict expr_to_rupiah (const struct expr_value *value, money_t *ret_amount)
{
    if (value->type != EXPR_NUMBER) {
        return EXPR_WRONG_TYPE;
    }
    *ret_amount = money_from_rupiah ((int64_t)round_div (value->scaled, EXPR_SCALE));
    return EXPR_OK;
}
