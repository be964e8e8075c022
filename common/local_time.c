/* Moments as an office reads them: see local_time.h. */
#include "common/local_time.h"

#include "common/indonesian.h"

#include <assert.h>
#include <string.h>

#define MS_PER_SECOND  1000
#define MINUTES_A_DAY  1440
#define DATE_TIME_SIZE 19 /* "2026-11-22T10:15:56" */

struct civil_date local_time_date (int64_t unix_ms)
{
    struct civil_date date;
    bool in_range = calendar_from_unix (unix_ms / MS_PER_SECOND, LOCAL_TIME_OFFSET_MINUTES, &date, NULL);
    assert (unix_ms >= 0 && in_range);
    (void)in_range;
    return date;
}

static void put_two_digits (int number, char *text)
{
    text[0] = (char)('0' + number / 10 % 10);
    text[1] = (char)('0' + number % 10);
}

static int local_minute (int64_t unix_ms)
{
    return (int)((unix_ms / MS_PER_SECOND / 60 + LOCAL_TIME_OFFSET_MINUTES) % MINUTES_A_DAY);
}

void local_time_rfc3339 (int64_t unix_ms, char ret_text[LOCAL_TIME_RFC3339_SIZE])
{
    int minute = local_minute (unix_ms);
    calendar_print (local_time_date (unix_ms), ret_text);
    memcpy (ret_text + CALENDAR_DATE_SIZE - 1, "T00:00:00+00:00", sizeof "T00:00:00+00:00");
    put_two_digits (minute / 60, ret_text + 11);
    put_two_digits (minute % 60, ret_text + 14);
    put_two_digits ((int)(unix_ms / MS_PER_SECOND % 60), ret_text + 17);
    put_two_digits (LOCAL_TIME_OFFSET_MINUTES / 60, ret_text + 20);
    put_two_digits (LOCAL_TIME_OFFSET_MINUTES % 60, ret_text + 23);
}

void local_time_words (int64_t unix_ms, char ret_text[LOCAL_TIME_WORDS_SIZE])
{
    static const char tail[] = " pukul 00.00 " LOCAL_TIME_ZONE;
    struct civil_date date = local_time_date (unix_ms);
    int minute = local_minute (unix_ms);
    int length = indonesian_date (date.year, date.month, date.day, ret_text, LOCAL_TIME_WORDS_SIZE - sizeof tail);
    assert (length > 0);
    memcpy (ret_text + length, tail, sizeof tail);
    put_two_digits (minute / 60, ret_text + length + 7);
    put_two_digits (minute % 60, ret_text + length + 10);
}

/* The number that `digits` digits make; -1 when there is something else. */
static int read_digits (const char *text, int digits)
{
    int number = 0;
    for (int i = 0; i < digits; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

/* "Z" or "+07:00" to minutes, and nothing behind it. */
static bool read_offset (const char *text, int *ret_minutes)
{
    if (strcmp (text, "Z") == 0 || strcmp (text, "z") == 0) {
        *ret_minutes = 0;
        return true;
    }
    if (strlen (text) != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':')
        return false;
    int hours = read_digits (text + 1, 2), minutes = read_digits (text + 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return false;
    *ret_minutes = (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
    return true;
}

/* ".123456" to 123 milliseconds; returns what follows, NULL for a point without digits. */
static const char *read_fraction (const char *text, int *ret_ms)
{
    *ret_ms = 0;
    if (*text != '.')
        return text;
    int weight = 100;
    size_t digits = strspn (text + 1, "0123456789");
    for (size_t i = 1; i <= digits; i++, weight /= 10)
        *ret_ms += (text[i] - '0') * weight;
    return digits > 0 ? text + 1 + digits : NULL;
}

bool local_time_parse (const char *text, int64_t *ret_unix_ms)
{
    struct civil_date date;
    if (strlen (text) <= DATE_TIME_SIZE || !calendar_parse (text, CALENDAR_DATE_SIZE - 1, &date) || date.year < 1970)
        return false;
    if ((text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':')
        return false;
    int hour = read_digits (text + 11, 2), minute = read_digits (text + 14, 2), second = read_digits (text + 17, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
        return false;
    int ms, offset;
    const char *rest = read_fraction (text + DATE_TIME_SIZE, &ms);
    if (!rest || !read_offset (rest, &offset))
        return false;
    int64_t seconds = calendar_to_unix (date, hour * 60 + minute, offset) + (second == 60 ? 59 : second);
    if (seconds < 0)
        return false;
    *ret_unix_ms = seconds * MS_PER_SECOND + ms;
    return true;
}
