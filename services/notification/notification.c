/* The rules of notification, see notification.h. */
#include "notification.h"

#include <assert.h>
#include <string.h>

static const char kinds[NOTIFICATION_KINDS][16] = {
    [NOTIFICATION_NONE] = "none",
    [NOTIFICATION_REGISTERED] = "registered",
    [NOTIFICATION_INCOMPLETE] = "incomplete",
    [NOTIFICATION_PAYMENT_DUE] = "payment_due",
    [NOTIFICATION_READY] = "ready",
    [NOTIFICATION_DONE] = "done",
    [NOTIFICATION_REJECTED] = "rejected",
    [NOTIFICATION_WITHDRAWN] = "withdrawn",
};

static const char states[NOTIFICATION_STATES][16] = {
    [NOTIFICATION_QUEUED] = "queued",
    [NOTIFICATION_SENT] = "sent",
    [NOTIFICATION_FAILED] = "failed",
    [NOTIFICATION_SKIPPED] = "skipped",
};

/* ---- what is told ------------------------------------------------------------------------------------------- */

/* After the signature comes either a bill (bill.issued tells its amount) or the handover; document.signed itself says
 * nothing that the applicant could act on. */
static const struct {
    char topic[32];
    char detail[16]; /* "": whatever it is */
    enum notification_kind kind;
} triggers[] = {
    {"application.registered", "", NOTIFICATION_REGISTERED},
    {"application.incomplete", "", NOTIFICATION_INCOMPLETE},
    {"bill.issued", "", NOTIFICATION_PAYMENT_DUE},
    {"step.requested", "handover", NOTIFICATION_READY},
    {"application.closed", "done", NOTIFICATION_DONE},
    {"application.closed", "rejected", NOTIFICATION_REJECTED},
    {"application.closed", "withdrawn", NOTIFICATION_WITHDRAWN},
};

enum notification_kind notification_kind_of (const char *topic, const char *detail, long long amount_rupiah)
{
    for (size_t i = 0; i < sizeof triggers / sizeof *triggers; i++) {
        if (strcmp (topic, triggers[i].topic) != 0)
            continue;
        if (triggers[i].detail[0] != '\0' && (detail == NULL || strcmp (detail, triggers[i].detail) != 0))
            continue;
        bool has_nothing_to_pay = triggers[i].kind == NOTIFICATION_PAYMENT_DUE && amount_rupiah <= 0;
        return has_nothing_to_pay ? NOTIFICATION_NONE : triggers[i].kind;
    }
    return NOTIFICATION_NONE;
}

const char *notification_kind_name (enum notification_kind kind)
{
    assert (kind < NOTIFICATION_KINDS);
    return kinds[kind];
}

/* ---- the life of a message ---------------------------------------------------------------------------------- */

bool notification_next (enum notification_state state, enum notification_command command,
                        enum notification_state *ret_next)
{
    static const enum notification_state after[NOTIFICATION_COMMANDS] = {
        [NOTIFICATION_DELIVERED] = NOTIFICATION_SENT,
        [NOTIFICATION_RETRY] = NOTIFICATION_QUEUED,
        [NOTIFICATION_GIVE_UP] = NOTIFICATION_FAILED,
        [NOTIFICATION_SKIP] = NOTIFICATION_SKIPPED,
    };
    assert (state < NOTIFICATION_STATES && command < NOTIFICATION_COMMANDS);
    bool may = notification_may_deliver (state);
    *ret_next = may ? after[command] : state;
    return may;
}

bool notification_may_deliver (enum notification_state state)
{
    return state == NOTIFICATION_QUEUED || state == NOTIFICATION_FAILED;
}

const char *notification_state_name (enum notification_state state)
{
    assert (state < NOTIFICATION_STATES);
    return states[state];
}

enum notification_state notification_state_parse (const char *text)
{
    enum notification_state state = NOTIFICATION_QUEUED;
    while (state < NOTIFICATION_STATES && strcmp (text, states[state]) != 0)
        state++;
    assert (state < NOTIFICATION_STATES);
    return state;
}

