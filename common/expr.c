/* A recursive descent that evaluates while it reads.  A branch that is not taken is read with `live` off: its syntax
 * counts, its names and values do not.  When checking, everything is live, but numbers are not computed. */
#include "common/expr_priv.h"

#include <string.h>

struct reader {
    const char *text;
    size_t at;
    size_t fault; /* where the verdict was spoken */
    enum expr_verdict verdict;
    unsigned depth;
    bool live;
    bool checking;
    const struct expr_name *names; /* when checking */
    size_t name_count;
    expr_lookup_fn *lookup; /* when evaluating */
    void *context;
};

typedef struct expr_value value_t;

/* The first verdict stays.  Returns false, so that a reader can stop with it. */
static bool refuse_at (struct reader *reader, enum expr_verdict verdict, size_t position)
{
    if (reader->verdict == EXPR_OK) {
        reader->verdict = verdict;
        reader->fault = position;
    }
    return false;
}

static value_t number_value (int64_t scaled)
{
    return (value_t){.type = EXPR_NUMBER, .scaled = scaled};
}

/* Takes over a verdict of the arithmetic. */
static bool accept (struct reader *reader, enum expr_verdict verdict, size_t position)
{
    return verdict == EXPR_OK || refuse_at (reader, verdict, position);
}

/* Words */

