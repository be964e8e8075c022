/* Purposes, uploads and names, see archive.h; what bytes are is archive_sniff.c. */
#include "archive.h"

#include "common/text.h"

#include <assert.h>
#include <string.h>

#define HOUR_MS INT64_C (3600000)

static const char media_types[ARCHIVE_TYPES][16] = {
    [ARCHIVE_TYPE_PDF] = "application/pdf",
    [ARCHIVE_TYPE_JPEG] = "image/jpeg",
    [ARCHIVE_TYPE_PNG] = "image/png",
};

static const char endings[ARCHIVE_TYPES][6] = {
    [ARCHIVE_TYPE_PDF] = ".pdf",
    [ARCHIVE_TYPE_JPEG] = ".jpg",
    [ARCHIVE_TYPE_PNG] = ".png",
};

static const char purposes[ARCHIVE_PURPOSES][16] = {
    [ARCHIVE_REQUIREMENT] = "requirement",   [ARCHIVE_PHOTO] = "photo",       [ARCHIVE_AUTHORITY] = "authority",
    [ARCHIVE_SIGNATURE] = "signature",       [ARCHIVE_DOCUMENT] = "document", [ARCHIVE_SIGNED] = "signed",
    [ARCHIVE_VERIFICATION] = "verification",
};

const char *archive_media_type (enum archive_type type)
{
    assert (type < ARCHIVE_TYPES);
    return media_types[type];
}

enum archive_type archive_media_type_parse (const char *text)
{
    for (enum archive_type type = ARCHIVE_TYPE_PDF; type < ARCHIVE_TYPES; type++)
        if (strcmp (text, media_types[type]) == 0)
            return type;
    return ARCHIVE_TYPE_NONE;
}

enum archive_purpose archive_purpose_parse (const char *text)
{
    enum archive_purpose purpose = ARCHIVE_REQUIREMENT;
    while (purpose < ARCHIVE_PURPOSES && strcmp (text, purposes[purpose]) != 0)
        purpose++;
    assert (purpose < ARCHIVE_PURPOSES);
    return purpose;
}

const char *archive_purpose_name (enum archive_purpose purpose)
{
    assert (purpose < ARCHIVE_PURPOSES);
    return purposes[purpose];
}

int64_t archive_retain_until (enum archive_purpose purpose, int64_t now_ms)
{
    return purpose == ARCHIVE_VERIFICATION ? now_ms + ARCHIVE_KEEP_MS : 0;
}

enum archive_chunk archive_chunk_check (int64_t stored, int64_t offset, size_t size)
{
    assert (stored >= 0 && offset >= 0);
    if (size == 0)
        return ARCHIVE_CHUNK_EMPTY;
    if (size > ARCHIVE_CHUNK_MOST)
        return ARCHIVE_CHUNK_TOO_LARGE;
    if (offset > ARCHIVE_FILE_MOST || (int64_t)size > ARCHIVE_FILE_MOST - offset)
        return ARCHIVE_FILE_TOO_LARGE;
    if (offset > stored)
        return ARCHIVE_CHUNK_GAP;
    return offset == stored ? ARCHIVE_CHUNK_NEXT : ARCHIVE_CHUNK_REPEAT;
}

enum archive_verdict archive_size_check (int64_t stored, int64_t declared)
{
    if (stored == 0 && declared == 0)
        return ARCHIVE_EMPTY;
    return stored == declared ? ARCHIVE_OK : ARCHIVE_SIZE_MISMATCH;
}

bool archive_type_fits (enum archive_purpose purpose, enum archive_type type)
{
    switch (purpose) {
    case ARCHIVE_REQUIREMENT:
    case ARCHIVE_AUTHORITY:
        return type != ARCHIVE_TYPE_NONE;
    case ARCHIVE_PHOTO:
    case ARCHIVE_SIGNATURE:
        return type == ARCHIVE_TYPE_JPEG || type == ARCHIVE_TYPE_PNG;
    case ARCHIVE_DOCUMENT:
    case ARCHIVE_SIGNED:
    case ARCHIVE_VERIFICATION:
        return type == ARCHIVE_TYPE_PDF;
    case ARCHIVE_PURPOSES:
        break;
    }
    assert (false);
    return false;
}

/* The part after the last separator of any system. */
static const char *last_part (const char *path)
{
    const char *part = path;
    for (const char *at = path; *at; at++)
        if (*at == '/' || *at == '\\')
            part = at + 1;
    return part;
}

static bool ends_with (const char *text, size_t size, const char *ending)
{
    size_t length = strlen (ending);
    if (size < length)
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = text[size - length + i];
        if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != ending[i])
            return false;
    }
    return true;
}

/* Copies without what may not be in a name; the length, cut between characters at `most`. */
static size_t copy_clean (const char *part, char *ret_name, size_t most)
{
    size_t size = strlen (part), used = 0;
    for (size_t at = 0, next; at < size; at = next) {
        for (next = at + 1; next < size && (part[next] & 0xc0) == 0x80; next++)
            ;
        bool is_plain = next == at + 1;
        bool is_dropped = is_plain ? (unsigned char)part[at] < 0x20 || strchr (":*?\"<>|;%", part[at]) != NULL : false;
        if (is_dropped || text_check (part + at, next - at, NULL) != TEXT_OK || (used == 0 && strchr (". ", part[at])))
            continue;
        if (used + (next - at) > most)
            break;
        memcpy (ret_name + used, part + at, next - at);
        used += next - at;
    }
    while (used > 0 && (ret_name[used - 1] == ' ' || ret_name[used - 1] == '.'))
        used--;
    return used;
}

void archive_name (const char *typed, enum archive_type type, char ret_name[ARCHIVE_NAME_SIZE])
{
    assert (type > ARCHIVE_TYPE_NONE && type < ARCHIVE_TYPES);
    size_t used = copy_clean (last_part (typed != NULL ? typed : ""), ret_name, ARCHIVE_NAME_SIZE - sizeof endings[0]);
    if (used == 0) {
        memcpy (ret_name, "berkas", 6);
        used = 6;
    }
    bool fits =
        ends_with (ret_name, used, endings[type]) || (type == ARCHIVE_TYPE_JPEG && ends_with (ret_name, used, ".jpeg"));
    if (!fits) {
        memcpy (ret_name + used, endings[type], 4);
        used += 4;
    }
    ret_name[used] = '\0';
}

int64_t archive_sweep_hour (int64_t now_ms)
{
    return (now_ms + ARCHIVE_KEEP_MS) / HOUR_MS + 1;
}
