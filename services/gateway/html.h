/* What every page for citizens is made of: HTML5 that any old phone shows, without script, with one small style that
 * the content security policy knows by its hash.  Which page says what is page.h's business.
 *
 * All functions append to `out`; values are escaped, labels and headings are the program's own text and are not. */
#pragma once

#include <stdio.h>

/* Content-Security-Policy of a page: nothing but this one style, and forms that lead back here. */
#define HTML_POLICY                                                                                                    \
    "default-src 'none'; style-src '" HTML_STYLE_HASH "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
/* SHA-256 of html_style in base64; the unit test names the right one when the style was changed. */
#define HTML_STYLE_HASH "sha256-7kHxlNmzCAbGDimgGgmgk7i1MvOpBvQw8fyyslyrA8I="

extern const char html_style[]; /* html_style.c */

/* How a verdict is coloured; its words say the same. */
enum html_tone { TONE_PLAIN, TONE_GOOD, TONE_BAD, TONE_OPEN };

enum html_look {
    LOOK_PAGE,
    LOOK_PRIVATE, /* search engines keep nothing of it */
    LOOK_BOARD,   /* to be printed, on A3 */
};

/* From the doctype to the open <main>.  `title` is a value. */
void html_begin (FILE *out, const char *title, enum html_look look);
/* Closes what html_begin () opened; `correlation`, when not NULL, is what the citizen may name to the office. */
void html_end (FILE *out, const char *correlation);

/* The text, escaped for content and for quoted attributes.  NULL is nothing. */
void html_text (FILE *out, const char *value);
/* The text as an island of its own writing direction, for values in the midst of other words. */
void html_island (FILE *out, const char *value);
/* <h1> */
void html_verdict (FILE *out, enum html_tone tone, const char *words);
void html_paragraph (FILE *out, const char *words);
/* RFC 3339 in the office's local time, "22 November 2026 pukul 10.15 WIB"; what is no moment is shown as it is. */
void html_moment (FILE *out, const char *moment);
/* A row of a <dl>; nothing when the value is NULL or empty. */
void html_row (FILE *out, const char *label, const char *value);
/* The same with a date ("2026-11-23" → "23 November 2026"), or a moment as html_moment () writes it. */
void html_row_date (FILE *out, const char *label, const char *date);
void html_row_moment (FILE *out, const char *label, const char *moment);
/* A labelled text field that must be filled in; `value` may be NULL. */
void html_field (FILE *out, const char *name, const char *label, int most, const char *value);
/* A QR code of at most 200 bytes as a drawing; nothing when it cannot be made.  html_qr.c. */
void html_qr (FILE *out, const char *payload, const char *label);
