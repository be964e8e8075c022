/* RFC 9562, RFC 4648, Crockford's base32 and FNV-1a over what libsodium gives. */
#include "common/id.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Idempotent and safe from any thread.  Without a source of randomness nothing here can go on. */
static void random_bytes (void *bytes, size_t size)
{
    if (sodium_init () < 0) {
        abort ();
    }
    randombytes_buf (bytes, size);
}

void id_uuid7 (int64_t unix_ms, char ret_uuid[ID_UUID_SIZE])
{
    assert (unix_ms >= 0 && unix_ms >> 48 == 0);
    unsigned char bytes[16];
    random_bytes (bytes, sizeof bytes);
    for (int i = 0; i < 6; i++) {
        bytes[i] = (unsigned char)(unix_ms >> (40 - 8 * i));
    }
    bytes[6] = (unsigned char)(0x70 | (bytes[6] & 0x0f)); /* version 7 */
    bytes[8] = (unsigned char)(0x80 | (bytes[8] & 0x3f)); /* variant of RFC 9562 */
    char hex[33];
    sodium_bin2hex (hex, sizeof hex, bytes, sizeof bytes);
    static const size_t groups[] = {8, 4, 4, 4, 12};
    const char *from = hex;
    for (size_t i = 0; i < 5; i++) {
        memcpy (ret_uuid, from, groups[i]);
        from += groups[i];
        ret_uuid += groups[i];
        *ret_uuid++ = i < 4 ? '-' : '\0';
    }
}

bool id_is_uuid (const char *text)
{
    if (strnlen (text, ID_UUID_SIZE) != ID_UUID_SIZE - 1) {
        return false;
    }
    for (size_t i = 0; i < ID_UUID_SIZE - 1; i++) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
        if (hyphen ? text[i] != '-' : !hex) {
            return false;
        }
    }
    return true;
}

void id_code (size_t length, char *ret_code)
{
    random_bytes (ret_code, length);
    for (size_t i = 0; i < length; i++) {
        ret_code[i] = crockford[(unsigned char)ret_code[i] & 31]; /* 256 is a multiple of 32: no bias */
    }
    ret_code[length] = '\0';
}

static char normalise (char c)
{
    if (c >= 'a' && c <= 'z') {
        c = (char)(c - 'a' + 'A');
    }
    return c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
}

bool id_code_normalise (const char *typed, size_t length, char *ret_code)
{
    size_t used = 0;
    for (; *typed; typed++) {
        if (*typed == ' ' || *typed == '-') {
            continue;
        }
        char c = normalise (*typed);
        if (used == length || !strchr (crockford, c)) {
            return false;
        }
        ret_code[used++] = c;
    }
    ret_code[used] = '\0';
    return used == length;
}

/* The bytes as digits of `bits` bits each, the last one filled up with zeros. */
static void write_digits (const unsigned char *bytes, size_t count, unsigned bits, const char *alphabet, char *text)
{
    unsigned held = 0, held_bits = 0, mask = (1u << bits) - 1;
    for (size_t i = 0; i < count; i++) {
        held = held << 8 | bytes[i];
        for (held_bits += 8; held_bits >= bits; held_bits -= bits) {
            *text++ = alphabet[held >> (held_bits - bits) & mask];
        }
        held &= (1u << held_bits) - 1;
    }
    if (held_bits > 0) {
        *text++ = alphabet[held << (bits - held_bits) & mask];
    }
    *text = '\0';
}

static void write_token (size_t count, unsigned bits, const char *alphabet, char *ret_token)
{
    assert (count <= ID_TOKEN_BYTES_MAX);
    unsigned char bytes[ID_TOKEN_BYTES_MAX];
    random_bytes (bytes, count);
    write_digits (bytes, count, bits, alphabet, ret_token);
    sodium_memzero (bytes, sizeof bytes);
}

void id_token_base64url (size_t count, char *ret_token)
{
    write_token (count, 6, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", ret_token);
}

void id_token_base32 (size_t count, char *ret_token)
{
    write_token (count, 5, "abcdefghijklmnopqrstuvwxyz234567", ret_token);
}

void id_sha256_hex (const void *bytes, size_t size, char ret_hex[ID_SHA256_SIZE])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256 (hash, bytes, size);
    sodium_bin2hex (ret_hex, ID_SHA256_SIZE, hash, sizeof hash);
}

unsigned id_partition (const char *key)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *key; key++) {
        hash = (hash ^ (unsigned char)*key) * 0x100000001b3u;
    }
    return (unsigned)((hash ^ hash >> 32) % ID_PARTITIONS);
}
