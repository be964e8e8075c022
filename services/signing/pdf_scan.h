/* Reads single PDF objects (ISO 32000-1, 7.2 and 7.3) out of bytes that come from strangers.
 *
 * No allocation, no recursion: every call is one pass over the bytes that it is given, nesting is counted up to
 * PDF_SCAN_MAX_DEPTH.  Stricter than the standard where tolerance would let two readers see two things: a key that
 * comes twice and a name with #-escapes make the whole dictionary unreadable.  Streams are not read: nothing here needs
 * their bytes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PDF_SCAN_MAX_DEPTH 32u

/* Borrowed bytes. */
struct pdf_span {
    const unsigned char *at;
    size_t size;
};

struct pdf_reference {
    uint32_t id, generation;
};

/* Takes one object from the front of *rest: number, name, string, array, dictionary, reference or keyword. */
bool pdf_scan_object (struct pdf_span *rest, struct pdf_span *ret_object);

/* The value of a key ("/Name") of a dictionary that pdf_scan_object () gave.  False when the dictionary is malformed;
 * a missing key gives an empty span. */
bool pdf_scan_key (struct pdf_span dictionary, const char *key, struct pdf_span *ret_value);

/* "12 0 R" that fills the span. */
bool pdf_scan_reference (struct pdf_span value, struct pdf_reference *ret_reference);

/* A non-negative integer that fills the span. */
bool pdf_scan_integer (struct pdf_span value, uint64_t *ret_integer);

/* Exactly count non-negative integers between brackets. */
bool pdf_scan_integers (struct pdf_span array, uint64_t *ret_integers, size_t count);

/* An array of exactly one element. */
bool pdf_scan_only_element (struct pdf_span array, struct pdf_span *ret_element);

bool pdf_span_equals (struct pdf_span span, const char *text);

/* White space and comments at the front. */
void pdf_scan_blank (struct pdf_span *rest);

/* Takes a keyword at the front, e.g. "obj". */
bool pdf_scan_keyword (struct pdf_span *rest, const char *keyword);
