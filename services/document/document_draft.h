/* A draft in the making: the task's template, the file as it is told now, and what the operator filled in. */
#pragma once

#include "document_ask.h"
#include "document_store.h"
#include "document_template.h"

struct document_draft {
    struct document_template template;
    const char *code; /* of the template; borrowed from the task */
    json_t *data;     /* owned: without number, date, signer and addresses */
};
/* Asks the other services and merges; `filled` may be NULL.  1; 0: refused; negative. */
int draft_gather (struct call *call, const struct task *task, const json_t *filled, struct document_draft *ret_draft);
void draft_clear (struct document_draft *draft);
#define AUTO_DRAFT __attribute__ ((cleanup (draft_clear))) struct document_draft

/* What the parafs bind, as canonical text (malloc): template code and version and the data. */
char *draft_content (const struct document_draft *draft);

/* The draft as it would be signed by `signer` on `dated`, with "…" for the number.  A new reference. */
json_t *draft_printable (const json_t *data, const json_t *constants, const json_t *signer, const char *dated);
