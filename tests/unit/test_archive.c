/* The rules of the archive.  The sniffers meet whole files, every truncation of them, every single changed byte, and
 * bytes that claim lengths which are not there: they may refuse, never read outside (the build with ASan sees that). */
#include "archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t pdf[] = "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n";

static const uint8_t jpeg[] = {
    0xff, 0xd8,                                                                     /* SOI */
    0xff, 0xe0, 0,    16,   'J',  'F',  'I', 'F', 0,  1, 1, 0,    0, 1, 0, 1, 0, 0, /* APP0 */
    0xff, 0xff, 0xdb, 0,    5,    0,    1,   1,                                     /* DQT after a fill byte */
    0xff, 0xc0, 0,    11,   8,    0,    1,   0,   1,  1, 1, 0x11, 0,                /* SOF0: 1 × 1, one component */
    0xff, 0xda, 0,    8,    1,    1,    0,   0,   63, 0,                            /* SOS */
    0x12, 0xff, 0,    0x34, 0xff, 0xd9,                                             /* data with a stuffed FF, EOI */
};

static const uint8_t png[] = {
    0x89, 'P',  'N',  'G', '\r', '\n', 0x1a, '\n', 0, 0,    0,    13,   'I',  'H', 'D', 'R',  0,    0,    0,    1,
    0,    0,    0,    1,   8,    0,    0,    0,    0, 0x3a, 0x7e, 0x9b, 0x55, 0,   0,   0,    2,    'I',  'D',  'A',
    'T',  0x78, 0x9c, 0,   0,    0,    0,    0,    0, 0,    0,    'I',  'E',  'N', 'D', 0xae, 0x42, 0x60, 0x82,
};

struct sample {
    const char *name;
    const uint8_t *bytes;
    size_t size;
    enum archive_type type;
    size_t tail; /* bytes at the end without which the file is still whole */
};

static const struct sample samples[] = {
    {"pdf", pdf, sizeof pdf - 1, ARCHIVE_TYPE_PDF, 1},
    {"jpeg", jpeg, sizeof jpeg, ARCHIVE_TYPE_JPEG, 0},
    {"png", png, sizeof png, ARCHIVE_TYPE_PNG, 0},
};
enum { SAMPLES = sizeof samples / sizeof *samples };

/* In memory of exactly that size, so that one byte too far is found. */
static enum archive_type sniff (const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc (size > 0 ? size : 1);
    memcpy (copy, bytes, size);
    enum archive_type type = archive_sniff (copy, size);
    free (copy);
    return type;
}

static void test_whole_and_cut (void **state)
{
    (void)state;
    for (int i = 0; i < SAMPLES; i++) {
        const struct sample *s = &samples[i];
        for (size_t size = 0; size <= s->size; size++) {
            bool is_whole = size + s->tail >= s->size;
            assert_int_equal (sniff (s->bytes, size), is_whole ? s->type : ARCHIVE_TYPE_NONE);
        }
        assert_int_equal (archive_media_type_parse (archive_media_type (s->type)), s->type);
    }
    assert_int_equal (archive_media_type_parse ("text/html"), ARCHIVE_TYPE_NONE);
    assert_int_equal (archive_media_type_parse (""), ARCHIVE_TYPE_NONE);
}

static void test_changed_bytes (void **state)
{
    (void)state;
    int refused = 0;
    for (int i = 0; i < SAMPLES; i++) {
        const struct sample *s = &samples[i];
        uint8_t bytes[256];
        for (size_t at = 0; at < s->size; at++)
            for (int value = 0; value < 256; value++) {
                memcpy (bytes, s->bytes, s->size);
                bytes[at] = (uint8_t)value;
                enum archive_type type = sniff (bytes, s->size);
                assert_true (type == s->type || type == ARCHIVE_TYPE_NONE); /* never taken for another type */
                refused += type == ARCHIVE_TYPE_NONE;
            }
    }
    assert_true (refused > 1000);
}

static void put_at (uint8_t *bytes, size_t at, const char *raw, size_t size)
{
    memcpy (bytes + at, raw, size);
}

