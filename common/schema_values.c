/* A value against a compiled schema: a function per keyword that looks at one value alone: its type, its equality with
 * others, numbers, strings. */
#include "common/schema_priv.h"

#include "common/text.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Any value: type, const, enum. */

/* From 2^53 on a double has no fraction.  (trunc () and rint () would need libm.) */
#define WHOLE_ABOVE 9007199254740992.0

static bool is_whole (double number)
{
    return fabs (number) >= WHOLE_ABOVE || (double)(int64_t)number == number;
}

static const char *const type_names[] = {"object", "array", "string", "integer", "number", "boolean", "null"};

size_t schema_type_bit (const char *name)
{
    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++) {
        if (strcmp (type_names[i], name) == 0) {
            return (size_t)1 << i;
        }
    }
    return 0;
}

static size_t type_bits (const json_t *value)
{
    enum { OBJECT = 1, ARRAY = 2, STRING = 4, INTEGER = 8, NUMBER = 16, BOOLEAN = 32, NOTHING = 64 };
    switch (json_typeof (value)) {
    case JSON_OBJECT:
        return OBJECT;
    case JSON_ARRAY:
        return ARRAY;
    case JSON_STRING:
        return STRING;
    case JSON_INTEGER:
        return INTEGER | NUMBER;
    case JSON_REAL:
        return is_whole (json_real_value (value)) ? INTEGER | NUMBER : NUMBER;
    case JSON_TRUE:
    case JSON_FALSE:
        return BOOLEAN;
    case JSON_NULL:
        return NOTHING;
    }
    assert (false);
    return 0;
}

bool check_type (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    return (type_bits (value) & rule->limit) != 0 || schema_refuse (run, rule, place);
}

/* A long double holds every int64 and every double exactly on the machines that Debian 12 runs PATEN on. */
static long double number (const json_t *value)
{
    return json_is_integer (value) ? (long double)json_integer_value (value) : (long double)json_real_value (value);
}

static bool equal_arrays (const json_t *a, const json_t *b)
{
    bool same = json_array_size (a) == json_array_size (b);
    for (size_t i = 0; same && i < json_array_size (a); i++) {
        same = schema_equal (json_array_get (a, i), json_array_get (b, i));
    }
    return same;
}

static bool equal_objects (const json_t *a, const json_t *b)
{
    if (json_object_size (a) != json_object_size (b)) {
        return false;
    }
    const char *key;
    json_t *member;
    json_object_foreach ((json_t *)a, key, member)
    {
        const json_t *other = json_object_get (b, key);
        if (!other || !schema_equal (member, other)) {
            return false;
        }
    }
    return true;
}

bool schema_equal (const json_t *a, const json_t *b)
{
    if (json_is_number (a) && json_is_number (b)) {
        return number (a) == number (b);
    }
    if (json_typeof (a) != json_typeof (b)) {
        return false;
    }
    if (json_is_array (a)) {
        return equal_arrays (a, b);
    }
    return json_is_object (a) ? equal_objects (a, b) : json_equal (a, b);
}

bool check_const (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    return schema_equal (value, rule->argument) || schema_refuse (run, rule, place);
}

bool check_enum (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    for (size_t i = 0; i < json_array_size (rule->argument); i++) {
        if (schema_equal (value, json_array_get (rule->argument, i))) {
            return true;
        }
    }
    return schema_refuse (run, rule, place);
}

/* Numbers. */

/* Exact between integers; otherwise the quotient is an integer but for the last bits of a double. */
static bool is_multiple (const json_t *value, const json_t *factor)
{
    if (json_is_integer (value) && json_is_integer (factor)) {
        return json_integer_value (value) % json_integer_value (factor) == 0;
    }
    double quotient = json_number_value (value) / json_number_value (factor);
    double size = fabs (quotient);
    if (!isfinite (quotient) || size >= WHOLE_ABOVE) {
        return isfinite (quotient);
    }
    return fabs (size - (double)(int64_t)(size + 0.5)) <= 1e-12 * (size > 1 ? size : 1);
}

bool check_multiple_of (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    return !json_is_number (value) || is_multiple (value, rule->argument) || schema_refuse (run, rule, place);
}

bool check_maximum (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    return !json_is_number (value) || number (value) <= number (rule->argument) || schema_refuse (run, rule, place);
}

bool check_exclusive_maximum (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    return !json_is_number (value) || number (value) < number (rule->argument) || schema_refuse (run, rule, place);
}

bool check_minimum (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    return !json_is_number (value) || number (value) >= number (rule->argument) || schema_refuse (run, rule, place);
}

bool check_exclusive_minimum (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    return !json_is_number (value) || number (value) > number (rule->argument) || schema_refuse (run, rule, place);
}

/* Strings. */

static size_t code_points (const json_t *string)
{
    return text_length (json_string_value (string), json_string_length (string));
}

bool check_max_length (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    return !json_is_string (value) || code_points (value) <= rule->limit || schema_refuse (run, rule, place);
}

bool check_min_length (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    return !json_is_string (value) || code_points (value) >= rule->limit || schema_refuse (run, rule, place);
}

bool schema_matches (struct run *run, const pcre2_code *pattern, const char *text, size_t size,
                     const struct place *place)
{
    pcre2_match_data *data = pcre2_match_data_create (1, NULL);
    int rc = data ? pcre2_match (pattern, (PCRE2_SPTR)text, size, 0, PCRE2_NO_UTF_CHECK, data, run->schema->match)
                  : PCRE2_ERROR_NOMEMORY;
    pcre2_match_data_free (data);
    if (rc < 0 && rc != PCRE2_ERROR_NOMATCH) {
        return schema_exhaust (run, place);
    }
    return rc >= 0; /* 0: more groups than room, a match all the same */
}

bool check_pattern (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    return !json_is_string (value) ||
           schema_matches (run, rule->branches[0].pattern, json_string_value (value), json_string_length (value),
                           place) ||
           schema_refuse (run, rule, place);
}

bool check_format (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    return !json_is_string (value) || rule->format (json_string_value (value), json_string_length (value)) ||
           schema_refuse (run, rule, place);
}
