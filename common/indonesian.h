/* How Indonesian official letters write numbers, money and dates: terbilang, "Rp 1.250.000", "Senin, 5 Januari 2026".
 *
 * Pure: no allocation, no locale, no clock; every function fills the caller's buffer.  What the words mean in law or
 * where they stand in a letter is not decided here, and working days are no business of this file.
 *
 * Unless said otherwise a function returns the length that it wrote (without the final NUL), or -1 when the buffer is
 * too small or the date does not exist; then the buffer holds the empty string. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sizes that are enough for every argument. */
enum { INDONESIAN_WORDS_SIZE = 512, INDONESIAN_DATE_SIZE = 32, INDONESIAN_AMOUNT_SIZE = 48 };

/* "terbilang": the number in words, as receipts repeat an amount: 1.100 = "seribu seratus", 0 = "nol", -5 = "minus
 * lima". The unit ("rupiah") is the caller's to append.  Past triliun: kuadriliun (10^15), kuintiliun (10^18). */
int indonesian_terbilang (int64_t number, char *ret_words, size_t size);

/* "1.250.000": dots between thousands. */
int indonesian_number (int64_t number, char *ret_text, size_t size);

/* "Rp 1.250.000"; a negative amount is "-Rp 1.250.000". */
int indonesian_rupiah (int64_t amount_rupiah, char *ret_text, size_t size);

/* "Rp 1.250.000,00", the form of the forms of regional finance (SKRD, TBP).  "sen" are always 00: rupiah are whole. */
int indonesian_rupiah_sen (int64_t amount_rupiah, char *ret_text, size_t size);

/* Whether the day exists in the Gregorian calendar; years 1 to 9999, month and day from 1. */
bool indonesian_is_date (int year, int month, int day);

/* "5 Januari 2026" and "Senin, 5 Januari 2026". */
int indonesian_date (int year, int month, int day, char *ret_text, size_t size);
int indonesian_day_date (int year, int month, int day, char *ret_text, size_t size);

/* "I" to "XII", as numbers of letters write the month; NULL when there is no such month. */
const char *indonesian_roman_month (int month);

/* Upper case of A to Z alone; other bytes, so also UTF-8 sequences, are copied as they are. */
int indonesian_upper_ascii (const char *text, char *ret_text, size_t size);
