/* Formulas: values, verdicts and the place of each offence. */
#include "common/expr.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct expr_name names[] = {
    {"width", EXPR_NUMBER},     {"length", EXPR_NUMBER}, {"form.area", EXPR_NUMBER},   {"zero", EXPR_NUMBER},
    {"near_river", EXPR_TRUTH}, {"absent", EXPR_NUMBER}, {"absent_truth", EXPR_TRUTH}, {"has", EXPR_TRUTH},
};
enum { NAMES = sizeof names / sizeof *names };

static bool lookup (void *context, const char *name, struct expr_value *ret)
{
    (void)context;
    static const struct {
        const char *name;
        double value;
    } numbers[] = {{"width", 3.5}, {"length", 12}, {"form.area", 99.75}, {"zero", 0}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strcmp (numbers[i].name, name) == 0) {
            return expr_from_real (numbers[i].value, ret) == EXPR_OK;
        }
    }
    if (strcmp (name, "near_river") == 0 || strcmp (name, "has") == 0) {
        *ret = expr_from_truth (name[0] == 'n');
        return true;
    }
    return false;
}

static void test_numbers (void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t millionths;
    } cases[] = {
        {"1", 1000000},
        {"0.000001", 1},
        {"width * length * 500", 21000000000},
        {"1 + 2 * 3 - 4 / 2", 5000000},
        {"10 - 3 - 2", 5000000},
        {"8 / 4 / 2", 1000000},
        {"-2 * -3", 6000000},
        {"--1", 1000000},
        {"2 - -1", 3000000},
        {"(1 + 2) * 3", 9000000},
        {"1 / 3", 333333},
        {"2 / 3", 666667},
        {"-1 / 3", -333333},
        {"1 / -3", -333333},
        {"-2 / -3", 666667},
        {"0.000001 / 2", 1},
        {"-0.000001 / 2", 0},
        {"0.000001 * 0.5", 1},
        {"0.001 * 0.001", 1},
        {"0.001 * 0.0001", 0},
        {"min (3, 2)", 2000000},
        {"max(-3,-2)", -2000000},
        {"min(2,2)+max(2,2)", 4000000},
        {"ceil (2.000001)", 3000000},
        {"ceil (2)", 2000000},
        {"ceil (-2.5)", -2000000},
        {"floor (2.999999)", 2000000},
        {"floor (-2.5)", -3000000},
        {"if (width > 3, 1, 2)", 1000000},
        {"if (near_river, if (has, 1, 2), 3)", 2000000},
        {"if (has, 1 / zero, 7)", 7000000},
        {"if (has, absent * 3, 7)", 7000000},
        {"if (near_river, 7, absent + 1)", 7000000},
        {"if (has, 9000000000000 * 9000000000000, 7)", 7000000},
        {"if (has, ceil (9223372036854.775807), 7)", 7000000},
        {"form.area\n+\t0.25", 100000000},
        {"9223372036854.775807", INT64_MAX},
        {"-9223372036854.775807 - 0.000001", INT64_MIN},
        {"3000000 * 3000000", 9000000000000000000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct expr_value value = {.type = EXPR_TRUTH};
        enum expr_verdict verdict = expr_eval (cases[i].text, lookup, NULL, &value);
        if (verdict != EXPR_OK || value.type != EXPR_NUMBER || value.scaled != cases[i].millionths) {
            fail_msg ("%s: %s, %" PRId64, cases[i].text, expr_verdict_name (verdict), value.scaled);
        }
        enum expr_type type;
        assert_int_equal (expr_check (cases[i].text, names, NAMES, &type, NULL), EXPR_OK);
        assert_int_equal (type, EXPR_NUMBER);
    }
}

