/* The shapes that arguments of keywords may have: each function prepares a rule from its argument (a bound, a pattern,
 * subschemas, the target of a reference) or tells the schema's author what is wrong. */
#include "common/schema_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The rule's argument at `name` within the pointer. */
static const struct node *compile_child (struct compiler *compiler, const char *name, const json_t *source)
{
    size_t length = strlen (compiler->pointer);
    json_pointer_push (compiler->pointer, name);
    const struct node *node = schema_compile_node (compiler, source);
    if (node) {
        compiler->pointer[length] = '\0';
    }
    return node;
}

static struct branch *add_branches (struct rule *rule, size_t count)
{
    rule->branches = schema_allocate (count, sizeof *rule->branches);
    rule->count = count;
    return rule->branches;
}

bool shape_any (struct compiler *compiler, struct rule *rule)
{
    (void)compiler;
    (void)rule;
    return true;
}

bool shape_list (struct compiler *compiler, struct rule *rule)
{
    return json_array_size (rule->argument) > 0 || schema_fail (compiler, "must be a list with at least one value");
}

bool shape_flag (struct compiler *compiler, struct rule *rule)
{
    return json_is_boolean (rule->argument) || schema_fail (compiler, "must be true or false");
}

bool shape_text (struct compiler *compiler, struct rule *rule)
{
    return json_is_string (rule->argument) || schema_fail (compiler, "must be a string");
}

bool shape_number (struct compiler *compiler, struct rule *rule)
{
    return json_is_number (rule->argument) || schema_fail (compiler, "must be a number");
}

bool shape_positive (struct compiler *compiler, struct rule *rule)
{
    return json_number_value (rule->argument) > 0 || schema_fail (compiler, "must be a number above 0");
}

bool shape_count (struct compiler *compiler, struct rule *rule)
{
    double number = json_number_value (rule->argument);
    if (!json_is_number (rule->argument) || number < 0 || number > 1e15 || number != (double)(size_t)number) {
        return schema_fail (compiler, "must be a whole number, 0 or more");
    }
    rule->limit = (size_t)number;
    return true;
}

bool shape_type (struct compiler *compiler, struct rule *rule)
{
    size_t count = json_is_array (rule->argument) ? json_array_size (rule->argument) : 1;
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_is_array (rule->argument) ? json_array_get (rule->argument, i) : rule->argument;
        size_t bit = json_is_string (item) ? schema_type_bit (json_string_value (item)) : 0;
        if (bit == 0) {
            return schema_fail (compiler, "unknown type");
        }
        rule->limit |= bit;
    }
    return count > 0 || schema_fail (compiler, "must name a type");
}

static bool are_names (const json_t *names)
{
    bool good = json_is_array (names);
    for (size_t i = 0; good && i < json_array_size (names); i++) {
        good = json_is_string (json_array_get (names, i));
    }
    return good;
}

bool shape_names (struct compiler *compiler, struct rule *rule)
{
    return are_names (rule->argument) || schema_fail (compiler, "must be a list of strings");
}

bool shape_format (struct compiler *compiler, struct rule *rule)
{
    rule->format = json_is_string (rule->argument) ? schema_format (json_string_value (rule->argument)) : NULL;
    return rule->format || schema_fail (compiler, "unknown format");
}

/* ECMAScript's spirit: $ at the very end only, \uXXXX, unset groups match the empty text; \d and \w are ASCII. */
static pcre2_code *compile_pattern (struct compiler *compiler, const char *text, size_t size)
{
    const uint32_t options =
        PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_ALT_BSUX | PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF;
    int code;
    PCRE2_SIZE offset;
    pcre2_code *pattern = pcre2_compile ((PCRE2_SPTR)text, size, options, &code, &offset, NULL);
    if (!pattern) {
        char reason[128];
        pcre2_get_error_message (code, (PCRE2_UCHAR *)reason, sizeof reason);
        schema_fail (compiler, "pattern, character %zu: %s", (size_t)offset, reason);
    }
    return pattern;
}

bool shape_pattern (struct compiler *compiler, struct rule *rule)
{
    if (!shape_text (compiler, rule)) {
        return false;
    }
    struct branch *branch = add_branches (rule, 1);
    branch->pattern =
        compile_pattern (compiler, json_string_value (rule->argument), json_string_length (rule->argument));
    return branch->pattern != NULL;
}

bool shape_schema (struct compiler *compiler, struct rule *rule)
{
    struct branch *branch = add_branches (rule, 1);
    branch->node = schema_compile_node (compiler, rule->argument);
    return branch->node != NULL;
}

