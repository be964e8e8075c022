SELECT id, username, name, nip, place, status, password_hash, created_at, created_by FROM identity.account WHERE false;
SELECT account, role, place, valid_from, valid_until FROM identity.role_grant WHERE false;
SELECT token_sha256, account, opened_at, expires_at, ended_at FROM identity.session WHERE false;
SELECT username, failures, window_started_at FROM identity.login_attempt WHERE false;
