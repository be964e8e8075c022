/* Appends one revision to a PDF: ISO 32000-1, 7.5.6, incremental updates with a classic cross-reference table.
 *
 * libqpdf parses the existing file but cannot write incrementally, so the objects are written here as text.  Knows
 * catalog, first page and objects; knows nothing of signatures.
 *
 * Order of calls: new, then objects (pdf_append_object ... pdf_append_end, pdf_append_catalog, pdf_append_page),
 * finish. */
#pragma once

#include "pades.h"
#include <stdio.h>

#define PDF_APPEND_MAX_OBJECTS 8u

typedef struct _pdf_append_t pdf_append_t;

/* Parses pdf, which stays the caller's and must outlive the object.  Answers PADES_SIGNED for "fit to be appended to",
 * another enum pades_verdict as refusal, or a negative errno. */
int pdf_append_new (pdf_append_t **ret, const unsigned char *pdf, size_t size);
void pdf_append_destroy (pdf_append_t **self);

/* The next free object number. */
int pdf_append_new_id (pdf_append_t *self);

/* Begins object id; the body is written to the stream that is returned, then pdf_append_end (). */
FILE *pdf_append_object (pdf_append_t *self, int id);
void pdf_append_end (pdf_append_t *self);

/* Writes utf8 as a PDF text string (ISO 32000-1, 7.9.2.2) into the object that is being written. */
void pdf_append_text (pdf_append_t *self, const char *utf8);

/* Where the next byte goes, counted from the file's beginning; negative when memory has run out. */
long pdf_append_offset (pdf_append_t *self);

/* The catalog once more, with extra entries at its end. */
void pdf_append_catalog (pdf_append_t *self, const char *entries);

/* The object number of the first page. */
int pdf_append_page_id (const pdf_append_t *self);

/* The first page once more, with one annotation more. */
void pdf_append_page (pdf_append_t *self, int annotation_id);

/* Writes cross-reference table and trailer.  *ret: the whole file, freed by the caller with free ().  0 or -ENOMEM. */
int pdf_append_finish (pdf_append_t *self, unsigned char **ret, size_t *ret_size);
