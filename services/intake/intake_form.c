/* Forms, facts, limits and fees of a service version.  See intake_form.h. */
#include "intake_form.h"

#include "common/auto.h"
#include "intake_form_words.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define FREE_OF_CHARGE "GRATIS"

/* ---- publishing --------------------------------------------------------------------------------------------- */

__attribute__ ((format (printf, 3, 4))) static enum form_verdict blame (enum form_verdict verdict, char **ret_why,
                                                                        const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    if (vasprintf (ret_why, format, arguments) < 0)
        *ret_why = NULL;
    va_end (arguments);
    return verdict;
}

static enum form_verdict check_schema (const json_t *document, const char *where, char **ret_why)
{
    AUTO_FREE char *error = NULL;
    AUTO (schema) schema = schema_new (document, &error);
    return schema ? FORM_OK : blame (FORM_SCHEMA_INVALID, ret_why, "%s: %s", where, error ? error : "?");
}

static bool ends_with (const char *text, const char *end)
{
    size_t size = strlen (text), end_size = strlen (end);
    return size >= end_size && strcmp (text + size - end_size, end) == 0;
}

/* The form's schema, and those that the steps hand to their stations (data_schema, findings_schema). */
static enum form_verdict check_schemas (const json_t *content, char **ret_why)
{
    enum form_verdict verdict = check_schema (json_object_get (content, "form_schema"), "form_schema", ret_why);
    const char *step, *member;
    json_t *config, *value;
    json_object_foreach (json_object_get (content, "steps"), step, config)
    {
        json_object_foreach (config, member, value)
        {
            char where[128];
            snprintf (where, sizeof where, "steps.%s.%s", step, member);
            if (verdict == FORM_OK && ends_with (member, "_schema"))
                verdict = check_schema (value, where, ret_why);
        }
    }
    return verdict;
}

static bool is_listed (const json_t *list, const char *text)
{
    size_t i;
    json_t *item;
    json_array_foreach (list, i, item)
    {
        if (json_is_string (item) && strcmp (json_string_value (item), text) == 0)
            return true;
    }
    return false;
}

/* Numbers, truths and codes only: free text may hold a name. */
static bool field_type (const json_t *field, bool *ret_in_formulas, enum expr_type *ret_type)
{
    const char *type = json_text (field, "type");
    if (!type)
        return false;
    bool number = strcmp (type, "number") == 0 || strcmp (type, "integer") == 0;
    bool truth = strcmp (type, "boolean") == 0;
    *ret_in_formulas = number || truth;
    *ret_type = truth ? EXPR_TRUTH : EXPR_NUMBER;
    return number || truth || (strcmp (type, "string") == 0 && json_object_get (field, "enum"));
}

struct fact_names {
    struct expr_name names[FORM_FACTS_MAX];
    size_t count;
};

static enum form_verdict collect_facts (const json_t *content, struct fact_names *ret_names, char **ret_why)
{
    const json_t *schema = json_object_get (content, "form_schema");
    const char *fact;
    json_t *field;
    json_object_foreach (json_object_get (content, "facts"), fact, field)
    {
        const char *name = json_string_value (field);
        const json_t *definition = json_object_get (json_object_get (schema, "properties"), name);
        struct expr_name *entry = &ret_names->names[ret_names->count];
        bool in_formulas = false;
        if (strcmp (fact, "field_check") == 0 || strcmp (fact, "fee_due") == 0)
            return blame (FORM_FACT_INVALID, ret_why, "fakta %s ditetapkan oleh sistem", fact);
        if (!is_listed (json_object_get (schema, "required"), name))
            return blame (FORM_FACT_INVALID, ret_why, "fakta %s: isian %s harus wajib", fact, name);
        if (!field_type (definition, &in_formulas, &entry->type))
            return blame (FORM_FACT_INVALID, ret_why, "fakta %s: isian %s bukan angka, ya/tidak, atau kode", fact,
                          name);
        entry->name = fact;
        if (in_formulas && ++ret_names->count == FORM_FACTS_MAX)
            return blame (FORM_FACT_INVALID, ret_why, "fakta terlalu banyak");
    }
    return FORM_OK;
}

