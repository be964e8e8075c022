/* A value against a compiled schema: the walk, and a function per keyword of arrays, objects and combinations.  A
 * keyword that does not concern the value's type says yes.  Nothing here writes to the schema. */
#include "common/schema_priv.h"

#include "common/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 128, STEPS_MAX = 1000 * 1000 };

static void copy_cut (char *target, size_t target_size, const char *text)
{
    size_t size = text_cut (text, strlen (text), target_size - 1);
    memcpy (target, text, size);
    target[size] = '\0';
}

static void write_place (const struct place *place, char pointer[JSON_POINTER_SIZE])
{
    if (!place) {
        return;
    }
    write_place (place->parent, pointer);
    if (place->key) {
        json_pointer_push (pointer, place->key);
    } else {
        char index[24];
        snprintf (index, sizeof index, "%zu", place->index);
        json_pointer_push (pointer, index);
    }
}

static bool refuse_member (struct run *run, const char *keyword, const struct place *place, const char *member)
{
    if (run->quiet == 0 && !run->exhausted) {
        *run->fault = (struct schema_fault){0};
        write_place (place, run->fault->pointer);
        copy_cut (run->fault->keyword, sizeof run->fault->keyword, keyword);
        copy_cut (run->fault->member, sizeof run->fault->member, member);
    }
    return false;
}

bool schema_refuse (struct run *run, const struct rule *rule, const struct place *place)
{
    return refuse_member (run, rule->keyword, place, "");
}

/* Written even while trying: this is the answer. */
bool schema_exhaust (struct run *run, const struct place *place)
{
    unsigned quiet = run->quiet;
    run->quiet = 0;
    refuse_member (run, "limit", place, "");
    run->quiet = quiet;
    run->exhausted = true;
    return false;
}

bool schema_check_node (struct run *run, const struct node *node, const json_t *value, const struct place *place)
{
    if (run->exhausted) {
        return false;
    }
    if (run->depth >= DEPTH_MAX || run->steps >= STEPS_MAX) {
        return schema_exhaust (run, place);
    }
    if (node->never) {
        return refuse_member (run, "false", place, "");
    }
    run->depth++;
    run->steps++;
    bool good = true;
    for (size_t i = 0; good && i < node->count; i++) {
        const struct rule *rule = &node->rules[i];
        good = !rule->check || rule->check (run, rule, value, place);
    }
    run->depth--;
    return good;
}

static bool try_node (struct run *run, const struct node *node, const json_t *value, const struct place *place)
{
    run->quiet++;
    bool good = schema_check_node (run, node, value, place);
    run->quiet--;
    return good;
}

static bool check_item (struct run *run, const struct node *node, const json_t *array, size_t index,
                        const struct place *place)
{
    const struct place item = {.parent = place, .index = index};
    return schema_check_node (run, node, json_array_get (array, index), &item);
}

static bool check_member (struct run *run, const struct node *node, const char *key, const json_t *value,
                          const struct place *place)
{
    const struct place member = {.parent = place, .key = key};
    return schema_check_node (run, node, value, &member);
}

static const struct rule *sibling (const struct rule *rule, const char *keyword)
{
    for (size_t i = 0; i < rule->owner->count; i++) {
        if (strcmp (rule->owner->rules[i].keyword, keyword) == 0) {
            return &rule->owner->rules[i];
        }
    }
    return NULL;
}

bool check_ref (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    return schema_check_node (run, rule->branches[0].node, value, place);
}

/* Arrays. */

bool check_max_items (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    return !json_is_array (value) || json_array_size (value) <= rule->limit || schema_refuse (run, rule, place);
}

bool check_min_items (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    return !json_is_array (value) || json_array_size (value) >= rule->limit || schema_refuse (run, rule, place);
}

bool check_unique_items (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    if (!json_is_true (rule->argument)) {
        return true;
    }
    for (size_t i = 1; i < json_array_size (value); i++) {
        for (size_t j = 0; j < i; j++) {
            if (schema_equal (json_array_get (value, i), json_array_get (value, j))) {
                return schema_refuse (run, rule, place);
            }
        }
    }
    return true;
}

static bool check_items_from (struct run *run, const struct node *node, const json_t *array, size_t from,
                              const struct place *place)
{
    bool good = true;
    for (size_t i = from; good && i < json_array_size (array); i++) {
        good = check_item (run, node, array, i, place);
    }
    return good;
}

bool check_prefix_items (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    bool good = true;
    for (size_t i = 0; good && i < rule->count && i < json_array_size (value); i++) {
        good = check_item (run, rule->branches[i].node, value, i, place);
    }
    return good;
}

bool check_items (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    if (json_is_array (rule->argument)) {
        return check_prefix_items (run, rule, value, place);
    }
    const struct rule *prefix = sibling (rule, "prefixItems");
    return check_items_from (run, rule->branches[0].node, value, prefix ? prefix->count : 0, place);
}

bool check_additional_items (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    const struct rule *items = sibling (rule, "items");
    if (!items || !json_is_array (items->argument)) {
        return true;
    }
    return check_items_from (run, rule->branches[0].node, value, items->count, place);
}

