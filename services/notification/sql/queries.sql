-- Statements of notification.  Times come in as unix milliseconds.

-- name: application_learn
-- What an event tells of a case; what was once known stays when the event does not say it.
INSERT INTO notification.application AS t (id, number, kecamatan, service, has_email)
VALUES ($1::uuid, $2, $3, $4, coalesce ($5::boolean, true))
ON CONFLICT (id) DO UPDATE
   SET number = coalesce (excluded.number, t.number), has_email = coalesce ($5::boolean, t.has_email)
RETURNING has_email;

-- name: application_bill
UPDATE notification.application SET amount_rupiah = $2::bigint WHERE id = $1::uuid RETURNING has_email;

-- name: application_find
SELECT kecamatan FROM notification.application WHERE id = $1::uuid;

-- name: message_add
-- No row comes back when the event was acted on before.
INSERT INTO notification.message (id, event, application, kind, channel, facts, created_at, state, error)
VALUES ($1::uuid, $2::uuid, $3::uuid, $4, $5, $6::jsonb, to_timestamp ($7::bigint / 1000.0), $8, $9)
ON CONFLICT (event) DO NOTHING
RETURNING id;

-- name: message_find
SELECT m.id, m.application, m.kind, m.channel, m.state, m.facts, a.number, a.kecamatan, a.amount_rupiah, t.subject, t.body
  FROM notification.message m
  JOIN notification.application a ON a.id = m.application
  JOIN notification.template t USING (kind)
 WHERE m.id = $1::uuid;

-- name: message_lock
SELECT application, kind, channel, state FROM notification.message WHERE id = $1::uuid FOR UPDATE;

-- name: message_attempt
-- One attempt that failed for the time being.
UPDATE notification.message SET attempts = attempts + 1, address = $2, error = $3 WHERE id = $1::uuid AND state IN ('queued', 'failed');

-- name: message_end
UPDATE notification.message
   SET state = $2, attempts = attempts + $3::integer, address = coalesce ($4, address), error = $5,
       sent_at = to_timestamp ($6::bigint / 1000.0)
 WHERE id = $1::uuid AND state IN ('queued', 'failed');

-- name: message_list
SELECT id, kind, channel, state, attempts, address, error, (extract (epoch FROM created_at) * 1000)::bigint AS created_ms,
       (extract (epoch FROM sent_at) * 1000)::bigint AS sent_ms
  FROM notification.message
 WHERE application = $1::uuid
 ORDER BY created_at, id
 LIMIT 100;