static enum form_verdict check_formula (const char *formula, enum expr_type wanted, const struct fact_names *facts,
                                        char **ret_why)
{
    enum expr_type type;
    size_t position = 0;
    enum expr_verdict verdict = expr_check (formula, facts->names, facts->count, &type, &position);
    if (verdict != EXPR_OK)
        return blame (FORM_FORMULA_INVALID, ret_why, "%s (%s pada huruf ke-%zu)", formula, form_formula_words (verdict),
                      position + 1);
    if (type != wanted)
        return blame (FORM_FORMULA_INVALID, ret_why, "%s (harus menghasilkan %s)", formula,
                      wanted == EXPR_TRUTH ? "benar atau salah" : "angka");
    return FORM_OK;
}

/* A derived fact may build on those before it. */
static enum form_verdict check_derived (const json_t *content, struct fact_names *facts, char **ret_why)
{
    const char *fact;
    json_t *formula;
    json_object_foreach (json_object_get (content, "derived"), fact, formula)
    {
        enum form_verdict verdict = check_formula (json_string_value (formula), EXPR_NUMBER, facts, ret_why);
        if (verdict != FORM_OK)
            return verdict;
        if (facts->count == FORM_FACTS_MAX || json_object_get (json_object_get (content, "facts"), fact))
            return blame (FORM_FACT_INVALID, ret_why, "fakta %s ganda atau terlalu banyak", fact);
        facts->names[facts->count++] = (struct expr_name){fact, EXPR_NUMBER};
    }
    return FORM_OK;
}

static enum form_verdict check_formulas (const json_t *content, const struct fact_names *facts, char **ret_why)
{
    enum form_verdict verdict = FORM_OK;
    size_t i;
    json_t *limit;
    json_array_foreach (json_object_get (content, "limits"), i, limit)
    {
        if (verdict == FORM_OK)
            verdict = check_formula (json_text (limit, "expression"), EXPR_TRUTH, facts, ret_why);
    }
    const char *tariff = json_text (json_object_get (content, "tariff"), "formula");
    if (verdict == FORM_OK && tariff)
        verdict = check_formula (tariff, EXPR_NUMBER, facts, ret_why);
    return verdict;
}

static enum form_verdict check_requirements (const json_t *content, char **ret_why)
{
    json_auto_t *seen = json_object ();
    size_t i;
    json_t *requirement;
    json_array_foreach (json_object_get (json_object_get (content, "published"), "requirements"), i, requirement)
    {
        const char *code = json_text (requirement, "code");
        if (json_object_get (seen, code))
            return blame (FORM_REQUIREMENT_TWICE, ret_why, "persyaratan %s disebut dua kali", code);
        json_object_set_new (seen, code, json_true ());
    }
    return FORM_OK;
}

/* What the citizen reads and what the cashier asks must not differ: free is said as "GRATIS", and nothing else is. */
static enum form_verdict check_cost (const json_t *content, char **ret_why)
{
    const char *cost = json_text (json_object_get (content, "published"), "cost");
    bool has_tariff = json_is_object (json_object_get (content, "tariff"));
    if (has_tariff && strcasecmp (cost, FREE_OF_CHARGE) == 0)
        return blame (FORM_COST_CONTRADICTS, ret_why, "biaya tertulis %s padahal ada tarif", cost);
    if (!has_tariff && strcmp (cost, FREE_OF_CHARGE) != 0)
        return blame (FORM_COST_CONTRADICTS, ret_why, "tanpa tarif, biaya harus tertulis " FREE_OF_CHARGE);
    return FORM_OK;
}

enum form_verdict form_check_service (const json_t *content, char **ret_why)
{
    *ret_why = NULL;
    struct fact_names facts = {.count = 0};
    enum form_verdict verdict = check_schemas (content, ret_why);
    if (verdict == FORM_OK)
        verdict = collect_facts (content, &facts, ret_why);
    if (verdict == FORM_OK)
        verdict = check_derived (content, &facts, ret_why);
    if (verdict == FORM_OK)
        verdict = check_formulas (content, &facts, ret_why);
    if (verdict == FORM_OK)
        verdict = check_requirements (content, ret_why);
    if (verdict == FORM_OK)
        verdict = check_cost (content, ret_why);
    return verdict;
}

/* ---- one application ---------------------------------------------------------------------------------------- */

