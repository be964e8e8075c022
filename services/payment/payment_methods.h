/* The handlers that main.c puts into its tables. */
#pragma once

#include "common/service.h"

/* Who may look at one file; acting on it is each method's own role. */
#define PAYMENT_READERS "kasir,penyerahan,loket,kasi_pelayanan,sekcam,camat"

int payment_bill_list (struct call *call);
int payment_bill_get (struct call *call);
int payment_receipt_list (struct call *call);
int payment_cash_take (struct call *call);

int payment_on_application_registered (struct call *call, const struct event *event);
int payment_on_step_requested (struct call *call, const struct event *event);
int payment_on_application_closed (struct call *call, const struct event *event);
