/* The rules of the cash desk: every state with every command, amounts and cash around each boundary, the books over
 * every path, formulas over facts; the expectation is computed from the text of the rule, not from its tables. */
#include "payment.h"
#include "payment_formula.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const int64_t amounts[] = {1, 2, 499, 500, 121500, 999999999998, PAYMENT_RUPIAH_MAX};
#define AMOUNTS (sizeof amounts / sizeof *amounts)

static enum payment_verdict expected_cash (enum payment_state state, int attempt, int64_t amount, int64_t received)
{
    if (attempt != 0 && attempt != 2)
        return PAYMENT_STALE_ATTEMPT;
    if (state == PAYMENT_SETTLED)
        return PAYMENT_ALREADY_SETTLED;
    if (state == PAYMENT_CANCELLED)
        return PAYMENT_CASE_CLOSED;
    return received < amount ? PAYMENT_TOO_LITTLE : PAYMENT_ACCEPTED;
}

static void every_state_attempt_and_sum (void **state)
{
    (void)state;
    for (enum payment_state in = 0; in < PAYMENT_STATES; in++)
        for (int attempt = 0; attempt <= 3; attempt++)
            for (size_t i = 0; i < AMOUNTS; i++) {
                int64_t amount = amounts[i];
                int64_t sums[] = {INT64_MIN, -amount, -1, 0, 1, amount - 1, amount, amount + 1, amount * 2, INT64_MAX};
                for (size_t s = 0; s < sizeof sums / sizeof *sums; s++) {
                    struct payment_bill bill = {.state = in, .attempt = 2, .amount = money_from_rupiah (amount)};
                    struct payment_cash cash = {.attempt = attempt, .received = money_from_rupiah (sums[s])};
                    struct payment_answer answer = payment_take_cash (&bill, &cash);
                    assert_int_equal (answer.verdict, expected_cash (in, attempt, amount, sums[s]));
                    assert_false (money_is_negative (answer.change));
                    if (answer.verdict != PAYMENT_ACCEPTED)
                        continue;
                    assert_int_equal (answer.rule.to, PAYMENT_SETTLED);
                    assert_true (money_to_rupiah (answer.change) == sums[s] - amount);
                }
            }
}

/* Along every path the accounts that a bill has moved: the fee owed is never there twice, and the cash desk holds the
 * money of settled bills alone. */
static void the_books_along_every_path (void **state)
{
    (void)state;
    for (enum payment_state in = 0; in < PAYMENT_STATES; in++)
        for (enum payment_command command = 0; command < PAYMENT_COMMANDS; command++) {
            struct payment_rule rule = payment_rule (in, command);
            assert_true (rule.allowed == (in == PAYMENT_DUE));
            if (!rule.allowed)
                continue;
            int balance[PAYMENT_ACCOUNTS] = {0};
            struct payment_rule issue = payment_issue ();
            assert_int_equal (issue.to, PAYMENT_DUE);
            balance[issue.debit]++, balance[issue.credit]--;
            balance[rule.debit]++, balance[rule.credit]--;
            assert_int_equal (balance[PAYMENT_ACCOUNT_NONE], 0);
            assert_int_equal (balance[PAYMENT_PIUTANG], 0);
            assert_int_equal (balance[PAYMENT_KAS], rule.to == PAYMENT_SETTLED);
            assert_int_equal (balance[PAYMENT_PENDAPATAN], rule.to == PAYMENT_SETTLED ? -1 : 0);
            assert_int_equal (rule.to == PAYMENT_SETTLED, command == PAYMENT_TAKE_CASH);
            struct payment_rule deposit = payment_deposited ();
            if (rule.to != PAYMENT_SETTLED)
                continue;
            balance[deposit.debit]++, balance[deposit.credit]--;
            assert_int_equal (balance[PAYMENT_KAS], 0);
            assert_int_equal (balance[PAYMENT_KAS_DAERAH], 1);
            assert_int_equal (balance[PAYMENT_PENDAPATAN], -1);
        }
}

/* ---- deposits ----------------------------------------------------------------------------------------------- */

static struct civil_date day_of_november (int day)
{
    return (struct civil_date){2026, 11, day};
}

