/* From a formula to an amount: see payment_formula.h. */
#include "payment_formula.h"

#include <string.h>

#define DECIMALS 6
#define SCALE    1000000u

enum payment_assessment payment_assess (const char *formula, expr_lookup_fn *lookup, void *facts, money_t *ret_amount,
                                        enum expr_verdict *ret_fault)
{
    struct expr_value value;
    money_t amount = money_zero ();
    enum expr_verdict verdict = expr_eval (formula, lookup, facts, &value);
    if (verdict == EXPR_OK)
        verdict = expr_to_rupiah (&value, &amount);
    if (verdict != EXPR_OK) {
        if (ret_fault)
            *ret_fault = verdict;
        return PAYMENT_FORMULA_FAILS;
    }
    if (money_is_negative (amount))
        return PAYMENT_NEGATIVE;
    if (money_is_zero (amount))
        return PAYMENT_NOTHING_OWED;
    if (money_compare (amount, money_from_rupiah (PAYMENT_RUPIAH_MAX)) > 0)
        return PAYMENT_TOO_LARGE;
    *ret_amount = amount;
    return PAYMENT_OWED;
}

/* ---- the calculation as text -------------------------------------------------------------------------------- */

struct writer {
    char *text;
    size_t size, used;
};

static void put (struct writer *writer, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count && writer->used + 1 < writer->size; i++)
        writer->text[writer->used++] = bytes[i];
}

/* 40500000 is "40.5". */
static void put_number (struct writer *writer, int64_t scaled)
{
    char digits[24];
    size_t at = sizeof digits, last = sizeof digits;
    uint64_t rest = scaled < 0 ? 0 - (uint64_t)scaled : (uint64_t)scaled;
    bool fraction = rest % SCALE != 0;
    for (int place = 0; rest > 0 || place <= DECIMALS; place++, rest /= 10) {
        if (place == DECIMALS && fraction)
            digits[--at] = '.';
        digits[--at] = (char)('0' + rest % 10);
        bool trailing_zero = place < DECIMALS && digits[at] == '0' && at + 1 == last;
        if (trailing_zero)
            last = at;
    }
    if (scaled < 0)
        put (writer, "-", 1);
    put (writer, digits + at, last - at);
}

static void put_value (struct writer *writer, const struct expr_value *value)
{
    if (value->type == EXPR_NUMBER)
        put_number (writer, value->scaled);
    else if (value->truth)
        put (writer, "ya", 2);
    else
        put (writer, "tidak", 5);
}

static bool starts_name (char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Length of the name at `text`; 0 when there is none. */
static size_t name_length (const char *text)
{
    size_t length = 0;
    if (starts_name (text[0]))
        while (starts_name (text[length]) || (text[length] >= '0' && text[length] <= '9') || text[length] == '.')
            length++;
    return length;
}

static bool look_up (expr_lookup_fn *lookup, void *facts, const char *text, size_t length, struct expr_value *ret_value)
{
    char name[EXPR_NAME_MAX + 1];
    if (!lookup || length > EXPR_NAME_MAX)
        return false;
    memcpy (name, text, length);
    name[length] = '\0';
    return lookup (facts, name, ret_value);
}

size_t payment_explain (const char *formula, expr_lookup_fn *lookup, void *facts, char *ret_text, size_t size)
{
    struct writer writer = {.text = ret_text, .size = size};
    while (*formula) {
        struct expr_value value;
        size_t length = name_length (formula);
        if (length > 0 && look_up (lookup, facts, formula, length, &value))
            put_value (&writer, &value);
        else
            put (&writer, formula, length > 0 ? length : 1);
        formula += length > 0 ? length : 1;
    }
    ret_text[writer.used] = '\0';
    return writer.used;
}
