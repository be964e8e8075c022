/* The handlers that main.c names. */
#pragma once

#include "common/service.h"

call_fn document_template_publish, document_template_get;
call_fn document_draft_list, document_draft_get, document_draft_preview, document_draft_submit_before,
    document_draft_submit, document_draft_return, document_draft_print;
call_fn document_final_get, document_number_list;
call_fn document_receipt_print, document_missing_print, document_assignment_print, document_bill_print,
    document_payment_print;

event_fn document_on_step_requested, document_on_paraf_returned, document_on_document_signed,
    document_on_application_closed;

job_fn document_render_perform, document_render_conclude, document_finalize_give_up, document_renew_give_up;
