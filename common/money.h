/* Money: whole rupiah (cents have not circulated since 1996) with checked arithmetic.  Nobody but money.c touches the
 * member.  Pure.  It does not print for citizens ("Rp 1.250.000,00", terbilang): that is the documents' business. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    int64_t rupiah;
} money_t;

#define MONEY_TEXT_SIZE 21 /* "-9223372036854775808" and the NUL */
#define MONEY_CHECKED   __attribute__ ((warn_unused_result))

money_t money_zero (void);
/* To and from the outside: a column of type bigint, a JSON integer. */
money_t money_from_rupiah (int64_t amount_rupiah);
int64_t money_to_rupiah (money_t amount);

/* False on overflow; then *ret is not written. */
MONEY_CHECKED bool money_add (money_t a, money_t b, money_t *ret_sum);
MONEY_CHECKED bool money_sub (money_t a, money_t b, money_t *ret_difference);
MONEY_CHECKED bool money_mul (money_t amount, int64_t factor, money_t *ret_product);

/* < 0, 0, > 0 */
int money_compare (money_t a, money_t b);
bool money_is_zero (money_t amount);
bool money_is_negative (money_t amount);

/* Plain decimal digits, "-" before a negative amount, no separators, no leading zeros: "125000".  False for anything
 * else and for what does not fit. */
MONEY_CHECKED bool money_parse (const char *text, size_t size, money_t *ret_amount);
/* Returns the length written, without the NUL. */
size_t money_print (money_t amount, char ret_text[MONEY_TEXT_SIZE]);
