/* The shape of templates as tables: which blocks there are, their members, types and ranges.  template.c walks along
 * them. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

enum kind {
    KIND_TEXT,    /* markup with fields */
    KIND_TEXTS,   /* array of those */
    KIND_ROWS,    /* array of arrays of those */
    KIND_PAYLOAD, /* bare text with fields */
    KIND_WORD,    /* bare text without fields */
    KIND_FIELD,   /* path of a value that may be absent */
    KIND_FROM,    /* path of a list; the texts beside it see "item" and "index" */
    KIND_NUMBER,
    KIND_FLAG,
    KIND_CHOICE,
    KIND_OBJECT,
    KIND_OBJECTS,
    KIND_BLOCKS,
};

struct shape;

struct member {
    const char *name;
    enum kind kind;
    bool is_required;
    double min, max;            /* NUMBER: the value; OBJECTS, TEXTS, ROWS: the count */
    const char *const *choices; /* CHOICE: ends with NULL */
    const struct shape *shape;  /* OBJECT, OBJECTS */
};

struct shape {
    const char *type; /* of a block */
    const struct member *members;
};

extern const struct shape template_shape_root;

/* The shape of a block by its "type", or NULL. */
const struct shape *template_shape_of_block (const json_t *block);

/* A member by its name, or NULL. */
const struct member *template_shape_member (const struct shape *shape, const char *name);

/* What the tables cannot say: members that need or exclude each other.  NULL or the reason, in Indonesian. */
const char *template_shape_conflict (const struct shape *shape, const json_t *object);
