/* The rules of the cash desk: see payment.h. */
#include "payment.h"

#include <string.h>

/* The whole lifecycle.  A missing (state, command) pair means "refused". */
static const struct payment_rule rules[PAYMENT_STATES][PAYMENT_COMMANDS] = {
    [PAYMENT_DUE][PAYMENT_TAKE_CASH] = {.allowed = true,
                                        .to = PAYMENT_SETTLED,
                                        .debit = PAYMENT_KAS,
                                        .credit = PAYMENT_PIUTANG},
    [PAYMENT_DUE][PAYMENT_CANCEL] = {.allowed = true,
                                     .to = PAYMENT_CANCELLED,
                                     .debit = PAYMENT_PENDAPATAN,
                                     .credit = PAYMENT_PIUTANG},
};

static const struct payment_rule issue = {
    .allowed = true,
    .to = PAYMENT_DUE,
    .debit = PAYMENT_PIUTANG,
    .credit = PAYMENT_PENDAPATAN,
};

static const struct payment_rule deposited = {
    .allowed = true,
    .to = PAYMENT_SETTLED,
    .debit = PAYMENT_KAS_DAERAH,
    .credit = PAYMENT_KAS,
};

static const char *const state_names[PAYMENT_STATES] = {
    [PAYMENT_DUE] = "due",
    [PAYMENT_SETTLED] = "settled",
    [PAYMENT_CANCELLED] = "cancelled",
};

static const char *const command_names[PAYMENT_COMMANDS] = {
    [PAYMENT_TAKE_CASH] = "take_cash",
    [PAYMENT_CANCEL] = "cancel",
};

static const char *const account_names[PAYMENT_ACCOUNTS] = {
    [PAYMENT_ACCOUNT_NONE] = "",
    [PAYMENT_KAS] = "kas",
    [PAYMENT_KAS_DAERAH] = "kas_daerah",
    [PAYMENT_PIUTANG] = "piutang_retribusi",
    [PAYMENT_PENDAPATAN] = "pendapatan_retribusi",
};

static const char *const fee_names[PAYMENT_FEES] = {
    [PAYMENT_FEE_UNKNOWN] = "unknown",
    [PAYMENT_FEE_FREE] = "free",
    [PAYMENT_FEE_CHARGED] = "charged",
};

struct payment_rule payment_rule (enum payment_state state, enum payment_command command)
{
    return rules[state][command];
}

struct payment_rule payment_issue (void)
{
    return issue;
}

/* Why money is refused in this state. */
static enum payment_verdict refusal_in (enum payment_state state)
{
    return state == PAYMENT_CANCELLED ? PAYMENT_CASE_CLOSED : PAYMENT_ALREADY_SETTLED;
}

struct payment_answer payment_take_cash (const struct payment_bill *bill, const struct payment_cash *cash)
{
    struct payment_answer answer = {.rule = rules[bill->state][PAYMENT_TAKE_CASH], .change = money_zero ()};
    if (cash->attempt != 0 && cash->attempt != bill->attempt)
        answer.verdict = PAYMENT_STALE_ATTEMPT;
    else if (!answer.rule.allowed)
        answer.verdict = refusal_in (bill->state);
    else if (money_compare (cash->received, bill->amount) < 0 ||
             !money_sub (cash->received, bill->amount, &answer.change))
        answer.verdict = PAYMENT_TOO_LITTLE;
    return answer;
}

enum payment_deposit_verdict payment_deposit (const struct payment_box *box, const struct payment_slip *slip,
                                              struct civil_date today)
{
    if (calendar_compare (slip->deposited_on, today) > 0)
        return PAYMENT_DEPOSIT_DAY_WRONG;
    if (box->all.receipts == 0)
        return PAYMENT_DEPOSIT_NOTHING;
    return money_compare (box->fitting.amount, slip->amount) == 0 ? PAYMENT_DEPOSIT_ACCEPTED : PAYMENT_DEPOSIT_DIFFERS;
}

struct payment_rule payment_deposited (void)
{
    return deposited;
}

bool payment_deposit_by (struct civil_date taken_on, int working_days, struct civil_date *ret_date)
{
    static const struct working_calendar weeks = {.weekdays = CALENDAR_MONDAY_TO_FRIDAY, .closes_minute = 24 * 60};
    return calendar_add_working_days (&weeks, taken_on, working_days, ret_date);
}

const char *payment_state_name (enum payment_state state)
{
    return state_names[state];
}

const char *payment_command_name (enum payment_command command)
{
    return command_names[command];
}

const char *payment_account_name (enum payment_account account)
{
    return account_names[account];
}

const char *payment_fee_name (enum payment_fee fee)
{
    return fee_names[fee];
}

bool payment_state_parse (const char *name, enum payment_state *ret_state)
{
    for (enum payment_state state = 0; state < PAYMENT_STATES; state++)
        if (strcmp (name, state_names[state]) == 0) {
            *ret_state = state;
            return true;
        }
    return false;
}

bool payment_fee_parse (const char *name, enum payment_fee *ret_fee)
{
    for (enum payment_fee fee = 0; fee < PAYMENT_FEES; fee++)
        if (strcmp (name, fee_names[fee]) == 0) {
            *ret_fee = fee;
            return true;
        }
    return false;
}
