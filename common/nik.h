/* NIK, nomor induk kependudukan: the 16 digits that identify a resident, PPKKCC DDMMYY SSSS: place of the first
 * registration (provinsi, kabupaten, kecamatan), date of birth with 40 added to the day of women, serial 0001 to 9999.
 * There is no check digit, and YY does not tell the century, so it is compared with the date and sex declared.
 * Pure.  It does not ask the population register whether the NIK exists. */
#pragma once

#include "common/calendar.h"

#include <stdbool.h>

#define NIK_LENGTH 16

enum nik_sex { NIK_SEX_UNKNOWN, NIK_SEX_MALE, NIK_SEX_FEMALE };

enum nik_verdict {
    NIK_OK,
    NIK_WRONG_LENGTH,
    NIK_NOT_DIGITS,
    NIK_SERIAL_ZERO,
    NIK_IMPOSSIBLE_DATE, /* 29 February passes for every YY that is a leap year in one of the centuries (00 too) */
    NIK_BIRTH_DATE_MISMATCH,
    NIK_SEX_MISMATCH,
    NIK_VERDICTS
};

/* The first rule that the NIK breaks, in the order above.  `birth` NULL and NIK_SEX_UNKNOWN: not compared. */
enum nik_verdict nik_check (const char *nik, const struct civil_date *birth, enum nik_sex sex);

/* Was the NIK issued in this region?  `region` is a wilayah code with or without dots, of a provinsi, kabupaten,
 * kecamatan or desa ("35.29.22", "35.29.22.2001").  A difference is a warning and never blocks: people move, and
 * kecamatan are split.  False when either is malformed. */
bool nik_region_matches (const char *nik, const char *region);

/* For officers' lists and logs: first 6 and last 4 digits stay, the date of birth goes: "352901******0001".  Anything
 * that is not 16 bytes long becomes 16 asterisks.  Public pages show no NIK, not even this. */
void nik_mask (const char *nik, char ret_masked[NIK_LENGTH + 1]);

/* "ok", "wrong_length", ...: for codes and logs. */
const char *nik_verdict_name (enum nik_verdict verdict);
