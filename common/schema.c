/* Compiles a JSON Schema: one table says which keywords there are, of which shape their arguments must be and which
 * function checks them; a node per subschema holds the rules that its keywords became.  Out of memory aborts, as CZMQ
 * does. */
#include "common/schema_priv.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMPILE_DEPTH_MAX = 256, MATCH_LIMIT = 100 * 1000, MATCH_DEPTH_LIMIT = 10 * 1000, MATCH_HEAP_KIB = 2048 };

void *schema_allocate (size_t count, size_t size)
{
    void *memory = calloc (count ? count : 1, size);
    if (!memory) {
        abort ();
    }
    return memory;
}

bool schema_fail (struct compiler *compiler, const char *format, ...)
{
    char reason[256];
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (reason, sizeof reason, format, arguments);
    va_end (arguments);
    assert (!compiler->error);
    if (asprintf (&compiler->error, "at \"%s\": %s", compiler->pointer, reason) < 0) {
        abort ();
    }
    return false;
}

/* In the order in which they are checked: the plainest fault is told first.  Without a check: read by a sibling, or
 * compiled only to find slips of the pen. */
static const struct keyword {
    const char *name;
    schema_shape_fn *shape;
    rule_check_fn *check;
} keywords[] = {
    {"type", shape_type, check_type},
    {"const", shape_any, check_const},
    {"enum", shape_list, check_enum},
    {"$ref", shape_ref, check_ref},
    {"multipleOf", shape_positive, check_multiple_of},
    {"maximum", shape_number, check_maximum},
    {"exclusiveMaximum", shape_number, check_exclusive_maximum},
    {"minimum", shape_number, check_minimum},
    {"exclusiveMinimum", shape_number, check_exclusive_minimum},
    {"maxLength", shape_count, check_max_length},
    {"minLength", shape_count, check_min_length},
    {"pattern", shape_pattern, check_pattern},
    {"format", shape_format, check_format},
    {"maxItems", shape_count, check_max_items},
    {"minItems", shape_count, check_min_items},
    {"uniqueItems", shape_flag, check_unique_items},
    {"prefixItems", shape_schemas, check_prefix_items},
    {"items", shape_schema_or_list, check_items},
    {"additionalItems", shape_schema, check_additional_items},
    {"minContains", shape_count, NULL},
    {"maxContains", shape_count, NULL},
    {"contains", shape_schema, check_contains},
    {"maxProperties", shape_count, check_max_properties},
    {"minProperties", shape_count, check_min_properties},
    {"required", shape_names, check_required},
    {"dependentRequired", shape_names_map, check_dependencies},
    {"propertyNames", shape_schema, check_property_names},
    {"additionalProperties", shape_schema, check_additional_properties},
    {"properties", shape_schema_map, check_properties},
    {"patternProperties", shape_pattern_map, check_pattern_properties},
    {"dependencies", shape_dependencies, check_dependencies},
    {"dependentSchemas", shape_schema_map, check_dependencies},
    {"allOf", shape_schemas, check_all_of},
    {"anyOf", shape_schemas, check_any_of},
    {"oneOf", shape_schemas, check_one_of},
    {"not", shape_schema, check_not},
    {"then", shape_schema, NULL},
    {"else", shape_schema, NULL},
    {"if", shape_schema, check_if},
    {"$defs", shape_schema_map, NULL},
    {"definitions", shape_schema_map, NULL},
    {"$schema", shape_text, NULL},
    {"$id", shape_text, NULL},
    {"$comment", shape_text, NULL},
    {"title", shape_text, NULL},
    {"description", shape_text, NULL},
    {"default", shape_any, NULL},
    {"examples", shape_any, NULL},
    {"invalid", shape_any, NULL},
    {"deprecated", shape_flag, NULL},
    {"readOnly", shape_flag, NULL},
    {"writeOnly", shape_flag, NULL},
    {"contentMediaType", shape_text, NULL},
    {"contentEncoding", shape_text, NULL},
};

enum { KEYWORDS = sizeof keywords / sizeof *keywords };

