/* The validator against the official suite (Debian's json-schema-test-suite), the keywords of 2020-12 that the suite of
 * draft 7 does not know, and the faults that it tells. */
#include "common/auto.h"
#include "common/schema.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SUITE "/usr/share/json-schema-test-suite/tests/draft7/"

/* What we decline, each for a reason; the run fails when one of them begins to pass. */
static const struct exception {
    const char *file;
    const char *description; /* of the group of tests */
    size_t failures;
    const char *reason;
} exceptions[] = {
    {"refRemote.json", "remote ref", 2, "remote $ref: a schema fetches nothing"},
    {"refRemote.json", "fragment within remote ref", 2, "remote $ref: a schema fetches nothing"},
    {"refRemote.json", "ref within remote ref", 2, "remote $ref: a schema fetches nothing"},
    {"refRemote.json", "base URI change", 2, "remote $ref: a schema fetches nothing"},
    {"refRemote.json", "base URI change - change folder", 2, "remote $ref: a schema fetches nothing"},
    {"refRemote.json", "base URI change - change folder in subschema", 2, "remote $ref: a schema fetches nothing"},
    {"refRemote.json", "root ref in remote ref", 3, "remote $ref: a schema fetches nothing"},
    {"definitions.json", "valid definition", 1, "remote $ref: a schema fetches nothing"},
    {"definitions.json", "invalid definition", 1, "remote $ref: a schema fetches nothing"},
    {"ref.json", "remote ref, containing refs itself", 2, "remote $ref: a schema fetches nothing"},
    {"ref.json", "Recursive references between schemas", 2, "$id as a base address"},
    {"ref.json", "escaped pointer ref", 6, "definitions under names that are no keywords"},
    {"ref.json", "ref overrides any sibling keywords", 1, "keywords beside $ref count, as in 2020-12"},
};

struct tally {
    size_t passed;
    size_t failed[sizeof exceptions / sizeof *exceptions];
};

static struct tally tally;

static const struct exception *find_exception (const char *file, const char *description)
{
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++) {
        if (strcmp (exceptions[i].file, file) == 0 && strcmp (exceptions[i].description, description) == 0) {
            return &exceptions[i];
        }
    }
    return NULL;
}

/* A schema that does not compile fails all tests of its group. */
static size_t count_failures (const json_t *group, size_t *ret_passed)
{
    AUTO (schema) schema = schema_new (json_object_get (group, "schema"), NULL);
    size_t failures = 0, index;
    json_t *test;
    json_array_foreach (json_object_get (group, "tests"), index, test)
    {
        bool want = json_is_true (json_object_get (test, "valid"));
        if (!schema || schema_check (schema, json_object_get (test, "data"), NULL) != want) {
            failures++;
        } else {
            (*ret_passed)++;
        }
    }
    return failures;
}

static void run_file (const char *folder, const char *file)
{
    char path[512];
    snprintf (path, sizeof path, "%s%s", folder, file);
    json_error_t error;
    json_auto_t *groups = json_load_file (path, 0, &error);
    if (!groups) {
        fail_msg ("%s: %s", path, error.text);
    }
    size_t index;
    json_t *group;
    json_array_foreach (groups, index, group)
    {
        const char *description = json_text (group, "description");
        const struct exception *exception = find_exception (file, description);
        size_t failures = count_failures (group, &tally.passed);
        if (exception) {
            tally.failed[exception - exceptions] += failures;
        } else if (failures > 0) {
            fail_msg ("%s: %s: %zu failed", file, description, failures);
        }
    }
}

static bool is_json (const char *name)
{
    const char *dot = strrchr (name, '.');
    return dot && strcmp (dot, ".json") == 0;
}

static void test_official_suite (void **state)
{
    (void)state;
    DIR *folder = opendir (SUITE);
    assert_non_null (folder);
    for (struct dirent *entry; (entry = readdir (folder));) {
        if (is_json (entry->d_name)) {
            run_file (SUITE, entry->d_name);
        }
    }
    closedir (folder);
    static const char *const formats[] = {"date.json", "date-time.json", "email.json", "uri.json"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        run_file (SUITE "optional/format/", formats[i]);
    }
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++) {
        if (tally.failed[i] != exceptions[i].failures) {
            fail_msg ("%s: %s (%s): %zu failed, %zu expected", exceptions[i].file, exceptions[i].description,
                      exceptions[i].reason, tally.failed[i], exceptions[i].failures);
        }
    }
    print_message ("official suite: %zu passed\n", tally.passed);
    assert_true (tally.passed >= 428);
}

