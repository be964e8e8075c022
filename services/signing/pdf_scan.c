/* Reads single PDF objects: see pdf_scan.h. */
#include "pdf_scan.h"

#include <string.h>

enum token {
    TOKEN_NONE, /* end or malformed */
    TOKEN_NUMBER,
    TOKEN_NAME,
    TOKEN_STRING,
    TOKEN_WORD,
    TOKEN_ARRAY_OPEN,
    TOKEN_ARRAY_CLOSE,
    TOKEN_DICTIONARY_OPEN,
    TOKEN_DICTIONARY_CLOSE
};

static bool is_space (unsigned char c)
{
    return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

static bool is_delimiter (unsigned char c)
{
    return c == '(' || c == ')' || c == '<' || c == '>' || c == '[' || c == ']' || c == '{' || c == '}' || c == '/' ||
           c == '%';
}

static void advance (struct pdf_span *rest, size_t count)
{
    rest->at += count;
    rest->size -= count;
}

bool pdf_span_equals (struct pdf_span span, const char *text)
{
    return span.size == strlen (text) && !memcmp (span.at, text, span.size);
}

void pdf_scan_blank (struct pdf_span *rest)
{
    bool in_comment = false;
    while (rest->size) {
        unsigned char c = *rest->at;
        if (c == '\n' || c == '\r')
            in_comment = false;
        else if (!in_comment && c == '%')
            in_comment = true;
        else if (!in_comment && !is_space (c))
            return;
        advance (rest, 1);
    }
}

/* Length of "(...)" at the front; 0 when it does not end. */
static size_t literal_length (struct pdf_span rest)
{
    size_t depth = 0;
    for (size_t i = 0; i < rest.size; i++) {
        if (rest.at[i] == '\\')
            i++;
        else if (rest.at[i] == '(')
            depth++;
        else if (rest.at[i] == ')' && !--depth)
            return i + 1;
    }
    return 0;
}

static size_t regular_length (struct pdf_span rest)
{
    size_t length = 0;
    while (length < rest.size && !is_space (rest.at[length]) && !is_delimiter (rest.at[length]))
        length++;
    return length;
}

/* The kind and length of the token at the front, which is not blank. */
static enum token classify (struct pdf_span rest, size_t *ret_length)
{
    bool is_doubled = rest.size > 1 && rest.at[0] == rest.at[1];
    const unsigned char *end;
    *ret_length = 1;
    switch (rest.at[0]) {
    case '[':
        return TOKEN_ARRAY_OPEN;
    case ']':
        return TOKEN_ARRAY_CLOSE;
    case '(':
        *ret_length = literal_length (rest);
        return *ret_length ? TOKEN_STRING : TOKEN_NONE;
    case '<':
        if (is_doubled) {
            *ret_length = 2;
            return TOKEN_DICTIONARY_OPEN;
        }
        end = memchr (rest.at, '>', rest.size);
        *ret_length = end ? (size_t)(end - rest.at) + 1 : 0;
        return end ? TOKEN_STRING : TOKEN_NONE;
    case '>':
        *ret_length = 2;
        return is_doubled ? TOKEN_DICTIONARY_CLOSE : TOKEN_NONE;
    case '/':
        *ret_length = 1 + regular_length ((struct pdf_span){rest.at + 1, rest.size - 1});
        return memchr (rest.at, '#', *ret_length) ? TOKEN_NONE : TOKEN_NAME;
    default:
        *ret_length = regular_length (rest);
        if (!*ret_length)
            return TOKEN_NONE;
        return strchr ("+-.0123456789", rest.at[0]) ? TOKEN_NUMBER : TOKEN_WORD;
    }
}

static enum token next_token (struct pdf_span *rest, struct pdf_span *ret_token)
{
    size_t length;
    pdf_scan_blank (rest);
    if (!rest->size)
        return TOKEN_NONE;
    enum token token = classify (*rest, &length);
    if (token == TOKEN_NONE)
        return token;
    *ret_token = (struct pdf_span){rest->at, length};
    advance (rest, length);
    return token;
}

/* After an opening bracket: runs to the end of what it opened. */
static bool skip_to_close (struct pdf_span *rest, enum token opening)
{
    enum token open[PDF_SCAN_MAX_DEPTH] = {opening};
    size_t depth = 1;
    struct pdf_span token;
    while (depth) {
        enum token kind = next_token (rest, &token);
        if (kind == TOKEN_NONE)
            return false;
        if (kind == TOKEN_ARRAY_OPEN || kind == TOKEN_DICTIONARY_OPEN) {
            if (depth == PDF_SCAN_MAX_DEPTH)
                return false;
            open[depth++] = kind;
        } else if (kind == TOKEN_ARRAY_CLOSE || kind == TOKEN_DICTIONARY_CLOSE) {
            enum token wanted = kind == TOKEN_ARRAY_CLOSE ? TOKEN_ARRAY_OPEN : TOKEN_DICTIONARY_OPEN;
            if (open[--depth] != wanted)
                return false;
        }
    }
    return true;
}

/* A number may be the beginning of a reference: takes "generation R" as well when it follows. */
static void take_rest_of_reference (struct pdf_span *rest)
{
    struct pdf_span ahead = *rest, token;
    if (next_token (&ahead, &token) == TOKEN_NUMBER && next_token (&ahead, &token) == TOKEN_WORD &&
        pdf_span_equals (token, "R"))
        *rest = ahead;
}

bool pdf_scan_object (struct pdf_span *rest, struct pdf_span *ret_object)
{
    struct pdf_span token = {0};
    enum token kind = next_token (rest, &token);
    const unsigned char *begin = token.at;
    switch (kind) {
    case TOKEN_NONE:
    case TOKEN_ARRAY_CLOSE:
    case TOKEN_DICTIONARY_CLOSE:
        return false;
    case TOKEN_ARRAY_OPEN:
    case TOKEN_DICTIONARY_OPEN:
        if (!skip_to_close (rest, kind))
            return false;
        break;
    case TOKEN_NUMBER:
        take_rest_of_reference (rest);
        break;
    case TOKEN_NAME:
    case TOKEN_STRING:
    case TOKEN_WORD:
        break;
    }
    *ret_object = (struct pdf_span){begin, (size_t)(rest->at - begin)};
    return true;
}

bool pdf_scan_key (struct pdf_span dictionary, const char *key, struct pdf_span *ret_value)
{
    struct pdf_span found = {0}, rest = dictionary, token, value;
    if (next_token (&rest, &token) != TOKEN_DICTIONARY_OPEN)
        return false;
    for (;;) {
        enum token kind = next_token (&rest, &token);
        if (kind == TOKEN_DICTIONARY_CLOSE) {
            *ret_value = found;
            return true;
        }
        if (kind != TOKEN_NAME || !pdf_scan_object (&rest, &value))
            return false;
        if (!pdf_span_equals (token, key))
            continue;
        if (found.at)
            return false;
        found = value;
    }
}

bool pdf_scan_integer (struct pdf_span value, uint64_t *ret_integer)
{
    uint64_t integer = 0;
    if (!value.size || value.size > 10)
        return false; /* ten digits: as far as a cross-reference table reaches */
    for (size_t i = 0; i < value.size; i++) {
        if (value.at[i] < '0' || value.at[i] > '9')
            return false;
        integer = integer * 10 + (value.at[i] - '0');
    }
    *ret_integer = integer;
    return true;
}

bool pdf_scan_reference (struct pdf_span value, struct pdf_reference *ret_reference)
{
    uint64_t id, generation;
    struct pdf_span token;
    if (next_token (&value, &token) != TOKEN_NUMBER || !pdf_scan_integer (token, &id) || id > UINT32_MAX ||
        next_token (&value, &token) != TOKEN_NUMBER || !pdf_scan_integer (token, &generation) ||
        generation > UINT32_MAX || !pdf_scan_keyword (&value, "R") || value.size)
        return false;
    *ret_reference = (struct pdf_reference){(uint32_t)id, (uint32_t)generation};
    return true;
}

bool pdf_scan_integers (struct pdf_span array, uint64_t *ret_integers, size_t count)
{
    struct pdf_span token;
    if (next_token (&array, &token) != TOKEN_ARRAY_OPEN)
        return false;
    for (size_t i = 0; i < count; i++)
        if (next_token (&array, &token) != TOKEN_NUMBER || !pdf_scan_integer (token, &ret_integers[i]))
            return false;
    return next_token (&array, &token) == TOKEN_ARRAY_CLOSE && !array.size;
}

bool pdf_scan_only_element (struct pdf_span array, struct pdf_span *ret_element)
{
    struct pdf_span token;
    return next_token (&array, &token) == TOKEN_ARRAY_OPEN && pdf_scan_object (&array, ret_element) &&
           next_token (&array, &token) == TOKEN_ARRAY_CLOSE && !array.size;
}

bool pdf_scan_keyword (struct pdf_span *rest, const char *keyword)
{
    struct pdf_span ahead = *rest, token;
    if (next_token (&ahead, &token) != TOKEN_WORD || !pdf_span_equals (token, keyword))
        return false;
    *rest = ahead;
    return true;
}
