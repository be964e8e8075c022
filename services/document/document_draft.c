/* A draft in the making: see document_draft.h. */
#include "document_draft.h"

#include "document_data.h"

/* What the template reads of the field check; a file without one has no such data. */
static int gather_inspection (struct call *call, const char *application, json_t *data)
{
    AUTO_REPLY reply = {0};
    if (call_service (call, "inspection.visit.get", json_pack ("{s:s}", "application", application), NULL, NULL, 0,
                      &reply) < 0)
        return -1;
    if (reply.status == 200)
        data_add_inspection (data, json_object_get (reply.body, "visit"));
    return 1;
}

int draft_gather (struct call *call, const struct task *task, const json_t *filled, struct document_draft *ret)
{
    json_auto_t *file = NULL;
    *ret = (struct document_draft){.code = json_text (task->config, "template")};
    if (!ret->code)
        return refuse (call, ERR_TEMPLATE_UNKNOWN, "template", "", NULL);
    int rc =
        document_template_load (call, ret->code, (int)json_int (task->config, "template_version", 0), &ret->template);
    if (rc > 0)
        rc = document_ask_case (call, task->application, &file);
    if (rc <= 0)
        return rc;
    ret->data = data_from_case (file, DATA_SIGNED);
    if (data_reads (ret->template.fields, "inspection"))
        rc = gather_inspection (call, task->application, ret->data);
    data_add_tariff (ret->data, json_object_get (task->config, "tariff"));
    data_add_filled (ret->data, filled, ret->template.fields);
    return rc;
}

void draft_clear (struct document_draft *draft)
{
    document_template_clear (&draft->template);
    json_decref (draft->data);
    draft->data = NULL;
}

char *draft_content (const struct document_draft *draft)
{
    json_auto_t *content =
        json_pack ("{s:s, s:i, s:O}", "template", draft->code, "version", draft->template.version, "data", draft->data);
    return data_canonical (content);
}

json_t *draft_printable (const json_t *data, const json_t *constants, const json_t *signer, const char *dated)
{
    json_t *printable = json_deep_copy (data);
    data_add_constants (printable, constants);
    data_add_signer (printable, signer);
    data_add_document (printable, "…", dated);
    data_add_addresses (printable, conf_text ("PATEN_PUBLIC_URL"), "konsep");
    return printable;
}
