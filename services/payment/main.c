/* The payment service: bills from tariffs, cash at the desk, receipts, deposits, the books. */
#include "common/metrics.h"
#include "common/service.h"
#include "payment_methods.h"
#include "payment_requests.h"
#include "payment_sql.h"

static const struct method methods[] = {
    {"payment.bill.list", METHOD_QUERY, "kasir", "gateway", NULL, payment_bill_list},
    {"payment.bill.get", METHOD_QUERY, PAYMENT_READERS, "gateway,document", NULL, payment_bill_get},
    {"payment.receipt.list", METHOD_QUERY, "kasir", "gateway", NULL, payment_receipt_list},
    {"payment.cash.take", METHOD_COMMAND, "kasir", "gateway", NULL, payment_cash_take},
    {"payment.cash.get", METHOD_QUERY, PAYMENT_WATCHERS, "gateway", NULL, payment_cash_get},
    {"payment.deposit.record", METHOD_COMMAND, "kasir", "gateway", NULL, payment_deposit_record},
    {"payment.deposit.list", METHOD_QUERY, PAYMENT_WATCHERS, "gateway", NULL, payment_deposit_list},
    {"payment.term.publish", METHOD_COMMAND, "admin_kabupaten", "gateway", NULL, payment_term_publish},
    {0},
};

static const struct subscription subscriptions[] = {
    {"application.registered", payment_on_application_registered, EVENT_SOON},
    {"step.requested", payment_on_step_requested, EVENT_AT_ONCE},
    {"application.closed", payment_on_application_closed, EVENT_SOON},
    {0},
};

static const char *const bill_states[] = {"due", "overdue", NULL};
static const char *const days[] = {"today", "earlier", "late", NULL};
static struct metric bills = {.name = "paten_bills",
                              .kind = METRIC_MEASURED,
                              .help = "Bills that are not paid, by whether their day has passed.",
                              .labels = {{"state", bill_states}}};
static struct metric cash = {.name = "paten_cash_rupiah",
                             .kind = METRIC_MEASURED,
                             .help =
                                 "Cash that is not in the kas daerah yet, by when it was taken; late: past its day.",
                             .labels = {{"taken", days}},
                             .unit = "rupiah"};
static const struct figure figures[] = {{&bills, &SQL_FIGURE_BILLS}, {&cash, &SQL_FIGURE_CASH}, {0}};

static const struct service service = {
    .name = "payment",
    .statements = payment_statements,
    .requests = payment_requests,
    .methods = methods,
    .subscriptions = subscriptions,
    .figures = figures,
};

int main (void)
{
    return service_main (&service);
}
