/* The handlers that main.c puts into its tables. */
#pragma once

#include "common/service.h"

/* Who may look at one file; acting on it is each method's own role. */
#define VERIFICATION_READERS "verifikator,kasi_pelayanan,sekcam,camat"

int verification_task_list (struct call *call);
int verification_task_get (struct call *call);
int verification_task_decide (struct call *call);

int verification_on_step_requested (struct call *call, const struct event *event);
int verification_on_application_closed (struct call *call, const struct event *event);
