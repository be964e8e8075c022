/* Identifiers: keys of rows, codes for people, tokens for machines, hashes of bytes.  Randomness is libsodium's.
 * It does not store and does not know what the ids name. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ID_UUID_SIZE   37 /* 8-4-4-4-12 and the NUL */
#define ID_SHA256_SIZE 65 /* 64 hexadecimal digits and the NUL */
#define ID_PARTITIONS  64

/* UUID version 7 (RFC 9562), lower case: the time in milliseconds since 1970 (0 .. 2^48 - 1), then 74 random bits. */
void id_uuid7 (int64_t unix_ms, char ret_uuid[ID_UUID_SIZE]);

/* 8-4-4-4-12 lower-case hexadecimal digits, any version.  Upper case is refused, so that equal ids are equal texts. */
bool id_is_uuid (const char *text);

/* `length` random characters of Crockford's base32 (no I, L, O, U; 5 bits each) and a NUL: codes that people read
 * aloud. */
void id_code (size_t length, char *ret_code);

/* What a person typed, as id_code () would have written it: upper case, O as 0, I and L as 1, spaces and hyphens
 * dropped.  False when another character remains or it is not exactly `length` long; ret_code holds length + 1. */
bool id_code_normalise (const char *typed, size_t length, char *ret_code);

/* `count` random bytes as text without padding and a NUL: base64url (RFC 4648 section 5) or lower-case base32.
 * ret_token holds ID_BASE64_SIZE (count) or ID_BASE32_SIZE (count). */
#define ID_BASE64_SIZE(count) (((count)*8 + 5) / 6 + 1)
#define ID_BASE32_SIZE(count) (((count)*8 + 4) / 5 + 1)
#define ID_TOKEN_BYTES_MAX    64
void id_token_base64url (size_t count, char *ret_token);
void id_token_base32 (size_t count, char *ret_token);

/* Lower-case hexadecimal SHA-256. */
void id_sha256_hex (const void *bytes, size_t size, char ret_hex[ID_SHA256_SIZE]);

/* The partition of the event log that a key (an application's id) belongs to, 0 .. ID_PARTITIONS - 1: 64-bit FNV-1a
 * over the bytes, the upper half folded onto the lower, modulo 64.  Fixed for ever: stored sequences depend on it. */
unsigned id_partition (const char *key);
