/* The rules of the HTTP edge, see gateway.h. */
#include "gateway.h"

#include <string.h>
#include <strings.h>

static bool is_alnum (char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_among (char c, const char *set)
{
    return c != '\0' && strchr (set, c) != NULL;
}

/* RFC 9110 section 5.6.2 */
static bool is_token (const char *text)
{
    if (*text == '\0')
        return false;
    for (; *text; text++)
        if (!is_alnum (*text) && !is_among (*text, "!#$%&'*+-.^_`|~"))
            return false;
    return true;
}

static bool has_control (const char *text)
{
    for (; *text; text++)
        if (((unsigned char)*text < 0x20 && *text != '\t') || *text == 0x7f)
            return true;
    return false;
}

static void offend (struct head *head, enum head_verdict verdict)
{
    if (head->verdict == HEAD_OK)
        head->verdict = verdict;
}

/* 18 digits cannot overflow, and no body is that long. */
static bool read_length (const char *text, uint64_t *ret_length)
{
    uint64_t length = 0;
    size_t digits = strlen (text);
    if (digits < 1 || digits > 18)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        length = length * 10 + (uint64_t)(*text - '0');
    }
    *ret_length = length;
    return true;
}

void head_begin (struct head *head, const char *version)
{
    *head = (struct head){.verdict = HEAD_OK};
    head->is_old = strcmp (version, "HTTP/1.0") == 0;
    if (!head->is_old && strcmp (version, "HTTP/1.1") != 0)
        offend (head, HEAD_BAD_VERSION);
}

static void add_once (struct head *head, const char **field, const char *value)
{
    if (*field)
        offend (head, HEAD_REPEATED);
    *field = value;
}

void head_add (struct head *head, const char *name, const char *value)
{
    if (!value)
        value = "";
    if (!is_token (name))
        offend (head, HEAD_BAD_NAME);
    if (has_control (value))
        offend (head, HEAD_BAD_VALUE);
    if (strcasecmp (name, "Content-Length") == 0) {
        if (head->has_length)
            offend (head, HEAD_REPEATED);
        head->has_length = true;
        if (!read_length (value, &head->length))
            offend (head, HEAD_BAD_LENGTH);
    } else if (strcasecmp (name, "Transfer-Encoding") == 0) {
        if (head->is_chunked)
            offend (head, HEAD_REPEATED);
        head->is_chunked = true;
        if (strcasecmp (value, "chunked") != 0)
            offend (head, HEAD_BAD_ENCODING);
    } else if (strcasecmp (name, "Host") == 0)
        add_once (head, &head->host, value);
    else if (strcasecmp (name, "Content-Type") == 0)
        add_once (head, &head->content_type, value);
    else if (strcasecmp (name, "Authorization") == 0)
        add_once (head, &head->authorization, value);
    else if (strcasecmp (name, "Idempotency-Key") == 0)
        add_once (head, &head->idempotency_key, value);
    else if (strcasecmp (name, "X-Correlation-Id") == 0)
        add_once (head, &head->correlation, value);
    else if (strcasecmp (name, "X-Forwarded-For") == 0)
        head->forwarded_for = value;
    else if (strcasecmp (name, "traceparent") == 0) {
        head->traceparent = head->is_traced ? NULL : value;
        head->is_traced = true;
    }
}

enum head_verdict head_end (struct head *head)
{
    if (head->is_chunked && head->has_length)
        offend (head, HEAD_LENGTH_AND_ENCODING);
    if (head->is_chunked && head->is_old)
        offend (head, HEAD_BAD_ENCODING);
    return head->verdict;
}

const char *head_verdict_text (enum head_verdict verdict)
{
    switch (verdict) {
    case HEAD_OK:
        return "";
    case HEAD_BAD_VERSION:
        return "versi HTTP tidak didukung";
    case HEAD_BAD_NAME:
        return "nama tajuk tidak sah";
    case HEAD_BAD_VALUE:
        return "isi tajuk memuat karakter kendali";
    case HEAD_REPEATED:
        return "tajuk yang hanya boleh satu dikirim berulang";
    case HEAD_LENGTH_AND_ENCODING:
        return "Content-Length bersama Transfer-Encoding";
    case HEAD_BAD_LENGTH:
        return "Content-Length bukan bilangan";
    case HEAD_BAD_ENCODING:
        return "Transfer-Encoding tidak didukung";
    }
    return "";
}

bool is_json_type (const char *content_type)
{
    static const char json[] = "application/json";
    if (!content_type || strncasecmp (content_type, json, sizeof json - 1) != 0)
        return false;
    const char *rest = content_type + sizeof json - 1;
    rest += strspn (rest, " \t");
    if (*rest == '\0')
        return true;
    if (*rest++ != ';')
        return false;
    rest += strspn (rest, " \t");
    return strcasecmp (rest, "charset=utf-8") == 0 || strcasecmp (rest, "charset=\"utf-8\"") == 0;
}

