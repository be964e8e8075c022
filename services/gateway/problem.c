/* Problem documents, see problem.h. */
#include "problem.h"

#include "common/auto.h"

#include <jansson.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { DETAIL_SIZE = 512, PAIRS_MOST = 4 };

struct pair {
    const char *name, *value;
};

static const char *value_of (const struct pair *pairs, const char *name, size_t size)
{
    for (const struct pair *pair = pairs; pair->name; pair++)
        if (strlen (pair->name) == size && memcmp (pair->name, name, size) == 0)
            return pair->value;
    return "";
}

/* A sentence of the registry with its placeholders filled; cut when it is full (values are short and our own). */
static void fill (const char *sentence, const struct pair *pairs, char detail[DETAIL_SIZE])
{
    size_t used = 0;
    while (*sentence) {
        const char *piece = sentence, *end = *sentence == '{' ? strchr (sentence, '}') : NULL;
        size_t size = 1;
        sentence++;
        if (end) {
            piece = value_of (pairs, sentence, (size_t)(end - sentence));
            size = strlen (piece);
            sentence = end + 1;
        }
        if (used + size >= DETAIL_SIZE)
            break;
        memcpy (detail + used, piece, size);
        used += size;
    }
    detail[used] = '\0';
}

int problem_retry_after (const char *text, size_t size)
{
    json_auto_t *problem = json_loadb (text, size, 0, NULL);
    json_int_t seconds = json_integer_value (json_object_get (problem, "retry_after_s"));
    return seconds > 0 && seconds <= 86400 ? (int)seconds : 0;
}

int problem_status (enum error_code code)
{
    return error_registry[code].status;
}

/* What every document has; `code` is a text of the registry. */
static int frame (json_t *problem, const char *code, int status, const char *correlation)
{
    json_auto_t *type = json_sprintf ("/problems/%s", code);
    const char *title = MHD_get_reason_phrase_for ((unsigned)status);
    json_auto_t *members = json_pack ("{s:O, s:s, s:i, s:s, s:s}", "type", type, "title", title, "status", status,
                                      "code", code, "correlation", correlation);
    return members ? json_object_update (problem, members) : -1;
}

static char *print (const json_t *problem, size_t *ret_size)
{
    char *text = json_dumps (problem, JSON_COMPACT);
    *ret_size = text ? strlen (text) : 0;
    return text;
}

char *problem_text (enum error_code code, const char *correlation, size_t *ret_size, ...)
{
    const struct error_entry *entry = &error_registry[code];
    struct pair pairs[PAIRS_MOST + 2] = {{"correlation", correlation}};
    va_list args;
    va_start (args, ret_size);
    for (size_t i = 1; i <= PAIRS_MOST && (pairs[i].name = va_arg (args, const char *)) != NULL; i++)
        pairs[i].value = va_arg (args, const char *);
    va_end (args);

    char detail[DETAIL_SIZE];
    fill (entry->detail, pairs, detail);
    *ret_size = 0;
    json_auto_t *problem = json_pack ("{s:s}", "detail", detail);
    if (!problem || frame (problem, entry->code, entry->status, correlation) < 0)
        return NULL;
    return print (problem, ret_size);
}

char *problem_complete (const char *text, size_t size, const char *correlation, const char *service, size_t *ret_size)
{
    json_auto_t *problem = json_loadb (text, size, 0, NULL);
    const char *code = json_string_value (json_object_get (problem, "code"));
    const char *sentence = json_string_value (json_object_get (problem, "detail"));
    int status = (int)json_integer_value (json_object_get (problem, "status"));
    *ret_size = 0;
    if (!code || !sentence || status < 400 || status > 599)
        return NULL;
    if (strstr (sentence, "{service}")) {
        const struct pair pairs[] = {{"service", service}, {NULL, NULL}};
        char detail[DETAIL_SIZE];
        fill (sentence, pairs, detail);
        json_object_set_new (problem, "detail", json_string (detail));
    }
    AUTO_FREE char *kept_code = strdup (code); /* framing replaces the member that it points into */
    if (!kept_code || frame (problem, kept_code, status, correlation) < 0)
        return NULL;
    return print (problem, ret_size);
}