static bool refuse_unknown (struct compiler *compiler, const json_t *source)
{
    const char *key;
    json_t *member;
    json_object_foreach ((json_t *)source, key, member)
    {
        bool known = strncmp (key, "x-", 2) == 0;
        for (size_t i = 0; !known && i < KEYWORDS; i++) {
            known = strcmp (keywords[i].name, key) == 0;
        }
        if (!known) {
            return schema_fail (compiler, "unknown keyword \"%s\"", key);
        }
    }
    return true;
}

static bool compile_rules (struct compiler *compiler, struct node *node)
{
    node->rules = schema_allocate (json_object_size (node->source), sizeof *node->rules);
    for (size_t i = 0; i < KEYWORDS; i++) {
        const json_t *argument = json_object_get (node->source, keywords[i].name);
        if (!argument) {
            continue;
        }
        struct rule *rule = &node->rules[node->count++];
        *rule =
            (struct rule){.keyword = keywords[i].name, .check = keywords[i].check, .owner = node, .argument = argument};
        size_t length = strlen (compiler->pointer);
        json_pointer_push (compiler->pointer, keywords[i].name);
        if (!keywords[i].shape (compiler, rule)) {
            return false;
        }
        compiler->pointer[length] = '\0';
    }
    return refuse_unknown (compiler, node->source);
}

/* A subschema that several references lead to becomes one node, which also ends the cycles. */
const struct node *schema_compile_node (struct compiler *compiler, const json_t *source)
{
    for (const struct node *node = compiler->schema->nodes; node; node = node->next) {
        if (node->source == source) {
            return node;
        }
    }
    struct node *node = schema_allocate (1, sizeof *node);
    node->source = source;
    node->next = compiler->schema->nodes;
    compiler->schema->nodes = node;
    if (json_is_boolean (source)) {
        node->never = json_is_false (source);
        return node;
    }
    if (!json_is_object (source)) {
        schema_fail (compiler, "a schema is an object, true or false");
        return NULL;
    }
    if (++compiler->depth > COMPILE_DEPTH_MAX) {
        schema_fail (compiler, "nested too deeply");
        return NULL;
    }
    bool good = compile_rules (compiler, node);
    compiler->depth--;
    return good ? node : NULL;
}

static pcre2_match_context *new_match_context (void)
{
    pcre2_match_context *context = pcre2_match_context_create (NULL);
    if (!context) {
        abort ();
    }
    pcre2_set_match_limit (context, MATCH_LIMIT);
    pcre2_set_depth_limit (context, MATCH_DEPTH_LIMIT);
    pcre2_set_heap_limit (context, MATCH_HEAP_KIB);
    return context;
}

schema_t *schema_new (const json_t *document, char **ret_error)
{
    assert (document);
    struct schema *schema = schema_allocate (1, sizeof *schema);
    struct compiler compiler = {.schema = schema};
    schema->match = new_match_context ();
    schema->document = json_deep_copy (document);
    if (!schema->document) {
        abort ();
    }
    schema->root = schema_compile_node (&compiler, schema->document);
    if (!schema->root) {
        schema_destroy (&schema);
    }
    if (ret_error) {
        *ret_error = compiler.error;
    } else {
        free (compiler.error);
    }
    return schema;
}

static void free_node (struct node *node)
{
    for (size_t i = 0; i < node->count; i++) {
        for (size_t j = 0; j < node->rules[i].count; j++) {
            pcre2_code_free (node->rules[i].branches[j].pattern);
        }
        free (node->rules[i].branches);
    }
    free (node->rules);
    free (node);
}

void schema_destroy (schema_t **schema_p)
{
    assert (schema_p);
    struct schema *schema = *schema_p;
    if (!schema) {
        return;
    }
    while (schema->nodes) {
        struct node *next = schema->nodes->next;
        free_node (schema->nodes);
        schema->nodes = next;
    }
    pcre2_match_context_free (schema->match);
    json_decref (schema->document);
    free (schema);
    *schema_p = NULL;
}