enum notification_command notification_delivery (bool completed, long smtp_code)
{
    if (completed)
        return NOTIFICATION_DELIVERED;
    bool is_ours = smtp_code == 530 || smtp_code == 534 || smtp_code == 535 || smtp_code == 538;
    return smtp_code >= 500 && smtp_code < 600 && !is_ours ? NOTIFICATION_GIVE_UP : NOTIFICATION_RETRY;
}

/* ---- texts -------------------------------------------------------------------------------------------------- */

static const struct notification_field *field_find (const struct notification_field *fields, size_t count,
                                                    const char *name, size_t size)
{
    for (size_t i = 0; i < count; i++)
        if (strlen (fields[i].name) == size && memcmp (fields[i].name, name, size) == 0)
            return &fields[i];
    return NULL;
}

/* Appends the value; false when there is no room. */
static bool field_put (const struct notification_field *field, char *text, size_t size, size_t *used)
{
    const char *value = field->value != NULL ? field->value : "-";
    for (; *value != '\0'; value++) {
        unsigned char c = (unsigned char)*value;
        bool is_control = c < 0x20 || c == 0x7f;
        if (*used + 1 >= size)
            return false;
        text[(*used)++] = (char)(is_control && !(field->has_lines && c == '\n') ? ' ' : c);
    }
    return true;
}

int notification_render (const char *template, const struct notification_field *fields, size_t count, char *ret_text,
                         size_t size)
{
    size_t used = 0;
    assert (size > 0);
    for (const char *at = template; *at != '\0';) {
        if (*at != '{') {
            if (used + 1 >= size)
                return -1;
            ret_text[used++] = *at++;
            continue;
        }
        const char *end = strchr (at, '}');
        const struct notification_field *field =
            end != NULL ? field_find (fields, count, at + 1, (size_t)(end - at - 1)) : NULL;
        if (field == NULL || !field_put (field, ret_text, size, &used))
            return -1;
        at = end + 1;
    }
    ret_text[used] = '\0';
    return (int)used;
}

/* ---- addresses ---------------------------------------------------------------------------------------------- */

static bool is_letter_or_digit (char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Non-empty parts of letters, digits and `also`, with dots between; *ret_dots counts them. */
static bool is_dotted (const char *text, size_t size, const char *also, int *ret_dots)
{
    *ret_dots = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '.') {
            if (i == 0 || text[i - 1] == '.' || i + 1 == size)
                return false;
            (*ret_dots)++;
        } else if (!is_letter_or_digit (text[i]) && strchr (also, text[i]) == NULL) {
            return false;
        }
    }
    return size > 0;
}

bool notification_address_is_safe (const char *address)
{
    enum { LOCAL_MOST = 64, ADDRESS_MOST = 254 };
    size_t size = strlen (address);
    const char *at = strchr (address, '@');
    int dots;
    if (at == NULL || size > ADDRESS_MOST || at - address > LOCAL_MOST)
        return false;
    return is_dotted (address, (size_t)(at - address), "!#$%&'*+-/=?^_`{|}~", &dots) &&
           is_dotted (at + 1, size - (size_t)(at + 1 - address), "-", &dots) && dots > 0 && at[1] != '-';
}

void notification_address_mask (const char *address, char ret_masked[NOTIFICATION_MASKED_SIZE])
{
    const char *at = strchr (address, '@');
    size_t used = 0;
    if (at != NULL && at > address && (unsigned char)address[0] < 0x80)
        ret_masked[used++] = address[0];
    memcpy (ret_masked + used, "***", 3);
    used += 3;
    for (; at != NULL && *at != '\0' && used + 1 < NOTIFICATION_MASKED_SIZE; at++)
        ret_masked[used++] = (char)((unsigned char)*at < 0x80 ? *at : '?');
    ret_masked[used] = '\0';
}
