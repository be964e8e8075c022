/* Papers that are printed on demand: receipt, list of what is missing, letter of assignment, SKRD, TBP.  Nothing is
 * kept; each is drawn from what its owners say now, with the newest version of its template. */
#include "common/local_time.h"
#include "document_ask.h"
#include "document_data.h"
#include "document_methods.h"
#include "document_template.h"

/* A paper in the making. */
struct print {
    const char *application;
    struct document_template template;
    json_t *file, *data; /* owned */
};

static void print_clear (struct print *print)
{
    document_template_clear (&print->template);
    json_decref (print->file);
    json_decref (print->data);
}
#define AUTO_PRINT __attribute__ ((cleanup (print_clear))) struct print

/* The case first: its owner looks at the caller's kecamatan.  1; 0: refused; negative. */
static int print_begin (struct call *call, const char *template, struct print *ret)
{
    *ret = (struct print){.application = json_text (call->params, "application")};
    int rc = document_ask_case (call, ret->application, &ret->file);
    if (rc <= 0)
        return rc;
    const char *kecamatan = json_text_at (ret->file, "kecamatan.code");
    if (!kecamatan || !require_role (call, ROLES_ANY, kecamatan))
        return kecamatan ? 0 : -1;
    rc = document_template_load (call, template, 0, &ret->template);
    if (rc <= 0)
        return rc;
    ret->data = data_from_case (ret->file, DATA_PRINTED);
    data_add_officer (ret->data, call->caller->name);
    return 1;
}

static int add_signer (struct call *call, struct print *print, const char *on)
{
    json_auto_t *signer = NULL;
    int rc = document_ask_signer (call, json_text_at (print->file, "kecamatan.code"), on, &signer);
    if (rc > 0)
        data_add_signer (print->data, signer);
    return rc;
}

/* `made_at`: the moment of what the paper tells, so that it is the same paper tomorrow. */
static int print_end (struct call *call, struct print *print, const char *prefix, const char *number,
                      const char *made_at)
{
    int64_t created_ms = call->now;
    if (made_at)
        local_time_parse (made_at, &created_ms);
    data_add_constants (print->data, print->template.constants);
    data_add_addresses (print->data, conf_text ("PATEN_PUBLIC_URL"), NULL);
    struct document_paper paper = {
        .template = print->template.template, .data = print->data, .title = number, .created_ms = created_ms};
    return document_reply_pdf (call, &paper, prefix, number);
}

int document_receipt_print (struct call *call)
{
    AUTO_PRINT print;
    int rc = print_begin (call, "tanda_terima", &print);
    if (rc <= 0)
        return rc;
    const char *number = json_text_at (print.data, "application.number");
    const char *officer = json_text_at (print.file, "application.registered_by");
    if (officer) /* who prints it again was not there */
        data_add_officer (print.data, officer);
    if (!number) /* incomplete: the clock has not started */
        return refuse (call, ERR_DOCUMENT_NOT_READY, NULL);
    return print_end (call, &print, "tanda-terima", number, json_text_at (print.file, "application.registered_at"));
}

int document_missing_print (struct call *call)
{
    AUTO_PRINT print;
    char today[DOCUMENT_DATE_SIZE];
    int rc = print_begin (call, "daftar_kekurangan", &print);
    if (rc <= 0)
        return rc;
    if (json_array_size (json_object_get (print.data, "missing")) == 0)
        return refuse (call, ERR_DOCUMENT_NOT_READY, NULL);
    document_today (call, today);
    data_add_document (print.data, NULL, today);
    const char *number = json_text_at (print.data, "application.number");
    return print_end (call, &print, "daftar-kekurangan", number ? number : print.application, NULL);
}

int document_assignment_print (struct call *call)
{
    AUTO_PRINT print;
    json_auto_t *answer = NULL;
    int rc = print_begin (call, "surat_tugas", &print);
    if (rc > 0)
        rc =
            document_ask (call, "inspection.visit.get", json_pack ("{s:s}", "application", print.application), &answer);
    if (rc <= 0)
        return rc;
    const json_t *visit = json_object_get (answer, "visit");
    const char *number = json_text (visit, "letter_number"), *issued_at = json_text (visit, "issued_at");
    char dated[DOCUMENT_DATE_SIZE];
    if (!number || !issued_at) /* not scheduled yet */
        return refuse (call, ERR_DOCUMENT_NOT_READY, NULL);
    snprintf (dated, sizeof dated, "%.10s", issued_at);
    rc = add_signer (call, &print, dated);
    if (rc <= 0)
        return rc;
    data_add_inspection (print.data, visit);
    json_object_set (json_object_get (print.data, "inspection"), "date", json_object_get (visit, "date"));
    data_add_document (print.data, number, dated);
    return print_end (call, &print, "surat-tugas", number, issued_at);
}

/* Bill and receipt of the file.  1; 0: refused; negative. */
static int ask_bill (struct call *call, struct print *print, json_t **ret_answer)
{
    int rc =
        document_ask (call, "payment.bill.get", json_pack ("{s:s}", "application", print->application), ret_answer);
    if (rc > 0)
        data_add_bill (print->data, json_object_get (*ret_answer, "bill"));
    return rc;
}

int document_bill_print (struct call *call)
{
    AUTO_PRINT print;
    json_auto_t *answer = NULL;
    int rc = print_begin (call, "skrd", &print);
    if (rc > 0)
        rc = ask_bill (call, &print, &answer);
    if (rc > 0)
        rc = add_signer (call, &print, json_text_at (print.data, "bill.issued_on"));
    if (rc <= 0)
        return rc;
    return print_end (call, &print, "skrd", json_text_at (print.data, "bill.number"),
                      json_text_at (answer, "bill.issued_at"));
}

int document_payment_print (struct call *call)
{
    AUTO_PRINT print;
    json_auto_t *answer = NULL;
    int rc = print_begin (call, "tbp", &print);
    if (rc > 0)
        rc = ask_bill (call, &print, &answer);
    if (rc <= 0)
        return rc;
    const json_t *receipt = json_object_get (answer, "receipt");
    if (!receipt) /* not paid yet */
        return refuse (call, ERR_DOCUMENT_NOT_READY, NULL);
    data_add_receipt (print.data, receipt);
    return print_end (call, &print, "tbp", json_text (receipt, "receipt_number"), json_text (receipt, "paid_at"));
}
