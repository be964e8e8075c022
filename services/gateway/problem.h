/* Refusals of the gateway itself as RFC 9457 documents, from the registry proto/errors.json.  What services refuse
 * comes to the gateway as a finished document and passes through. */
#pragma once

#include "errors.h"

#include <stddef.h>

/* {"type":"/problems/CODE","title","status","code","detail","correlation"} as text to be freed by the caller, or NULL
 * when there is no memory.  {placeholders} of the sentence are filled from name, value pairs ended by NULL. */
char *problem_text (enum error_code code, const char *correlation, size_t *ret_size, ...) __attribute__ ((sentinel));

/* The same document with type, title, correlation and status in their places, and with {service}, which only the asker
 * knows, filled in.  NULL when it is no problem document or there is no memory. */
char *problem_complete (const char *text, size_t size, const char *correlation, const char *service, size_t *ret_size);

/* Its member retry_after_s (429): seconds, 0 when there is none. */
int problem_retry_after (const char *text, size_t size);

int problem_status (enum error_code code);
