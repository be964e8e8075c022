/* One value of the data in one format: dates, money, numbers, words, upper case.  Deterministic: no locale, no clock.
 */
#include "template_text.h"

#include "common/indonesian.h"

#include <math.h>
#include <string.h>

static const char *const format_names[] = {
    [TEMPLATE_PLAIN] = "",
    [TEMPLATE_DATE] = "date",
    [TEMPLATE_DAY_DATE] = "day_date",
    [TEMPLATE_TIME] = "time",
    [TEMPLATE_ROMAN_MONTH] = "roman_month",
    [TEMPLATE_NUMBER] = "number",
    [TEMPLATE_RUPIAH] = "rupiah",
    [TEMPLATE_RUPIAH_SEN] = "rupiah_sen",
    [TEMPLATE_TERBILANG] = "terbilang",
    [TEMPLATE_UPPER] = "upper",
};

bool template_value_format_by_name (const char *name, size_t length, enum template_format *ret_format)
{
    for (size_t i = TEMPLATE_DATE; i < G_N_ELEMENTS (format_names); i++)
        if (strlen (format_names[i]) == length && memcmp (format_names[i], name, length) == 0) {
            *ret_format = (enum template_format)i;
            return true;
        }
    return false;
}

const char *template_value_format_name (enum template_format format)
{
    return format_names[format];
}

