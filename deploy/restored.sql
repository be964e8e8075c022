-- deploy/restore, once, before anybody works on a restored system.  What it selects is printed.

-- Every file of the archive against the SHA-256 under which it is kept.
SELECT CASE WHEN damaged = 0 THEN 'archive: ' || total || ' contents, every SHA-256 is that of its bytes'
            ELSE 'DAMAGED: ' || damaged || ' of ' || total || ' contents do not have their SHA-256' END
  FROM (SELECT count (*) AS total, count (*) FILTER (WHERE whole IS NOT TRUE) AS damaged
          FROM (SELECT encode (sha256 (string_agg (c.bytes, ''::bytea ORDER BY c.position)), 'hex') = o.sha256 AS whole
                  FROM archive.object o LEFT JOIN archive.object_chunk c USING (sha256) GROUP BY o.sha256) bytes) found;

-- The lost system went on after this moment: what waited to be sent may have been sent.  A person decides (deploy/admin jobs).
WITH held AS (
    UPDATE notification.job SET state = 'failed', holder = NULL, ended_at = now (),
           note = 'held by deploy/restore: it may have been sent after the moment that was restored'
     WHERE kind = 'deliver' AND state = 'due' RETURNING 1)
SELECT 'messages held, to be decided by deploy/admin jobs: ' || count (*) FROM held;

-- Whoever signed out or lost his device after this moment would be signed in again.
WITH ended AS (UPDATE identity.session SET ended_at = now () WHERE ended_at IS NULL AND expires_at > now () RETURNING 1)
SELECT 'sessions ended, everybody signs in again: ' || count (*) FROM ended;

-- Numbers given after this moment stand on paper and would be given again.
SELECT 'last application number of ' || kecamatan || '/' || year || ': ' || last FROM intake.number_counter ORDER BY kecamatan, year;
SELECT 'last legal number of ' || kecamatan || '/' || series || '/' || year || ': ' || last
  FROM document.number_counter ORDER BY kecamatan, series, year;
SELECT 'last letter of assignment of ' || kecamatan || '/' || year || ': ' || last FROM inspection.letter_counter ORDER BY kecamatan, year;
SELECT 'last ' || kind || ' of ' || kecamatan || '/' || year || ': ' || last FROM payment.counter ORDER BY kind, kecamatan, year;
