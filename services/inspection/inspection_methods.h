/* The handlers that main.c puts into its tables. */
#pragma once

#include "common/service.h"

/* Who may look at one file; acting on it is each method's own role. */
#define INSPECTION_READERS "petugas_teknis,verifikator,operator,kasi_pelayanan,sekcam,camat"

int inspection_visit_list (struct call *call);
int inspection_visit_get (struct call *call);
int inspection_visit_schedule (struct call *call);
int inspection_visit_record_before (struct call *call);
int inspection_visit_record (struct call *call);

int inspection_on_step_requested (struct call *call, const struct event *event);
int inspection_on_application_closed (struct call *call, const struct event *event);
