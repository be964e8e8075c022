/* Passwords: Argon2id through libsodium, 64 MiB and 3 passes (about 0.12 s of one core), so at most two at a time in a
 * process: that bounds memory and leaves the other workers free.  Called outside transactions only.  It stores
 * nothing. */
#pragma once

#include <stdbool.h>

enum { IDENTITY_HASH_SIZE = 128 }; /* crypto_pwhash_STRBYTES */

/* Once per process, before the others: libsodium, and the hash that unknown user names are compared with.  Negative: no
 * randomness or no memory. */
int identity_password_start (void);

/* A place among those that hash; false when none became free within two seconds. */
bool identity_password_enter (void);
void identity_password_leave (void);

/* Between enter and leave.  `hash` NULL (no such account) is compared with a hash that nothing matches and takes as
 * long. */
bool identity_password_matches (const char *hash, const char *password);

/* Between enter and leave.  Negative: no memory. */
int identity_password_hash (const char *password, char ret_hash[IDENTITY_HASH_SIZE]);
