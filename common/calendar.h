/* Civil dates and working days.  Indonesia has fixed offsets and no summer time, so an offset in minutes is all that a
 * time zone is.  Pure: the clock is read by the caller; years 1 to 9999, proleptic Gregorian.
 * It does not know which days are holidays: they are data of the kabupaten. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct civil_date {
    int year;  /* 1..9999 */
    int month; /* 1..12 */
    int day;   /* 1..31 */
};

#define CALENDAR_WIB_MINUTES  420 /* Waktu Indonesia Barat, UTC+7 */
#define CALENDAR_WITA_MINUTES 480 /* Tengah, UTC+8 */
#define CALENDAR_WIT_MINUTES  540 /* Timur, UTC+9 */

#define CALENDAR_DATE_SIZE    11 /* "2026-11-22" and the NUL */

bool calendar_is_leap (int year);
/* month 1..12 */
int calendar_days_in_month (int year, int month);
bool calendar_is_valid (struct civil_date date);

/* < 0, 0, > 0 */
int calendar_compare (struct civil_date a, struct civil_date b);

/* Days since 1970-01-01, negative before it; and back.  The date is valid; back: false outside years 1..9999. */
int64_t calendar_day_number (struct civil_date date);
bool calendar_from_day_number (int64_t day_number, struct civil_date *ret_date);

/* ISO 8601: Monday 1 .. Sunday 7. */
int calendar_weekday (struct civil_date date);

/* False when the result leaves the years 1..9999. */
bool calendar_add_days (struct civil_date date, int64_t days, struct civil_date *ret_date);

/* Unix seconds to the local date and minute of the day (0..1439; ret_minute may be NULL); false outside the range. */
bool calendar_from_unix (int64_t seconds, int offset_minutes, struct civil_date *ret_date, int *ret_minute);
/* The first second of that minute of that local date. */
int64_t calendar_to_unix (struct civil_date date, int minute, int offset_minutes);

/* "2026-11-22", exactly ten bytes and a date that exists. */
bool calendar_parse (const char *text, size_t size, struct civil_date *ret_date);
void calendar_print (struct civil_date date, char ret_text[CALENDAR_DATE_SIZE]);

/* When an office works. */
#define CALENDAR_MONDAY_TO_FRIDAY   0x1fu /* bit 0 is Monday */
#define CALENDAR_MONDAY_TO_SATURDAY 0x3fu

struct working_calendar {
    unsigned weekdays;                 /* a bit per weekday */
    const struct civil_date *holidays; /* any order; libur nasional, cuti bersama, local ones */
    size_t holiday_count;
    int opens_minute;  /* local minute of the day; the same on each working day */
    int closes_minute; /* exclusive: what comes at closing time is too late */
};

bool calendar_is_working_day (const struct working_calendar *calendar, struct civil_date date);

/* Open at this local date and minute? */
bool calendar_is_open (const struct working_calendar *calendar, struct civil_date date, int minute);

/* The working day that a file counts as received on: the same day when it is a working day before closing (a file that
 * comes before opening time waits for the opening), else the next working day.  False when there is none within reach.
 */
bool calendar_received_on (const struct working_calendar *calendar, struct civil_date date, int minute,
                           struct civil_date *ret_date);

/* The n-th working day after `from`, which itself is not counted; with 0 days `from` or the next working day.  That day
 * is the last on which the promise is kept.  False for negative days, for more than CALENDAR_WORKING_DAYS_MAX, and when
 * no working day is within reach. */
#define CALENDAR_WORKING_DAYS_MAX 3660
bool calendar_add_working_days (const struct working_calendar *calendar, struct civil_date from, int days,
                                struct civil_date *ret_date);
