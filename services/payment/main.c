/* The payment service: bills from tariffs, cash at the desk, receipts, the books. */
#include "common/service.h"
#include "payment_methods.h"
#include "payment_requests.h"
#include "payment_sql.h"

static const struct method methods[] = {
    {"payment.bill.list", METHOD_QUERY, "kasir", "gateway", NULL, payment_bill_list},
    {"payment.bill.get", METHOD_QUERY, PAYMENT_READERS, "gateway,document", NULL, payment_bill_get},
    {"payment.receipt.list", METHOD_QUERY, "kasir", "gateway", NULL, payment_receipt_list},
    {"payment.cash.take", METHOD_COMMAND, "kasir", "gateway", NULL, payment_cash_take},
    {0},
};

static const struct subscription subscriptions[] = {
    {"application.registered", payment_on_application_registered, EVENT_SOON},
    {"step.requested", payment_on_step_requested, EVENT_AT_ONCE},
    {"application.closed", payment_on_application_closed, EVENT_SOON},
    {0},
};

static const struct service service = {
    .name = "payment",
    .statements = payment_statements,
    .requests = payment_requests,
    .methods = methods,
    .subscriptions = subscriptions,
};

int main (void)
{
    return service_main (&service);
}