bool is_idempotency_key (const char *text)
{
    size_t length = text ? strlen (text) : 0;
    if (length < 1 || length > GATEWAY_KEY_MOST)
        return false;
    for (; *text; text++)
        if (*text < 0x21 || *text > 0x7e)
            return false;
    return true;
}

/* Exactly `count` lower-case hexadecimal digits begin the text, and not all of them are zero. */
static bool has_hex (const char *text, size_t count, bool may_be_zero)
{
    return strspn (text, "0123456789abcdef") >= count && (may_be_zero || strspn (text, "0") < count);
}

/* version "-" trace-id "-" parent-id "-" flags; a later version may say more behind another "-". */
bool trace_id_of (const char *traceparent, char ret_id[GATEWAY_TRACE_SIZE])
{
    enum { AT_ID = 3, AT_PARENT = 36, AT_FLAGS = 53, WHOLE = 55 };
    const char *t = traceparent;
    ret_id[0] = '\0';
    if (!t || strlen (t) < WHOLE || !has_hex (t, 2, true) || strncmp (t, "ff", 2) == 0 || t[AT_ID - 1] != '-' ||
        !has_hex (t + AT_ID, 32, false) || t[AT_PARENT - 1] != '-' || !has_hex (t + AT_PARENT, 16, false) ||
        t[AT_FLAGS - 1] != '-' || !has_hex (t + AT_FLAGS, 2, true))
        return false;
    if (t[WHOLE] != '\0' && (t[WHOLE] != '-' || strncmp (t, "00", 2) == 0))
        return false;
    memcpy (ret_id, t + AT_ID, GATEWAY_TRACE_SIZE - 1);
    ret_id[GATEWAY_TRACE_SIZE - 1] = '\0';
    return true;
}

void trace_id_from_uuid (const char *uuid, char ret_id[GATEWAY_TRACE_SIZE])
{
    size_t used = 0;
    for (; *uuid && used < GATEWAY_TRACE_SIZE - 1; uuid++)
        if (*uuid != '-')
            ret_id[used++] = *uuid;
    ret_id[used] = '\0';
}

bool is_correlation (const char *text)
{
    size_t length = text ? strlen (text) : 0;
    if (length < 1 || length >= GATEWAY_CORRELATION_SIZE)
        return false;
    for (; *text; text++)
        if (!is_alnum (*text) && !is_among (*text, "._-"))
            return false;
    return true;
}

const char *bearer_token (const char *authorization)
{
    if (!authorization || strncasecmp (authorization, "Bearer ", 7) != 0)
        return NULL;
    const char *token = authorization + 7;
    token += strspn (token, " ");
    size_t length = strlen (token);
    if (length < 1 || length > GATEWAY_TOKEN_MOST)
        return NULL;
    for (const char *c = token; *c; c++)
        if (!is_alnum (*c) && !is_among (*c, "-._~+/="))
            return NULL;
    return token;
}

static bool is_plain_in_name (char c)
{
    return is_alnum (c) || is_among (c, " ._-()");
}

/* Room that is left for text before the closing quote and the NUL. */
static void append (char *value, size_t *used, const char *text, size_t size)
{
    if (*used + size + 2 > GATEWAY_DISPOSITION_SIZE)
        return;
    memcpy (value + *used, text, size);
    *used += size;
}

void disposition (const char *filename, char ret_value[GATEWAY_DISPOSITION_SIZE])
{
    enum { NAME_MOST = 100 };
    static const char hex[] = "0123456789ABCDEF";
    size_t used = 0, length = strnlen (filename, NAME_MOST);
    while (length > 0 && ((unsigned char)filename[length] & 0xc0) == 0x80)
        length--; /* cut between UTF-8 characters */
    bool is_plain = true;
    append (ret_value, &used, "inline; filename=\"", 18);
    for (size_t i = 0; i < length; i++) {
        is_plain = is_plain && is_plain_in_name (filename[i]);
        append (ret_value, &used, is_plain_in_name (filename[i]) ? &filename[i] : "_", 1);
    }
    append (ret_value, &used, "\"", 1);
    if (!is_plain) {
        append (ret_value, &used, "; filename*=UTF-8''", 19);
        for (size_t i = 0; i < length; i++) {
            unsigned char c = (unsigned char)filename[i];
            const char code[3] = {'%', hex[c >> 4], hex[c & 15]};
            bool is_bare = is_alnum (filename[i]) || is_among (filename[i], "._-");
            append (ret_value, &used, is_bare ? &filename[i] : code, is_bare ? 1 : 3);
        }
    }
    ret_value[used] = '\0';
}