static void test_truths (void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool truth;
    } cases[] = {
        {"1 < 2", true},
        {"2 < 2", false},
        {"2 <= 2", true},
        {"3 <= 2", false},
        {"3 > 2", true},
        {"2 > 2", false},
        {"2 >= 2", true},
        {"1 >= 2", false},
        {"0.1 + 0.2 == 0.3", true},
        {"1 != 1.0", false},
        {"form.area <= 100 and near_river", true},
        {"form.area <= 100 and not near_river", false},
        {"near_river == has", false},
        {"near_river != (1 > 2)", true},
        {"has or near_river and has", false},
        {"near_river or has and has", true},
        {"not has and not has", true},
        {"not not near_river", true},
        {"not 1 == 2", true},
        {"has and absent_truth", false},
        {"near_river or absent_truth", true},
        {"near_river or 1 / zero > 1", true},
        {"has and absent > 3 or near_river", true},
        {"if (near_river, 1 < 2, absent_truth)", true},
        {"(has) or (near_river)", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct expr_value value = {.type = EXPR_NUMBER};
        enum expr_verdict verdict = expr_eval (cases[i].text, lookup, NULL, &value);
        if (verdict != EXPR_OK || value.type != EXPR_TRUTH || value.truth != cases[i].truth) {
            fail_msg ("%s: %s, %d", cases[i].text, expr_verdict_name (verdict), value.truth);
        }
        enum expr_type type;
        assert_int_equal (expr_check (cases[i].text, names, NAMES, &type, NULL), EXPR_OK);
        assert_int_equal (type, EXPR_TRUTH);
    }
}