static bool compile_list (struct compiler *compiler, struct rule *rule)
{
    struct branch *branches = add_branches (rule, json_array_size (rule->argument));
    for (size_t i = 0; i < rule->count; i++) {
        char name[24];
        snprintf (name, sizeof name, "%zu", i);
        branches[i].node = compile_child (compiler, name, json_array_get (rule->argument, i));
        if (!branches[i].node) {
            return false;
        }
    }
    return true;
}

bool shape_schemas (struct compiler *compiler, struct rule *rule)
{
    return shape_list (compiler, rule) && compile_list (compiler, rule);
}

bool shape_schema_or_list (struct compiler *compiler, struct rule *rule)
{
    return json_is_array (rule->argument) ? compile_list (compiler, rule) : shape_schema (compiler, rule);
}

/* A map from names to what `fill` makes of each member. */
static bool compile_map (struct compiler *compiler, struct rule *rule,
                         bool (*fill) (struct compiler *compiler, struct branch *branch, const json_t *member))
{
    if (!json_is_object (rule->argument)) {
        return schema_fail (compiler, "must be an object");
    }
    struct branch *branch = add_branches (rule, json_object_size (rule->argument));
    const char *key;
    json_t *member;
    json_object_foreach ((json_t *)rule->argument, key, member)
    {
        branch->name = key;
        if (!fill (compiler, branch++, member)) {
            return false;
        }
    }
    return true;
}

static bool fill_schema (struct compiler *compiler, struct branch *branch, const json_t *member)
{
    branch->node = compile_child (compiler, branch->name, member);
    return branch->node != NULL;
}

static bool fill_pattern (struct compiler *compiler, struct branch *branch, const json_t *member)
{
    branch->pattern = compile_pattern (compiler, branch->name, strlen (branch->name));
    return branch->pattern && fill_schema (compiler, branch, member);
}

static bool fill_names (struct compiler *compiler, struct branch *branch, const json_t *member)
{
    branch->names = member;
    return are_names (member) || schema_fail (compiler, "\"%s\" must be a list of strings", branch->name);
}

static bool fill_either (struct compiler *compiler, struct branch *branch, const json_t *member)
{
    return json_is_array (member) ? fill_names (compiler, branch, member) : fill_schema (compiler, branch, member);
}

bool shape_schema_map (struct compiler *compiler, struct rule *rule)
{
    return compile_map (compiler, rule, fill_schema);
}

bool shape_pattern_map (struct compiler *compiler, struct rule *rule)
{
    return compile_map (compiler, rule, fill_pattern);
}

bool shape_names_map (struct compiler *compiler, struct rule *rule)
{
    return compile_map (compiler, rule, fill_names);
}

bool shape_dependencies (struct compiler *compiler, struct rule *rule)
{
    return compile_map (compiler, rule, fill_either);
}

static int hex_value (char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* One token of a JSON Pointer in a URI fragment: %25 is undone, then ~1 and ~0.  NULL when malformed or too long. */
static const char *read_token (const char *text, char *token, size_t token_size)
{
    size_t used = 0;
    while (*text && *text != '/') {
        char c = *text++;
        if (c == '%') {
            int high = hex_value (text[0]), low = high < 0 ? -1 : hex_value (text[1]);
            if (low < 0) {
                return NULL;
            }
            c = (char)(high * 16 + low);
            text += 2;
        }
        if (used > 0 && token[used - 1] == '~' && (c == '0' || c == '1')) {
            token[used - 1] = c == '0' ? '\x01' : '/'; /* a ~ that came from ~0 must not escape what follows it */
            continue;
        }
        if (used + 1 >= token_size) {
            return NULL;
        }
        token[used++] = c;
    }
    token[used] = '\0';
    for (char *c = token; *c; c++) {
        *c = *c == '\x01' ? '~' : *c;
    }
    return text;
}

static const json_t *resolve (const json_t *document, const char *reference)
{
    const json_t *found = document;
    while (found && *reference == '/') {
        char token[128];
        reference = read_token (reference + 1, token, sizeof token);
        if (!reference) {
            return NULL;
        }
        if (json_is_array (found)) {
            char *end;
            size_t index = strtoul (token, &end, 10);
            found = *token >= '0' && *token <= '9' && !*end ? json_array_get (found, index) : NULL;
        } else {
            found = json_object_get (found, token);
        }
    }
    return *reference ? NULL : found;
}

bool shape_ref (struct compiler *compiler, struct rule *rule)
{
    const char *reference = json_string_value (rule->argument);
    const json_t *target =
        reference && reference[0] == '#' ? resolve (compiler->schema->document, reference + 1) : NULL;
    if (!target) {
        return schema_fail (compiler, "leads nowhere within this document");
    }
    struct branch *branch = add_branches (rule, 1);
    branch->node = schema_compile_node (compiler, target);
    return branch->node != NULL;
}
