/* The small parsers, each under every text: NIK and region, ids and codes, dates and moments, money, names of files and
 * accounts, addresses of mail, formats of numbers, times of the day.  An input is a text, a line feed, a second one. */
#include "common/auto.h"
#include "common/calendar.h"
#include "common/id.h"
#include "common/indonesian.h"
#include "common/local_time.h"
#include "common/money.h"
#include "common/nik.h"
#include "common/text.h"
#include "document.h"
#include "fuzz.h"
#include "identity.h"
#include "intake_json.h"
#include "notification.h"
#include "qr.h"

static void read_people (const char *text, const char *second)
{
    struct civil_date birth;
    char masked[NIK_LENGTH + 1];
    bool is_date = calendar_parse (second, strlen (second), &birth);
    nik_check (text, is_date ? &birth : NULL, NIK_SEX_FEMALE);
    nik_region_matches (text, second);
    nik_mask (text, masked);
    FUZZ_HOLDS (strlen (masked) == NIK_LENGTH);
    char username[IDENTITY_USERNAME_SIZE];
    FUZZ_HOLDS (identity_username (text, username) == (*username != '\0'));
    identity_may_hold (text, second);
    identity_period_is_sound (is_date ? second : NULL, NULL);
}

static void read_times (const char *text)
{
    struct civil_date date;
    char printed[CALENDAR_DATE_SIZE];
    if (calendar_parse (text, strlen (text), &date)) {
        calendar_print (date, printed);
        FUZZ_HOLDS (strcmp (printed, text) == 0);
    }
    int64_t moment, again;
    char rfc3339[LOCAL_TIME_RFC3339_SIZE], words[LOCAL_TIME_WORDS_SIZE];
    if (local_time_parse (text, &moment)) {
        local_time_rfc3339 (moment, rfc3339);
        local_time_words (moment, words);
        FUZZ_HOLDS (local_time_parse (rfc3339, &again) && again == moment - moment % 1000);
    }
    FUZZ_HOLDS (minute_from_text (text) <= 24 * 60);
}

static void read_numbers (const char *text, const char *second)
{
    money_t amount;
    char printed[MONEY_TEXT_SIZE], words[INDONESIAN_WORDS_SIZE], rupiah[INDONESIAN_AMOUNT_SIZE];
    if (money_parse (text, strlen (text), &amount)) {
        money_print (amount, printed);
        FUZZ_HOLDS (strcmp (printed, text) == 0);
        FUZZ_HOLDS (indonesian_terbilang (money_to_rupiah (amount), words, sizeof words) > 0);
        FUZZ_HOLDS (indonesian_rupiah_sen (money_to_rupiah (amount), rupiah, sizeof rupiah) > 0);
    }
    char number[DOCUMENT_NUMBER_SIZE];
    const struct document_number parts = {INT64_MAX, 9999, "VIII", second, NULL};
    enum document_format_verdict verdict = document_number_write (text, &parts, number);
    FUZZ_HOLDS ((verdict == DOCUMENT_FORMAT_OK) == (*number != '\0'));
}

static void read_names (const char *text, const char *second)
{
    char code[9], masked[NOTIFICATION_MASKED_SIZE], filled[64];
    if (id_code_normalise (text, sizeof code - 1, code)) {
        char again[sizeof code];
        FUZZ_HOLDS (id_code_normalise (code, sizeof code - 1, again) && strcmp (code, again) == 0);
    }
    id_is_uuid (text);
    FUZZ_HOLDS (id_partition (text) < ID_PARTITIONS);
    if (notification_address_is_safe (text))
        FUZZ_HOLDS (!strpbrk (text, "\r\n <>,"));
    notification_address_mask (text, masked);
    const struct notification_field field = {"name", second, false};
    int length = notification_render (text, &field, 1, filled, sizeof filled);
    FUZZ_HOLDS (length < 0 || (size_t)length == strlen (filled));
    AUTO (qr) code_matrix = qr_is_payload (text) ? qr_new (text) : NULL;
    FUZZ_HOLDS (!code_matrix || qr_width (code_matrix) >= 21);
}

static void read_text (const char *text, size_t size)
{
    size_t position;
    enum text_verdict verdict = text_check (text, size, &position);
    FUZZ_HOLDS ((verdict == TEXT_OK) == (position == size));
    if (text_check_printable (text, size, NULL) == TEXT_OK)
        FUZZ_HOLDS (verdict == TEXT_OK);
    if (verdict == TEXT_OK) {
        size_t cut = text_cut (text, size, size / 2);
        FUZZ_HOLDS (text_length (text, size) <= size && cut <= size / 2 && text_check (text, cut, NULL) == TEXT_OK);
    }
}

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = {bytes, size};
    size_t first_size;
    AUTO_FREE char *first = fuzz_piece (&input, '\n', &first_size);
    AUTO_FREE char *second = fuzz_piece (&input, '\n', NULL);
    read_text ((const char *)bytes, size);
    read_people (first, second);
    read_times (first);
    read_numbers (first, second);
    read_names (first, second);
    return 0;
}
