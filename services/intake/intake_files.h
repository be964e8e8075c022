/* Files that the loket refers to: they lie in the archive, intake keeps references.  Looked at before the transaction,
 * judged within it. */
#pragma once

#include "common/service.h"

/* Asks the archive about one file, outside a transaction.  1: known, *ret_stat is new; 0: the refusal is given, at
 * `pointer`; negative: nobody answered. */
int intake_file_look (struct call *call, const char *file, const char *pointer, json_t **ret_stat);

/* A file of another kecamatan or of another purpose is no evidence here.  `stat` may be NULL.  False: the refusal is given,
 * at `pointer`. */
bool intake_file_fits (struct call *call, const json_t *stat, const char *purpose, const char *kecamatan,
                       const char *pointer);
