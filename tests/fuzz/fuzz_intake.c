/* Published services and workflows: what passes the schema of the publish method goes through intake's own checks, and a
 * service that passes them serves a form.  An input is the body, a line feed, a form (of a service). */
#include "common/auto.h"
#include "fuzz.h"
#include "intake_course.h"
#include "intake_form.h"
#include "intake_json.h"
#include "intake_requests.h"

static schema_t *service_schema, *workflow_schema;

static schema_t *body_schema (const char *method)
{
    for (const struct embedded_json *file = intake_requests; file->name; file++)
        if (strcmp (file->name, method) == 0) {
            json_auto_t *document = json_loads (file->text, 0, NULL);
            return schema_new (json_object_get (document, "body"), NULL);
        }
    return NULL;
}

int LLVMFuzzerInitialize (int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    service_schema = body_schema ("intake.service.publish");
    workflow_schema = body_schema ("intake.workflow.publish");
    FUZZ_HOLDS (service_schema && workflow_schema);
    return 0;
}

static bool is_fact_true (void *context, const char *fact, bool *ret_value)
{
    (void)context;
    *ret_value = fact[0] % 2 != 0;
    return true;
}

/* A workflow that passes leads on from its start, whatever the outcome. */
static void take_workflow (const json_t *body)
{
    struct workflow workflow;
    struct workflow_offence offence = {0};
    workflow_from_json (body, &workflow);
    enum workflow_verdict verdict = workflow_check (&workflow, &offence);
    FUZZ_HOLDS (*workflow_verdict_text (verdict));
    if (verdict != WORKFLOW_OK)
        return;
    const struct workflow_step *next;
    FUZZ_HOLDS (workflow_find (&workflow, workflow.start));
    for (size_t i = 0; i < workflow.transition_count; i++) {
        const struct workflow_transition *row = &workflow.transitions[i];
        enum course_verdict course = course_next (&workflow, row->from, row->outcome, is_fact_true, NULL, &next);
        FUZZ_HOLDS (course == COURSE_STEP ? next != NULL : course == COURSE_DONE || course == COURSE_REJECTED);
    }
}

static void take_form (const json_t *content, const json_t *form)
{
    char pointer[JSON_POINTER_SIZE], why[400];
    const char *limit, *fee;
    bool is_due;
    AUTO (schema) schema = schema_new (json_object_get (content, "form_schema"), NULL);
    FUZZ_HOLDS (schema);
    if (!form_check (schema, content, form, pointer, why, sizeof why)) {
        FUZZ_HOLDS (*why && strncmp (pointer, "/form", 5) == 0);
        return;
    }
    json_auto_t *facts = form_facts (content, form);
    FUZZ_HOLDS (json_is_object (facts));
    form_limits (content, facts, &limit);
    form_fee_due (content, facts, &is_due, &fee);
}

static void take_service (const json_t *body, const json_t *form)
{
    AUTO_FREE char *why = NULL;
    enum form_verdict verdict = form_check_service (body, &why);
    FUZZ_HOLDS ((verdict == FORM_OK) == (why == NULL));
    char hash[ID_SHA256_SIZE];
    content_hash (body, hash);
    if (verdict == FORM_OK && form)
        take_form (body, form);
}

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    static const struct json_limits limits = {.printable = true};
    struct fuzz_input input = {bytes, size};
    size_t body_size;
    AUTO_FREE char *text = fuzz_piece (&input, '\n', &body_size);
    json_auto_t *body = json_parse_strict (text, body_size, &limits, NULL);
    json_auto_t *form = json_parse_strict ((const char *)input.at, input.left, &limits, NULL);
    if (!body)
        return 0;
    if (schema_check (workflow_schema, body, NULL))
        take_workflow (body);
    else if (schema_check (service_schema, body, NULL))
        take_service (body, form);
    return 0;
}
