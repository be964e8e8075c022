/* The handlers that main.c puts into its tables. */
#pragma once

#include "common/calendar.h"
#include "common/service.h"

/* The office's day: from midnight to midnight, WIB. */
#define DAY_MS INT64_C (86400000)
int64_t day_begins_ms (struct civil_date day);

/* Who may look at one file; acting on it is each method's own role. */
#define PAYMENT_READERS "kasir,penyerahan,loket,kasi_pelayanan,sekcam,camat"
/* Who may see what lies in a cash box and what was deposited. */
#define PAYMENT_WATCHERS "kasir,sekcam,camat,admin_kabupaten"

int payment_bill_list (struct call *call);
int payment_bill_get (struct call *call);
int payment_receipt_list (struct call *call);
int payment_cash_take (struct call *call);

int payment_cash_get (struct call *call);
int payment_deposit_record (struct call *call);
int payment_deposit_list (struct call *call);
int payment_term_publish (struct call *call);

int payment_on_application_registered (struct call *call, const struct event *event);
int payment_on_step_requested (struct call *call, const struct event *event);
int payment_on_application_closed (struct call *call, const struct event *event);