static bool is_digit (char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_start (char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static void skip_space (struct reader *reader)
{
    while (reader->text[reader->at] == ' ' || reader->text[reader->at] == '\t' || reader->text[reader->at] == '\n') {
        reader->at++;
    }
}

static size_t name_length (const char *text)
{
    size_t length = 0;
    if (is_name_start (text[0])) {
        while (is_name_start (text[length]) || is_digit (text[length]) || text[length] == '.') {
            length++;
        }
    }
    return length;
}

static bool take_word (struct reader *reader, const char *word)
{
    skip_space (reader);
    size_t length = strlen (word);
    if (name_length (reader->text + reader->at) != length || memcmp (reader->text + reader->at, word, length) != 0) {
        return false;
    }
    reader->at += length;
    return true;
}

static bool take_sign (struct reader *reader, const char *sign)
{
    skip_space (reader);
    size_t length = strlen (sign);
    if (strncmp (reader->text + reader->at, sign, length) != 0) {
        return false;
    }
    reader->at += length;
    return true;
}

static bool expect_sign (struct reader *reader, const char *sign)
{
    return take_sign (reader, sign) || refuse_at (reader, EXPR_SYNTAX, reader->at);
}

static bool expect_type (struct reader *reader, const value_t *value, enum expr_type type, size_t position)
{
    return !reader->live || value->type == type || refuse_at (reader, EXPR_WRONG_TYPE, position);
}

/* Does arithmetic take place?  Otherwise a number is 0 and stands for its type. */
static bool computes (const struct reader *reader)
{
    return reader->live && !reader->checking;
}

/* Grammar: each reads one production, false after a verdict. */

static bool read_or (struct reader *reader, value_t *ret);

static bool read_number (struct reader *reader, value_t *ret)
{
    size_t start = reader->at, decimals = 0;
    int64_t scaled = 0;
    bool overflow = false;
    for (bool fraction = false;; reader->at++) {
        char c = reader->text[reader->at];
        if (c == '.' && !fraction) {
            fraction = true;
            continue;
        }
        if (!is_digit (c)) {
            break;
        }
        overflow = overflow || __builtin_mul_overflow (scaled, (int64_t)10, &scaled) ||
                   __builtin_add_overflow (scaled, (int64_t)(c - '0'), &scaled);
        decimals += fraction;
    }
    if (reader->text[reader->at - 1] == '.' || decimals > EXPR_DECIMALS) {
        return refuse_at (reader, EXPR_SYNTAX, start);
    }
    if (is_name_start (reader->text[reader->at]) || reader->text[reader->at] == '.') {
        return refuse_at (reader, EXPR_SYNTAX, reader->at);
    }
    for (; decimals < EXPR_DECIMALS; decimals++) {
        overflow = overflow || __builtin_mul_overflow (scaled, (int64_t)10, &scaled);
    }
    *ret = number_value (scaled);
    return !overflow || refuse_at (reader, EXPR_OVERFLOW, start);
}

static bool find_name (const struct reader *reader, const char *name, value_t *ret)
{
    if (!reader->checking) {
        return reader->lookup && reader->lookup (reader->context, name, ret);
    }
    for (size_t i = 0; i < reader->name_count; i++) {
        if (strcmp (reader->names[i].name, name) == 0) {
            *ret = (value_t){.type = reader->names[i].type};
            return true;
        }
    }
    return false;
}

static bool is_reserved (const char *name)
{
    static const char *const words[] = {"and", "or", "not", "min", "max", "ceil", "floor", "if"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp (words[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool read_name (struct reader *reader, value_t *ret)
{
    size_t start = reader->at, length = name_length (reader->text + start);
    if (length > EXPR_NAME_MAX) {
        return refuse_at (reader, EXPR_UNKNOWN_NAME, start);
    }
    char name[EXPR_NAME_MAX + 1];
    memcpy (name, reader->text + start, length);
    name[length] = '\0';
    if (length == 0 || is_reserved (name)) {
        return refuse_at (reader, EXPR_SYNTAX, start);
    }
    reader->at += length;
    *ret = number_value (0);
    return !reader->live || find_name (reader, name, ret) || refuse_at (reader, EXPR_UNKNOWN_NAME, start);
}

static bool read_argument (struct reader *reader, enum expr_type type, value_t *ret)
{
    skip_space (reader);
    size_t start = reader->at;
    return read_or (reader, ret) && expect_type (reader, ret, type, start);
}

static bool read_min_max (struct reader *reader, bool max, value_t *ret)
{
    value_t a, b;
    if (!expect_sign (reader, "(") || !read_argument (reader, EXPR_NUMBER, &a) || !expect_sign (reader, ",") ||
        !read_argument (reader, EXPR_NUMBER, &b) || !expect_sign (reader, ")")) {
        return false;
    }
    *ret = (a.scaled > b.scaled) == max ? a : b;
    return true;
}

static bool read_ceil_floor (struct reader *reader, bool up, value_t *ret)
{
    size_t start = reader->at;
    value_t a = {0};
    if (!expect_sign (reader, "(") || !read_argument (reader, EXPR_NUMBER, &a) || !expect_sign (reader, ")")) {
        return false;
    }
    if (!computes (reader)) {
        *ret = number_value (0);
        return true;
    }
    return accept (reader, expr_whole (a.scaled, up, ret), start);
}

/* Reads with `live` as before and also `needed`. */
static bool read_if_needed (struct reader *reader, bool needed, bool (*read) (struct reader *, value_t *), value_t *ret)
{
    bool live = reader->live;
    reader->live = live && needed;
    bool good = read (reader, ret);
    reader->live = live;
    return good;
}

static bool read_if (struct reader *reader, value_t *ret)
{
    value_t condition, yes, no;
    if (!expect_sign (reader, "(") || !read_argument (reader, EXPR_TRUTH, &condition) || !expect_sign (reader, ",")) {
        return false;
    }
    if (!read_if_needed (reader, reader->checking || condition.truth, read_or, &yes) || !expect_sign (reader, ",")) {
        return false;
    }
    skip_space (reader);
    size_t start = reader->at;
    if (!read_if_needed (reader, reader->checking || !condition.truth, read_or, &no) || !expect_sign (reader, ")")) {
        return false;
    }
    if (reader->checking && !expect_type (reader, &no, yes.type, start)) {
        return false;
    }
    *ret = condition.truth || reader->checking ? yes : no;
    return true;
}

static bool read_primary (struct reader *reader, value_t *ret)
{
    if (take_sign (reader, "(")) {
        return read_or (reader, ret) && expect_sign (reader, ")");
    }
    if (is_digit (reader->text[reader->at])) {
        return read_number (reader, ret);
    }
    if (take_word (reader, "min")) {
        return read_min_max (reader, false, ret);
    }
    if (take_word (reader, "max")) {
        return read_min_max (reader, true, ret);
    }
    if (take_word (reader, "ceil")) {
        return read_ceil_floor (reader, true, ret);
    }
    if (take_word (reader, "floor")) {
        return read_ceil_floor (reader, false, ret);
    }
    if (take_word (reader, "if")) {
        return read_if (reader, ret);
    }
    return read_name (reader, ret);
}

static bool read_unary (struct reader *reader, value_t *ret)
{
    *ret = (value_t){0}; /* also when nothing could be read */
    skip_space (reader);
    size_t start = reader->at;
    if (reader->depth >= EXPR_DEPTH_MAX) {
        return refuse_at (reader, EXPR_TOO_DEEP, start);
    }
    reader->depth++;
    bool good;
    if (take_sign (reader, "-")) {
        good = read_unary (reader, ret) && expect_type (reader, ret, EXPR_NUMBER, start) &&
               accept (reader, expr_combine ('-', 0, ret->scaled, ret), start);
    } else {
        good = read_primary (reader, ret);
    }
    reader->depth--;
    return good;
}

/* Both operands are numbers, or nobody is interested. */
static bool combine (struct reader *reader, char sign, value_t a, value_t b, size_t position, value_t *ret)
{
    *ret = number_value (0);
    return !computes (reader) || accept (reader, expr_combine (sign, a.scaled, b.scaled, ret), position);
}

/* operand { sign operand } for two signs of equal rank, from the left. */
static bool read_chain (struct reader *reader, const char *signs, bool (*read) (struct reader *, value_t *),
                        value_t *ret)
{
    skip_space (reader);
    size_t left = reader->at;
    if (!read (reader, ret)) {
        return false;
    }
    for (;;) {
        skip_space (reader);
        char sign = reader->text[reader->at];
        if (sign == '\0' || !strchr (signs, sign)) {
            return true;
        }
        size_t position = reader->at++;
        skip_space (reader);
        size_t right = reader->at;
        value_t a = *ret, b;
        if (!expect_type (reader, &a, EXPR_NUMBER, left) || !read (reader, &b) ||
            !expect_type (reader, &b, EXPR_NUMBER, right) || !combine (reader, sign, a, b, position, ret)) {
            return false;
        }
    }
}

static bool read_product (struct reader *reader, value_t *ret)
{
    return read_chain (reader, "*/", read_unary, ret);
}

static bool read_sum (struct reader *reader, value_t *ret)
{
    return read_chain (reader, "+-", read_product, ret);
}

/* The longer sign first. */
static const char *const comparisons[] = {"<=", ">=", "==", "!=", "<", ">"};
enum { COMPARISONS = sizeof comparisons / sizeof *comparisons };

static const char *take_comparison (struct reader *reader)
{
    for (size_t i = 0; i < COMPARISONS; i++) {
        if (take_sign (reader, comparisons[i])) {
            return comparisons[i];
        }
    }
    return NULL;
}

static bool holds (const char *sign, int order)
{
    switch (sign[0]) {
    case '<':
        return order < 0 || (order == 0 && sign[1] == '=');
    case '>':
        return order > 0 || (order == 0 && sign[1] == '=');
    case '=':
        return order == 0;
    default:
        return order != 0;
    }
}

static int compare (value_t a, value_t b)
{
    int64_t left = a.type == EXPR_NUMBER ? a.scaled : a.truth, right = b.type == EXPR_NUMBER ? b.scaled : b.truth;
    return (left > right) - (left < right);
}

static bool read_compare (struct reader *reader, value_t *ret)
{
    skip_space (reader);
    size_t left = reader->at;
    if (!read_sum (reader, ret)) {
        return false;
    }
    const char *sign = take_comparison (reader);
    if (!sign) {
        return true;
    }
    bool ordered = sign[0] == '<' || sign[0] == '>';
    skip_space (reader);
    size_t right = reader->at;
    value_t a = *ret, b;
    if ((ordered && !expect_type (reader, &a, EXPR_NUMBER, left)) || !read_sum (reader, &b) ||
        !expect_type (reader, &b, a.type, right)) {
        return false;
    }
    *ret = expr_from_truth (holds (sign, compare (a, b)));
    return true;
}

static bool read_not (struct reader *reader, value_t *ret)
{
    skip_space (reader);
    size_t start = reader->at;
    if (!take_word (reader, "not")) {
        return read_compare (reader, ret);
    }
    if (reader->depth >= EXPR_DEPTH_MAX) {
        return refuse_at (reader, EXPR_TOO_DEEP, start);
    }
    reader->depth++;
    bool good = read_not (reader, ret) && expect_type (reader, ret, EXPR_TRUTH, start);
    reader->depth--;
    *ret = good ? expr_from_truth (!ret->truth) : *ret;
    return good;
}

/* operand { word operand }: once the left side decides ("and": false, "or": true), the rest is read but not live. */
static bool read_logic (struct reader *reader, const char *word, bool decides,
                        bool (*read) (struct reader *, value_t *), value_t *ret)
{
    skip_space (reader);
    size_t left = reader->at;
    if (!read (reader, ret)) {
        return false;
    }
    while (take_word (reader, word)) {
        skip_space (reader);
        size_t right = reader->at;
        value_t b = {0};
        if (!expect_type (reader, ret, EXPR_TRUTH, left)) {
            return false;
        }
        bool needed = reader->checking || ret->truth != decides;
        if (!read_if_needed (reader, needed, read, &b) || (needed && !expect_type (reader, &b, EXPR_TRUTH, right))) {
            return false;
        }
        *ret = expr_from_truth (needed ? b.truth : decides);
    }
    return true;
}

static bool read_and (struct reader *reader, value_t *ret)
{
    return read_logic (reader, "and", false, read_not, ret);
}

static bool read_or (struct reader *reader, value_t *ret)
{
    return read_logic (reader, "or", true, read_and, ret);
}

static enum expr_verdict read_formula (struct reader *reader, value_t *ret)
{
    if (strnlen (reader->text, EXPR_LENGTH_MAX + 1) > EXPR_LENGTH_MAX) {
        refuse_at (reader, EXPR_TOO_LONG, EXPR_LENGTH_MAX);
    } else if (read_or (reader, ret)) {
        skip_space (reader);
        if (reader->text[reader->at] != '\0') {
            refuse_at (reader, EXPR_SYNTAX, reader->at);
        }
    }
    return reader->verdict;
}

enum expr_verdict expr_check (const char *text, const struct expr_name *names, size_t count, enum expr_type *ret_type,
                              size_t *ret_position)
{
    struct reader reader = {.text = text, .live = true, .checking = true, .names = names, .name_count = count};
    value_t value = {0};
    enum expr_verdict verdict = read_formula (&reader, &value);
    if (verdict == EXPR_OK && ret_type) {
        *ret_type = value.type;
    }
    if (ret_position) {
        *ret_position = reader.fault;
    }
    return verdict;
}

enum expr_verdict expr_eval (const char *text, expr_lookup_fn *lookup, void *context, struct expr_value *ret_value)
{
    struct reader reader = {.text = text, .live = true, .lookup = lookup, .context = context};
    value_t value = {0};
    enum expr_verdict verdict = read_formula (&reader, &value);
    if (verdict == EXPR_OK) {
        *ret_value = value;
    }
    return verdict;
}
