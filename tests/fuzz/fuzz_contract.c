/* JSON to what the contracts of proto/ say: strict parsing, then the compiled schema of a request or an event.
 * An input is "NAME.PART", a line feed, JSON: "intake.application.register.body". */
#include "common/auto.h"
#include "common/json.h"
#include "common/schema.h"
#include "common/text.h"
#include "contract_events.h"
#include "contract_requests.h"
#include "fuzz.h"

enum { SCHEMAS_MOST = 400 };

static struct named_schema {
    char name[120];
    schema_t *schema;
    bool printable; /* as the runtime parses it (common/worker_request.c) */
} schemas[SCHEMAS_MOST];
static size_t schema_count;

static void load (const struct embedded_json *files)
{
    static const char *const parts[] = {"params", "body", "reply"};
    for (; files->name; files++) {
        json_auto_t *file = json_loads (files->text, 0, NULL);
        FUZZ_HOLDS (file);
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            const json_t *document = json_object_get (file, parts[i]);
            if (!document)
                continue;
            FUZZ_HOLDS (schema_count < SCHEMAS_MOST);
            struct named_schema *named = &schemas[schema_count++];
            snprintf (named->name, sizeof named->name, "%s.%s", files->name, parts[i]);
            named->schema = schema_new (document, NULL);
            named->printable = !json_flag (file, "free_text", false);
            FUZZ_HOLDS (named->schema);
        }
    }
}

int LLVMFuzzerInitialize (int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    load (contract_requests);
    load (contract_events);
    return 0;
}

static const struct named_schema *find (const char *name)
{
    for (size_t i = 0; i < schema_count; i++)
        if (strcmp (schemas[i].name, name) == 0)
            return &schemas[i];
    return NULL;
}

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = {bytes, size};
    AUTO_FREE char *name = fuzz_piece (&input, '\n', NULL);
    const struct named_schema *named = find (name);
    if (!named)
        return 0;
    const struct json_limits limits = {.printable = named->printable};
    json_auto_t *value = json_parse_strict ((const char *)input.at, input.left, &limits, NULL);
    if (!value)
        return 0;
    struct schema_fault fault;
    if (!schema_check (named->schema, value, &fault)) {
        FUZZ_HOLDS (*fault.keyword && strlen (fault.pointer) < sizeof fault.pointer);
        FUZZ_HOLDS (text_check (fault.pointer, strlen (fault.pointer), NULL) != TEXT_INVALID_UTF8);
        FUZZ_HOLDS (text_check (fault.member, strlen (fault.member), NULL) != TEXT_INVALID_UTF8);
    }
    return 0;
}
