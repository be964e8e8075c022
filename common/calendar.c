/* Civil dates after Howard Hinnant's days_from_civil and civil_from_days: the year starts in March, so that the leap
 * day is its last, and 400 years are 146,097 days. */
#include "common/calendar.h"

#include <assert.h>

enum { DAYS_OF_ERA = 146097, EPOCH_SHIFT = 719468 /* 0000-03-01 to 1970-01-01 */, SECONDS_OF_DAY = 86400 };

bool calendar_is_leap (int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int calendar_days_in_month (int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    assert (month >= 1 && month <= 12);
    return month == 2 && calendar_is_leap (year) ? 29 : days[month - 1];
}

bool calendar_is_valid (struct civil_date date)
{
    return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
           date.day <= calendar_days_in_month (date.year, date.month);
}

int calendar_compare (struct civil_date a, struct civil_date b)
{
    if (a.year != b.year) {
        return a.year < b.year ? -1 : 1;
    }
    if (a.month != b.month) {
        return a.month < b.month ? -1 : 1;
    }
    return a.day < b.day ? -1 : a.day > b.day;
}

int64_t calendar_day_number (struct civil_date date)
{
    assert (calendar_is_valid (date));
    int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    int64_t era = year / 400, year_of_era = year % 400;
    int64_t day_of_year = (153 * ((date.month + 9) % 12) + 2) / 5 + date.day - 1;
    return era * DAYS_OF_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - EPOCH_SHIFT;
}

bool calendar_from_day_number (int64_t day_number, struct civil_date *ret_date)
{
    const int64_t first = calendar_day_number ((struct civil_date){1, 1, 1});
    const int64_t last = calendar_day_number ((struct civil_date){9999, 12, 31});
    if (day_number < first || day_number > last) {
        return false;
    }
    int64_t days = day_number + EPOCH_SHIFT, era = days / DAYS_OF_ERA, day_of_era = days % DAYS_OF_ERA;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    ret_date->day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1);
    ret_date->month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
    ret_date->year = (int)(era * 400 + year_of_era + (ret_date->month <= 2));
    return true;
}

int calendar_weekday (struct civil_date date)
{
    /* 1970-01-01 was a Thursday; the shift, a multiple of 7 with Thursday's 3, keeps the sum positive. */
    return (int)((calendar_day_number (date) + 7 * 200000 + 3) % 7) + 1;
}

bool calendar_add_days (struct civil_date date, int64_t days, struct civil_date *ret_date)
{
    int64_t day_number;
    return !__builtin_add_overflow (calendar_day_number (date), days, &day_number) &&
           calendar_from_day_number (day_number, ret_date);
}

bool calendar_from_unix (int64_t seconds, int offset_minutes, struct civil_date *ret_date, int *ret_minute)
{
    int64_t local;
    if (__builtin_add_overflow (seconds, (int64_t)offset_minutes * 60, &local)) {
        return false;
    }
    int64_t day_number = local / SECONDS_OF_DAY, second = local % SECONDS_OF_DAY;
    if (second < 0) {
        second += SECONDS_OF_DAY;
        day_number--;
    }
    if (ret_minute) {
        *ret_minute = (int)(second / 60);
    }
    return calendar_from_day_number (day_number, ret_date);
}

int64_t calendar_to_unix (struct civil_date date, int minute, int offset_minutes)
{
    return calendar_day_number (date) * SECONDS_OF_DAY + ((int64_t)minute - offset_minutes) * 60;
}

/* -1 when it is no number of `count` digits. */
static int read_digits (const char *text, size_t count)
{
    int number = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

bool calendar_parse (const char *text, size_t size, struct civil_date *ret_date)
{
    if (size != CALENDAR_DATE_SIZE - 1 || text[4] != '-' || text[7] != '-') {
        return false;
    }
    struct civil_date date = {read_digits (text, 4), read_digits (text + 5, 2), read_digits (text + 8, 2)};
    if (!calendar_is_valid (date)) {
        return false;
    }
    *ret_date = date;
    return true;
}

static void write_digits (char *text, int number, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        text[i] = (char)('0' + number % 10);
        number /= 10;
    }
}

void calendar_print (struct civil_date date, char ret_text[CALENDAR_DATE_SIZE])
{
    assert (calendar_is_valid (date));
    write_digits (ret_text, date.year, 4);
    ret_text[4] = '-';
    write_digits (ret_text + 5, date.month, 2);
    ret_text[7] = '-';
    write_digits (ret_text + 8, date.day, 2);
    ret_text[10] = '\0';
}

bool calendar_is_working_day (const struct working_calendar *calendar, struct civil_date date)
{
    if (!(calendar->weekdays & 1u << (calendar_weekday (date) - 1))) {
        return false;
    }
    for (size_t i = 0; i < calendar->holiday_count; i++) {
        if (calendar_compare (calendar->holidays[i], date) == 0) {
            return false;
        }
    }
    return true;
}

bool calendar_is_open (const struct working_calendar *calendar, struct civil_date date, int minute)
{
    return calendar_is_working_day (calendar, date) && minute >= calendar->opens_minute &&
           minute < calendar->closes_minute;
}

/* The first working day after `date`.  A working weekday comes round once a week and a holiday takes one at most, so a
 * search of that length ends. */
static bool next_working_day (const struct working_calendar *calendar, struct civil_date date,
                              struct civil_date *ret_date)
{
    size_t reach = 7 * (calendar->holiday_count + 1);
    for (size_t i = 0; i < reach; i++) {
        if (!calendar_add_days (date, 1, &date)) {
            return false;
        }
        if (calendar_is_working_day (calendar, date)) {
            *ret_date = date;
            return true;
        }
    }
    return false;
}

bool calendar_received_on (const struct working_calendar *calendar, struct civil_date date, int minute,
                           struct civil_date *ret_date)
{
    if (calendar_is_working_day (calendar, date) && minute < calendar->closes_minute) {
        *ret_date = date;
        return true;
    }
    return next_working_day (calendar, date, ret_date);
}

bool calendar_add_working_days (const struct working_calendar *calendar, struct civil_date from, int days,
                                struct civil_date *ret_date)
{
    if (days < 0 || days > CALENDAR_WORKING_DAYS_MAX) {
        return false;
    }
    struct civil_date date = from;
    if (days == 0 && !calendar_is_working_day (calendar, from)) {
        days = 1;
    }
    for (int i = 0; i < days; i++) {
        if (!next_working_day (calendar, date, &date)) {
            return false;
        }
    }
    *ret_date = date;
    return true;
}