static json_t *read_json (const char *text)
{
    json_error_t error;
    json_t *value = json_loads (text, JSON_DECODE_ANY, &error);
    if (!value) {
        fail_msg ("%s: %s", text, error.text);
    }
    return value;
}

/* {schema, value, pointer, keyword, member}; keyword "" for a value that conforms. */
static const char *const checks[][5] = {
    {"{\"required\":[\"a\",\"b\"]}", "{\"a\":1}", "", "required", "b"},
    {"{\"properties\":{\"x/y\":{\"items\":{\"required\":[\"nik\"]}}}}", "{\"x/y\":[{\"nik\":1},{}]}", "/x~1y/1",
     "required", "nik"},
    {"{\"properties\":{\"a\":{}},\"additionalProperties\":false}", "{\"a\":1,\"zz\":2}", "", "additionalProperties",
     "zz"},
    {"{\"additionalProperties\":{\"type\":\"string\"}}", "{\"zz\":2}", "/zz", "type", ""},
    {"{\"patternProperties\":{\"^a\":{}},\"additionalProperties\":false}", "{\"ab\":1}", "", "", ""},
    {"{\"properties\":{\"nik\":{\"type\":\"string\",\"pattern\":\"^[0-9]{16}$\"}}}", "{\"nik\":\"12\"}", "/nik",
     "pattern", ""},
    {"{\"pattern\":\"^a$\"}", "\"a\\n\"", "", "pattern", ""},
    {"{\"pattern\":\"^\\\\u00e9.$\"}", "\"é😀\"", "", "", ""},
    {"{\"pattern\":\"^\\\\d+$\"}", "\"٣\"", "", "pattern", ""},
    {"{\"propertyNames\":{\"maxLength\":3}}", "{\"abcd\":1}", "", "propertyNames", "abcd"},
    {"{\"properties\":{\"a\":false}}", "{\"a\":1}", "/a", "false", ""},
    {"{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}", "1", "", "anyOf", ""},
    {"{\"oneOf\":[{\"minimum\":1},{\"minimum\":2}]}", "3", "", "oneOf", ""},
    {"{\"not\":{\"type\":\"null\"}}", "null", "", "not", ""},
    {"{\"if\":{\"required\":[\"a\"]},\"then\":{\"required\":[\"b\"]},\"else\":{\"required\":[\"c\"]}}", "{\"a\":1}", "",
     "required", "b"},
    {"{\"if\":{\"required\":[\"a\"]},\"then\":{\"required\":[\"b\"]},\"else\":{\"required\":[\"c\"]}}", "{}", "",
     "required", "c"},
    {"{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}", "", "dependentRequired", "b"},
    {"{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"b\":1}", "", "", ""},
    {"{\"dependentSchemas\":{\"a\":{\"minProperties\":2}}}", "{\"a\":1}", "", "minProperties", ""},
    {"{\"prefixItems\":[{\"type\":\"string\"}],\"items\":{\"type\":\"integer\"}}", "[\"a\",1,2.0]", "", "", ""},
    {"{\"prefixItems\":[{\"type\":\"string\"}],\"items\":{\"type\":\"integer\"}}", "[\"a\",1,\"b\"]", "/2", "type", ""},
    {"{\"prefixItems\":[{\"type\":\"string\"}],\"items\":false}", "[\"a\",1]", "/1", "false", ""},
    {"{\"contains\":{\"const\":1},\"minContains\":2}", "[1,2]", "", "minContains", ""},
    {"{\"contains\":{\"const\":1},\"maxContains\":1}", "[1,1.0]", "", "maxContains", ""},
    {"{\"contains\":{\"const\":1},\"minContains\":0}", "[]", "", "", ""},
    {"{\"uniqueItems\":true}", "[{\"a\":1,\"b\":2},{\"b\":2.0,\"a\":1}]", "", "uniqueItems", ""},
    {"{\"maximum\":9007199254740992}", "9007199254740993", "", "maximum", ""},
    {"{\"maximum\":9223372036854775806}", "9223372036854775807", "", "maximum", ""},
    {"{\"multipleOf\":0.01}", "19.99", "", "", ""},
    {"{\"multipleOf\":3}", "9223372036854775807", "", "multipleOf", ""},
    {"{\"multipleOf\":0.1}", "0.35", "", "multipleOf", ""},
    {"{\"enum\":[[1.0],{\"a\":null}]}", "[1]", "", "", ""},
    {"{\"minLength\":2,\"maxLength\":2}", "\"😀é\"", "", "", ""},
    {"{\"format\":\"date\"}", "\"2026-02-29\"", "", "format", ""},
    {"{\"format\":\"date-time\"}", "\"2026-11-22T10:00:00+07:00\"", "", "", ""},
    {"{\"format\":\"date-time\"}", "\"1990-12-31T15:59:60-08:00\"", "", "", ""},
    {"{\"format\":\"date-time\"}", "\"1990-12-31T15:59:60Z\"", "", "format", ""},
    {"{\"format\":\"date-time\"}", "\"2026-11-22T10:00:00\"", "", "format", ""},
    {"{\"format\":\"date-time\"}", "\"2026-11-22T24:00:00Z\"", "", "format", ""},
    {"{\"format\":\"email\"}", "\"a@b@c\"", "", "format", ""},
    {"{\"format\":\"email\"}", "\"a..b@c.id\"", "", "format", ""},
    {"{\"format\":\"email\"}", "\"a@-c.id\"", "", "format", ""},
    {"{\"format\":\"email\"}", "\"@c.id\"", "", "format", ""},
    {"{\"format\":\"email\"}", "\"a@\"", "", "format", ""},
    {"{\"format\":\"email\"}", "\"camat+x@raas.sumenepkab.go.id\"", "", "", ""},
    {"{\"format\":\"uuid\"}", "\"0191e7c8-0000-7000-8000-00000000000A\"", "", "", ""},
    {"{\"format\":\"uuid\"}", "\"0191e7c8-0000-7000-8000-00000000000\"", "", "format", ""},
    {"{\"format\":\"uuid\"}", "\"0191e7c8x0000-7000-8000-00000000000a\"", "", "format", ""},
    {"{\"format\":\"uri\"}", "\"https://[::1]:80/a%20b?c#d\"", "", "", ""},
    {"{\"format\":\"uri\"}", "\"https://x/%2\"", "", "format", ""},
    {"{\"format\":\"uri\"}", "\"https://x/a[b]\"", "", "format", ""},
    {"{\"format\":\"date\",\"x-label\":{\"anything\":1},\"title\":\"t\",\"examples\":[1]}", "7", "", "", ""},
    {"{\"$ref\":\"#/$defs/tree\",\"$defs\":{\"tree\":{\"items\":{\"$ref\":\"#/$defs/tree\"},\"type\":\"array\"}}}",
     "[[],[[1]]]", "/1/0/0", "type", ""},
    {"{\"$ref\":\"#/$defs/a~0b~1c%25\",\"$defs\":{\"a~b/c%\":{\"type\":\"null\"}}}", "1", "", "type", ""},
    {"{\"$defs\":{\"s\":{\"type\":\"string\"}},\"$ref\":\"#/$defs/s\",\"minLength\":2}", "\"a\"", "", "minLength", ""},
    {"{\"$ref\":\"#\"}", "1", "", "limit", ""},
    {"{\"not\":{\"$ref\":\"#\"}}", "1", "", "limit", ""},
    {"{\"anyOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}", "1", "", "limit", ""},
    {"{\"pattern\":\"^(a+)+$\"}", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"", "", "limit", ""},
    {"{\"not\":{\"pattern\":\"^(a+)+$\"}}", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"", "", "limit", ""},
    {"true", "1", "", "", ""},
    {"false", "1", "", "false", ""},
};