bool form_check (const schema_t *schema, const json_t *content, const json_t *form, char ret_pointer[JSON_POINTER_SIZE],
                 char *ret_why, size_t why_size)
{
    struct schema_fault fault;
    if (schema_check (schema, form, &fault))
        return true;
    int used = snprintf (ret_pointer, JSON_POINTER_SIZE, "/form%s", fault.pointer);
    form_fault_words (json_object_get (content, "form_schema"), &fault, ret_why, why_size);
    if (strcmp (fault.keyword, "required") == 0 && used < JSON_POINTER_SIZE)
        json_pointer_push (ret_pointer, fault.member);
    return false;
}

static bool look_up (void *context, const char *name, struct expr_value *ret_value)
{
    const json_t *value = json_object_get ((const json_t *)context, name);
    if (json_is_integer (value))
        return expr_from_int (json_integer_value (value), ret_value) == EXPR_OK;
    if (json_is_real (value))
        return expr_from_real (json_real_value (value), ret_value) == EXPR_OK;
    if (json_is_boolean (value))
        *ret_value = expr_from_truth (json_is_true (value));
    return json_is_boolean (value);
}

/* Whole numbers stay whole, so that "3" is not printed as "3.0". */
static json_t *number_of (const struct expr_value *value)
{
    const int64_t unit = 1000000;
    if (value->scaled % unit == 0)
        return json_integer (value->scaled / unit);
    return json_real ((double)value->scaled / (double)unit);
}

void form_derive (const json_t *content, json_t *facts)
{
    const char *fact;
    json_t *formula;
    json_object_foreach (json_object_get (content, "derived"), fact, formula)
    {
        struct expr_value value;
        json_object_del (facts, fact);
        if (expr_eval (json_string_value (formula), look_up, facts, &value) == EXPR_OK)
            json_object_set_new (facts, fact, number_of (&value));
    }
}

json_t *form_facts (const json_t *content, const json_t *form)
{
    json_t *facts = json_pack ("{s:b}", "field_check", json_flag (content, "field_check", false));
    const char *fact;
    json_t *field;
    json_object_foreach (json_object_get (content, "facts"), fact, field)
    {
        json_t *value = json_object_get (form, json_string_value (field));
        if (value)
            json_object_set (facts, fact, value);
    }
    form_derive (content, facts);
    return facts;
}

enum expr_verdict form_limits (const json_t *content, const json_t *facts, const char **ret_why)
{
    *ret_why = NULL;
    size_t i;
    json_t *limit;
    json_array_foreach (json_object_get (content, "limits"), i, limit)
    {
        struct expr_value value;
        enum expr_verdict verdict = expr_eval (json_text (limit, "expression"), look_up, (void *)facts, &value);
        if (verdict != EXPR_OK)
            return verdict;
        if (value.truth)
            continue;
        *ret_why = json_text (limit, "why");
        return EXPR_OK;
    }
    return EXPR_OK;
}

bool form_fee_due (const json_t *content, const json_t *facts, bool *ret_due, const char **ret_why)
{
    *ret_due = false;
    const char *formula = json_text (json_object_get (content, "tariff"), "formula");
    if (!formula)
        return true;
    struct expr_value value;
    money_t amount = money_zero ();
    enum expr_verdict verdict = expr_eval (formula, look_up, (void *)facts, &value);
    if (verdict == EXPR_OK)
        verdict = expr_to_rupiah (&value, &amount);
    bool below_zero = verdict == EXPR_OK && value.scaled < 0;
    *ret_why = below_zero ? "tarif menjadi kurang dari nol" : form_formula_words (verdict);
    *ret_due = verdict == EXPR_OK && !money_is_zero (amount);
    return verdict == EXPR_OK && !below_zero;
}

const char *form_formula_words (enum expr_verdict verdict)
{
    static const char *const words[EXPR_VERDICTS] = {
        [EXPR_OK] = "sah",
        [EXPR_TOO_LONG] = "terlalu panjang",
        [EXPR_TOO_DEEP] = "kurung terlalu dalam",
        [EXPR_SYNTAX] = "tidak terbaca",
        [EXPR_UNKNOWN_NAME] = "memakai fakta yang tidak ada",
        [EXPR_WRONG_TYPE] = "angka dan benar/salah tercampur",
        [EXPR_OVERFLOW] = "angka terlalu besar",
        [EXPR_DIVISION_BY_ZERO] = "pembagian dengan nol",
    };
    return words[verdict];
}
