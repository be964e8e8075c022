/* See wire.h. */
#include "common/wire.h"

#include "common/auto.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <time.h>

enum { LENGTH_BYTES = 4 };

static int64_t wire_clock (clockid_t clock)
{
    struct timespec now;
    clock_gettime (clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t wire_now (void)
{
    return wire_clock (CLOCK_REALTIME);
}

int64_t wire_ticks (void)
{
    return wire_clock (CLOCK_MONOTONIC);
}

/* Each frame behind its length, four bytes, the highest first. */
zframe_t *wire_pack (zmsg_t *message)
{
    size_t size = zmsg_content_size (message) + LENGTH_BYTES * zmsg_size (message);
    assert (size <= UINT32_MAX);
    zframe_t *packed = zframe_new (NULL, size);
    byte *at = zframe_data (packed);
    for (zframe_t *frame = zmsg_first (message); frame; frame = zmsg_next (message)) {
        size_t length = zframe_size (frame);
        for (int shift = 24; shift >= 0; shift -= 8)
            *at++ = (byte)(length >> shift);
        memcpy (at, zframe_data (frame), length);
        at += length;
    }
    return packed;
}

/* zmsg_decode () would do it too, but reads beyond the end where a length lies (czmq 4.2.1). */
zmsg_t *wire_unpack (zframe_t *packed)
{
    AUTO (zmsg) message = zmsg_new ();
    const byte *at = zframe_data (packed);
    size_t left = zframe_size (packed);
    if (left == 0)
        zmsg_addstr (message, WIRE_KNOCK);
    while (left > 0) {
        if (left < LENGTH_BYTES)
            return NULL;
        size_t length = (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
        at += LENGTH_BYTES;
        left -= LENGTH_BYTES;
        if (length > left)
            return NULL;
        zmsg_addmem (message, at, length);
        at += length;
        left -= length;
    }
    zmsg_t *whole = message;
    message = NULL;
    return whole;
}

void *wire_pop_bytes (zmsg_t *message, size_t *ret_size)
{
    zframe_t *frame = zmsg_pop (message);
    *ret_size = frame ? zframe_size (frame) : 0;
    char *bytes = malloc (*ret_size + 1);
    assert (bytes);
    if (frame)
        memcpy (bytes, zframe_data (frame), *ret_size);
    bytes[*ret_size] = '\0';
    zframe_destroy (&frame);
    return bytes;
}

char *wire_pop_text (zmsg_t *message)
{
    if (zmsg_size (message) == 0)
        return NULL;
    size_t size;
    char *text = wire_pop_bytes (message, &size);
    if (memchr (text, '\0', size)) {
        free (text);
        return NULL;
    }
    return text;
}

int64_t wire_pop_int (zmsg_t *message, int64_t fallback)
{
    AUTO_FREE char *text = wire_pop_text (message);
    if (!text || !isdigit ((unsigned char)text[text[0] == '-']))
        return fallback;
    char *end;
    errno = 0;
    int64_t value = strtoll (text, &end, 10);
    return errno || *end ? fallback : value;
}

void wire_add_int (zmsg_t *message, int64_t value)
{
    zmsg_addstrf (message, "%" PRId64, value);
}
