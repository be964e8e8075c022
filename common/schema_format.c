/* The formats that JSON Schema's "format" may name, each by its own standard. */
#include "common/calendar.h"
#include "common/schema_priv.h"

#include <string.h>

static bool is_digit (char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter (char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex (char c)
{
    return is_digit (c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* RFC 3339 full-date */
static bool is_date (const char *text, size_t size)
{
    struct civil_date date;
    return calendar_parse (text, size, &date);
}

static bool two_digits (const char *text, int max, int *ret_number)
{
    if (!is_digit (text[0]) || !is_digit (text[1])) {
        return false;
    }
    *ret_number = (text[0] - '0') * 10 + (text[1] - '0');
    return *ret_number <= max;
}

/* "Z" or "+07:00": minutes east of Greenwich. */
static bool is_offset (const char *text, size_t size, int *ret_minutes)
{
    int hours, minutes;
    if (size == 1 && (text[0] == 'Z' || text[0] == 'z')) {
        *ret_minutes = 0;
        return true;
    }
    if (size != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' || !two_digits (text + 1, 23, &hours) ||
        !two_digits (text + 4, 59, &minutes)) {
        return false;
    }
    *ret_minutes = (hours * 60 + minutes) * (text[0] == '-' ? -1 : 1);
    return true;
}

/* RFC 3339 date-time; second 60 only where a leap second can be, in the last minute of a day of UTC. */
static bool is_date_time (const char *text, size_t size)
{
    int hour, minute, second, offset;
    if (size < 20 || !is_date (text, 10) || (text[10] != 'T' && text[10] != 't') ||
        !two_digits (text + 11, 23, &hour) || text[13] != ':' || !two_digits (text + 14, 59, &minute) ||
        text[16] != ':' || !two_digits (text + 17, 60, &second)) {
        return false;
    }
    size_t at = 19;
    if (text[at] == '.') {
        size_t start = ++at;
        while (at < size && is_digit (text[at])) {
            at++;
        }
        if (at == start) {
            return false;
        }
    }
    if (at >= size || !is_offset (text + at, size - at, &offset)) {
        return false;
    }
    return second < 60 || (hour * 60 + minute - offset + 2 * 1440) % 1440 == 1439;
}

/* RFC 5321 Dot-string of atoms; quoted local parts exist on paper only. */
static bool is_local_part (const char *text, size_t size)
{
    bool dot = true; /* the last character was one, or there was none yet */
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '.') {
            if (dot) {
                return false;
            }
            dot = true;
            continue;
        }
        if (!is_letter (text[i]) && !is_digit (text[i]) &&
            (text[i] == '\0' || !strchr ("!#$%&'*+-/=?^_`{|}~", text[i]))) {
            return false;
        }
        dot = false;
    }
    return !dot && size <= 64;
}

/* RFC 1123 labels of letters, digits and inner hyphens. */
static bool is_host_name (const char *text, size_t size)
{
    size_t label = 0; /* length so far */
    for (size_t i = 0; i <= size; i++) {
        if (i == size || text[i] == '.') {
            if (label == 0 || label > 63 || text[i - 1] == '-') {
                return false;
            }
            label = 0;
            continue;
        }
        if (!is_letter (text[i]) && !is_digit (text[i]) && (text[i] != '-' || label == 0)) {
            return false;
        }
        label++;
    }
    return size <= 253;
}

static bool is_email (const char *text, size_t size)
{
    const char *at = memchr (text, '@', size);
    return at && is_local_part (text, (size_t)(at - text)) && is_host_name (at + 1, size - (size_t)(at - text) - 1);
}

/* RFC 9562 text, either case */
static bool is_uuid (const char *text, size_t size)
{
    if (size != 36) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? text[i] != '-' : !is_hex (text[i])) {
            return false;
        }
    }
    return true;
}

/* Position behind "scheme:", 0 when there is none. */
static size_t scheme_length (const char *text, size_t size)
{
    size_t at = 0;
    while (at < size && (is_letter (text[at]) ||
                         (at > 0 && (is_digit (text[at]) || (text[at] != '\0' && strchr ("+-.", text[at])))))) {
        at++;
    }
    return at > 0 && at < size && text[at] == ':' ? at + 1 : 0;
}

/* RFC 3986, absolute: a scheme, then only characters that a URI may hold, brackets in the authority only, one "#". */
static bool is_uri (const char *text, size_t size)
{
    size_t at = scheme_length (text, size);
    if (at == 0) {
        return false;
    }
    bool fragment = false, authority = size - at >= 2 && text[at] == '/' && text[at + 1] == '/';
    for (size_t i = authority ? at + 2 : at; i < size; i++) {
        char c = text[i];
        if (c == '%') {
            if (size - i < 3 || !is_hex (text[i + 1]) || !is_hex (text[i + 2])) {
                return false;
            }
            i += 2;
        } else if (c == '#') {
            if (fragment) {
                return false;
            }
            fragment = true;
        } else if (c == '[' || c == ']') {
            if (!authority) {
                return false;
            }
        } else if (!is_letter (c) && !is_digit (c) && (c == '\0' || !strchr ("-._~:/?@!$&'()*+,;=", c))) {
            return false;
        }
        authority = authority && c != '/' && c != '?' && c != '#';
    }
    return true;
}

schema_format_fn *schema_format (const char *name)
{
    static const struct {
        const char *name;
        schema_format_fn *check;
    } formats[] = {
        {"date", is_date}, {"date-time", is_date_time}, {"email", is_email}, {"uuid", is_uuid}, {"uri", is_uri},
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (strcmp (formats[i].name, name) == 0) {
            return formats[i].check;
        }
    }
    return NULL;
}
