/* How an unsigned final document ends without a signature. */
#pragma once

#include "common/service.h"
#include "document_store.h"

/* The document falls; its number stays in the register as void and says why (no personal data).  `final` is locked; one
 * that is signed or void already stays as it is.  0 or negative. */
int document_final_fall (struct call *call, const char *application, const struct final *final, const char *reason);
/* The same, because it could not be made: the case goes back to the operator, whose next visit shows the reason. */
int document_final_return (struct call *call, const char *application, const struct final *final, const char *reason);
