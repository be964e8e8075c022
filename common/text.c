/* UTF-8 by Unicode's table 3-7 of well-formed byte sequences. */
#include "common/text.h"

bool text_is_forbidden (uint32_t code_point)
{
    if (code_point < 0x20) {
        return code_point != '\n' && code_point != '\t';
    }
    return (code_point >= 0x7f && code_point <= 0x9f) || code_point == 0x061c || code_point == 0x200e ||
           code_point == 0x200f || (code_point >= 0x202a && code_point <= 0x202e) ||
           (code_point >= 0x2066 && code_point <= 0x2069) || code_point == 0xfeff ||
           (code_point >= 0xfdd0 && code_point <= 0xfdef) || (code_point & 0xfffe) == 0xfffe;
}

bool text_is_printable (uint32_t code_point)
{
    static const struct {
        uint16_t first, last;
    } ranges[] = {
        {0x0020, 0x007e}, {0x00a1, 0x00ac}, {0x00ae, 0x017f}, {0x0218, 0x021b}, {0x1e80, 0x1e85}, {0x1ef2, 0x1ef3},
        {0x2013, 0x2015}, {0x2018, 0x201e}, {0x2020, 0x2022}, {0x2026, 0x2026}, {0x2030, 0x2030}, {0x2032, 0x2033},
        {0x2039, 0x203a}, {0x2074, 0x2079}, {0x20ac, 0x20ac}, {0x2116, 0x2116}, {0x2122, 0x2122}, {0x2190, 0x2193},
        {0x2212, 0x2212}, {0x2248, 0x2248}, {0x2260, 0x2260}, {0x2264, 0x2265},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (code_point >= ranges[i].first && code_point <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* How many bytes the sequence that starts with `lead` has, and in which range its second byte must be (that is what
 * keeps overlong forms, surrogates and code points beyond U+10FFFF out); 0 for a byte that starts nothing. */
static size_t sequence_length (unsigned char lead, unsigned char *ret_low, unsigned char *ret_high)
{
    *ret_low = 0x80;
    *ret_high = 0xbf;
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xc2 && lead <= 0xdf) {
        return 2;
    }
    if (lead >= 0xe0 && lead <= 0xef) {
        *ret_low = lead == 0xe0 ? 0xa0 : 0x80;
        *ret_high = lead == 0xed ? 0x9f : 0xbf;
        return 3;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        *ret_low = lead == 0xf0 ? 0x90 : 0x80;
        *ret_high = lead == 0xf4 ? 0x8f : 0xbf;
        return 4;
    }
    return 0;
}

/* Decodes one character; 0 when it is not well formed, else the bytes it takes. */
static size_t decode (const unsigned char *bytes, size_t size, uint32_t *ret_code_point)
{
    unsigned char low, high;
    size_t length = sequence_length (bytes[0], &low, &high);
    if (length == 0 || length > size) {
        return 0;
    }
    static const unsigned char lead_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t code_point = bytes[0] & lead_bits[length];
    for (size_t i = 1; i < length; i++) {
        if (bytes[i] < low || bytes[i] > high) {
            return 0;
        }
        low = 0x80;
        high = 0xbf;
        code_point = code_point << 6 | (bytes[i] & 0x3f);
    }
    *ret_code_point = code_point;
    return length;
}

static bool is_allowed (uint32_t code_point)
{
    return !text_is_forbidden (code_point);
}

static enum text_verdict check_all (const char *text, size_t size, bool (*is_good) (uint32_t), size_t *ret_position)
{
    enum text_verdict verdict = TEXT_OK;
    size_t position = 0;
    while (position < size) {
        uint32_t code_point;
        size_t length = decode ((const unsigned char *)text + position, size - position, &code_point);
        if (length == 0) {
            verdict = TEXT_INVALID_UTF8;
            break;
        }
        if (!is_good (code_point)) {
            verdict = TEXT_FORBIDDEN;
            break;
        }
        position += length;
    }
    if (ret_position) {
        *ret_position = position;
    }
    return verdict;
}

enum text_verdict text_check (const char *text, size_t size, size_t *ret_position)
{
    return check_all (text, size, is_allowed, ret_position);
}

enum text_verdict text_check_printable (const char *text, size_t size, size_t *ret_position)
{
    return check_all (text, size, text_is_printable, ret_position);
}

static bool is_continuation (char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

size_t text_length (const char *text, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        length += !is_continuation (text[i]);
    }
    return length;
}

size_t text_cut (const char *text, size_t size, size_t limit)
{
    if (size <= limit) {
        return size;
    }
    while (limit > 0 && is_continuation (text[limit])) {
        limit--;
    }
    return limit;
}
