/* The rules of the number itself; what they mean stands in the header. */
#include "common/nik.h"

#include <assert.h>
#include <string.h>

enum { FEMALE_DAYS = 40 };

static const char *const verdict_names[NIK_VERDICTS] = {
    [NIK_OK] = "ok",
    [NIK_WRONG_LENGTH] = "wrong_length",
    [NIK_NOT_DIGITS] = "not_digits",
    [NIK_SERIAL_ZERO] = "serial_zero",
    [NIK_IMPOSSIBLE_DATE] = "impossible_date",
    [NIK_BIRTH_DATE_MISMATCH] = "birth_date_mismatch",
    [NIK_SEX_MISMATCH] = "sex_mismatch",
};

const char *nik_verdict_name (enum nik_verdict verdict)
{
    assert (verdict < NIK_VERDICTS);
    return verdict_names[verdict];
}

static bool are_digits (const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
    }
    return true;
}

static int two_digits (const char *text)
{
    return (text[0] - '0') * 10 + (text[1] - '0');
}

/* The date of birth with its century open: 20YY stands for both, since 1900, the only year in which they differ, had no
 * 29 February but 2000 had. */
static struct civil_date encoded_birth (const char *nik, enum nik_sex *ret_sex)
{
    int day = two_digits (nik + 6);
    *ret_sex = day > FEMALE_DAYS ? NIK_SEX_FEMALE : NIK_SEX_MALE;
    return (struct civil_date){
        .year = 2000 + two_digits (nik + 10),
        .month = two_digits (nik + 8),
        .day = day > FEMALE_DAYS ? day - FEMALE_DAYS : day,
    };
}

enum nik_verdict nik_check (const char *nik, const struct civil_date *birth, enum nik_sex sex)
{
    if (strnlen (nik, NIK_LENGTH + 1) != NIK_LENGTH) {
        return NIK_WRONG_LENGTH;
    }
    if (!are_digits (nik, NIK_LENGTH)) {
        return NIK_NOT_DIGITS;
    }
    if (memcmp (nik + 12, "0000", 4) == 0) {
        return NIK_SERIAL_ZERO;
    }
    enum nik_sex encoded_sex;
    struct civil_date encoded = encoded_birth (nik, &encoded_sex);
    if (!calendar_is_valid (encoded)) {
        return NIK_IMPOSSIBLE_DATE;
    }
    if (birth &&
        (birth->year % 100 != encoded.year % 100 || birth->month != encoded.month || birth->day != encoded.day)) {
        return NIK_BIRTH_DATE_MISMATCH;
    }
    return sex != NIK_SEX_UNKNOWN && sex != encoded_sex ? NIK_SEX_MISMATCH : NIK_OK;
}

bool nik_region_matches (const char *nik, const char *region)
{
    if (strnlen (nik, NIK_LENGTH + 1) != NIK_LENGTH || !are_digits (nik, NIK_LENGTH)) {
        return false;
    }
    size_t compared = 0;
    for (; *region && compared < 6; region++) {
        if (*region == '.') {
            continue;
        }
        if (*region != nik[compared++]) {
            return false;
        }
    }
    return compared == 2 || compared == 4 || compared == 6;
}

void nik_mask (const char *nik, char ret_masked[NIK_LENGTH + 1])
{
    memset (ret_masked, '*', NIK_LENGTH);
    ret_masked[NIK_LENGTH] = '\0';
    if (strnlen (nik, NIK_LENGTH + 1) == NIK_LENGTH) {
        memcpy (ret_masked, nik, 6);
        memcpy (ret_masked + 12, nik + 12, 4);
    }
}
