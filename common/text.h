/* Which text may enter the system: valid UTF-8 (RFC 3629) without characters that hide or reorder what an officer
 * reads. Pure.  It knows nothing of JSON, SQL or HTML. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum text_verdict {
    TEXT_OK,
    TEXT_INVALID_UTF8, /* overlong, surrogate, above U+10FFFF, cut short, stray byte */
    TEXT_FORBIDDEN,    /* a character that text_is_forbidden () names */
};

/* C0 controls other than tab and line feed, DEL, C1 controls, the bidirectional controls U+061C U+200E U+200F
 * U+202A-202E U+2066-2069 (they make a name read otherwise than it is stored), U+FEFF, the noncharacters. */
bool text_is_forbidden (uint32_t code_point);

/* What every document font of this product can print, on one line: Latin letters with the accents of Europe's languages, digits,
 * punctuation and the signs that offices use.  No line break, no tab, no invisible character, no emoji, no other script: a name
 * that cannot be printed would stop a case on its last metres.  (test_printable.c holds the fonts to it.) */
bool text_is_printable (uint32_t code_point);

/* Checks `size` bytes (a NUL among them is forbidden).  The verdict concerns the first offence; `ret_position`, which
 * may be NULL, is its byte offset, or `size` when all is well. */
enum text_verdict text_check (const char *text, size_t size, size_t *ret_position);

/* The same, and every character must be printable. */
enum text_verdict text_check_printable (const char *text, size_t size, size_t *ret_position);

/* Length in code points of valid UTF-8. */
size_t text_length (const char *text, size_t size);

/* The greatest n <= `limit` such that the first n bytes of valid UTF-8 end between characters. */
size_t text_cut (const char *text, size_t size, size_t limit);
