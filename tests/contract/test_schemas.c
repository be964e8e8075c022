/* The contracts of proto/ in the hands of the validator that the services use: every schema compiles, every example
 * conforms, every invalid example is refused, and each file has enough of both.  openapi_static.py asks an independent
 * validator the same.  Run from the source folder. */
#include "common/auto.h"
#include "common/schema.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PARTS = 3, INVALID_LEAST = 2 };
static const char *const parts[PARTS] = {"params", "body", "reply"};

/* One contract and what has been found wrong with it. */
struct contract {
    const char *path;
    json_t *document;
    schema_t *schemas[PARTS]; /* NULL: the file has none */
    size_t faults;
};

static void blame (struct contract *contract, const char *list, size_t index, const char *part, const char *why)
{
    print_error ("%s: %s[%zu] %s: %s\n", contract->path, list, index, part, why);
    contract->faults++;
}

static schema_t *compile (struct contract *contract, const json_t *document, const char *part)
{
    AUTO_FREE char *error = NULL;
    schema_t *schema = schema_new (document, &error);
    if (!schema)
        blame (contract, "schema", 0, part, error);
    return schema;
}

static void open_contract (struct contract *contract, const char *path)
{
    json_error_t error;
    *contract = (struct contract){.path = path, .document = json_load_file (path, JSON_REJECT_DUPLICATES, &error)};
    if (!contract->document)
        fail_msg ("%s:%d: %s", path, error.line, error.text);
}

static void close_contract (struct contract *contract)
{
    for (size_t i = 0; i < PARTS; i++)
        schema_destroy (&contract->schemas[i]);
    json_decref (contract->document);
}

static void compile_parts (struct contract *contract)
{
    for (size_t i = 0; i < PARTS; i++) {
        const json_t *document = json_object_get (contract->document, parts[i]);
        if (document)
            contract->schemas[i] = compile (contract, document, parts[i]);
    }
}

static void check_counts (struct contract *contract, size_t invalid_least)
{
    if (json_array_size (json_object_get (contract->document, "examples")) == 0)
        blame (contract, "examples", 0, "", "there must be at least one");
    if (json_array_size (json_object_get (contract->document, "invalid")) < invalid_least)
        blame (contract, "invalid", 0, "", "there must be at least two");
}

static void expect_valid (struct contract *contract, const schema_t *schema, size_t index, const char *part,
                          const json_t *value)
{
    struct schema_fault fault;
    char why[sizeof fault + 32];
    if (schema_check (schema, value, &fault))
        return;
    snprintf (why, sizeof why, "\"%s\" refused by %s %s", fault.pointer, fault.keyword, fault.member);
    blame (contract, "examples", index, part, why);
}

/* The value of a part, as the runtime sees it: an empty object where a request brings none. */
static const json_t *part_of (const json_t *example, size_t i, const json_t *empty)
{
    const json_t *value = json_object_get (example, parts[i]);
    return value ? value : empty;
}

static void check_request_examples (struct contract *contract)
{
    json_auto_t *empty = json_object ();
    size_t index;
    const json_t *example;
    json_array_foreach (json_object_get (contract->document, "examples"), index, example)
    {
        for (size_t i = 0; i < PARTS; i++) {
            if (contract->schemas[i])
                expect_valid (contract, contract->schemas[i], index, parts[i], part_of (example, i, empty));
            else if (json_object_get (example, parts[i]))
                blame (contract, "examples", index, parts[i], "there is no schema for it");
        }
    }
}

/* Refused in params or body; a part that the method does not have at all is refused too. */
static bool is_refused (const struct contract *contract, const json_t *example, const json_t *empty)
{
    for (size_t i = 0; i < 2; i++) {
        const json_t *value = part_of (example, i, empty);
        if (contract->schemas[i] ? !schema_check (contract->schemas[i], value, NULL) : json_object_size (value) > 0)
            return true;
    }
    return false;
}

static void check_invalid_requests (struct contract *contract)
{
    json_auto_t *empty = json_object ();
    size_t index;
    const json_t *example;
    json_array_foreach (json_object_get (contract->document, "invalid"), index, example)
    {
        if (!json_text (example, "why"))
            blame (contract, "invalid", index, "why", "missing");
        if (!is_refused (contract, example, empty))
            blame (contract, "invalid", index, "", "was accepted");
    }
}

static void check_request (struct contract *contract)
{
    compile_parts (contract);
    bool takes_nothing = !contract->schemas[0] && !contract->schemas[1];
    check_counts (contract, takes_nothing ? 0 : INVALID_LEAST);
    check_request_examples (contract);
    check_invalid_requests (contract);
}

static void check_event (struct contract *contract)
{
    compile_parts (contract);
    check_counts (contract, INVALID_LEAST);
    const schema_t *schema = contract->schemas[1];
    if (!schema || contract->schemas[0] || contract->schemas[2]) {
        blame (contract, "schema", 0, "body", "an event has this part and no other");
        return;
    }
    size_t index;
    const json_t *example;
    json_array_foreach (json_object_get (contract->document, "examples"), index, example)
    {
        expect_valid (contract, schema, index, "body", example);
    }
    check_invalid_requests (contract);
}

/* proto/template.json is a schema itself and brings its examples along. */
static void check_template (struct contract *contract)
{
    const schema_t *schema = contract->schemas[0] = compile (contract, contract->document, "template");
    check_counts (contract, INVALID_LEAST);
    if (!schema)
        return;
    size_t index;
    const json_t *example;
    json_array_foreach (json_object_get (contract->document, "examples"), index, example)
    {
        expect_valid (contract, schema, index, "template", example);
    }
    json_array_foreach (json_object_get (contract->document, "invalid"), index, example)
    {
        if (schema_check (schema, example, NULL))
            blame (contract, "invalid", index, "template", "was accepted");
    }
}

static void check_files (const char *pattern, size_t least, void (*check) (struct contract *contract))
{
    glob_t found;
    assert_int_equal (glob (pattern, 0, NULL, &found), 0);
    size_t faults = 0;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct contract contract;
        open_contract (&contract, found.gl_pathv[i]);
        check (&contract);
        faults += contract.faults;
        close_contract (&contract);
    }
    size_t count = found.gl_pathc;
    globfree (&found);
    assert_true (count >= least);
    assert_int_equal (faults, 0);
}

static void test_requests (void **state)
{
    (void)state;
    check_files ("proto/requests/*.json", 50, check_request);
}

static void test_events (void **state)
{
    (void)state;
    check_files ("proto/events/*.json", 20, check_event);
}

static void test_template (void **state)
{
    (void)state;
    check_files ("proto/template.json", 1, check_template);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_requests),
        cmocka_unit_test (test_events),
        cmocka_unit_test (test_template),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
