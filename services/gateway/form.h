/* The form of a page that brings a file (RFC 7578): takes the bytes of its one field "file" out of multipart/form-data
 * into an upload.  libmicrohttpd's post processor does the parsing; it does not ask the archive: that is exchange.c. */
#pragma once

#include "upload.h"

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

/* What the parser may hand out beyond the bytes that it was given; room that the upload must have to spare. */
#define FORM_SLACK 4096

typedef struct form form_t;

/* multipart/form-data, with parameters. */
bool is_form_type (const char *content_type);

/* The upload is borrowed and must outlive the form.  NULL when there is no memory or the boundary is unusable. */
form_t *form_new (struct MHD_Connection *connection, struct upload *upload);
void form_destroy (form_t **form);

/* Takes bytes of the body, fewer than `size` when the upload is full: then it has to be advanced first.  Returns how
 * many, or -1 when this is no form with one file. */
ssize_t form_take (form_t *form, const char *data, size_t size);
bool form_is_full (const form_t *form);
/* After the last byte: did the form end as it should?  May be asked again. */
bool form_end (form_t *form);
