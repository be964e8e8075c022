-- Statements of identity.  Times come in as unix milliseconds, days as dates; grants travel as JSON.

-- name: account_add
-- No row comes back when the user name is taken.
INSERT INTO identity.account (id, username, name, nip, place, password_hash, created_at, created_by)
VALUES ($1::uuid, $2, $3, $4, $5, $6, to_timestamp ($7::bigint / 1000.0), $8::uuid)
ON CONFLICT (username) DO NOTHING
RETURNING id;

-- name: account_find
SELECT a.id, a.username, a.name, a.nip, a.place, a.status,
       (SELECT coalesce (json_agg (json_strip_nulls (json_build_object ('role', g.role, 'place', g.place,
                         'from', g.valid_from, 'until', g.valid_until)) ORDER BY g.place, g.role, g.valid_from), '[]')
          FROM identity.role_grant g WHERE g.account = a.id) AS grants
  FROM identity.account a
 WHERE a.id = $1::uuid;

-- name: account_lock
SELECT status, place FROM identity.account WHERE id = $1::uuid FOR UPDATE;

-- name: account_page
-- Accounts at one of the places, after a user name; $2 a place, NULL for every place within $1 (a place and what is in it).
SELECT a.id, a.username, a.name, a.nip, a.place, a.status,
       (SELECT coalesce (json_agg (json_strip_nulls (json_build_object ('role', g.role, 'place', g.place,
                         'from', g.valid_from, 'until', g.valid_until)) ORDER BY g.place, g.role, g.valid_from), '[]')
          FROM identity.role_grant g WHERE g.account = a.id) AS grants
  FROM identity.account a
 WHERE EXISTS (SELECT FROM unnest ($1::text[]) p WHERE a.place = p OR starts_with (a.place, p || '.'))
   AND ($2::text IS NULL OR a.place = $2)
   AND ($3::text IS NULL OR strpos (lower (a.name), lower ($3)) > 0 OR strpos (a.username, lower ($3)) > 0)
   AND a.username > $4
 ORDER BY a.username
 LIMIT $5::integer;

-- name: account_set_status
UPDATE identity.account SET status = $2 WHERE id = $1::uuid;

-- name: grants_clear
DELETE FROM identity.role_grant WHERE account = $1::uuid;

-- name: grants_add
-- The same grant twice is one.
INSERT INTO identity.role_grant (account, role, place, valid_from, valid_until)
SELECT $1::uuid, g.role, g.place, g."from", g."until"
  FROM jsonb_to_recordset ($2::jsonb) AS g (role text, place text, "from" date, "until" date)
ON CONFLICT DO NOTHING;

-- name: login_find
-- Who signs in, with the grants that count on the day $2.
SELECT a.id, a.name, a.status, a.password_hash,
       (SELECT coalesce (json_agg (json_build_object ('role', g.role, 'place', g.place) ORDER BY g.place, g.role), '[]')
          FROM identity.role_grant g
         WHERE g.account = a.id AND coalesce (g.valid_from <= $2::date, true) AND coalesce (g.valid_until >= $2::date, true)
       ) AS grants
  FROM identity.account a
 WHERE a.username = $1;

-- name: login_attempts
SELECT failures, (extract (epoch FROM window_started_at) * 1000)::bigint AS window_started_ms
  FROM identity.login_attempt
 WHERE username = $1;

-- name: login_failed
-- Counts one failure; a window older than $3 milliseconds begins anew.  Two rows of others that are past their window go
-- with it, so that guessing at random names cannot fill the table.
WITH past AS (
    DELETE FROM identity.login_attempt
     WHERE username IN (SELECT username FROM identity.login_attempt
                         WHERE window_started_at < to_timestamp (($2::bigint - $3::bigint) / 1000.0) AND username <> $1
                         ORDER BY window_started_at LIMIT 2 FOR UPDATE SKIP LOCKED)
)
INSERT INTO identity.login_attempt AS t (username, failures, window_started_at)
VALUES ($1, 1, to_timestamp ($2::bigint / 1000.0))
ON CONFLICT (username) DO UPDATE
   SET failures = CASE WHEN t.window_started_at <= to_timestamp (($2::bigint - $3::bigint) / 1000.0)
                       THEN 1 ELSE t.failures + 1 END,
       window_started_at = CASE WHEN t.window_started_at <= to_timestamp (($2::bigint - $3::bigint) / 1000.0)
                                THEN excluded.window_started_at ELSE t.window_started_at END;

-- name: login_reset
DELETE FROM identity.login_attempt WHERE username = $1;

-- name: session_add
INSERT INTO identity.session (token_sha256, account, opened_at, expires_at)
VALUES ($1, $2::uuid, to_timestamp ($3::bigint / 1000.0), to_timestamp ($4::bigint / 1000.0));

-- name: session_find
SELECT s.account, a.username, a.name, a.status, s.ended_at IS NOT NULL AS ended,
       (extract (epoch FROM s.expires_at) * 1000)::bigint AS expires_ms,
       (SELECT coalesce (json_agg (json_build_object ('role', g.role, 'place', g.place) ORDER BY g.place, g.role), '[]')
          FROM identity.role_grant g
         WHERE g.account = a.id AND coalesce (g.valid_from <= $2::date, true) AND coalesce (g.valid_until >= $2::date, true)
       ) AS grants
  FROM identity.session s
  JOIN identity.account a ON a.id = s.account
 WHERE s.token_sha256 = $1;

-- name: session_end
UPDATE identity.session SET ended_at = to_timestamp ($2::bigint / 1000.0) WHERE token_sha256 = $1 AND ended_at IS NULL;

-- name: sessions_end
-- Those of one account.
UPDATE identity.session SET ended_at = to_timestamp ($2::bigint / 1000.0) WHERE account = $1::uuid AND ended_at IS NULL;

-- name: sessions_purge
-- At most $2 sessions that expired before $1.
DELETE FROM identity.session
 WHERE token_sha256 IN (SELECT token_sha256 FROM identity.session
                         WHERE expires_at < to_timestamp ($1::bigint / 1000.0) ORDER BY expires_at LIMIT $2::integer
                           FOR UPDATE SKIP LOCKED);

-- name: bootstrap_publish
-- The first administrator is made without a request, so without the runtime; the log shall know of it all the same.
SELECT bus.publish ($1::smallint, '{"service": "identity"}', jsonb_build_array (jsonb_build_object (
    'topic', 'identity.account_created', 'key', $2::text, 'correlation', $3::text, 'body', $4::jsonb)));
