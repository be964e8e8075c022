/* Three passes: one over the bytes for the depth, before anything recurses; Jansson's for the syntax; one over the tree
 * for characters and sizes, where the place can be named by a JSON Pointer. */
#include "common/json.h"

#include "common/text.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

const struct json_limits json_limits_default = {
    .bytes = 1024 * 1024, .depth = 32, .members = 1000, .string_bytes = 64 * 1024};

static const char *const fault_names[JSON_FAULT_KINDS] = {
    [JSON_FAULT_NONE] = "none",
    [JSON_FAULT_MALFORMED] = "malformed",
    [JSON_FAULT_TOO_DEEP] = "too_deep",
    [JSON_FAULT_TOO_LARGE] = "too_large",
    [JSON_FAULT_DUPLICATE_KEY] = "duplicate_key",
    [JSON_FAULT_INVALID_UTF8] = "invalid_utf8",
    [JSON_FAULT_FORBIDDEN_CHARACTER] = "forbidden_character",
    [JSON_FAULT_NUMBER_OUT_OF_RANGE] = "number_out_of_range",
};

const char *json_fault_name (enum json_fault_kind kind)
{
    assert (kind < JSON_FAULT_KINDS);
    return fault_names[kind];
}

void json_pointer_push (char pointer[JSON_POINTER_SIZE], const char *name)
{
    size_t used = strlen (pointer);
    const char *end = name + strlen (name);
    if (used + 1 < JSON_POINTER_SIZE) {
        pointer[used++] = '/';
    }
    while (name < end) {
        bool escaped = *name == '~' || *name == '/';
        size_t length = 1; /* of this character; an escape is written with two bytes */
        while (name + length < end && ((unsigned char)name[length] & 0xc0) == 0x80) {
            length++;
        }
        if (used + length + escaped >= JSON_POINTER_SIZE) {
            break;
        }
        if (escaped) {
            pointer[used++] = '~';
            pointer[used++] = *name == '~' ? '0' : '1';
        } else {
            memcpy (pointer + used, name, length);
            used += length;
        }
        name += length;
    }
    pointer[used] = '\0';
}

static enum json_fault_kind refuse (struct json_fault *fault, enum json_fault_kind kind, size_t position)
{
    fault->kind = kind;
    fault->position = position;
    return kind;
}

/* Position behind the string that starts at `at`, or `size` when it does not end. */
static size_t skip_string (const char *text, size_t size, size_t at)
{
    for (at++; at < size && text[at] != '"'; at++) {
        if (text[at] == '\\') {
            at++;
        }
    }
    return at < size ? at + 1 : size;
}

/* Brackets need not match: that is for Jansson to say. */
static enum json_fault_kind check_depth (const char *text, size_t size, size_t limit, struct json_fault *fault)
{
    size_t depth = 0;
    for (size_t at = 0; at < size;) {
        if (text[at] == '"') {
            at = skip_string (text, size, at);
            continue;
        }
        if (text[at] == '{' || text[at] == '[') {
            if (++depth > limit) {
                return refuse (fault, JSON_FAULT_TOO_DEEP, at);
            }
        } else if ((text[at] == '}' || text[at] == ']') && depth > 0) {
            depth--;
        }
        at++;
    }
    return JSON_FAULT_NONE;
}

/* Of Jansson's codes four have a name of their own here; the rest says that the text is no JSON. */
static enum json_fault_kind kind_of (const json_error_t *error)
{
    int code = json_error_code (error);
    if (code == json_error_duplicate_key) {
        return JSON_FAULT_DUPLICATE_KEY;
    }
    if (code == json_error_invalid_utf8) {
        return JSON_FAULT_INVALID_UTF8;
    }
    if (code == json_error_numeric_overflow) {
        return JSON_FAULT_NUMBER_OUT_OF_RANGE;
    }
    if (code == json_error_null_character || code == json_error_null_byte_in_key) {
        return JSON_FAULT_FORBIDDEN_CHARACTER;
    }
    return JSON_FAULT_MALFORMED;
}

static enum json_fault_kind check_string (const char *text, size_t size, const struct json_limits *limits,
                                          struct json_fault *fault)
{
    if (size > limits->string_bytes) {
        return refuse (fault, JSON_FAULT_TOO_LARGE, 0);
    }
    switch (limits->printable ? text_check_printable (text, size, NULL) : text_check (text, size, NULL)) {
    case TEXT_OK:
        return JSON_FAULT_NONE;
    case TEXT_INVALID_UTF8:
        return refuse (fault, JSON_FAULT_INVALID_UTF8, 0);
    case TEXT_FORBIDDEN:
        return refuse (fault, JSON_FAULT_FORBIDDEN_CHARACTER, 0);
    }
    assert (false);
    return JSON_FAULT_MALFORMED;
}

/* Recursion is bounded: check_depth () has been here.  On a fault the pointer stays at its place. */
static enum json_fault_kind check_value (json_t *value, const struct json_limits *limits, struct json_fault *fault);

/* JSON has one kind of number: 14.0 is the integer 14 (JSON Schema says so too), and must not be read as "none" by a reader
 * of integers.  The integer to put in place, or NULL. */
