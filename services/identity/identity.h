/* The rules of identity: who may hold which role, when somebody may try to sign in, when a session counts, what an
 * administrator may not do to himself.  Pure.  Hashing passwords is identity_password.h; whether a role may act on a
 * file is decided by the service that owns the file.
 *
 * Terms: loket = service counter; operator = types the letter; kasi pelayanan, sekcam, camat = head of the service
 * section, secretary and head of the kecamatan; kasir = cashier; penyerahan = handover desk. */
#pragma once

#include "common/calendar.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    IDENTITY_LOGIN_FAILURES = 5,               /* within the window; then the user name waits for its end */
    IDENTITY_LOGIN_WINDOW_MS = 15 * 60 * 1000, /* counted from the first failure */
    IDENTITY_SESSION_MS = 10 * 60 * 60 * 1000, /* a working day with its overtime */
    IDENTITY_USERNAME_SIZE = 65,
};

/* Failures of one user name.  {0}: none. */
struct identity_attempts {
    int failures;
    int64_t window_started_ms; /* unix */
};

/* Seconds that this user name must wait before its next attempt; 0: it may try.  At least 1 when it must wait. */
int identity_login_wait (struct identity_attempts attempts, int64_t now_ms);

/* The user name as stored: ASCII letters in lower case.  False when it is empty or too long; ret_username is then "".
 */
bool identity_username (const char *typed, char ret_username[IDENTITY_USERNAME_SIZE]);

struct identity_session {
    bool account_is_active;
    bool ended;
    int64_t expires_ms; /* unix; no longer valid at that very moment */
};

bool identity_session_counts (struct identity_session session, int64_t now_ms);

/* Is it a role, and may it be held there?  admin_kabupaten for a kabupaten ("35.29") only; the others for a kecamatan
 * ("35.29.22") or, for somebody who stands in everywhere, for the kabupaten. */
bool identity_may_hold (const char *role, const char *place);

/* Does the grant begin no later than it ends?  Dates as YYYY-MM-DD or NULL (open). */
bool identity_period_is_sound (const char *from, const char *until);

/* Changes that an administrator may not make to his own account, lest nobody is left who could undo them. */
enum identity_change { IDENTITY_DISABLE, IDENTITY_ENABLE, IDENTITY_KEEP_ADMIN, IDENTITY_DROP_ADMIN };
bool identity_may_change (enum identity_change change, bool is_own_account);

/* When sessions that expire at this moment are swept away: at 3 o'clock of the following local day, so that one sweep
 * serves a whole day.  Unix milliseconds. */
int64_t identity_sweep_at (int64_t expires_ms);
