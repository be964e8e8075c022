/* What the fuzz targets share.  A target is one LLVMFuzzerTestOneInput (): it hands the bytes to one decoder and holds the
 * answer to what its header promises, with FUZZ_HOLDS.  libFuzzer drives it (tests/fuzz/run), or replay.c, which reads the
 * corpus once more in every run of the tests. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size);
int LLVMFuzzerInitialize (int *argc, char ***argv);

/* Not assert (): it must hold whatever the build's flags say, and libFuzzer keeps the input of an abort (). */
#define FUZZ_HOLDS(condition)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf (stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);                            \
            abort ();                                                                                                  \
        }                                                                                                              \
    } while (0)

/* What is left of an input. */
struct fuzz_input {
    const uint8_t *at;
    size_t left;
};

/* A copy that ends with a NUL, in memory of exactly that size, so that a byte read behind it is found; free (). */
static inline char *fuzz_text (const void *bytes, size_t size)
{
    char *text = malloc (size + 1);
    FUZZ_HOLDS (text);
    if (size > 0)
        memcpy (text, bytes, size);
    text[size] = '\0';
    return text;
}

/* The next piece up to `end`, which is taken away; the rest when there is no such byte.  free (). */
static inline char *fuzz_piece (struct fuzz_input *input, char end, size_t *ret_size)
{
    const uint8_t *stop = input->left > 0 ? memchr (input->at, end, input->left) : NULL;
    size_t size = stop ? (size_t)(stop - input->at) : input->left, taken = stop ? size + 1 : size;
    char *piece = fuzz_text (input->at, size);
    input->at += taken;
    input->left -= taken;
    if (ret_size)
        *ret_size = size;
    return piece;
}

/* The next byte; 0 at the end. */
static inline unsigned fuzz_byte (struct fuzz_input *input)
{
    if (input->left == 0)
        return 0;
    input->left--;
    return *input->at++;
}
