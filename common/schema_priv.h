/* What the parts of the validator share.  schema.c compiles a document into nodes with the help of schema_shapes.c;
 * schema_check.c walks a value along them with the help of schema_values.c; schema_format.c knows the formats.  Nobody
 * else includes this. */
#pragma once

#include "common/schema.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* Where in the value the check stands: a chain on the stack, written out only for a fault. */
struct place {
    const struct place *parent; /* NULL: the value itself */
    const char *key;            /* NULL: an index */
    size_t index;
};

/* One check in progress. */
struct run {
    const struct schema *schema;
    struct schema_fault *fault;
    unsigned quiet; /* > 0 while trying what may fail: anyOf, not, if, ... */
    unsigned depth;
    unsigned steps;
    bool exhausted; /* a limit was hit: the answer is no, whatever "not" makes of it */
};

typedef bool (schema_format_fn) (const char *text, size_t size);

struct node;

/* A part of a keyword's argument: a subschema, a pattern, the names that a property needs, or some of them. */
struct branch {
    const char *name; /* member's name in the argument, NULL in a list */
    const struct node *node;
    pcre2_code *pattern;
    const json_t *names;
};

struct rule {
    const char *keyword;
    bool (*check) (struct run *run, const struct rule *rule, const json_t *value, const struct place *place);
    const struct node *owner;
    const json_t *argument;
    size_t limit;             /* maxLength and the like; the types as bits */
    schema_format_fn *format; /* of "format" */
    struct branch *branches;
    size_t count;
};

/* One subschema.  Owned by the schema's list, so that references may form cycles. */
struct node {
    struct node *next;
    const json_t *source;
    bool never; /* the schema false */
    struct rule *rules;
    size_t count;
};

struct schema {
    json_t *document;
    struct node *nodes;
    const struct node *root;
    pcre2_match_context *match; /* read only after schema_new () */
};

/* One compilation in progress. */
struct compiler {
    struct schema *schema;
    char pointer[JSON_POINTER_SIZE]; /* the place in the schema, for messages */
    char *error;
    unsigned depth;
};

typedef bool (rule_check_fn) (struct run *run, const struct rule *rule, const json_t *value, const struct place *place);

/* schema_check.c and schema_values.c: one function per keyword. */
rule_check_fn check_ref, check_type, check_const, check_enum, check_multiple_of, check_maximum, check_exclusive_maximum,
    check_minimum, check_exclusive_minimum, check_max_length, check_min_length, check_pattern, check_format,
    check_max_items, check_min_items, check_unique_items, check_prefix_items, check_items, check_additional_items,
    check_contains, check_max_properties, check_min_properties, check_required, check_dependencies,
    check_property_names, check_properties, check_pattern_properties, check_additional_properties, check_all_of,
    check_any_of, check_one_of, check_not, check_if;

bool schema_check_node (struct run *run, const struct node *node, const json_t *value, const struct place *place);

/* The bit of a type's name, 0 for an unknown one. */
size_t schema_type_bit (const char *name);

/* Both return false: the place is refused by the rule; the run is over because of a limit. */
bool schema_refuse (struct run *run, const struct rule *rule, const struct place *place);
bool schema_exhaust (struct run *run, const struct place *place);

/* JSON Schema's equality, where 1 and 1.0 are the same number; Jansson's keeps them apart. */
bool schema_equal (const json_t *a, const json_t *b);

/* Does the pattern occur in the text?  Exhausts the run when it gives up. */
bool schema_matches (struct run *run, const pcre2_code *pattern, const char *text, size_t size,
                     const struct place *place);

/* schema.c.  schema_fail () keeps the message, with the pointer, and returns false. */
bool schema_fail (struct compiler *compiler, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
const struct node *schema_compile_node (struct compiler *compiler, const json_t *source);
void *schema_allocate (size_t count, size_t size);

/* schema_shapes.c: false after schema_fail (). */
typedef bool (schema_shape_fn) (struct compiler *compiler, struct rule *rule);
schema_shape_fn shape_any, shape_list, shape_flag, shape_text, shape_number, shape_positive, shape_count, shape_type,
    shape_names, shape_format, shape_pattern, shape_schema, shape_schemas, shape_schema_or_list, shape_schema_map,
    shape_pattern_map, shape_names_map, shape_dependencies, shape_ref;

/* schema_format.c: NULL for an unknown format. */
schema_format_fn *schema_format (const char *name);
