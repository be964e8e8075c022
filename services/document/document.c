/* The rules of the document station: see document.h. */
#include "document.h"

#include "common/calendar.h"

#include <string.h>

/* ---- drafts ------------------------------------------------------------------------------------------------- */

/* The whole lifecycle.  A missing (state, command) pair means "refused". */
static const struct document_draft_rule draft_rules[DOCUMENT_DRAFT_STATES][DOCUMENT_DRAFT_COMMANDS] = {
    [DOCUMENT_DRAFT_OPEN][DOCUMENT_DRAFT_SUBMIT] = {.allowed = true, .to = DOCUMENT_DRAFT_SUBMITTED},
    [DOCUMENT_DRAFT_OPEN][DOCUMENT_DRAFT_RETURN] = {.allowed = true, .to = DOCUMENT_DRAFT_RETURNED},
    [DOCUMENT_DRAFT_OPEN][DOCUMENT_DRAFT_CLOSE] = {.allowed = true, .to = DOCUMENT_DRAFT_CLOSED},
};

static const char *const draft_state_names[DOCUMENT_DRAFT_STATES] = {
    [DOCUMENT_DRAFT_OPEN] = "open",
    [DOCUMENT_DRAFT_SUBMITTED] = "submitted",
    [DOCUMENT_DRAFT_RETURNED] = "returned",
    [DOCUMENT_DRAFT_CLOSED] = "closed",
};

struct document_draft_rule document_draft_rule (enum document_draft_state state, enum document_draft_command command)
{
    return draft_rules[state][command];
}

enum document_draft_verdict document_draft_decide (enum document_draft_command command, enum document_draft_state state,
                                                   int attempt, int seen_attempt)
{
    if (seen_attempt != 0 && seen_attempt != attempt)
        return DOCUMENT_DRAFT_STALE;
    if (state == DOCUMENT_DRAFT_CLOSED)
        return DOCUMENT_DRAFT_ENDED;
    return draft_rules[state][command].allowed ? DOCUMENT_DRAFT_ACCEPTED : DOCUMENT_DRAFT_TOO_LATE;
}

static int name_find (const char *const *names, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp (names[i], name) == 0)
            return i;
    return -1;
}

const char *document_draft_state_name (enum document_draft_state state)
{
    return draft_state_names[state];
}

bool document_draft_state_parse (const char *name, enum document_draft_state *ret_state)
{
    int at = name_find (draft_state_names, DOCUMENT_DRAFT_STATES, name);
    if (at >= 0)
        *ret_state = (enum document_draft_state)at;
    return at >= 0;
}

/* ---- final documents ---------------------------------------------------------------------------------------- */

#define RULE(state, becomes)                                                                                           \
    {                                                                                                                  \
        .allowed = true, .to = (state), .number = (becomes)                                                            \
    }

static const struct document_final_rule final_rules[DOCUMENT_FINAL_STATES][DOCUMENT_FINAL_COMMANDS] = {
    [DOCUMENT_FINAL_REQUESTED][DOCUMENT_FINAL_RENDER] = RULE (DOCUMENT_FINAL_READY, DOCUMENT_NUMBER_ALLOCATED),
    [DOCUMENT_FINAL_REQUESTED][DOCUMENT_FINAL_CANCEL] = RULE (DOCUMENT_FINAL_VOID, DOCUMENT_NUMBER_VOID),
    [DOCUMENT_FINAL_READY][DOCUMENT_FINAL_RENDER] = RULE (DOCUMENT_FINAL_READY, DOCUMENT_NUMBER_ALLOCATED),
    [DOCUMENT_FINAL_READY][DOCUMENT_FINAL_SIGN] = RULE (DOCUMENT_FINAL_SIGNED, DOCUMENT_NUMBER_USED),
    [DOCUMENT_FINAL_READY][DOCUMENT_FINAL_CANCEL] = RULE (DOCUMENT_FINAL_VOID, DOCUMENT_NUMBER_VOID),
};

static const char *const final_state_names[DOCUMENT_FINAL_STATES] = {[DOCUMENT_FINAL_REQUESTED] = "requested",
                                                                     [DOCUMENT_FINAL_READY] = "ready",
                                                                     [DOCUMENT_FINAL_SIGNED] = "signed",
                                                                     [DOCUMENT_FINAL_VOID] = "void"};

static const char *const number_state_names[DOCUMENT_NUMBER_STATES] = {
    [DOCUMENT_NUMBER_ALLOCATED] = "allocated", [DOCUMENT_NUMBER_USED] = "used", [DOCUMENT_NUMBER_VOID] = "void"};

struct document_final_rule document_final_rule (enum document_final_state state, enum document_final_command command)
{
    return final_rules[state][command];
}

const char *document_final_state_name (enum document_final_state state)
{
    return final_state_names[state];
}

bool document_final_state_parse (const char *name, enum document_final_state *ret_state)
{
    int at = name_find (final_state_names, DOCUMENT_FINAL_STATES, name);
    if (at >= 0)
        *ret_state = (enum document_final_state)at;
    return at >= 0;
}

const char *document_number_state_name (enum document_number_state state)
{
    return number_state_names[state];
}

