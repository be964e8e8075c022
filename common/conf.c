/* Settings: a missing, unreadable or out-of-range one stops the start with its own help text. */
#include "common/conf.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONF_MOST = 64, CONF_SECRET_BYTES = 4096 };

static struct {
    const struct setting *setting;
    char *text;
    int64_t number;
} conf_values[CONF_MOST];
static int conf_count;

static int conf_refuse (const struct setting *setting, const char *what)
{
    fprintf (stderr, "%s %s: %s\n", setting->name, what, setting->help);
    return -1;
}

/* The secret's file without its last newline; NULL if it cannot be read. */
static char *conf_read_file (const char *path)
{
    FILE *file = fopen (path, "re");
    if (!file)
        return NULL;
    char *text = calloc (1, CONF_SECRET_BYTES);
    size_t size = text ? fread (text, 1, CONF_SECRET_BYTES - 1, file) : 0;
    fclose (file);
    while (size && (text[size - 1] == '\n' || text[size - 1] == '\r'))
        text[--size] = '\0';
    return text;
}

static char *conf_find (const struct setting *setting)
{
    if (setting->secret) {
        char variable[128];
        snprintf (variable, sizeof variable, "%s_FILE", setting->name);
        const char *path = getenv (variable);
        if (path)
            return conf_read_file (path);
    } else {
        const char *value = getenv (setting->name);
        if (value)
            return strdup (value);
    }
    return setting->fallback ? strdup (setting->fallback) : NULL;
}

static int conf_load_one (const struct setting *setting)
{
    char *text = conf_find (setting);
    if (!text)
        return conf_refuse (setting, setting->secret ? "_FILE is required and must be readable" : "is required");
    int64_t number = 0;
    if (setting->type == SETTING_INT) {
        char *end;
        errno = 0;
        number = strtoll (text, &end, 10);
        if (errno || end == text || *end || number < setting->min || number > setting->max) {
            fprintf (stderr, "%s must be a whole number from %lld to %lld\n", setting->name, (long long)setting->min,
                     (long long)setting->max);
            free (text);
            return conf_refuse (setting, "is out of range");
        }
    }
    assert (conf_count < CONF_MOST);
    conf_values[conf_count].setting = setting;
    conf_values[conf_count].text = text;
    conf_values[conf_count++].number = number;
    return 0;
}

int conf_load (const struct setting *table)
{
    for (const struct setting *setting = table; setting && setting->name; setting++)
        if (conf_load_one (setting) < 0)
            return -1;
    return 0;
}

static int conf_index (const char *name)
{
    for (int i = 0; i < conf_count; i++)
        if (strcmp (conf_values[i].setting->name, name) == 0)
            return i;
    assert (!"a setting that is in no table");
    abort ();
}

const char *conf_text (const char *name)
{
    return conf_values[conf_index (name)].text;
}

int64_t conf_int (const char *name)
{
    return conf_values[conf_index (name)].number;
}
