/* Why a form was refused, for the officer who filled it in: the field by its label, the rule with its limit, in
 * Indonesian.  Which place it was is told beside it as a JSON Pointer, which is not this file's. */
#pragma once

#include "common/schema.h"

#include <stddef.h>

/* "Panjang (m) paling besar 500".  `schema`: the form's, whose members' x-label or title are the labels. */
void form_fault_words (const json_t *schema, const struct schema_fault *fault, char *ret_why, size_t size);
