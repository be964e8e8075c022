/* The rules of the archive: which contents are accepted, how an upload grows, what a file may be called, how long it
 * stays.  Pure.  The type of a file is what its bytes say, never its name or what the sender claims. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ARCHIVE_CHUNK_MOST = 256 * 1024,         /* bytes of one piece, on the wire and as a row */
    ARCHIVE_FILE_MOST = 5 * 1024 * 1024,     /* bytes of an uploaded file */
    ARCHIVE_PUT_MOST = 1024 * 1024,          /* bytes of a file that a service puts in one piece */
    ARCHIVE_PUBLIC_MOST = 512 * 1024 * 1024, /* bytes that the public may bring within ARCHIVE_KEEP_MS */
    ARCHIVE_KEEP_MS = 60 * 60 * 1000,        /* life of an upload under way, and of a file brought to be verified */
    ARCHIVE_NAME_SIZE = 128,
    ARCHIVE_IMAGE_SIDE_MOST = 20000, /* pixels */
};

/* ---- contents ----------------------------------------------------------------------------------------------- */

enum archive_type { ARCHIVE_TYPE_NONE, ARCHIVE_TYPE_PDF, ARCHIVE_TYPE_JPEG, ARCHIVE_TYPE_PNG, ARCHIVE_TYPES };

/* What the bytes are, and ARCHIVE_TYPE_NONE when they are nothing that we take, or cut short:
 * PDF (ISO 32000): %PDF-1. or %PDF-2. as the first bytes, %%EOF within the last 1,024.
 * JPEG (ITU T.81): SOI, well-formed segments with a frame header of a sane size, a scan, and EOI after it.
 * PNG (ISO 15948): signature, IHDR first with a sane size, well-formed chunks with image data, IEND as the last bytes.
 */
enum archive_type archive_sniff (const uint8_t *bytes, size_t size);

/* "application/pdf", ""; and back, ARCHIVE_TYPE_NONE for anything else. */
const char *archive_media_type (enum archive_type type);
enum archive_type archive_media_type_parse (const char *text);

/* ---- purposes ----------------------------------------------------------------------------------------------- */

enum archive_purpose {
    ARCHIVE_REQUIREMENT,  /* what a service asks of the applicant */
    ARCHIVE_PHOTO,        /* of a field check */
    ARCHIVE_AUTHORITY,    /* surat kuasa: written authority of a collector */
    ARCHIVE_SIGNATURE,    /* drawn by who takes a document */
    ARCHIVE_DOCUMENT,     /* made here, not signed */
    ARCHIVE_SIGNED,       /* made and signed here */
    ARCHIVE_VERIFICATION, /* brought by anyone to be checked; not kept */
    ARCHIVE_PURPOSES
};
/* The schemas let nothing else in, so an unknown text is a bug. */
enum archive_purpose archive_purpose_parse (const char *text);
const char *archive_purpose_name (enum archive_purpose purpose);

/* Until when such a file stays, unix milliseconds; 0: as long as what it belongs to. */
int64_t archive_retain_until (enum archive_purpose purpose, int64_t now_ms);

/* ---- uploads ------------------------------------------------------------------------------------------------ */

enum archive_chunk {
    ARCHIVE_CHUNK_NEXT,   /* continues what is stored */
    ARCHIVE_CHUNK_REPEAT, /* begins within what is stored: fine if the same piece is there */
    ARCHIVE_CHUNK_GAP,
    ARCHIVE_CHUNK_EMPTY,
    ARCHIVE_CHUNK_TOO_LARGE, /* the piece */
    ARCHIVE_FILE_TOO_LARGE,  /* the file with it */
};
enum archive_chunk archive_chunk_check (int64_t stored, int64_t offset, size_t size);

enum archive_verdict { ARCHIVE_OK, ARCHIVE_EMPTY, ARCHIVE_SIZE_MISMATCH };

/* Are all bytes there? */
enum archive_verdict archive_size_check (int64_t stored, int64_t declared);
/* May such a content serve this purpose?  Documents and files to verify are PDF; photos and signatures are no PDF. */
bool archive_type_fits (enum archive_purpose purpose, enum archive_type type);

/* ---- names -------------------------------------------------------------------------------------------------- */

/* A name that is safe to show and to save under: the last part of a path, without controls, bidirectional controls and
 * characters that a file system or a header minds, not hidden, at most ARCHIVE_NAME_SIZE - 1 bytes, ending as its type
 * does.  `typed` may be NULL; what is left empty becomes "berkas". */
void archive_name (const char *typed, enum archive_type type, char ret_name[ARCHIVE_NAME_SIZE]);

/* ---- sweeping ----------------------------------------------------------------------------------------------- */

/* The full hour, counted since 1970, at which what begins now will have had its time: one sweep serves an hour. */
int64_t archive_sweep_hour (int64_t now_ms);
