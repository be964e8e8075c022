/* Published templates for those who print: the tree, the constants and the fields of one version.  A version never
 * changes, so each thread reads it from the database once and keeps it; publishing is document_template_rpc.c. */
#pragma once

#include "common/service.h"

struct document_template {
    json_t *template, *constants, *fields; /* owned references to trees that others share: read only */
    int version;
};
/* version 0: the newest.  1: found; 0: refused (template_unknown); negative. */
int document_template_load (struct call *call, const char *code, int version, struct document_template *ret);
void document_template_clear (struct document_template *template);
#define AUTO_TEMPLATE __attribute__ ((cleanup (document_template_clear))) struct document_template
