/* Moments as an office of the kabupaten reads them.  One zone for the whole deployment, fixed when it is built: WIB, where
 * Sumenep lies; Indonesia has no summer time.  Pure: the clock is read by the caller and enters as unix milliseconds,
 * years 1970 to 9999.  Working days and opening hours are calendar.h's business. */
#pragma once

#include "common/calendar.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOCAL_TIME_OFFSET_MINUTES CALENDAR_WIB_MINUTES
#define LOCAL_TIME_ZONE           "WIB" /* three letters, or LOCAL_TIME_WORDS_SIZE grows */

#define LOCAL_TIME_RFC3339_SIZE   26 /* "2026-11-22T10:15:56+07:00" and the NUL */
#define LOCAL_TIME_WORDS_SIZE     48 /* "22 November 2026 pukul 10.15 WIB" and the NUL */

/* The civil date there and then. */
struct civil_date local_time_date (int64_t unix_ms);

/* RFC 3339 with the local offset, whole seconds: how replies and events give a moment. */
void local_time_rfc3339 (int64_t unix_ms, char ret_text[LOCAL_TIME_RFC3339_SIZE]);

/* "22 November 2026 pukul 10.15 WIB": how a sentence for an officer gives a moment. */
void local_time_words (int64_t unix_ms, char ret_text[LOCAL_TIME_WORDS_SIZE]);

/* RFC 3339 in any offset to unix milliseconds (further digits of the fraction are dropped; a leap second counts as the
 * second before it).  False for anything else, and for moments outside the years above. */
bool local_time_parse (const char *text, int64_t *ret_unix_ms);
