/* Formulas (common/expr.c) and the bill's line that explains one (services/payment).  An input is a formula, a line feed,
 * and the facts' values as decimals, one per line. */
#include "common/auto.h"
#include "common/expr.h"
#include "fuzz.h"
#include "payment_formula.h"

static const struct expr_name names[] = {
    {"panjang_m", EXPR_NUMBER}, {"lebar_m", EXPR_NUMBER}, {"dekat_sungai", EXPR_TRUTH}, {"form.luas", EXPR_NUMBER}};
enum { NAMES = sizeof names / sizeof *names };

struct facts {
    double values[NAMES];
    bool are_there[NAMES];
};

static bool look_up (void *context, const char *name, struct expr_value *ret)
{
    const struct facts *facts = context;
    for (size_t i = 0; i < NAMES; i++)
        if (strcmp (names[i].name, name) == 0 && facts->are_there[i]) {
            if (names[i].type == EXPR_NUMBER)
                return expr_from_real (facts->values[i], ret) == EXPR_OK;
            *ret = expr_from_truth (facts->values[i] != 0);
            return true;
        }
    return false;
}

static void read_facts (struct fuzz_input *input, struct facts *ret)
{
    *ret = (struct facts){0};
    for (size_t i = 0; i < NAMES && input->left > 0; i++) {
        AUTO_FREE char *line = fuzz_piece (input, '\n', NULL);
        ret->are_there[i] = *line != '\0';
        ret->values[i] = strtod (line, NULL);
    }
}

/* A formula that passed has no other way to fail than those that depend on the facts. */
static void hold_checked (enum expr_type type, enum expr_verdict verdict, const struct expr_value *value)
{
    if (verdict == EXPR_OK)
        FUZZ_HOLDS (value->type == type);
    else
        FUZZ_HOLDS (verdict == EXPR_OVERFLOW || verdict == EXPR_DIVISION_BY_ZERO || verdict == EXPR_UNKNOWN_NAME);
}

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = {bytes, size};
    AUTO_FREE char *formula = fuzz_piece (&input, '\n', NULL);
    struct facts facts;
    read_facts (&input, &facts);
    enum expr_type type;
    size_t position;
    struct expr_value value;
    enum expr_verdict checked = expr_check (formula, names, NAMES, &type, &position);
    enum expr_verdict verdict = expr_eval (formula, look_up, &facts, &value);
    FUZZ_HOLDS (checked == EXPR_OK || position <= strlen (formula));
    if (checked == EXPR_OK)
        hold_checked (type, verdict, &value);
    money_t amount;
    enum expr_verdict fault;
    payment_assess (formula, look_up, &facts, &amount, &fault);
    for (size_t room = 1; room <= 256; room *= 4) {
        char *line = malloc (room);
        FUZZ_HOLDS (payment_explain (formula, look_up, &facts, line, room) == strlen (line));
        free (line);
    }
    return 0;
}
