/* JSON lines on stderr: one write per line, so that the threads' lines never mix. */
#include "common/log.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LOG_VALUE_BYTES = 1000 };

static const char *const log_levels[] = {
    [LEVEL_DEBUG] = "debug", [LEVEL_INFO] = "info", [LEVEL_WARN] = "warn", [LEVEL_ERROR] = "error"};
static const char *log_service = "paten";
static enum log_level log_least = LEVEL_INFO;
static _Thread_local char log_id[64];

int log_level_named (const char *name)
{
    for (int level = LEVEL_DEBUG; level <= LEVEL_ERROR; level++)
        if (strcmp (name, log_levels[level]) == 0)
            return level;
    return -1;
}

void log_open (const char *service, enum log_level least)
{
    log_service = service;
    log_least = least;
}

void log_correlation (const char *correlation)
{
    snprintf (log_id, sizeof log_id, "%s", correlation ? correlation : "");
}

/* A line must stay below PIPE_BUF to be written whole: long values are cut, at the start of a character. */
static size_t log_cut (const char *value)
{
    size_t size = strnlen (value, LOG_VALUE_BYTES);
    while (size && ((unsigned char)value[size] & 0xC0) == 0x80)
        size--;
    return size;
}

void log_line (enum log_level level, const char *event, ...)
{
    if (level < log_least)
        return;

    struct timespec now;
    struct tm utc;
    clock_gettime (CLOCK_REALTIME, &now);
    gmtime_r (&now.tv_sec, &utc);
    char stamp[40];
    size_t used = strftime (stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf (stamp + used, sizeof stamp - used, ".%03ldZ", now.tv_nsec / 1000000);

    json_auto_t *line = json_pack ("{s:s, s:s, s:s, s:s}", "time", stamp, "level", log_levels[level], "service",
                                   log_service, "event", event);
    if (log_id[0])
        json_object_set_new (line, "correlation", json_string (log_id));
    va_list fields;
    va_start (fields, event);
    for (const char *name = va_arg (fields, const char *); name; name = va_arg (fields, const char *)) {
        const char *value = va_arg (fields, const char *);
        json_t *text = value ? json_stringn (value, log_cut (value)) : json_null ();
        json_object_set_new (line, name, text ? text : json_string ("(not UTF-8)"));
    }
    va_end (fields);

    char *text = json_dumps (line, JSON_COMPACT);
    if (!text)
        return;
    size_t size = strlen (text);
    text[size] = '\n'; /* the NUL's place: the line goes out as one write */
    ssize_t written = write (STDERR_FILENO, text, size + 1);
    (void)written; /* a log that cannot be written has nobody to tell */
    free (text);
}
