-- Statements of the signing service.  Times go in and come out as unix milliseconds.

-- name: signer_add
-- The same appointment again changes nothing; a new key or spelling takes the row over.
INSERT INTO signing.signer (account, kecamatan, name, nip, rank, position, key_file, valid_from, valid_to)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (kecamatan, account, valid_from)
    DO UPDATE SET name = $3, nip = $4, rank = $5, position = $6, key_file = $7, valid_to = $9
RETURNING id

-- name: signer_resolve
-- The signer of a kecamatan on a day: the latest appointment that is in force.
SELECT account, kecamatan, name, nip, rank, position, key_file
  FROM signing.signer
 WHERE kecamatan = $1 AND valid_from <= $2::date AND (valid_to IS NULL OR valid_to >= $2::date)
 ORDER BY valid_from DESC, id DESC
 LIMIT 1

-- name: task_add
-- The same visit requested twice gives one task.
INSERT INTO signing.task (application, step, attempt, level, number, kecamatan, service, due_on, content_sha256, document,
                          requested_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, to_timestamp ($11::bigint / 1000.0))
    ON CONFLICT (application, step, attempt) DO NOTHING
RETURNING id

-- name: task_lock
-- The newest task of the application, held until the transaction ends.
SELECT id, step, attempt, level, number, kecamatan, service, state, content_sha256, document, decided_by_name,
       (extract (epoch FROM decided_at) * 1000)::bigint AS decided_at_ms
  FROM signing.task
 WHERE application = $1
 ORDER BY id DESC
 LIMIT 1
   FOR UPDATE

-- name: task_find
SELECT id, step, attempt, level, number, kecamatan, service, state, content_sha256, document, decided_by_name,
       (extract (epoch FROM decided_at) * 1000)::bigint AS decided_at_ms
  FROM signing.task
 WHERE application = $1
 ORDER BY id DESC
 LIMIT 1

-- name: task_end
UPDATE signing.task
   SET state = $2, decided_by = $3, decided_by_name = $4, decided_at = to_timestamp ($5::bigint / 1000.0), reason = $6
 WHERE id = $1::bigint AND state = 'open'

-- name: task_renew
-- The document was rendered anew under the same number (a new day): the open task shows the new bytes.
UPDATE signing.task SET document = document || $2::jsonb
 WHERE application = $1 AND level = 'camat' AND state = 'open'

-- name: task_list
-- $1 places, $2 levels, $3 state, $4 the last id of the page before or NULL, $5 rows.
SELECT id, application, step, attempt, level, number, kecamatan, service, due_on, content_sha256, document, state, reason,
       decided_by_name, (extract (epoch FROM requested_at) * 1000)::bigint AS requested_at_ms,
       (extract (epoch FROM decided_at) * 1000)::bigint AS decided_at_ms
  FROM signing.task
 WHERE kecamatan = ANY ($1::text[]) AND level = ANY ($2::text[]) AND state = $3
   AND (due_on, id) > (coalesce ((SELECT last.due_on FROM signing.task last WHERE last.id = $4::bigint), '-infinity'),
                       coalesce ($4::bigint, 0))
 ORDER BY due_on, id
 LIMIT $5::integer

-- name: paraf_add
INSERT INTO signing.paraf (application, level, content_sha256, account, name, given_at)
VALUES ($1, $2, $3, $4, $5, to_timestamp ($6::bigint / 1000.0))

-- name: paraf_valid
-- The parafs in force, Kasi's first.
SELECT level, content_sha256, account, name, (extract (epoch FROM given_at) * 1000)::bigint AS given_at_ms
  FROM signing.paraf
 WHERE application = $1 AND voided_at IS NULL
 ORDER BY level

-- name: paraf_void
-- The parafs in force of level $2 and later: the names are in the chain's order.
UPDATE signing.paraf SET voided_at = to_timestamp ($3::bigint / 1000.0)
 WHERE application = $1 AND voided_at IS NULL AND level >= $2
RETURNING level, content_sha256

-- name: document_add
INSERT INTO signing.document (application, token, number, dated, kecamatan, service, unsigned_file, unsigned_sha256, file,
                              sha256, signer_account, signer_name, signer_nip, signer_position, certificate, signed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, to_timestamp ($16::bigint / 1000.0))

-- name: document_of_application
SELECT application, token, number, dated, kecamatan, service, file, sha256, signer_name, signer_position,
       (extract (epoch FROM signed_at) * 1000)::bigint AS signed_at_ms,
       (extract (epoch FROM revoked_at) * 1000)::bigint AS revoked_at_ms
  FROM signing.document WHERE application = $1

-- name: document_of_token
SELECT application, token, number, dated, kecamatan, service, file, sha256, signer_name, signer_position,
       (extract (epoch FROM signed_at) * 1000)::bigint AS signed_at_ms,
       (extract (epoch FROM revoked_at) * 1000)::bigint AS revoked_at_ms
  FROM signing.document WHERE token = $1

-- name: document_of_sha256
SELECT application, token, number, dated, kecamatan, service, file, sha256, signer_name, signer_position,
       (extract (epoch FROM signed_at) * 1000)::bigint AS signed_at_ms,
       (extract (epoch FROM revoked_at) * 1000)::bigint AS revoked_at_ms
  FROM signing.document WHERE sha256 = $1

-- name: document_revoke
UPDATE signing.document
   SET revoked_at = to_timestamp ($4::bigint / 1000.0), revoked_by = $2, revoke_reason = $3
 WHERE application = $1 AND revoked_at IS NULL
RETURNING token

-- name: figure_unsigned
-- Kecamatan in which a document waits for the Camat, and those of them in which nobody may sign today.
SELECT 'waiting' AS label, count(*) AS value FROM signing.task WHERE state = 'open' AND level = 'camat'
UNION ALL
SELECT 'without_signer', count(*) FROM signing.task t
WHERE t.state = 'open' AND t.level = 'camat' AND NOT EXISTS (
    SELECT FROM signing.signer s
    WHERE s.kecamatan = t.kecamatan AND s.valid_from <= (now () AT TIME ZONE 'Asia/Jakarta')::date
      AND (s.valid_to IS NULL OR s.valid_to >= (now () AT TIME ZONE 'Asia/Jakarta')::date));