static void test_offences (void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum expr_verdict check, eval;
        size_t position; /* of the check */
    } cases[] = {
        {"", EXPR_SYNTAX, EXPR_SYNTAX, 0},
        {"   ", EXPR_SYNTAX, EXPR_SYNTAX, 3},
        {"1 +", EXPR_SYNTAX, EXPR_SYNTAX, 3},
        {"1 2", EXPR_SYNTAX, EXPR_SYNTAX, 2},
        {"(1", EXPR_SYNTAX, EXPR_SYNTAX, 2},
        {"1)", EXPR_SYNTAX, EXPR_SYNTAX, 1},
        {"1.", EXPR_SYNTAX, EXPR_SYNTAX, 0},
        {".5", EXPR_SYNTAX, EXPR_SYNTAX, 0},
        {"1.2345678", EXPR_SYNTAX, EXPR_SYNTAX, 0},
        {"1.2.3", EXPR_SYNTAX, EXPR_SYNTAX, 3},
        {"1e5", EXPR_SYNTAX, EXPR_SYNTAX, 1},
        {"1 < 2 < 3", EXPR_SYNTAX, EXPR_SYNTAX, 6},
        {"1 = 2", EXPR_SYNTAX, EXPR_SYNTAX, 2},
        {"min(1)", EXPR_SYNTAX, EXPR_SYNTAX, 5},
        {"min 1", EXPR_SYNTAX, EXPR_SYNTAX, 4},
        {"ceil(1,2)", EXPR_SYNTAX, EXPR_SYNTAX, 6},
        {"if(1>2,3)", EXPR_SYNTAX, EXPR_SYNTAX, 8},
        {"and", EXPR_SYNTAX, EXPR_SYNTAX, 0},
        {"width and_length", EXPR_SYNTAX, EXPR_SYNTAX, 6},
        {"width; length", EXPR_SYNTAX, EXPR_SYNTAX, 5},
        {"\"x\"", EXPR_SYNTAX, EXPR_SYNTAX, 0},
        {"wid\xc3\xa9th", EXPR_UNKNOWN_NAME, EXPR_UNKNOWN_NAME, 0},
        {"widht * 2", EXPR_UNKNOWN_NAME, EXPR_UNKNOWN_NAME, 0},
        {"if (has, widht, 1)", EXPR_UNKNOWN_NAME, EXPR_OK, 9},
        {"absent + 1", EXPR_OK, EXPR_UNKNOWN_NAME, 0},
        {"1 + near_river", EXPR_WRONG_TYPE, EXPR_WRONG_TYPE, 4},
        {"near_river * 2", EXPR_WRONG_TYPE, EXPR_WRONG_TYPE, 0},
        {"-near_river", EXPR_WRONG_TYPE, EXPR_WRONG_TYPE, 0},
        {"not width", EXPR_WRONG_TYPE, EXPR_WRONG_TYPE, 0},
        {"width and has", EXPR_WRONG_TYPE, EXPR_WRONG_TYPE, 0},
        {"has or width", EXPR_WRONG_TYPE, EXPR_WRONG_TYPE, 7},
        {"has < near_river", EXPR_WRONG_TYPE, EXPR_WRONG_TYPE, 0},
        {"1 < near_river", EXPR_WRONG_TYPE, EXPR_WRONG_TYPE, 4},
        {"1 == has", EXPR_WRONG_TYPE, EXPR_WRONG_TYPE, 5},
        {"if (1, 2, 3)", EXPR_WRONG_TYPE, EXPR_WRONG_TYPE, 4},
        {"if (has, 2, 1 > 2)", EXPR_WRONG_TYPE, EXPR_OK, 12},
        {"max (has, 1)", EXPR_WRONG_TYPE, EXPR_WRONG_TYPE, 5},
        {"floor (has)", EXPR_WRONG_TYPE, EXPR_WRONG_TYPE, 7},
        {"1 / zero", EXPR_OK, EXPR_DIVISION_BY_ZERO, 0},
        {"1 / (2 - 2)", EXPR_OK, EXPR_DIVISION_BY_ZERO, 0},
        {"9223372036854.775807 + 0.000001", EXPR_OK, EXPR_OVERFLOW, 0},
        {"-9223372036854.775807 - 0.000002", EXPR_OK, EXPR_OVERFLOW, 0},
        {"-(-9223372036854.775807 - 0.000001)", EXPR_OK, EXPR_OVERFLOW, 0},
        {"(-9223372036854.775807 - 0.000001) * (-9223372036854.775807 - 0.000001)", EXPR_OK, EXPR_OVERFLOW, 0},
        {"(-9223372036854.775807 - 0.000001) / -1", EXPR_OK, EXPR_OVERFLOW, 0},
        {"(-9223372036854.775807 - 0.000001) / 0.000001", EXPR_OK, EXPR_OVERFLOW, 0},
        {"9223372036854.775807 / 0.000001", EXPR_OK, EXPR_OVERFLOW, 0},
        {"1 / (-9223372036854.775807 - 0.000001)", EXPR_OK, EXPR_OK, 0},
        {"ceil (9223372036854.775807)", EXPR_OK, EXPR_OVERFLOW, 0},
        {"floor (-9223372036854.775807)", EXPR_OK, EXPR_OVERFLOW, 0},
        {"3100000 * 3100000", EXPR_OK, EXPR_OVERFLOW, 0},
        {"9223372036854.775808", EXPR_OVERFLOW, EXPR_OVERFLOW, 0},
        {"1 + 99999999999999999999999999999999999999999999999999", EXPR_OVERFLOW, EXPR_OVERFLOW, 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t position = 0;
        struct expr_value value;
        enum expr_verdict check = expr_check (cases[i].text, names, NAMES, NULL, &position);
        enum expr_verdict eval = expr_eval (cases[i].text, lookup, NULL, &value);
        if (check != cases[i].check || eval != cases[i].eval || position != cases[i].position) {
            fail_msg ("%s: check %s at %zu, eval %s", cases[i].text, expr_verdict_name (check), position,
                      expr_verdict_name (eval));
        }
    }
}

static void test_bounds (void **state)
{
    (void)state;
    struct expr_value value;
    char text[EXPR_LENGTH_MAX + 2];
    memset (text, ' ', sizeof text);
    text[0] = '1';
    text[EXPR_LENGTH_MAX] = '\0';
    assert_int_equal (expr_eval (text, NULL, NULL, &value), EXPR_OK);
    text[EXPR_LENGTH_MAX] = ' ';
    text[EXPR_LENGTH_MAX + 1] = '\0';
    assert_int_equal (expr_eval (text, NULL, NULL, &value), EXPR_TOO_LONG);
    static const char *const openings[] = {"(", "-", "ceil(", "not "};
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        text[0] = '\0';
        while (strlen (text) + strlen (openings[i]) <= EXPR_LENGTH_MAX) {
            strcat (text, openings[i]);
        }
        assert_int_equal (expr_eval (text, NULL, NULL, &value), EXPR_TOO_DEEP);
        assert_int_equal (expr_check (text, NULL, 0, NULL, NULL), EXPR_TOO_DEEP);
    }
    char name[EXPR_NAME_MAX + 2];
    memset (name, 'a', sizeof name);
    name[EXPR_NAME_MAX] = '\0';
    assert_int_equal (expr_check (name, &(struct expr_name){name, EXPR_NUMBER}, 1, NULL, NULL), EXPR_OK);
    name[EXPR_NAME_MAX] = 'a';
    name[EXPR_NAME_MAX + 1] = '\0';
    assert_int_equal (expr_check (name, &(struct expr_name){name, EXPR_NUMBER}, 1, NULL, NULL), EXPR_UNKNOWN_NAME);
}

