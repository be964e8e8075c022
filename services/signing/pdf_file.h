/* Finds objects in a PDF by its classic cross-reference tables (ISO 32000-1, 7.5.4 to 7.5.6), for bytes that come from
 * strangers.  Borrows the bytes, allocates nothing; the work per look-up is bounded by the limits below.
 *
 * Not read: cross-reference streams, linearized files (their tables do not go backwards), encryption. */
#pragma once

#include "pdf_scan.h"

#define PDF_FILE_MAX_REVISIONS     32u
#define PDF_FILE_MAX_SUBSECTIONS   4096u        /* per revision */
#define PDF_FILE_MAX_TRAILER_BYTES (16u << 10)  /* its dictionary: /Size /Root /Info /ID /Prev */
#define PDF_FILE_MAX_OBJECT_BYTES  (256u << 10) /* of the objects that are looked up */

struct pdf_file {
    const unsigned char *bytes;
    size_t size;
    size_t xref;             /* offset of the newest table */
    struct pdf_span trailer; /* of the newest revision */
};

/* False when the newest cross-reference table cannot be found and read. */
bool pdf_file_open (struct pdf_file *file, const unsigned char *bytes, size_t size);

/* The object, in its newest version.  False when it is missing, free, or malformed. */
bool pdf_file_object (const struct pdf_file *file, struct pdf_reference reference, struct pdf_span *ret_object);

/* The value of a key, followed through one reference.  *ret_reference (may be NULL) is {0, 0} for a direct value. */
bool pdf_file_key (const struct pdf_file *file, struct pdf_span dictionary, const char *key, struct pdf_span *ret_value,
                   struct pdf_reference *ret_reference);
