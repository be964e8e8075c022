/* See wire.h. */
#include "common/wire.h"

#include "common/auto.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <time.h>

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