static void a_deposit_takes_whole_receipts_on_a_day_that_was (void **state)
{
    (void)state;
    const int today = 23;
    for (int64_t receipts = 0; receipts <= 3; receipts++)
        for (int64_t said = 1; said <= 2000; said++)
            for (int on = 20; on <= 25; on++) {
                int64_t fitting = said / 500 < receipts ? said / 500 : receipts; /* receipts of 500 each */
                struct payment_box box = {.all = {receipts, money_from_rupiah (receipts * 500)},
                                          .fitting = {fitting, money_from_rupiah (fitting * 500)}};
                struct payment_slip slip = {.amount = money_from_rupiah (said), .deposited_on = day_of_november (on)};
                enum payment_deposit_verdict expected = PAYMENT_DEPOSIT_DIFFERS;
                if (on > today)
                    expected = PAYMENT_DEPOSIT_DAY_WRONG;
                else if (receipts == 0)
                    expected = PAYMENT_DEPOSIT_NOTHING;
                else if (said == 500 || (said == 1000 && receipts >= 2) || (said == 1500 && receipts == 3))
                    expected = PAYMENT_DEPOSIT_ACCEPTED;
                assert_int_equal (payment_deposit (&box, &slip, day_of_november (today)), expected);
            }
}

static void a_deposit_is_due_on_a_working_day (void **state)
{
    (void)state;
    static const struct {
        int taken_on, working_days, due_on;
    } cases[] = {
        {16, 1, 17},                           /* Monday: Tuesday */
        {20, 1, 23}, {21, 1, 23}, {22, 1, 23}, /* Friday, Saturday and Sunday: Monday */
        {18, 3, 23},                           /* over a weekend */
        {2, 20, 30},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct civil_date due;
        assert_true (payment_deposit_by (day_of_november (cases[i].taken_on), cases[i].working_days, &due));
        assert_int_equal (calendar_compare (due, day_of_november (cases[i].due_on)), 0);
    }
    struct civil_date due;
    assert_false (payment_deposit_by ((struct civil_date){9999, 12, 31}, PAYMENT_DEPOSIT_DAYS, &due));
}

/* ---- formulas ----------------------------------------------------------------------------------------------- */

struct fact {
    const char *name;
    struct expr_value value;
};

static const struct fact facts[] = {
    {"panjang_m", {.type = EXPR_NUMBER, .scaled = 40500000}},
    {"lebar_m", {.type = EXPR_NUMBER, .scaled = 6000000}},
    {"nol", {.type = EXPR_NUMBER, .scaled = 0}},
    {"rugi", {.type = EXPR_NUMBER, .scaled = -250000}},
    {"kecil", {.type = EXPR_NUMBER, .scaled = 1}},
    {"utama", {.type = EXPR_TRUTH, .truth = true}},
    {"lain", {.type = EXPR_TRUTH, .truth = false}},
};

static bool look_up (void *context, const char *name, struct expr_value *ret_value)
{
    (void)context;
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        if (strcmp (facts[i].name, name) == 0) {
            *ret_value = facts[i].value;
            return true;
        }
    return false;
}

