/* What a service version says about its form: the schema, which fields become facts, how far the Camat's power reaches
 * and whether a fee is due.  `content` is the body of service.publish as stored.  No database and no clock here. */
#pragma once

#include "common/expr.h"
#include "common/json.h"
#include "common/schema.h"

#define FORM_FACTS_MAX 32

enum form_verdict {
    FORM_OK,
    FORM_SCHEMA_INVALID,    /* a schema of the form or of a step does not compile */
    FORM_FACT_INVALID,      /* a fact stands on no field, on an optional one, or on free text */
    FORM_FORMULA_INVALID,   /* a limit is no condition, a tariff no number, or a name is no fact */
    FORM_REQUIREMENT_TWICE, /* one code names two requirements */
    FORM_COST_CONTRADICTS,  /* free by its published cost and not by its tariff, or the other way round */
    FORM_VERDICTS
};

/* May this service version be published?  *ret_why says what is wrong in words for its author, to be freed. */
enum form_verdict form_check_service (const json_t *content, char **ret_why);

/* Does the form suit `schema`, which is content.form_schema compiled?  False: ret_pointer is "/form/..." and ret_why an Indonesian
 * half-sentence with the field's label and the rule. */
bool form_check (const schema_t *schema, const json_t *content, const json_t *form, char ret_pointer[JSON_POINTER_SIZE],
                 char *ret_why, size_t why_size);

/* The facts that the form declares, what follows from them, and field_check of the service.  A new object; absent
 * fields give no fact. */
json_t *form_facts (const json_t *content, const json_t *form);

/* Works out anew the facts that follow from others ("area_m2": "length_m * width_m").  One that cannot be worked out
 * stays away, and what needs it says so. */
void form_derive (const json_t *content, json_t *facts);

/* *ret_why: the sentence of the first limit that the facts break (borrowed), NULL when all hold. */
enum expr_verdict form_limits (const json_t *content, const json_t *facts, const char **ret_why);

/* Is there something to pay?  Not for a service without tariff and for an amount of zero.  False when the formula gives
 * no amount or one below zero: *ret_why is then an Indonesian half-sentence. */
bool form_fee_due (const json_t *content, const json_t *facts, bool *ret_due, const char **ret_why);

/* Why a formula has no answer, in Indonesian. */
const char *form_formula_words (enum expr_verdict verdict);