static void test_faults (void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        const char *const *c = checks[i];
        json_auto_t *document = read_json (c[0]);
        json_auto_t *value = read_json (c[1]);
        AUTO (schema) schema = schema_new (document, NULL);
        assert_non_null (schema);
        struct schema_fault fault;
        bool good = schema_check (schema, value, &fault);
        if (good != !*c[3] || strcmp (fault.pointer, c[2]) != 0 || strcmp (fault.keyword, c[3]) != 0 ||
            strcmp (fault.member, c[4]) != 0) {
            fail_msg ("%s on %s: %d \"%s\" %s %s", c[0], c[1], good, fault.pointer, fault.keyword, fault.member);
        }
    }
}

static void test_refused_schemas (void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"{\"minLenght\":1}", "at \"\": unknown keyword \"minLenght\""},
        {"{\"properties\":{\"a\":{\"items\":{\"tipe\":1}}}}", "at \"/properties/a/items\": unknown keyword \"tipe\""},
        {"{\"$defs\":{\"unused\":{\"tipe\":1}}}", "at \"/$defs/unused\": unknown keyword \"tipe\""},
        {"{\"type\":\"text\"}", "at \"/type\": unknown type"},
        {"{\"type\":[\"string\",1]}", "at \"/type\": unknown type"},
        {"{\"type\":[]}", "at \"/type\": must name a type"},
        {"{\"format\":\"nik\"}", "at \"/format\": unknown format"},
        {"{\"minLength\":-1}", "at \"/minLength\": must be a whole number, 0 or more"},
        {"{\"minLength\":\"1\"}", "at \"/minLength\": must be a whole number, 0 or more"},
        {"{\"maxItems\":1.5}", "at \"/maxItems\": must be a whole number, 0 or more"},
        {"{\"maximum\":\"1\"}", "at \"/maximum\": must be a number"},
        {"{\"multipleOf\":0}", "at \"/multipleOf\": must be a number above 0"},
        {"{\"enum\":[]}", "at \"/enum\": must be a list with at least one value"},
        {"{\"enum\":1}", "at \"/enum\": must be a list with at least one value"},
        {"{\"required\":\"a\"}", "at \"/required\": must be a list of strings"},
        {"{\"required\":[1]}", "at \"/required\": must be a list of strings"},
        {"{\"properties\":[]}", "at \"/properties\": must be an object"},
        {"{\"properties\":{\"a\":1}}", "at \"/properties/a\": a schema is an object, true or false"},
        {"{\"pattern\":\"(\"}", "at \"/pattern\": pattern, character 1: missing closing parenthesis"},
        {"{\"allOf\":[]}", "at \"/allOf\": must be a list with at least one value"},
        {"{\"allOf\":[true,{\"$ref\":\"#/x\"}]}", "at \"/allOf/1/$ref\": leads nowhere within this document"},
        {"{\"$ref\":\"other.json#/a\"}", "at \"/$ref\": leads nowhere within this document"},
        {"{\"$ref\":\"#anchor\"}", "at \"/$ref\": leads nowhere within this document"},
        {"{\"$ref\":1}", "at \"/$ref\": leads nowhere within this document"},
        {"{\"dependentRequired\":{\"a\":\"b\"}}", "at \"/dependentRequired\": \"a\" must be a list of strings"},
        {"{\"uniqueItems\":1}", "at \"/uniqueItems\": must be true or false"},
        {"7", "at \"\": a schema is an object, true or false"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        json_auto_t *document = read_json (bad[i][0]);
        AUTO_FREE char *error = NULL;
        AUTO (schema) schema = schema_new (document, &error);
        assert_null (schema);
        assert_non_null (error);
        assert_string_equal (error, bad[i][1]);
    }
}

