/* What bytes are, see archive.h.  Pure.  Every read is preceded by its bound; hostile bytes cost at most one pass. */
#include "archive.h"

#include <string.h>

/* ---- PDF ---------------------------------------------------------------------------------------------------- */

static bool is_pdf (const uint8_t *bytes, size_t size)
{
    enum { HEAD = 8, TAIL = 1024 };
    if (size < HEAD || (memcmp (bytes, "%PDF-1.", 7) != 0 && memcmp (bytes, "%PDF-2.", 7) != 0) || bytes[7] < '0' ||
        bytes[7] > '9')
        return false;
    size_t from = size > TAIL ? size - TAIL : 0;
    for (size_t i = from; i + 5 <= size; i++)
        if (memcmp (bytes + i, "%%EOF", 5) == 0)
            return true;
    return false;
}

/* ---- JPEG --------------------------------------------------------------------------------------------------- */

static unsigned u16 (const uint8_t *bytes)
{
    return (unsigned)bytes[0] << 8 | bytes[1];
}

static uint32_t u32 (const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool is_sane_side (uint32_t side)
{
    return side >= 1 && side <= ARCHIVE_IMAGE_SIDE_MOST;
}

/* SOF0 to SOF15 but for DHT, JPG and DAC, which lie among them. */
static bool is_frame_marker (uint8_t marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* Length, precision, height, width, number of components: a sane picture? */
static bool is_sane_frame (const uint8_t *segment, size_t length)
{
    return length >= 11 && is_sane_side (u16 (segment + 3)) && is_sane_side (u16 (segment + 5)) && segment[7] >= 1 &&
           length == 8u + 3u * segment[7];
}

/* From the entropy-coded data on: EOI must come (a file cut short has none). */
static bool has_end (const uint8_t *bytes, size_t from, size_t size)
{
    for (size_t i = from; i + 2 <= size; i++)
        if (bytes[i] == 0xff && bytes[i + 1] == 0xd9)
            return true;
    return false;
}

static bool is_jpeg (const uint8_t *bytes, size_t size)
{
    enum { SOI = 0xd8, EOI = 0xd9, SOS = 0xda, RST0 = 0xd0, TEM = 0x01 };
    if (size < 4 || bytes[0] != 0xff || bytes[1] != SOI)
        return false;
    bool has_frame = false;
    for (size_t at = 2;;) {
        if (at >= size || bytes[at] != 0xff)
            return false;
        while (at < size && bytes[at] == 0xff) /* any number of fill bytes */
            at++;
        if (at + 3 > size)
            return false;
        uint8_t marker = bytes[at++];
        size_t length = u16 (bytes + at);
        if (marker == 0 || marker == TEM || (marker >= RST0 && marker <= EOI) || length < 2 || length > size - at)
            return false;
        if (is_frame_marker (marker)) {
            if (has_frame || !is_sane_frame (bytes + at, length))
                return false;
            has_frame = true;
        }
        at += length;
        if (marker == SOS)
            return has_frame && has_end (bytes, at, size);
    }
}

/* ---- PNG ---------------------------------------------------------------------------------------------------- */

static const uint8_t png_signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

/* Width, height, bit depth, colour type, compression, filter, interlace (section 11.2.1). */
static bool is_sane_header (const uint8_t *header)
{
    static const uint8_t depths[7] = {
        [0] = 1 | 2 | 4 | 8 | 16, [2] = 8 | 16, [3] = 1 | 2 | 4 | 8, [4] = 8 | 16, [6] = 8 | 16};
    uint8_t depth = header[8], colour = header[9];
    return is_sane_side (u32 (header)) && is_sane_side (u32 (header + 4)) && colour < sizeof depths &&
           (depth & (depth - 1)) == 0 && (depths[colour] & depth) != 0 && header[10] == 0 && header[11] == 0 &&
           header[12] <= 1;
}

static bool is_chunk_type (const uint8_t *type)
{
    for (int i = 0; i < 4; i++)
        if ((type[i] | 0x20) < 'a' || (type[i] | 0x20) > 'z')
            return false;
    return true;
}

static bool is_png (const uint8_t *bytes, size_t size)
{
    enum { FRAME = 12, HEADER = 13 }; /* length, type and CRC of a chunk */
    if (size < sizeof png_signature || memcmp (bytes, png_signature, sizeof png_signature) != 0)
        return false;
    bool has_data = false;
    for (size_t at = sizeof png_signature; size - at >= FRAME;) {
        size_t length = u32 (bytes + at);
        const uint8_t *type = bytes + at + 4, *content = bytes + at + 8;
        if (length > size - at - FRAME || !is_chunk_type (type))
            return false;
        bool is_first = at == sizeof png_signature;
        if (is_first != (memcmp (type, "IHDR", 4) == 0) ||
            (is_first && (length != HEADER || !is_sane_header (content))))
            return false;
        at += FRAME + length;
        if (memcmp (type, "IDAT", 4) == 0)
            has_data = true;
        if (memcmp (type, "IEND", 4) == 0)
            return has_data && length == 0 && at == size;
    }
    return false;
}

enum archive_type archive_sniff (const uint8_t *bytes, size_t size)
{
    if (is_pdf (bytes, size))
        return ARCHIVE_TYPE_PDF;
    if (is_jpeg (bytes, size))
        return ARCHIVE_TYPE_JPEG;
    if (is_png (bytes, size))
        return ARCHIVE_TYPE_PNG;
    return ARCHIVE_TYPE_NONE;
}
