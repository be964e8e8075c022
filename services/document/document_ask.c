/* Questions to other services, and rendering: see document_ask.h. */
#include "document_ask.h"

#include "common/local_time.h"

#include <string.h>

_Static_assert(DOCUMENT_DATE_SIZE == CALENDAR_DATE_SIZE, "a date as calendar.h prints it");

/* ---- other services ----------------------------------------------------------------------------------------- */

/* Refusals that concern the person who asked us; anything else would be a mistake of ours. */
static bool pass_on (struct call *call, const json_t *problem)
{
    static const enum error_code codes[] = {ERR_APPLICATION_UNKNOWN, ERR_BILL_NOT_DUE,   ERR_FILE_UNKNOWN,
                                            ERR_FORBIDDEN_PLACE,     ERR_FORBIDDEN_ROLE, ERR_FREE_SERVICE,
                                            ERR_SIGNER_UNKNOWN,      ERR_TASK_UNKNOWN,   ERR_UNAUTHENTICATED};
    const char *code = json_text (problem, "code"), *detail = json_text (problem, "detail");
    for (size_t i = 0; code && detail && i < sizeof codes / sizeof *codes; i++) {
        if (strcmp (error_registry[codes[i]].code, code) != 0)
            continue;
        refuse (call, codes[i], "place", "", "roles", "", "kecamatan", "", "on", "", NULL);
        refusal_add (call, "detail", json_string (detail)); /* the sentence as it was filled in there */
        return true;
    }
    return false;
}

int document_ask (struct call *call, const char *method, json_t *params, json_t **ret_body)
{
    AUTO_REPLY reply = {0};
    *ret_body = NULL;
    if (call_service (call, method, params, NULL, NULL, 0, &reply) < 0)
        return -1;
    if (reply.status >= 200 && reply.status < 300 && reply.body) {
        *ret_body = json_incref (reply.body);
        return 1;
    }
    if (pass_on (call, reply.body))
        return 0;
    const char *code = json_text (reply.body, "code");
    job_note (call, "%s answered %d %s", method, reply.status, code ? code : "");
    return -1;
}

int document_ask_case (struct call *call, const char *application, json_t **ret_case)
{
    return document_ask (call, "intake.case.get", json_pack ("{s:s}", "application", application), ret_case);
}

int document_ask_signer (struct call *call, const char *kecamatan, const char *on, json_t **ret_signer)
{
    return document_ask (call, "signing.signer.resolve", json_pack ("{s:s, s:s}", "kecamatan", kecamatan, "on", on),
                         ret_signer);
}

/* ---- rendering ---------------------------------------------------------------------------------------------- */

void document_fault_text (const struct template_fault *fault, char ret_text[DOCUMENT_FAULT_SIZE])
{
    snprintf (ret_text, DOCUMENT_FAULT_SIZE, "%s: %s", fault->field[0] ? fault->field : fault->where, fault->detail);
}

/* A field of the form is one that the operator can fill in: the refusal points at it. */
static int refuse_fault (struct call *call, const struct template_fault *fault)
{
    char why[DOCUMENT_FAULT_SIZE], pointer[400];
    document_fault_text (fault, why);
    bool form = strncmp (fault->field, "form.", 5) == 0;
    snprintf (pointer, sizeof pointer, "/data/%s", fault->field + (form ? 5 : 0));
    if (form)
        refuse_field (call, ERR_DOCUMENT_UNPRINTABLE, pointer, "why", why, NULL);
    else
        refuse (call, ERR_DOCUMENT_UNPRINTABLE, "why", why, NULL);
    if (fault->field[0])
        refusal_add (call, "template_field", json_string (fault->field));
    return 0;
}

int document_draw (const struct document_paper *paper, void **ret_bytes, size_t *ret_size,
                   struct template_fault *ret_fault)
{
    struct render_options options = {.title = paper->title,
                                     .created_at = paper->created_ms / 1000,
                                     .watermark = paper->watermark,
                                     .icc_path = conf_text ("PATEN_ICC_FILE")};
    struct render_output output;
    *ret_fault = (struct template_fault){.where = ""};
    int verdict = render_pdf (paper->template, paper->data, &options, &output, ret_fault);
    if (verdict < 0)
        return -1;
    if (verdict != TEMPLATE_OK)
        return 0;
    *ret_bytes = output.bytes;
    *ret_size = output.size;
    return 1;
}

int document_render (struct call *call, const struct document_paper *paper, void **ret_bytes, size_t *ret_size)
{
    struct template_fault fault;
    int rc = document_draw (paper, ret_bytes, ret_size, &fault);
    return rc == 0 ? refuse_fault (call, &fault) : rc;
}

int document_check (struct call *call, const json_t *template, const json_t *data)
{
    struct template_fault fault;
    int verdict = render_check (template, data, &fault);
    if (verdict < 0)
        return -1;
    return verdict == TEMPLATE_OK ? 1 : refuse_fault (call, &fault);
}

/* Letters, digits, "." and "-" of a number; the rest becomes "-". */
static void filename_write (const char *prefix, const char *number, char *ret_name, size_t size)
{
    snprintf (ret_name, size, "%s-%s.pdf", prefix, number ? number : "");
    for (char *at = ret_name; *at; at++)
        if (!((*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z') || *at == '.'))
            *at = '-';
}

int document_reply_pdf (struct call *call, const struct document_paper *paper, const char *prefix, const char *number)
{
    char name[160];
    void *bytes;
    size_t size;
    int rc = document_render (call, paper, &bytes, &size);
    if (rc <= 0)
        return rc;
    filename_write (prefix, number, name, sizeof name);
    return reply_bytes (call, "application/pdf", bytes, size, name);
}

void document_today (const struct call *call, char ret_date[DOCUMENT_DATE_SIZE])
{
    calendar_print (local_time_date (call->now), ret_date);
}