/* The deepest document that Jansson can hold must end in an answer. */
static void test_deep_documents (void **state)
{
    (void)state;
    json_t *document = json_true (), *value = json_null ();
    for (int i = 0; i < 1000; i++) {
        document = json_pack ("{s:o}", "not", document);
        value = json_pack ("[o]", value);
    }
    AUTO_FREE char *error = NULL;
    AUTO (schema) schema = schema_new (document, &error);
    assert_null (schema);
    assert_non_null (strstr (error, "nested too deeply"));
    json_auto_t *tree = read_json ("{\"items\":{\"$ref\":\"#\"}}");
    AUTO (schema) recursive = schema_new (tree, NULL);
    struct schema_fault fault;
    assert_false (schema_check (recursive, value, &fault));
    assert_string_equal (fault.keyword, "limit");
    json_decref (document);
    json_decref (value);
}

/* The schema does not need its document any more, and long names are cut between characters. */
static void test_lifetimes (void **state)
{
    (void)state;
    json_t *document = read_json ("{\"additionalProperties\":false}");
    AUTO (schema) schema = schema_new (document, NULL);
    json_object_clear (document);
    json_decref (document);
    char name[401] = "";
    for (int i = 0; i < 200; i++) {
        strcat (name, "é");
    }
    json_auto_t *value = json_pack ("{s:i}", name, 1);
    struct schema_fault fault;
    assert_false (schema_check (schema, value, &fault));
    assert_int_equal (strlen (fault.member), 126);
    assert_int_equal (strncmp (fault.member, name, 126), 0);
    schema_destroy (&schema);
    assert_null (schema);
    schema_destroy (&schema);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_official_suite),  cmocka_unit_test (test_faults),
        cmocka_unit_test (test_refused_schemas), cmocka_unit_test (test_deep_documents),
        cmocka_unit_test (test_lifetimes),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