static void formulas_become_amounts (void **state)
{
    (void)state;
    static const struct {
        const char *formula;
        enum payment_assessment assessment;
        int64_t amount;
        const char *calculation;
    } cases[] = {
        {"panjang_m * lebar_m * 500", PAYMENT_OWED, 121500, "40.5 * 6 * 500"},
        {"panjang_m*lebar_m*500", PAYMENT_OWED, 121500, "40.5*6*500"},
        {"nol * 500", PAYMENT_NOTHING_OWED, 0, "0 * 500"},
        {"kecil * 499999", PAYMENT_NOTHING_OWED, 0, "0.000001 * 499999"},
        {"kecil * 500000", PAYMENT_OWED, 1, "0.000001 * 500000"},
        {"rugi * 500", PAYMENT_NEGATIVE, 0, "-0.25 * 500"},
        {"999999999999", PAYMENT_OWED, 999999999999, "999999999999"},
        {"999999999999.4", PAYMENT_OWED, 999999999999, "999999999999.4"},
        {"999999999999.5", PAYMENT_TOO_LARGE, 0, "999999999999.5"},
        {"if (utama, 1000, 500)", PAYMENT_OWED, 1000, "if (ya, 1000, 500)"},
        {"if (lain, 1000, 500)", PAYMENT_OWED, 500, "if (tidak, 1000, 500)"},
        {"max (panjang_m, 50) * 100", PAYMENT_OWED, 5000, "max (40.5, 50) * 100"},
        {"panjang * 500", PAYMENT_FORMULA_FAILS, 0, "panjang * 500"},
        {"panjang_m.x * 500", PAYMENT_FORMULA_FAILS, 0, "panjang_m.x * 500"},
        {"utama", PAYMENT_FORMULA_FAILS, 0, "ya"},
        {"500 / nol", PAYMENT_FORMULA_FAILS, 0, "500 / 0"},
        {"", PAYMENT_FORMULA_FAILS, 0, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        money_t amount = money_from_rupiah (-77);
        enum expr_verdict fault = EXPR_OK;
        char text[200];
        assert_int_equal (payment_assess (cases[i].formula, look_up, NULL, &amount, &fault), cases[i].assessment);
        assert_true (money_to_rupiah (amount) == (cases[i].assessment == PAYMENT_OWED ? cases[i].amount : -77));
        assert_int_equal (fault != EXPR_OK, cases[i].assessment == PAYMENT_FORMULA_FAILS);
        assert_int_equal (payment_explain (cases[i].formula, look_up, NULL, text, sizeof text),
                          strlen (cases[i].calculation));
        assert_string_equal (text, cases[i].calculation);
    }
}

/* The calculation, read as a formula without facts, comes to the same amount. */
static void the_calculation_calculates (void **state)
{
    (void)state;
    static const char *const formulas[] = {
        "panjang_m * lebar_m * 500",
        "max (panjang_m, lebar_m) * 1000 + 250",
        "ceil (panjang_m) * lebar_m",
        "(panjang_m + rugi) * 1000",
    };
    for (size_t i = 0; i < sizeof formulas / sizeof *formulas; i++) {
        char text[200];
        money_t with_facts = money_zero (), by_pencil = money_zero ();
        payment_explain (formulas[i], look_up, NULL, text, sizeof text);
        assert_int_equal (payment_assess (formulas[i], look_up, NULL, &with_facts, NULL), PAYMENT_OWED);
        assert_int_equal (payment_assess (text, NULL, NULL, &by_pencil, NULL), PAYMENT_OWED);
        assert_int_equal (money_compare (with_facts, by_pencil), 0);
    }
}

static void a_full_buffer_is_cut (void **state)
{
    (void)state;
    static const char whole[] = "40.5 * 6 * 500";
    for (size_t size = 1; size <= sizeof whole; size++) {
        char text[sizeof whole + 1];
        memset (text, '#', sizeof text);
        assert_int_equal (payment_explain ("panjang_m * lebar_m * 500", look_up, NULL, text, size), size - 1);
        assert_memory_equal (text, whole, size - 1);
        assert_int_equal (text[size - 1], '\0');
        assert_int_equal (text[size], '#');
    }
}

/* ---- names -------------------------------------------------------------------------------------------------- */

static void names_come_back (void **state)
{
    (void)state;
    for (enum payment_state in = 0, back; in < PAYMENT_STATES; in++) {
        assert_true (payment_state_parse (payment_state_name (in), &back));
        assert_int_equal (back, in);
    }
    for (enum payment_fee fee = 0, back; fee < PAYMENT_FEES; fee++) {
        assert_true (payment_fee_parse (payment_fee_name (fee), &back));
        assert_int_equal (back, fee);
    }
    enum payment_fee fee;
    assert_false (payment_fee_parse ("gratis", &fee));
}

/* The picture in the service's README is the table's: exactly these lines. */
static void the_readme_shows_the_lifecycle (void **state)
{
    (void)state;
    static char readme[16384];
    FILE *file = fopen ("services/payment/README.md", "r");
    assert_non_null (file);
    readme[fread (readme, 1, sizeof readme - 1, file)] = '\0';
    fclose (file);
    size_t arrows = 0, drawn = 0;
    for (enum payment_state in = 0; in < PAYMENT_STATES; in++)
        for (enum payment_command command = 0; command < PAYMENT_COMMANDS; command++) {
            struct payment_rule rule = payment_rule (in, command);
            char line[120];
            snprintf (line, sizeof line, "    %s --> %s: %s\n", payment_state_name (in), payment_state_name (rule.to),
                      payment_command_name (command));
            if (!rule.allowed)
                continue;
            arrows++;
            if (!strstr (readme, line))
                fail_msg ("the README lacks the line: %s", line);
        }
    for (const char *at = readme; (at = strstr (at, " --> ")); at++)
        drawn += strncmp (at - 3, "[*]", 3) != 0;
    assert_int_equal (drawn, arrows);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_state_attempt_and_sum),
        cmocka_unit_test (the_books_along_every_path),
        cmocka_unit_test (a_deposit_takes_whole_receipts_on_a_day_that_was),
        cmocka_unit_test (a_deposit_is_due_on_a_working_day),
        cmocka_unit_test (formulas_become_amounts),
        cmocka_unit_test (the_calculation_calculates),
        cmocka_unit_test (a_full_buffer_is_cut),
        cmocka_unit_test (names_come_back),
        cmocka_unit_test (the_readme_shows_the_lifecycle),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
