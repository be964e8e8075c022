/* The document service: templates, drafts, the register of legal numbers, final documents, papers printed on demand. */
#include "common/service.h"
#include "document_methods.h"
#include "document_requests.h"
#include "document_sql.h"
#include "pdfa.h"

#define OFFICERS                                                                                                       \
    "loket,verifikator,petugas_teknis,operator,kasi_pelayanan,sekcam,camat,kasir,penyerahan,informasi,pemandu"

static const struct method methods[] = {
    {"document.template.publish", METHOD_COMMAND, "admin_kabupaten", "gateway", NULL, document_template_publish},
    {"document.template.get", METHOD_QUERY, "admin_kabupaten", "gateway", NULL, document_template_get},
    {"document.draft.list", METHOD_QUERY, "operator", "gateway", NULL, document_draft_list},
    {"document.draft.get", METHOD_QUERY, "operator", "gateway", NULL, document_draft_get},
    {"document.draft.preview", METHOD_QUERY, "operator", "gateway", NULL, document_draft_preview},
    {"document.draft.submit", METHOD_COMMAND, "operator", "gateway", document_draft_submit_before,
     document_draft_submit},
    {"document.draft.return", METHOD_COMMAND, "operator", "gateway", NULL, document_draft_return},
    {"document.draft.print", METHOD_QUERY, "operator,kasi_pelayanan,sekcam,camat", "gateway", NULL,
     document_draft_print},
    {"document.final.get", METHOD_QUERY, "camat,sekcam,kasi_pelayanan,operator", "gateway", NULL, document_final_get},
    {"document.number.list", METHOD_QUERY, ROLES_ANY, "gateway", NULL, document_number_list},
    {"document.receipt.print", METHOD_QUERY, OFFICERS, "gateway", NULL, document_receipt_print},
    {"document.missing.print", METHOD_QUERY, OFFICERS, "gateway", NULL, document_missing_print},
    {"document.assignment.print", METHOD_QUERY, "petugas_teknis,verifikator,operator,kasi_pelayanan,sekcam,camat",
     "gateway", NULL, document_assignment_print},
    {"document.bill.print", METHOD_QUERY, "kasir,penyerahan,loket,kasi_pelayanan,sekcam,camat", "gateway", NULL,
     document_bill_print},
    {"document.payment.print", METHOD_QUERY, "kasir,penyerahan,loket,kasi_pelayanan,sekcam,camat", "gateway", NULL,
     document_payment_print},
    {0},
};

static const struct subscription subscriptions[] = {
    {"step.requested", document_on_step_requested, EVENT_AT_ONCE},
    {"paraf.returned", document_on_paraf_returned, EVENT_AT_ONCE},
    {"document.signed", document_on_document_signed, EVENT_AT_ONCE},
    {"application.closed", document_on_application_closed, EVENT_SOON},
    {0},
};

/* With the runtime's back-off 150 attempts take about a day, 1100 over a week.  A first rendering waits a day for a
 * signer before the file goes back;
 * lies on the Camat's desk is kept up to date for as long as it lies there. */
static const struct job_kind jobs[] = {
    {"finalize", 150, document_render_perform, document_render_conclude, document_finalize_give_up},
    {"renew", 1100, document_render_perform, document_render_conclude, document_renew_give_up},
    {0},
};

static const struct setting settings[] = {
    {"PATEN_PUBLIC_URL", SETTING_TEXT, NULL, 0, 0, "where the public reaches this system; QR codes lead below it",
     false},
    {"PATEN_ICC_FILE", SETTING_TEXT, PDFA_ICC_DEFAULT, 0, 0, "sRGB colour profile that PDF/A carries", false},
    {0},
};

static const struct service service = {
    .name = "document",
    .statements = document_statements,
    .requests = document_requests,
    .methods = methods,
    .subscriptions = subscriptions,
    .jobs = jobs,
    .settings = settings,
};

int main (void)
{
    return service_main (&service);
}
