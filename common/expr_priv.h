/* What the reader of formulas (expr.c) needs from their arithmetic (expr_value.c).  Nobody else includes this. */
#pragma once

#include "common/expr.h"

#define EXPR_SCALE    1000000
#define EXPR_DECIMALS 6

/* a `sign` b for + - * /, both scaled.  EXPR_OVERFLOW, EXPR_DIVISION_BY_ZERO. */
enum expr_verdict expr_combine (char sign, int64_t a, int64_t b, struct expr_value *ret_value);

/* The next whole number above (up) or below. */
enum expr_verdict expr_whole (int64_t scaled, bool up, struct expr_value *ret_value);