static json_t *integer_of (const json_t *value)
{
    double number = json_real_value (value);
    bool whole = json_is_real (value) && number >= -9007199254740992.0 && number <= 9007199254740992.0 &&
                 number == (double)(json_int_t)number;
    return whole ? json_integer ((json_int_t)number) : NULL;
}

static enum json_fault_kind check_array (json_t *array, const struct json_limits *limits, struct json_fault *fault)
{
    size_t pointer_length = strlen (fault->pointer), index;
    json_t *item;
    json_array_foreach (array, index, item)
    {
        char name[24];
        snprintf (name, sizeof name, "%zu", index);
        json_pointer_push (fault->pointer, name);
        if (check_value (item, limits, fault) != JSON_FAULT_NONE) {
            return fault->kind;
        }
        fault->pointer[pointer_length] = '\0';
        json_t *integer = integer_of (item);
        if (integer) {
            json_array_set_new (array, index, integer);
        }
    }
    return JSON_FAULT_NONE;
}

static enum json_fault_kind check_object (json_t *object, const struct json_limits *limits, struct json_fault *fault)
{
    size_t pointer_length = strlen (fault->pointer);
    const char *key;
    json_t *member;
    json_object_foreach (object, key, member)
    {
        /* A forbidden key is not repeated in the answer: the pointer names its object. */
        if (check_string (key, strlen (key), limits, fault) != JSON_FAULT_NONE) {
            return fault->kind;
        }
        json_pointer_push (fault->pointer, key);
        if (check_value (member, limits, fault) != JSON_FAULT_NONE) {
            return fault->kind;
        }
        fault->pointer[pointer_length] = '\0';
        json_t *integer = integer_of (member);
        if (integer) {
            json_object_set_new (object, key, integer); /* an existing key: the iteration goes on undisturbed */
        }
    }
    return JSON_FAULT_NONE;
}

static enum json_fault_kind check_value (json_t *value, const struct json_limits *limits, struct json_fault *fault)
{
    switch (json_typeof (value)) {
    case JSON_OBJECT:
        return json_object_size (value) > limits->members ? refuse (fault, JSON_FAULT_TOO_LARGE, 0)
                                                          : check_object (value, limits, fault);
    case JSON_ARRAY:
        return json_array_size (value) > limits->members ? refuse (fault, JSON_FAULT_TOO_LARGE, 0)
                                                         : check_array (value, limits, fault);
    case JSON_STRING:
        return check_string (json_string_value (value), json_string_length (value), limits, fault);
    case JSON_INTEGER:
    case JSON_REAL:
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL:
        return JSON_FAULT_NONE;
    }
    assert (false);
    return JSON_FAULT_MALFORMED;
}

static struct json_limits complete (const struct json_limits *limits)
{
    struct json_limits all = limits ? *limits : json_limits_default;
    all.bytes = all.bytes ? all.bytes : json_limits_default.bytes;
    all.depth = all.depth ? all.depth : json_limits_default.depth;
    all.members = all.members ? all.members : json_limits_default.members;
    all.string_bytes = all.string_bytes ? all.string_bytes : json_limits_default.string_bytes;
    assert (all.depth <= JSON_DEPTH_MAX);
    assert (all.bytes <= INT_MAX); /* Jansson's positions are ints */
    return all;
}

json_t *json_parse_strict (const char *text, size_t size, const struct json_limits *limits,
                           struct json_fault *ret_fault)
{
    const struct json_limits all = complete (limits);
    struct json_fault local, *fault = ret_fault ? ret_fault : &local;
    *fault = (struct json_fault){.kind = JSON_FAULT_NONE};
    if (size > all.bytes) {
        refuse (fault, JSON_FAULT_TOO_LARGE, all.bytes);
        return NULL;
    }
    if (check_depth (text, size, all.depth, fault) != JSON_FAULT_NONE) {
        return NULL;
    }
    json_error_t error;
    json_t *value = json_loadb (text, size, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);
    if (!value) {
        refuse (fault, kind_of (&error), error.position > 0 ? (size_t)error.position : 0);
        return NULL;
    }
    if (check_value (value, &all, fault) != JSON_FAULT_NONE) {
        json_decref (value);
        return NULL;
    }
    return value;
}

const char *json_text (const json_t *object, const char *key)
{
    return json_string_value (json_object_get (object, key));
}

int64_t json_int (const json_t *object, const char *key, int64_t fallback)
{
    const json_t *member = json_object_get (object, key);
    return json_is_integer (member) ? json_integer_value (member) : fallback;
}

bool json_flag (const json_t *object, const char *key, bool fallback)
{
    const json_t *member = json_object_get (object, key);
    return json_is_boolean (member) ? json_is_true (member) : fallback;
}

json_t *json_at (const json_t *object, const char *path)
{
    json_t *found = NULL;
    for (;;) {
        char key[64];
        size_t length = strcspn (path, ".");
        assert (length < sizeof key);
        memcpy (key, path, length);
        key[length] = '\0';
        found = json_object_get (object, key);
        if (!found || path[length] == '\0') {
            return found;
        }
        object = found;
        path += length + 1;
    }
}

const char *json_text_at (const json_t *object, const char *path)
{
    return json_string_value (json_at (object, path));
}
