/* The handlers of the signing service, for main.c's tables. */
#pragma once

#include "common/metrics.h"
#include "common/service.h"

int signing_signer_register (struct call *call);
int signing_signer_resolve (struct call *call);
int signing_paraf_list (struct call *call);
int signing_paraf_give (struct call *call);
int signing_paraf_return (struct call *call);
int signing_task_list (struct call *call);
int signing_task_sign_before (struct call *call);
int signing_task_sign (struct call *call);
int signing_task_return (struct call *call);
int signing_document_get (struct call *call);
int signing_document_verify (struct call *call);
int signing_document_revoke (struct call *call);
int signing_file_verify (struct call *call);

/* What signing_task_sign_before () remembers of the signers' files: from before the workers until after them. */
extern struct metric signing_attempts;
int signing_sign_start (void);
void signing_sign_stop (void);

int signing_on_step_requested (struct call *call, const struct event *event);
int signing_on_document_renewed (struct call *call, const struct event *event);
int signing_on_application_closed (struct call *call, const struct event *event);