/* ---- how a number is written -------------------------------------------------------------------------------- */

struct writer {
    char *text;
    size_t used;
    bool is_full;
};

static void put (struct writer *writer, const char *bytes, size_t count)
{
    if (writer->used + count >= DOCUMENT_NUMBER_SIZE) {
        writer->is_full = true;
        return;
    }
    memcpy (writer->text + writer->used, bytes, count);
    writer->used += count;
}

static void put_digits (struct writer *writer, int64_t number, int least)
{
    char digits[24];
    size_t at = sizeof digits;
    for (int written = 0; number > 0 || written < least || written == 0; written++, number /= 10)
        digits[--at] = (char)('0' + number % 10);
    put (writer, digits + at, sizeof digits - at);
}

static enum document_format_verdict put_text (struct writer *writer, const char *text)
{
    if (!text || !*text)
        return DOCUMENT_FORMAT_LACKS_VALUE;
    put (writer, text, strlen (text));
    return DOCUMENT_FORMAT_OK;
}

static bool token_is (const char *token, size_t length, const char *name)
{
    return length == strlen (name) && memcmp (token, name, length) == 0;
}

/* "nomor" or "nomor:3"; the width, 0 without one, -1 when it is neither. */
static int counter_width (const char *token, size_t length)
{
    if (token_is (token, length, "nomor"))
        return 0;
    bool padded = length == 7 && memcmp (token, "nomor:", 6) == 0 && token[6] >= '1' && token[6] <= '9';
    return padded ? token[6] - '0' : -1;
}

static enum document_format_verdict put_token (struct writer *writer, const char *token, size_t length,
                                               const struct document_number *number)
{
    int width = counter_width (token, length);
    if (width >= 0)
        put_digits (writer, number->seq, width);
    else if (token_is (token, length, "tahun"))
        put_digits (writer, number->year, 4);
    else if (token_is (token, length, "bulan_romawi"))
        return put_text (writer, number->roman_month);
    else if (token_is (token, length, "unit"))
        return put_text (writer, number->unit);
    else if (token_is (token, length, "kode"))
        return put_text (writer, number->code);
    else
        return DOCUMENT_FORMAT_MALFORMED;
    return DOCUMENT_FORMAT_OK;
}

static enum document_format_verdict write_all (struct writer *writer, const char *format,
                                               const struct document_number *number)
{
    bool has_counter = false;
    while (*format) {
        if (*format == '}')
            return DOCUMENT_FORMAT_MALFORMED;
        if (*format != '{') {
            put (writer, format++, 1);
            continue;
        }
        const char *end = strchr (format, '}');
        if (!end)
            return DOCUMENT_FORMAT_MALFORMED;
        size_t length = (size_t)(end - format) - 1;
        enum document_format_verdict verdict = put_token (writer, format + 1, length, number);
        if (verdict != DOCUMENT_FORMAT_OK)
            return verdict;
        has_counter |= counter_width (format + 1, length) >= 0;
        format = end + 1;
    }
    if (!has_counter)
        return DOCUMENT_FORMAT_NO_NUMBER;
    return writer->is_full ? DOCUMENT_FORMAT_TOO_LONG : DOCUMENT_FORMAT_OK;
}

enum document_format_verdict document_number_write (const char *format, const struct document_number *number,
                                                    char ret_text[DOCUMENT_NUMBER_SIZE])
{
    struct writer writer = {.text = ret_text};
    enum document_format_verdict verdict = write_all (&writer, format, number);
    ret_text[verdict == DOCUMENT_FORMAT_OK ? writer.used : 0] = '\0';
    return verdict;
}

const char *document_format_verdict_text (enum document_format_verdict verdict)
{
    switch (verdict) {
    case DOCUMENT_FORMAT_OK:
        return "format nomor sah";
    case DOCUMENT_FORMAT_MALFORMED:
        return "format nomor memuat kurung kurawal yang tidak berpasangan atau isian yang tidak dikenal";
    case DOCUMENT_FORMAT_NO_NUMBER:
        return "format nomor tidak memuat {nomor}";
    case DOCUMENT_FORMAT_LACKS_VALUE:
        return "format nomor meminta {unit} atau {kode} yang tidak ada";
    case DOCUMENT_FORMAT_TOO_LONG:
        return "nomor terlalu panjang";
    case DOCUMENT_FORMAT_VERDICTS:
        break;
    }
    return "";
}

/* ---- the day changes ---------------------------------------------------------------------------------------- */

#define AFTER_MIDNIGHT_MS 5000 /* clocks of a deployment differ by less */
#define DAY_MS            (INT64_C (24) * 60 * 60 * 1000)

int64_t document_renewal_delay_ms (int64_t now_ms, int offset_minutes)
{
    struct civil_date today, tomorrow;
    if (!calendar_from_unix (now_ms / 1000, offset_minutes, &today, NULL) || !calendar_add_days (today, 1, &tomorrow))
        return DAY_MS;
    return calendar_to_unix (tomorrow, 0, offset_minutes) * 1000 - now_ms + AFTER_MIDNIGHT_MS;
}
