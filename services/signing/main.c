/* The signing service: parafs, the Camat's signature, and the proof of a document for anyone. */
#include "common/metrics.h"
#include "common/service.h"
#include "signing_methods.h"
#include "signing_requests.h"
#include "signing_sql.h"

static const struct method methods[] = {
    {"signing.signer.register", METHOD_COMMAND, "admin_kabupaten", "gateway", NULL, signing_signer_register},
    {"signing.signer.resolve", METHOD_QUERY, ROLES_NONE, "document", NULL, signing_signer_resolve},
    {"signing.paraf.list", METHOD_QUERY, "kasi_pelayanan,sekcam", "gateway", NULL, signing_paraf_list},
    {"signing.paraf.give", METHOD_COMMAND, "kasi_pelayanan,sekcam", "gateway", NULL, signing_paraf_give},
    {"signing.paraf.return", METHOD_COMMAND, "kasi_pelayanan,sekcam", "gateway", NULL, signing_paraf_return},
    {"signing.task.list", METHOD_QUERY, "camat", "gateway", NULL, signing_task_list},
    {"signing.task.sign", METHOD_COMMAND, "camat", "gateway", signing_task_sign_before, signing_task_sign},
    {"signing.task.return", METHOD_COMMAND, "camat", "gateway", NULL, signing_task_return},
    {"signing.document.get", METHOD_QUERY, ROLES_ANY, "gateway", NULL, signing_document_get},
    {"signing.document.verify", METHOD_QUERY, ROLES_PUBLIC, "gateway", NULL, signing_document_verify},
    {"signing.document.revoke", METHOD_COMMAND, "camat,admin_kabupaten", "gateway", NULL, signing_document_revoke},
    {"signing.file.verify", METHOD_QUERY, ROLES_PUBLIC, "gateway", NULL, signing_file_verify},
    {0},
};

static const struct subscription subscriptions[] = {
    {"step.requested", signing_on_step_requested, EVENT_AT_ONCE},
    {"document.renewed", signing_on_document_renewed, EVENT_AT_ONCE},
    {"application.closed", signing_on_application_closed, EVENT_SOON},
    {0},
};

static const struct setting settings[] = {
    {"PATEN_SIGNERS_DIR", SETTING_TEXT, NULL, 0, 0,
     "folder of the signers' PKCS#12 files, readable by this service alone", false},
    {"PATEN_CA_FILE", SETTING_TEXT, NULL, 0, 0, "root certificates that the verification trusts, PEM", false},
    {"PATEN_CRL_FILE", SETTING_TEXT, NULL, 0, 0, "their revocation lists, PEM", false},
    {0},
};

static const char *const desks[] = {"waiting", "without_signer", NULL};
static struct metric unsigned_documents = {
    .name = "paten_unsigned_documents",
    .kind = METRIC_MEASURED,
    .help = "Documents that wait for a Camat, and those of them that nobody may sign "
            "today.",
    .labels = {{"state", desks}}};
static const struct figure figures[] = {{&unsigned_documents, &SQL_FIGURE_UNSIGNED}, {&signing_attempts, NULL}, {0}};

static const struct service service = {
    .name = "signing",
    .statements = signing_statements,
    .requests = signing_requests,
    .methods = methods,
    .subscriptions = subscriptions,
    .settings = settings,
    .figures = figures,
    .start = signing_sign_start,
    .stop = signing_sign_stop,
};

int main (void)
{
    return service_main (&service);
}
