/* The text of templates: a Pango-markup subset (b i u sub sup) with fields: "Nama: <b>{{applicant.name|upper}}</b>".
 *
 * A field is a dotted path into the data, {{path}}, {{path?}} (may be absent) or {{path|format}}.  Inside a repeated
 * part "item" is the element and "index" its number from 1.  This file reads text and puts escaped values into it; it
 * does not draw. */
#pragma once

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

/* What a template or its data may be refused for.  Functions return one of these, or a negative number when the
 * environment broke. */
enum template_verdict {
    TEMPLATE_OK,
    TEMPLATE_MALFORMED,      /* the template itself: shape, text, limits */
    TEMPLATE_FIELD_MISSING,  /* the data lacks a field that the template needs, or it is empty */
    TEMPLATE_FIELD_TYPE,     /* a field cannot be written in the asked format: not a date, not a whole number … */
    TEMPLATE_FIELD_UNSAFE,   /* control, bidirectional or invisible characters, or invalid UTF-8 */
    TEMPLATE_FIELD_TOO_LONG, /* over TEMPLATE_VALUE_MAX bytes, or a list over TEMPLATE_ITEMS_MAX */
    TEMPLATE_GLYPH_UNKNOWN,  /* the template's font cannot show a character */
    TEMPLATE_OVERFLOW,       /* something does not fit on a page, or too many pages */
    TEMPLATE_EMBLEM_UNFIT,   /* the emblem is no plain vector drawing that PDF/A-2 can hold */
};

enum { TEMPLATE_VALUE_MAX = 4000, TEMPLATE_ITEMS_MAX = 500, TEMPLATE_PATH_MAX = 96, TEMPLATE_NAME_MAX = 63 };

/* Where and why something was refused.  Each member may be empty. */
struct template_fault {
    char where[160];  /* the place in the template, as a JSON pointer */
    char field[128];  /* the data field concerned */
    char detail[200]; /* an Indonesian phrase for the person who keeps templates */
};

/* Fills the fault's detail (printf) unless an earlier reason stands, and returns the verdict. */
int template_refuse (struct template_fault *fault, enum template_verdict verdict, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));

enum template_format {
    TEMPLATE_PLAIN,
    TEMPLATE_DATE,     /* "2026-01-05" or a local timestamp: 5 Januari 2026 */
    TEMPLATE_DAY_DATE, /* Senin, 5 Januari 2026 */
    TEMPLATE_TIME,     /* a local timestamp: 08.30 */
    TEMPLATE_ROMAN_MONTH,
    TEMPLATE_NUMBER,     /* 1.250.000; fractions with at most two decimals: 3,5 */
    TEMPLATE_RUPIAH,     /* Rp 1.250.000 */
    TEMPLATE_RUPIAH_SEN, /* Rp 1.250.000,00 */
    TEMPLATE_TERBILANG,
    TEMPLATE_UPPER,
};

/* How text is written: with markup, or plain (the payload of a QR code: no tags, no entities). */
enum template_syntax { TEMPLATE_MARKUP, TEMPLATE_BARE };

enum template_piece_kind { TEMPLATE_LITERAL, TEMPLATE_TAG, TEMPLATE_FIELD };

struct template_piece {
    enum template_piece_kind kind;
    const char *start; /* literal (entities included) or tag, inside the text that was given */
    size_t length;
    char path[TEMPLATE_PATH_MAX]; /* of a field */
    bool is_optional;
    enum template_format format;
};

/* The next piece of a text; *cursor starts at the text's begin and advances.
 * Returns 1, 0 at the end, or -1 when the text is malformed (*ret_reason then says why, in Indonesian). */
int template_text_next (const char **cursor, enum template_syntax syntax, struct template_piece *ret_piece,
                        const char **ret_reason);

/* Checks a whole text: pieces, tags balanced, characters safe.  NULL or the reason. */
const char *template_text_check (const char *text, enum template_syntax syntax);

/* A dotted path of snake_case names: "applicant.name". */
bool template_is_path (const char *text, size_t length);

/* No controls (but \n where allowed), no bidirectional or invisible characters, valid UTF-8. */
bool template_is_safe (const char *text, size_t length, bool allows_newline);

/* The data that a text sees. */
struct template_scope {
    const json_t *data;
    const json_t *item; /* NULL outside a repeated part */
    const char *from;   /* the list's path, for messages */
    size_t index;       /* from 0 */
};

/* The value behind a path, or NULL (also for null). */
const json_t *template_scope_find (const struct template_scope *scope, const char *path);

/* Whether a condition holds: the field is there and not false, 0, "", [] or {}. */
bool template_scope_is_true (const struct template_scope *scope, const char *path);

/* Appends the text with its fields filled in; values are escaped in markup.  Returns a verdict. */
int template_text_fill (const char *text, enum template_syntax syntax, const struct template_scope *scope, GString *out,
                        struct template_fault *fault);

/* Names in fault->field the first field of the text whose value, as it is written, holds this character; none: it stands
 * in the text itself, and the fault stays as it is. */
void template_text_blame (const char *text, enum template_syntax syntax, const struct template_scope *scope,
                          unsigned character, struct template_fault *fault);

/* template_value.c: one value in one format, unescaped.  Returns a verdict; *ret_reason says what was expected. */
int template_value_write (const json_t *value, enum template_format format, GString *out, const char **ret_reason);
bool template_value_format_by_name (const char *name, size_t length, enum template_format *ret_format);
const char *template_value_format_name (enum template_format format);
