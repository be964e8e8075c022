/* Questions to other services, their refusals passed on in their own words; and rendering with its refusals. */
#pragma once

#include "common/service.h"
#include "render.h"

/* 1: *ret_body is the answer (a new reference); 0: refused, in the words of the service that was asked; negative.
 * Takes `params`. */
int document_ask (struct call *call, const char *method, json_t *params, json_t **ret_body);
int document_ask_case (struct call *call, const char *application, json_t **ret_case);
/* `on`: YYYY-MM-DD. */
int document_ask_signer (struct call *call, const char *kecamatan, const char *on, json_t **ret_signer);

struct document_paper {
    const json_t *template, *data;
    const char *title, *watermark; /* watermark NULL: none */
    int64_t created_ms;
};
/* 1: the bytes are the caller's (free ()); 0: it cannot be printed, *ret_fault says why; negative. */
int document_draw (const struct document_paper *paper, void **ret_bytes, size_t *ret_size,
                   struct template_fault *ret_fault);
/* "signer.name: huruf U+1F600 tidak ada dalam font": the field, or the place in the template; never a value. */
#define DOCUMENT_FAULT_SIZE 400
void document_fault_text (const struct template_fault *fault, char ret_text[DOCUMENT_FAULT_SIZE]);
/* The same with the refusal as the answer (document_unprintable, with the field). */
int document_render (struct call *call, const struct document_paper *paper, void **ret_bytes, size_t *ret_size);
/* What document_render () would refuse, refused without drawing.  1: it can be printed; 0: refused; negative. */
int document_check (struct call *call, const json_t *template, const json_t *data);
/* The same as the answer to a query: "prefix-number.pdf". */
int document_reply_pdf (struct call *call, const struct document_paper *paper, const char *prefix, const char *number);

/* Today's local date. */
#define DOCUMENT_DATE_SIZE 11
void document_today (const struct call *call, char ret_date[DOCUMENT_DATE_SIZE]);