static void test_hostile (void **state)
{
    (void)state;
    uint8_t bytes[4096];
    assert_int_equal (sniff ((const uint8_t *)"MZ%PDF-1.7\n%%EOF", 16), ARCHIVE_TYPE_NONE); /* PDF not at the start */
    assert_int_equal (sniff ((const uint8_t *)"%PDF-3.0\n%%EOF", 14), ARCHIVE_TYPE_NONE);
    assert_int_equal (sniff ((const uint8_t *)"<html><script>alert(1)</script>", 31), ARCHIVE_TYPE_NONE);
    assert_int_equal (sniff ((const uint8_t *)"GIF89a\1\0\1\0\0\0\0;", 14), ARCHIVE_TYPE_NONE);

    memset (bytes, ' ', sizeof bytes); /* %%EOF with more than a kilobyte behind it */
    put_at (bytes, 0, "%PDF-1.4\n%%EOF\n", 15);
    assert_int_equal (sniff (bytes, sizeof bytes), ARCHIVE_TYPE_NONE);
    assert_int_equal (sniff (bytes, 1024), ARCHIVE_TYPE_PDF);

    memset (bytes, 0xff, sizeof bytes); /* a JPEG of fill bytes only */
    bytes[1] = 0xd8;
    assert_int_equal (sniff (bytes, sizeof bytes), ARCHIVE_TYPE_NONE);

    static const struct {
        size_t at;
        char value[4];
        size_t size;
    } jpeg_slips[] = {
        {4, "\xff\xff", 2},  /* a segment longer than the file */
        {4, "\0\1", 2},      /* a segment shorter than its own length */
        {33, "\0\0", 2},     /* height 0 */
        {35, "\xff\xff", 2}, /* width 65535 */
        {29, "\xc4", 1},     /* no frame header */
        {3, "\xd9", 1},      /* the end before anything began */
    };
    for (size_t i = 0; i < sizeof jpeg_slips / sizeof *jpeg_slips; i++) {
        memcpy (bytes, jpeg, sizeof jpeg);
        put_at (bytes, jpeg_slips[i].at, jpeg_slips[i].value, jpeg_slips[i].size);
        assert_int_equal (sniff (bytes, sizeof jpeg), ARCHIVE_TYPE_NONE);
    }
    static const struct {
        size_t at;
        char value[4];
        size_t size;
    } png_slips[] = {
        {33, "\xff\xff\xff\xff", 4}, /* a chunk of 4 GB */
        {33, "\x7f\xff\xff\xff", 4},
        {16, "\0\0\0\0", 4}, /* width 0 */
        {20, "\0\1\0\0", 4}, /* height 65536 */
        {24, "\3", 1},       /* bit depth 3 */
        {25, "\5", 1},       /* colour type 5 */
        {37, "tEXt", 4},     /* no image data */
        {12, "JHDR", 4},     /* first chunk is another */
    };
    for (size_t i = 0; i < sizeof png_slips / sizeof *png_slips; i++) {
        memcpy (bytes, png, sizeof png);
        put_at (bytes, png_slips[i].at, png_slips[i].value, png_slips[i].size);
        assert_int_equal (sniff (bytes, sizeof png), ARCHIVE_TYPE_NONE);
    }
    memcpy (bytes, png, sizeof png); /* something hidden behind the picture */
    put_at (bytes, sizeof png, "PK\3\4", 4);
    assert_int_equal (sniff (bytes, sizeof png + 4), ARCHIVE_TYPE_NONE);
}

static void test_random (void **state)
{
    (void)state;
    uint32_t seed = 20261122;
    uint8_t bytes[600];
    for (int round = 0; round < 20000; round++) {
        const struct sample *s = &samples[round % SAMPLES];
        size_t kept = (size_t)round % 12 + 2;
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1664525u + 1013904223u;
            bytes[i] = (uint8_t)(seed >> 24);
        }
        memcpy (bytes, s->bytes, kept); /* honest beginnings lead deeper */
        (void)sniff (bytes, sizeof bytes);
    }
}

static void test_chunks (void **state)
{
    (void)state;
    static const int64_t sizes[] = {0, 1, 100, ARCHIVE_CHUNK_MOST, ARCHIVE_FILE_MOST - 1, ARCHIVE_FILE_MOST};
    static const size_t pieces[] = {0, 1, 100, ARCHIVE_CHUNK_MOST, ARCHIVE_CHUNK_MOST + 1};
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < 6; j++)
            for (size_t k = 0; k < 5; k++) {
                int64_t stored = sizes[i], offset = sizes[j];
                enum archive_chunk verdict = archive_chunk_check (stored, offset, pieces[k]);
                if (verdict == ARCHIVE_CHUNK_NEXT)
                    assert_true (offset == stored && stored + (int64_t)pieces[k] <= ARCHIVE_FILE_MOST);
                if (verdict == ARCHIVE_CHUNK_REPEAT)
                    assert_true (offset < stored);
                assert_int_equal (verdict == ARCHIVE_CHUNK_EMPTY, pieces[k] == 0);
                assert_int_equal (verdict == ARCHIVE_CHUNK_TOO_LARGE, pieces[k] > ARCHIVE_CHUNK_MOST);
            }
    assert_int_equal (archive_chunk_check (0, 0, 1), ARCHIVE_CHUNK_NEXT);
    assert_int_equal (archive_chunk_check (5, 6, 1), ARCHIVE_CHUNK_GAP);
    assert_int_equal (archive_chunk_check (5, 0, 5), ARCHIVE_CHUNK_REPEAT);
    assert_int_equal (archive_chunk_check (ARCHIVE_FILE_MOST, ARCHIVE_FILE_MOST, 1), ARCHIVE_FILE_TOO_LARGE);
    assert_int_equal (archive_chunk_check (0, 99999999, 1), ARCHIVE_FILE_TOO_LARGE);
    assert_int_equal (archive_chunk_check (ARCHIVE_FILE_MOST - 1, ARCHIVE_FILE_MOST - 1, 1), ARCHIVE_CHUNK_NEXT);

    assert_int_equal (archive_size_check (0, 0), ARCHIVE_EMPTY);
    assert_int_equal (archive_size_check (0, 1), ARCHIVE_SIZE_MISMATCH);
    assert_int_equal (archive_size_check (7, 0), ARCHIVE_SIZE_MISMATCH);
    assert_int_equal (archive_size_check (7, 7), ARCHIVE_OK);
}