/* Random sentences over the vocabulary: the sanitizers watch; what passes the check yields the type that it said. */
static void test_random_sentences (void **state)
{
    (void)state;
    static const char *const words[] = {
        "1", "0.5",  "width", "zero", "near_river", "has", "+",   "-",    "*", "/",   "(",     ")",
        "(", ")",    "<",     "==",   "and",        "or",  "not", "min(", ",", "if(", "ceil(", "9223372036854.775807",
        "1", "width"};
    unsigned long seed = 1;
    size_t good = 0;
    for (int i = 0; i < 300000; i++) {
        char text[256] = "";
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        size_t length = 1 + (seed >> 40) % 12;
        for (size_t j = 0; j < length; j++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            strcat (text, words[(seed >> 33) % (sizeof words / sizeof *words)]);
            strcat (text, " ");
        }
        enum expr_type type;
        struct expr_value value;
        enum expr_verdict check = expr_check (text, names, NAMES, &type, NULL);
        enum expr_verdict eval = expr_eval (text, lookup, NULL, &value);
        if (check == EXPR_OK) {
            good++;
            assert_true (eval == EXPR_OK ? value.type == type : eval == EXPR_OVERFLOW || eval == EXPR_DIVISION_BY_ZERO);
        } else if (check == EXPR_SYNTAX) {
            assert_int_not_equal (eval, EXPR_OK);
        }
    }
    assert_true (good > 1000);
}

static void test_facts_and_rupiah (void **state)
{
    (void)state;
    struct expr_value value;
    money_t amount;
    assert_int_equal (expr_from_int (9223372036854, &value), EXPR_OK);
    assert_int_equal (expr_from_int (9223372036855, &value), EXPR_OVERFLOW);
    assert_int_equal (expr_from_int (INT64_MIN, &value), EXPR_OVERFLOW);
    static const double beyond[] = {9.3e12, -9.3e12, 1e308};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal (expr_from_real (beyond[i], &value), EXPR_OVERFLOW);
    }
    assert_int_equal (expr_from_real (NAN, &value), EXPR_OVERFLOW);
    assert_int_equal (expr_from_real (-INFINITY, &value), EXPR_OVERFLOW);
    assert_int_equal (expr_from_real (3.55, &value), EXPR_OK);
    assert_int_equal (value.scaled, 3550000);
    assert_int_equal (expr_from_real (-0.0000005, &value), EXPR_OK);
    assert_int_equal (value.scaled, -1);

    static const struct {
        const char *text;
        int64_t rupiah;
    } cases[] = {{"0.5", 1},
                 {"0.499999", 0},
                 {"-0.5", 0},
                 {"-0.500001", -1},
                 {"-1.5", -1},
                 {"21000", 21000},
                 {"3.5 * 12 * 500", 21000},
                 {"2.5", 3},
                 {"9223372036854.775807", 9223372036855},
                 {"-9223372036854.775807 - 0.000001", -9223372036855}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal (expr_eval (cases[i].text, NULL, NULL, &value), EXPR_OK);
        assert_int_equal (expr_to_rupiah (&value, &amount), EXPR_OK);
        assert_int_equal (money_to_rupiah (amount), cases[i].rupiah);
    }
    value = expr_from_truth (true);
    assert_int_equal (expr_to_rupiah (&value, &amount), EXPR_WRONG_TYPE);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_numbers),          cmocka_unit_test (test_truths),
        cmocka_unit_test (test_offences),         cmocka_unit_test (test_bounds),
        cmocka_unit_test (test_random_sentences), cmocka_unit_test (test_facts_and_rupiah),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
