/* JSON at the edge: strict parsing of what comes from outside, and small readers for values that a schema has already
 * accepted.  Jansson holds the trees; this file adds the bounds that Jansson lacks.  It is not a schema (schema.h). */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A JSON file that tools/embed_json.py put into the program; a list ends with a NULL name. */
struct embedded_json {
    const char *name; /* the file's stem */
    const char *text;
};

/* What one text may hold.  A zero means "the default's value". */
struct json_limits {
    size_t bytes;        /* of the whole text */
    size_t depth;        /* of nested arrays and objects; at most JSON_DEPTH_MAX */
    size_t members;      /* of one array or one object */
    size_t string_bytes; /* of one string or key, decoded */
    bool printable;      /* every string is one line that documents can print: text_is_printable () */
};

#define JSON_DEPTH_MAX 64

/* 1 MiB, 32 deep, 1,000 members, 64 KiB per string. */
extern const struct json_limits json_limits_default;

enum json_fault_kind {
    JSON_FAULT_NONE,
    JSON_FAULT_MALFORMED,
    JSON_FAULT_TOO_DEEP,
    JSON_FAULT_TOO_LARGE, /* the text, a string, or the number of members */
    JSON_FAULT_DUPLICATE_KEY,
    JSON_FAULT_INVALID_UTF8,
    JSON_FAULT_FORBIDDEN_CHARACTER, /* see text.h; also the escape \u0000 */
    JSON_FAULT_NUMBER_OUT_OF_RANGE, /* an integer beyond int64, a real beyond a finite double */
    JSON_FAULT_KINDS
};

#define JSON_POINTER_SIZE 256

/* Where the text was refused.  A fault that concerns the syntax has a position; one that concerns a value, a pointer.
 */
struct json_fault {
    enum json_fault_kind kind;
    size_t position;                 /* byte offset, 0 where unknown */
    char pointer[JSON_POINTER_SIZE]; /* RFC 6901, "" for the root or where unknown, cut between characters if long */
};

/* Parses a text from outside; a whole number written as 14.0 becomes the integer 14.  Any JSON value may stand at the top.  `limits` may be NULL for the defaults, `ret_fault`
 * may be NULL.  The depth is known before Jansson recurses.  Returns a new reference, or NULL with the fault. */
json_t *json_parse_strict (const char *text, size_t size, const struct json_limits *limits,
                           struct json_fault *ret_fault);

/* "malformed", "too_deep", ...: for codes and logs. */
const char *json_fault_name (enum json_fault_kind kind);

/* Appends "/name" to a pointer, with "~" and "/" escaped as RFC 6901 says; cut between characters when it is full. */
void json_pointer_push (char pointer[JSON_POINTER_SIZE], const char *name);

/* Readers.  An absent member, a member of another type and a parent that is no object read the same: NULL or fallback.
 * What they return is borrowed from the tree. */
const char *json_text (const json_t *object, const char *key);
int64_t json_int (const json_t *object, const char *key, int64_t fallback);
bool json_flag (const json_t *object, const char *key, bool fallback);

/* The same by a path of keys, "applicant.address.village"; at most 63 bytes per key. */
json_t *json_at (const json_t *object, const char *path);
const char *json_text_at (const json_t *object, const char *path);