/* "dd" of figures at a place of the text; -1 when they are no figures. */
static int figures (const char *text, size_t count)
{
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (!g_ascii_isdigit (text[i]))
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

struct moment {
    int year, month, day;
    int hour, minute; /* -1 without a time */
};

/* ISO 8601: "2026-01-05", or a timestamp with the local offset, "2026-01-05T08:30:00+07:00".  One in UTC ("Z") is
 * refused: its day may not be the day that the office's calendar shows. */
static bool read_moment (const char *text, struct moment *ret)
{
    size_t length = strlen (text);
    if (length < 10 || text[4] != '-' || text[7] != '-')
        return false;
    *ret = (struct moment){figures (text, 4), figures (text + 5, 2), figures (text + 8, 2), -1, -1};
    if (!indonesian_is_date (ret->year, ret->month, ret->day))
        return false;
    if (length == 10)
        return true;
    if (length < 16 || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' || text[length - 1] == 'Z')
        return false;
    ret->hour = figures (text + 11, 2);
    ret->minute = figures (text + 14, 2);
    return ret->hour >= 0 && ret->hour < 24 && ret->minute >= 0 && ret->minute < 60;
}

static int write_moment (const json_t *value, enum template_format format, GString *out, const char **ret_reason)
{
    struct moment at;
    char text[INDONESIAN_DATE_SIZE];
    *ret_reason = "harus tanggal, mis. 2026-01-05";
    if (!json_is_string (value) || !read_moment (json_string_value (value), &at))
        return TEMPLATE_FIELD_TYPE;
    if (format == TEMPLATE_TIME) {
        *ret_reason = "harus tanggal dengan jam setempat, mis. 2026-01-05T08:30:00+07:00";
        if (at.hour < 0)
            return TEMPLATE_FIELD_TYPE;
        g_string_append_printf (out, "%02d.%02d", at.hour, at.minute);
    } else if (format == TEMPLATE_ROMAN_MONTH) {
        g_string_append (out, indonesian_roman_month (at.month));
    } else {
        if (format == TEMPLATE_DATE)
            indonesian_date (at.year, at.month, at.day, text, sizeof text);
        else
            indonesian_day_date (at.year, at.month, at.day, text, sizeof text);
        g_string_append (out, text);
    }
    return TEMPLATE_OK;
}

/* Money and words take whole numbers alone: a fraction of a rupiah is a mistake of the producer. */
static int write_whole (const json_t *value, enum template_format format, GString *out, const char **ret_reason)
{
    char text[INDONESIAN_WORDS_SIZE];
    *ret_reason = "harus bilangan bulat";
    if (!json_is_integer (value))
        return TEMPLATE_FIELD_TYPE;
    int64_t number = json_integer_value (value);
    if (format == TEMPLATE_RUPIAH)
        indonesian_rupiah (number, text, sizeof text);
    else if (format == TEMPLATE_RUPIAH_SEN)
        indonesian_rupiah_sen (number, text, sizeof text);
    else
        indonesian_terbilang (number, text, sizeof text);
    g_string_append (out, text);
    return TEMPLATE_OK;
}

/* A fraction with at most two decimals, comma first: 3.5 → "3,5". */
static int write_fraction (double number, GString *out, const char **ret_reason)
{
    char text[INDONESIAN_AMOUNT_SIZE];
    *ret_reason = "harus bilangan di bawah satu triliun";
    if (!isfinite (number) || fabs (number) >= 1e12)
        return TEMPLATE_FIELD_TYPE;
    int64_t hundredths = llround (fabs (number) * 100);
    if (number < 0 && hundredths > 0)
        g_string_append_c (out, '-');
    indonesian_number (hundredths / 100, text, sizeof text);
    g_string_append (out, text);
    if (hundredths % 100 != 0)
        g_string_append_printf (out, hundredths % 10 ? ",%02d" : ",%d",
                                (int)(hundredths % 10 ? hundredths % 100 : hundredths % 100 / 10));
    return TEMPLATE_OK;
}

static int write_number (const json_t *value, GString *out, const char **ret_reason)
{
    char text[INDONESIAN_AMOUNT_SIZE];
    *ret_reason = "harus bilangan";
    if (json_is_real (value))
        return write_fraction (json_real_value (value), out, ret_reason);
    if (!json_is_integer (value))
        return TEMPLATE_FIELD_TYPE;
    indonesian_number (json_integer_value (value), text, sizeof text);
    g_string_append (out, text);
    return TEMPLATE_OK;
}

/* Letter by letter, because g_utf8_strup () depends on the process's locale. */
static void append_upper (GString *out, const char *text)
{
    for (; *text; text = g_utf8_next_char (text))
        g_string_append_unichar (out, g_unichar_toupper (g_utf8_get_char (text)));
}

static int write_plain (const json_t *value, bool is_upper, GString *out, const char **ret_reason)
{
    switch (json_typeof (value)) {
    case JSON_STRING:
        if (is_upper)
            append_upper (out, json_string_value (value));
        else
            g_string_append (out, json_string_value (value));
        return TEMPLATE_OK;
    case JSON_INTEGER:
        g_string_append_printf (out, "%" JSON_INTEGER_FORMAT, json_integer_value (value));
        return TEMPLATE_OK;
    case JSON_REAL:
        return write_fraction (json_real_value (value), out, ret_reason);
    case JSON_TRUE:
    case JSON_FALSE:
        g_string_append (out, json_is_true (value) ? "ya" : "tidak");
        return TEMPLATE_OK;
    case JSON_OBJECT:
    case JSON_ARRAY:
    case JSON_NULL:
        break;
    }
    *ret_reason = "harus teks atau bilangan";
    return TEMPLATE_FIELD_TYPE;
}

int template_value_write (const json_t *value, enum template_format format, GString *out, const char **ret_reason)
{
    if (json_is_string (value)) {
        size_t length = json_string_length (value);
        *ret_reason = "terlalu panjang";
        if (length > TEMPLATE_VALUE_MAX)
            return TEMPLATE_FIELD_TOO_LONG;
        *ret_reason = "memuat karakter kendali atau karakter tak terlihat";
        if (!template_is_safe (json_string_value (value), length, false))
            return TEMPLATE_FIELD_UNSAFE;
    }
    switch (format) {
    case TEMPLATE_DATE:
    case TEMPLATE_DAY_DATE:
    case TEMPLATE_TIME:
    case TEMPLATE_ROMAN_MONTH:
        return write_moment (value, format, out, ret_reason);
    case TEMPLATE_RUPIAH:
    case TEMPLATE_RUPIAH_SEN:
    case TEMPLATE_TERBILANG:
        return write_whole (value, format, out, ret_reason);
    case TEMPLATE_NUMBER:
        return write_number (value, out, ret_reason);
    case TEMPLATE_PLAIN:
    case TEMPLATE_UPPER:
        break;
    }
    return write_plain (value, format == TEMPLATE_UPPER, out, ret_reason);
}
