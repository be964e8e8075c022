/* Draws a template with its data as a PDF/A-2u: the same template, data, options, fonts and libraries give the same
 * bytes, also in another process, so that what somebody saw can be proven later.  No database, no network, no clock; it
 * reads fonts and the colour profile.
 *
 * Threads may render at the same time; each keeps its own font cache. */
#pragma once

#include "template.h"

#include <stddef.h>
#include <stdint.h>

struct render_options {
    const char *title, *author, *subject; /* document properties, UTF-8; NULL = none */
    int64_t created_at;                   /* Unix seconds; becomes the document's creation date */
    const char *watermark;                /* "PRATINJAU", "DRAF": light grey across each page; NULL = none */
    const char *icc_path;                 /* sRGB profile; NULL = PDFA_ICC_DEFAULT */
};

struct render_output {
    unsigned char *bytes; /* free () */
    size_t size;
    unsigned pages;
};

/* TEMPLATE_OK with the output; another template_verdict with the fault (output empty); negative when the environment
 * broke: the template's font or the colour profile is not installed, memory ran out. */
int render_pdf (const json_t *template_json, const json_t *data, const struct render_options *options,
                struct render_output *ret_output, struct template_fault *ret_fault);

/* The verdict and the fault that render_pdf () would give, at a fourth of its price: the pages are laid out and not
 * drawn.  The colour profile is not looked at. */
int render_check (const json_t *template_json, const json_t *data, struct template_fault *ret_fault);
