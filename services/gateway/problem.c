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

int problem_status (enum error_code code)
{
    return error_registry[code].status;
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
    json_auto_t *problem = json_pack ("{s:s+, s:s, s:i, s:s, s:s, s:s}", "type", "/problems/", entry->code, "title",
                                      MHD_get_reason_phrase_for ((unsigned)entry->status), "status", entry->status,
                                      "code", entry->code, "detail", detail, "correlation", correlation);
    char *text = problem ? json_dumps (problem, JSON_COMPACT) : NULL;
    *ret_size = text ? strlen (text) : 0;
    return text;
}
