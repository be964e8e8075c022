/* JSON Schema, drafts 7 and 2020-12, as far as forms, requests and events need it: an interpreter over Jansson with the
 * patterns compiled once.  Debian has no such library for C.
 *
 * Supported: type const enum; multipleOf maximum exclusiveMaximum minimum exclusiveMinimum; maxLength minLength (code
 * points) pattern (PCRE2 in ECMAScript's spirit, with a match limit) format; items (schema or list) prefixItems
 * additionalItems contains minContains maxContains maxItems minItems uniqueItems; properties patternProperties
 * additionalProperties required propertyNames minProperties maxProperties dependencies dependentRequired
 * dependentSchemas; allOf anyOf oneOf not if then else; $ref within the document ("#", "#/$defs/x"); true and false.
 * Formats, all asserted: date date-time email uuid uri.
 * Beside $ref other keywords count, as in 2020-12.
 *
 * Ignored: $schema $id $comment $defs definitions title description default examples invalid deprecated readOnly
 * writeOnly contentMediaType contentEncoding, and everything that starts with "x-".  Any other keyword is a slip of the
 * pen and refused, as are an unknown format, a $ref that leads nowhere and a keyword of the wrong type.
 *
 * Not supported: remote $ref, $id as a base address, $anchor, $dynamicRef, unevaluatedProperties, unevaluatedItems. */
#pragma once

#include "common/json.h"

typedef struct schema schema_t;

/* The first thing that is wrong with a value. */
struct schema_fault {
    char pointer[JSON_POINTER_SIZE]; /* the place in the value: "/applicant/nik"; "" is the value itself */
    char keyword[24];                /* what refused it: "required", "pattern", ...; "false" for the schema false */
    char member[128];                /* the member missing (required, dependencies) or too much (additionalProperties,
                                        propertyNames), else "" */
};

/* Compiles a copy of `document`.  NULL when the document is no schema that this file supports; then `*ret_error`,
 * unless ret_error is NULL, is an English sentence for the schema's author, to be freed by the caller. */
schema_t *schema_new (const json_t *document, char **ret_error);
void schema_destroy (schema_t **schema_p);

/* Does the value conform?  Thread-safe: nothing in the schema changes.  `ret_fault` may be NULL.  A value, or a chain
 * of references, that needs too many steps or goes too deep is refused with the keyword "limit"; so is a pattern that
 * backtracks for too long. */
bool schema_check (const schema_t *schema, const json_t *value, struct schema_fault *ret_fault);