bool check_contains (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    if (!json_is_array (value)) {
        return true;
    }
    const struct rule *min = sibling (rule, "minContains"), *max = sibling (rule, "maxContains");
    size_t found = 0;
    for (size_t i = 0; i < json_array_size (value); i++) {
        found += try_node (run, rule->branches[0].node, json_array_get (value, i), place);
    }
    if (max && found > max->limit) {
        return schema_refuse (run, max, place);
    }
    return found >= (min ? min->limit : 1) || schema_refuse (run, min ? min : rule, place);
}

/* Objects. */

bool check_max_properties (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    return !json_is_object (value) || json_object_size (value) <= rule->limit || schema_refuse (run, rule, place);
}

bool check_min_properties (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    return !json_is_object (value) || json_object_size (value) >= rule->limit || schema_refuse (run, rule, place);
}

static bool has_all (struct run *run, const struct rule *rule, const json_t *names, const json_t *object,
                     const struct place *place)
{
    for (size_t i = 0; i < json_array_size (names); i++) {
        const char *name = json_string_value (json_array_get (names, i));
        if (!json_object_get (object, name)) {
            return refuse_member (run, rule->keyword, place, name);
        }
    }
    return true;
}

bool check_required (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    return !json_is_object (value) || has_all (run, rule, rule->argument, value, place);
}

bool check_dependencies (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    bool good = true;
    for (size_t i = 0; good && i < rule->count; i++) {
        const struct branch *branch = &rule->branches[i];
        if (json_object_get (value, branch->name)) {
            good = branch->names ? has_all (run, rule, branch->names, value, place)
                                 : schema_check_node (run, branch->node, value, place);
        }
    }
    return good;
}

bool check_property_names (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    const char *key;
    json_t *member;
    json_object_foreach ((json_t *)value, key, member)
    {
        json_auto_t *name = json_string_nocheck (key);
        assert (name);
        if (!try_node (run, rule->branches[0].node, name, place)) {
            return refuse_member (run, rule->keyword, place, key);
        }
    }
    return true;
}

bool check_properties (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    bool good = true;
    for (size_t i = 0; good && i < rule->count; i++) {
        const json_t *member = json_object_get (value, rule->branches[i].name);
        good = !member || check_member (run, rule->branches[i].node, rule->branches[i].name, member, place);
    }
    return good;
}

bool check_pattern_properties (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    const char *key;
    json_t *member;
    json_object_foreach ((json_t *)value, key, member)
    {
        for (size_t i = 0; i < rule->count; i++) {
            const struct branch *branch = &rule->branches[i];
            if (schema_matches (run, branch->pattern, key, strlen (key), place) &&
                !check_member (run, branch->node, key, member, place)) {
                return false;
            }
        }
    }
    return !run->exhausted;
}

static bool is_described (struct run *run, const struct rule *properties, const struct rule *patterns, const char *key,
                          const struct place *place)
{
    if (properties && json_object_get (properties->argument, key)) {
        return true;
    }
    for (size_t i = 0; patterns && i < patterns->count; i++) {
        if (schema_matches (run, patterns->branches[i].pattern, key, strlen (key), place)) {
            return true;
        }
    }
    return false;
}

bool check_additional_properties (struct run *run, const struct rule *rule, const json_t *value,
                                  const struct place *place)
{
    const struct rule *properties = sibling (rule, "properties"), *patterns = sibling (rule, "patternProperties");
    const struct node *node = rule->branches[0].node;
    const char *key;
    json_t *member;
    json_object_foreach ((json_t *)value, key, member)
    {
        if (is_described (run, properties, patterns, key, place)) {
            continue;
        }
        if (node->never) {
            return refuse_member (run, rule->keyword, place, key);
        }
        if (!check_member (run, node, key, member, place)) {
            return false;
        }
    }
    return true;
}

/* Combinations. */

bool check_all_of (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    bool good = true;
    for (size_t i = 0; good && i < rule->count; i++) {
        good = schema_check_node (run, rule->branches[i].node, value, place);
    }
    return good;
}

bool check_any_of (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    for (size_t i = 0; i < rule->count; i++) {
        if (try_node (run, rule->branches[i].node, value, place)) {
            return true;
        }
    }
    return schema_refuse (run, rule, place);
}

bool check_one_of (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    size_t good = 0;
    for (size_t i = 0; i < rule->count; i++) {
        good += try_node (run, rule->branches[i].node, value, place);
    }
    return good == 1 || schema_refuse (run, rule, place);
}

bool check_not (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    return !try_node (run, rule->branches[0].node, value, place) || schema_refuse (run, rule, place);
}

bool check_if (struct run *run, const struct rule *rule, const json_t *value, const struct place *place)
{
    bool holds = try_node (run, rule->branches[0].node, value, place);
    const struct rule *next = sibling (rule, holds ? "then" : "else");
    return !next || schema_check_node (run, next->branches[0].node, value, place);
}

bool schema_check (const schema_t *schema, const json_t *value, struct schema_fault *ret_fault)
{
    assert (schema);
    assert (value);
    struct schema_fault local, *fault = ret_fault ? ret_fault : &local;
    *fault = (struct schema_fault){0};
    struct run run = {.schema = schema, .fault = fault};
    return schema_check_node (&run, schema->root, value, NULL) && !run.exhausted;
}
