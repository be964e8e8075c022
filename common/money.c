/* The only file that looks into money_t. */
#include "common/money.h"

money_t money_zero (void)
{
    return (money_t){0};
}

money_t money_from_rupiah (int64_t amount_rupiah)
{
    return (money_t){amount_rupiah};
}

int64_t money_to_rupiah (money_t amount)
{
    return amount.rupiah;
}

/* Through a local: the builtins write a wrapped result even when they overflow. */
static bool keep (bool overflow, int64_t result, money_t *ret)
{
    if (!overflow) {
        ret->rupiah = result;
    }
    return !overflow;
}

bool money_add (money_t a, money_t b, money_t *ret_sum)
{
    int64_t sum;
    bool overflow = __builtin_add_overflow (a.rupiah, b.rupiah, &sum);
    return keep (overflow, sum, ret_sum);
}

bool money_sub (money_t a, money_t b, money_t *ret_difference)
{
    int64_t difference;
    bool overflow = __builtin_sub_overflow (a.rupiah, b.rupiah, &difference);
    return keep (overflow, difference, ret_difference);
}

bool money_mul (money_t amount, int64_t factor, money_t *ret_product)
{
    int64_t product;
    bool overflow = __builtin_mul_overflow (amount.rupiah, factor, &product);
    return keep (overflow, product, ret_product);
}

int money_compare (money_t a, money_t b)
{
    return (a.rupiah > b.rupiah) - (a.rupiah < b.rupiah);
}

bool money_is_zero (money_t amount)
{
    return amount.rupiah == 0;
}

bool money_is_negative (money_t amount)
{
    return amount.rupiah < 0;
}

bool money_parse (const char *text, size_t size, money_t *ret_amount)
{
    size_t at = size > 0 && text[0] == '-';
    bool negative = at == 1;
    if (at == size || (text[at] == '0' && (size > 1))) {
        return false; /* nothing, "-", "007", "-0" */
    }
    int64_t amount = 0;
    for (; at < size; at++) {
        if (text[at] < '0' || text[at] > '9') {
            return false;
        }
        /* Downwards for negative amounts, whose range is greater by one. */
        int digit = text[at] - '0';
        if (__builtin_mul_overflow (amount, (int64_t)10, &amount) ||
            __builtin_add_overflow (amount, (int64_t)(negative ? -digit : digit), &amount)) {
            return false;
        }
    }
    ret_amount->rupiah = amount;
    return true;
}

size_t money_print (money_t amount, char ret_text[MONEY_TEXT_SIZE])
{
    uint64_t rest = amount.rupiah < 0 ? -(uint64_t)amount.rupiah : (uint64_t)amount.rupiah;
    char digits[MONEY_TEXT_SIZE];
    size_t count = 0, length = 0;
    do {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (amount.rupiah < 0) {
        ret_text[length++] = '-';
    }
    while (count > 0) {
        ret_text[length++] = digits[--count];
    }
    ret_text[length] = '\0';
    return length;
}
