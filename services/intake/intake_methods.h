/* The handlers that main.c names. */
#pragma once

#include "common/service.h"
#include "intake_store.h"

/* Roles that need the person and the papers for their work: each may read the cases of their kecamatan. */
#define INTAKE_READERS                                                                                                 \
    "loket,verifikator,petugas_teknis,operator,kasi_pelayanan,sekcam,camat,penyerahan,admin_kabupaten"
/* Those for whom letters and receipts are printed: which of them gets what, the printing service has decided. */
#define INTAKE_PRINTED_FOR INTAKE_READERS ",kasir,informasi,pemandu"

call_fn intake_kecamatan_publish, intake_holiday_publish, intake_workflow_publish, intake_service_publish;
/* The version of today that this kecamatan may be asked for: 1; 0: the refusal is given; negative.  kecamatan may be
 * NULL.  *ret_version is to be released in every case. */
int intake_require_service (struct call *call, const char *service, const char *kecamatan,
                            const struct version **ret_version);

/* Loads and locks params.application for a command of that role: 1 when the rules allow it now; 0: the refusal is
 * given; negative.  *ret_application is to be cleared in every case. */
int intake_open_case (struct call *call, const char *role, enum intake_command command,
                      struct application *ret_application);

call_fn intake_kecamatan_list, intake_kecamatan_get, intake_service_list, intake_service_get;
call_fn intake_application_track;
call_fn intake_requirements_look, intake_application_register, intake_application_complete;
call_fn intake_handover_look, intake_application_handover, intake_application_withdraw;
call_fn intake_application_get, intake_application_list, intake_case_get;
event_fn intake_on_step_completed;
