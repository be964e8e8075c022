/* From the bodies of the publish methods to the values that the rules work on.  The bodies have passed their request
 * schemas, so sizes and types hold. */
#pragma once

#include "common/id.h"
#include "common/json.h"
#include "intake_workflow.h"

void workflow_from_json (const json_t *body, struct workflow *ret_workflow);

/* SHA-256 of the compact text, order of members included: what "the same content" means for a published version. */
void content_hash (const json_t *content, char ret_hex[ID_SHA256_SIZE]);

/* "07:30" to the minute of the day; -1 for anything else. "24:00" is the end of the day. */
int minute_from_text (const char *text);
