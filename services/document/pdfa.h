/* Turns cairo's PDF into PDF/A-2u (ISO 19005-2, level U): XMP metadata, output intent, language, /ID; a classic
 * cross-reference table, which the incremental writer of signatures wants.  Deterministic: same input, same bytes.  It
 * does not draw and does not sign. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct pdfa_info {
    const char *title, *author, *subject; /* UTF-8; NULL = none */
    int64_t created_at;                   /* Unix seconds */
    const char *icc_path;                 /* an sRGB profile; NULL = the one of Debian's libgs-common */
};

#define PDFA_ICC_DEFAULT "/usr/share/color/icc/ghostscript/srgb.icc"

/* 1; 0 when a page holds what this file keeps out of official letters (pictures, transparency, annotations: an emblem
 * may bring them in); negative when the environment broke (memory, libqpdf). */
int pdfa_is_fit (const unsigned char *pdf, size_t size);

/* 0 and malloc'ed bytes; negative when the environment broke (profile unreadable, memory, libqpdf), or when a page is
 * not fit, which the caller has found out before. */
int pdfa_convert (const unsigned char *pdf, size_t size, const struct pdfa_info *info, unsigned char **ret_pdf,
                  size_t *ret_size);