static void test_purposes (void **state)
{
    (void)state;
    for (enum archive_purpose purpose = ARCHIVE_REQUIREMENT; purpose < ARCHIVE_PURPOSES; purpose++) {
        assert_int_equal (archive_purpose_parse (archive_purpose_name (purpose)), purpose);
        assert_false (archive_type_fits (purpose, ARCHIVE_TYPE_NONE));
        assert_int_equal (archive_type_fits (purpose, ARCHIVE_TYPE_PDF),
                          purpose != ARCHIVE_PHOTO && purpose != ARCHIVE_SIGNATURE);
        bool takes_pictures = purpose == ARCHIVE_REQUIREMENT || purpose == ARCHIVE_PHOTO ||
                              purpose == ARCHIVE_AUTHORITY || purpose == ARCHIVE_SIGNATURE;
        assert_int_equal (archive_type_fits (purpose, ARCHIVE_TYPE_JPEG), takes_pictures);
        assert_int_equal (archive_type_fits (purpose, ARCHIVE_TYPE_PNG), takes_pictures);
        int64_t until = archive_retain_until (purpose, 1000);
        assert_int_equal (until, purpose == ARCHIVE_VERIFICATION ? 1000 + ARCHIVE_KEEP_MS : 0);
    }
    for (int64_t now = 0; now < 3 * 3600000;
         now += 60000) { /* the sweep comes when the time is over, within two hours */
        int64_t at = archive_sweep_hour (now) * 3600000;
        assert_true (at > now + ARCHIVE_KEEP_MS && at <= now + ARCHIVE_KEEP_MS + 3600000);
    }
}

static void assert_name (const char *typed, enum archive_type type, const char *expected)
{
    char name[ARCHIVE_NAME_SIZE];
    archive_name (typed, type, name);
    assert_string_equal (name, expected);
}

static void test_names (void **state)
{
    (void)state;
    assert_name ("surat pengantar.pdf", ARCHIVE_TYPE_PDF, "surat pengantar.pdf");
    assert_name ("KTP.PDF", ARCHIVE_TYPE_PDF, "KTP.PDF");
    assert_name ("../../etc/passwd", ARCHIVE_TYPE_PDF, "passwd.pdf");
    assert_name ("C:\\Dokumen\\Ra'as.jpeg", ARCHIVE_TYPE_JPEG, "Ra'as.jpeg");
    assert_name ("foto.png", ARCHIVE_TYPE_JPEG, "foto.png.jpg");
    assert_name ("..", ARCHIVE_TYPE_PNG, "berkas.png");
    assert_name ("...hidden", ARCHIVE_TYPE_PNG, "hidden.png");
    assert_name ("a\r\nSet-Cookie: x.pdf", ARCHIVE_TYPE_PDF, "aSet-Cookie x.pdf");
    assert_name ("gaji\xe2\x80\xae"
                 "fdp.exe",
                 ARCHIVE_TYPE_PDF, "gajifdp.exe.pdf"); /* right-to-left override */
    assert_name ("\xc3", ARCHIVE_TYPE_PDF, "berkas.pdf");
    assert_name ("\x80\xff"
                 "ok",
                 ARCHIVE_TYPE_PDF, "ok.pdf");
    assert_name (NULL, ARCHIVE_TYPE_PDF, "berkas.pdf");
    assert_name ("", ARCHIVE_TYPE_PDF, "berkas.pdf");
    assert_name ("dir/", ARCHIVE_TYPE_PDF, "berkas.pdf");
    for (size_t length = 0; length < 300; length++) { /* two-byte letters are never cut in half */
        char typed[2 * 300 + 1] = "", name[ARCHIVE_NAME_SIZE];
        for (size_t i = 0; i < length; i++)
            memcpy (typed + 2 * i, "\xc3\xa9", 3);
        archive_name (typed, ARCHIVE_TYPE_PDF, name);
        size_t size = strlen (name);
        assert_true (size < ARCHIVE_NAME_SIZE && strcmp (name + size - 4, ".pdf") == 0);
        if (length > 0)
            assert_int_equal (size % 2, 0);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_whole_and_cut), cmocka_unit_test (test_changed_bytes), cmocka_unit_test (test_hostile),
        cmocka_unit_test (test_random),        cmocka_unit_test (test_chunks),        cmocka_unit_test (test_purposes),
        cmocka_unit_test (test_names),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
