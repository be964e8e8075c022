/* Numbers, money and dates in Indonesian.  Pure; see indonesian.h.
 * Text goes through struct line instead of snprintf (), so that the file needs nothing from the C library but memory
 * and string primitives, and a buffer that is too small is noticed in one place.  Tables are arrays of characters, not
 * of pointers: they need no relocation and stay in read-only memory. */
#include "common/indonesian.h"

#include <string.h>

struct line {
    char *text;
    size_t size;
    size_t length;
    bool is_full;
};

static struct line line_begin (char *text, size_t size)
{
    if (size > 0)
        text[0] = '\0';
    return (struct line){.text = text, .size = size, .is_full = size == 0};
}

static void line_add (struct line *line, const char *text, size_t length)
{
    if (line->is_full || length >= line->size - line->length) {
        line->is_full = true;
        return;
    }
    memcpy (line->text + line->length, text, length);
    line->length += length;
    line->text[line->length] = '\0';
}

static void line_add_text (struct line *line, const char *text)
{
    line_add (line, text, strlen (text));
}

static void line_add_word (struct line *line, const char *word)
{
    if (line->length > 0)
        line_add (line, " ", 1);
    line_add_text (line, word);
}

static int line_end (const struct line *line)
{
    if (!line->is_full)
        return (int)line->length;
    if (line->size > 0)
        line->text[0] = '\0';
    return -1;
}

/* The size of a number without its sign; also right for INT64_MIN, which has no positive twin. */
static uint64_t magnitude (int64_t number)
{
    return number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
}

/* ---- words -------------------------------------------------------------------------------------------------- */

static const char digits[12][9] = {"",     "satu",  "dua",     "tiga",     "empat",   "lima",
                                   "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"};

/* 1 to 999; seratus, never "satu ratus". */
static void add_hundreds (struct line *line, unsigned number)
{
    if (number >= 200)
        line_add_word (line, digits[number / 100]);
    if (number >= 100)
        line_add_word (line, number >= 200 ? "ratus" : "seratus");
    number %= 100;
    if (number >= 20) {
        line_add_word (line, digits[number / 10]);
        line_add_word (line, "puluh");
        number %= 10;
    }
    if (number >= 12) {
        line_add_word (line, digits[number - 10]);
        line_add_word (line, "belas");
    } else if (number > 0) {
        line_add_word (line, digits[number]);
    }
}

int indonesian_terbilang (int64_t number, char *ret_words, size_t size)
{
    static const char scales[7][11] = {"kuintiliun", "kuadriliun", "triliun", "miliar", "juta", "ribu", ""};
    struct line line = line_begin (ret_words, size);
    uint64_t rest = magnitude (number);
    uint64_t unit = 1000000000000000000U;

    if (number < 0)
        line_add_word (&line, "minus");
    if (number == 0)
        line_add_word (&line, "nol");
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++, unit /= 1000) {
        unsigned group = (unsigned)(rest / unit);
        rest %= unit;
        if (group == 0)
            continue;
        if (group == 1 && unit == 1000) { /* seribu, but satu juta */
            line_add_word (&line, "seribu");
            continue;
        }
        add_hundreds (&line, group);
        if (unit > 1)
            line_add_word (&line, scales[i]);
    }
    return line_end (&line);
}

/* ---- figures ------------------------------------------------------------------------------------------------ */

static void add_figures (struct line *line, uint64_t number, bool is_grouped)
{
    char text[32];
    size_t at = sizeof text;
    unsigned count = 0;
    do {
        if (is_grouped && count > 0 && count % 3 == 0)
            text[--at] = '.';
        text[--at] = (char)('0' + number % 10);
        number /= 10;
        count++;
    } while (number > 0);
    line_add (line, text + at, sizeof text - at);
}

int indonesian_number (int64_t number, char *ret_text, size_t size)
{
    struct line line = line_begin (ret_text, size);
    if (number < 0)
        line_add_text (&line, "-");
    add_figures (&line, magnitude (number), true);
    return line_end (&line);
}

static int write_rupiah (int64_t amount, const char *tail, char *ret_text, size_t size)
{
    struct line line = line_begin (ret_text, size);
    line_add_text (&line, amount < 0 ? "-Rp " : "Rp ");
    add_figures (&line, magnitude (amount), true);
    line_add_text (&line, tail);
    return line_end (&line);
}

int indonesian_rupiah (int64_t amount_rupiah, char *ret_text, size_t size)
{
    return write_rupiah (amount_rupiah, "", ret_text, size);
}

int indonesian_rupiah_sen (int64_t amount_rupiah, char *ret_text, size_t size)
{
    return write_rupiah (amount_rupiah, ",00", ret_text, size);
}

/* ---- dates -------------------------------------------------------------------------------------------------- */

static const char months[12][10] = {"Januari", "Februari", "Maret",     "April",   "Mei",      "Juni",
                                    "Juli",    "Agustus",  "September", "Oktober", "November", "Desember"};
static const char weekdays[7][7] = {"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"};

bool indonesian_is_date (int year, int month, int day)
{
    static const char lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= lengths[month - 1] + (month == 2 && is_leap);
}

/* Sakamoto's rule: 0 = Minggu. */
static int weekday_of (int year, int month, int day)
{
    static const char shifts[12] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
    if (month < 3)
        year--;
    return (year + year / 4 - year / 100 + year / 400 + shifts[month - 1] + day) % 7;
}

static int write_date (bool has_weekday, int year, int month, int day, char *ret_text, size_t size)
{
    struct line line = line_begin (ret_text, size);
    if (!indonesian_is_date (year, month, day))
        return -1;
    if (has_weekday) {
        line_add_text (&line, weekdays[weekday_of (year, month, day)]);
        line_add_text (&line, ", ");
    }
    add_figures (&line, (uint64_t)day, false);
    line_add_word (&line, months[month - 1]);
    line_add_text (&line, " ");
    add_figures (&line, (uint64_t)year, false);
    return line_end (&line);
}

int indonesian_date (int year, int month, int day, char *ret_text, size_t size)
{
    return write_date (false, year, month, day, ret_text, size);
}

int indonesian_day_date (int year, int month, int day, char *ret_text, size_t size)
{
    return write_date (true, year, month, day, ret_text, size);
}

const char *indonesian_roman_month (int month)
{
    static const char romans[12][5] = {"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"};
    return month >= 1 && month <= 12 ? romans[month - 1] : NULL;
}

int indonesian_upper_ascii (const char *text, char *ret_text, size_t size)
{
    struct line line = line_begin (ret_text, size);
    line_add_text (&line, text);
    int length = line_end (&line);
    for (int i = 0; i < length; i++)
        if (ret_text[i] >= 'a' && ret_text[i] <= 'z')
            ret_text[i] = (char)(ret_text[i] - 'a' + 'A');
    return length;
}
