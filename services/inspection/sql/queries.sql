-- Statements of the inspection service.  Times go in and come out as unix milliseconds.

-- name: visit_add
-- The same visit requested twice gives one row.
INSERT INTO inspection.visit (application, step, attempt, number, kecamatan, service, service_version, due_on, facts,
                              findings_schema, measured, requested_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, to_timestamp ($12::bigint / 1000.0))
    ON CONFLICT (application, step, attempt) DO NOTHING

-- name: visit_lock
-- The newest visit of the application, held until the transaction ends.  Without the letter: who waited for the lock sees
-- the row as it is now, but what is joined to it as it was before the wait.
SELECT id, step, attempt, kecamatan, state, findings_schema, measured, letter_number, recorded_by_name,
       (extract (epoch FROM recorded_at) * 1000)::bigint AS recorded_at_ms
  FROM inspection.visit
 WHERE application = $1
 ORDER BY id DESC
 LIMIT 1
   FOR UPDATE

-- name: letter_get
SELECT issued_by_name, (extract (epoch FROM issued_at) * 1000)::bigint AS issued_at_ms
  FROM inspection.letter
 WHERE letter_number = $1

-- name: letter_next
-- The next number of the kecamatan's year; the row stays locked until the transaction ends.
INSERT INTO inspection.letter_counter AS counter (kecamatan, year, last)
VALUES ($1, $2, 1)
    ON CONFLICT (kecamatan, year) DO UPDATE SET last = counter.last + 1
RETURNING last

-- name: letter_add
INSERT INTO inspection.letter (letter_number, visit, date, time, officers, note, issued_by, issued_by_name, issued_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, to_timestamp ($9::bigint / 1000.0))

-- name: visit_schedule
UPDATE inspection.visit SET state = $2, letter_number = $3 WHERE id = $1 AND state IN ('requested', 'scheduled')

-- name: visit_record
UPDATE inspection.visit
   SET state = $2, findings = $3, photos = $4, latitude = $5, longitude = $6, accuracy_m = $7,
       visited_at = to_timestamp ($8::bigint / 1000.0), result = $9, reason = $10, legal_basis = $11, recorded_by = $12,
       recorded_by_name = $13, recorded_at = to_timestamp ($14::bigint / 1000.0)
 WHERE id = $1 AND state = 'scheduled'

-- name: visit_close
UPDATE inspection.visit
   SET state = $2, closed_at = to_timestamp ($3::bigint / 1000.0)
 WHERE id = $1 AND state IN ('requested', 'scheduled')

-- name: visit_list
-- $1 places, $2 state or NULL for what is to be done, $3 the last id of the page before or NULL, $4 rows.
SELECT v.id, v.application, v.step, v.attempt, v.number, v.kecamatan, v.service, v.service_version, v.due_on, v.facts,
       v.findings_schema, v.state, v.letter_number, v.findings, v.photos, v.latitude, v.longitude, v.accuracy_m, v.result,
       v.reason, v.legal_basis, v.recorded_by_name,
       l.date, to_char (l.time, 'HH24:MI') AS time, l.officers, l.note, l.issued_by_name,
       (extract (epoch FROM v.requested_at) * 1000)::bigint AS requested_at_ms,
       (extract (epoch FROM v.visited_at) * 1000)::bigint AS visited_at_ms,
       (extract (epoch FROM v.recorded_at) * 1000)::bigint AS recorded_at_ms,
       (extract (epoch FROM l.issued_at) * 1000)::bigint AS issued_at_ms
  FROM inspection.visit v LEFT JOIN inspection.letter l ON l.letter_number = v.letter_number
 WHERE v.kecamatan = ANY ($1::text[])
   AND v.state = ANY (CASE WHEN $2::text IS NULL THEN '{requested,scheduled}'::text[] ELSE ARRAY[$2::text] END)
   AND (v.due_on, v.id) > (coalesce ((SELECT last.due_on FROM inspection.visit last WHERE last.id = $3::bigint), '-infinity'),
                           coalesce ($3::bigint, 0))
 ORDER BY v.due_on, v.id
 LIMIT $4::integer

-- name: visit_history
-- Every visit of the application, the newest first.
SELECT v.id, v.application, v.step, v.attempt, v.number, v.kecamatan, v.service, v.service_version, v.due_on, v.facts,
       v.findings_schema, v.state, v.letter_number, v.findings, v.photos, v.latitude, v.longitude, v.accuracy_m, v.result,
       v.reason, v.legal_basis, v.recorded_by_name,
       l.date, to_char (l.time, 'HH24:MI') AS time, l.officers, l.note, l.issued_by_name,
       (extract (epoch FROM v.requested_at) * 1000)::bigint AS requested_at_ms,
       (extract (epoch FROM v.visited_at) * 1000)::bigint AS visited_at_ms,
       (extract (epoch FROM v.recorded_at) * 1000)::bigint AS recorded_at_ms,
       (extract (epoch FROM l.issued_at) * 1000)::bigint AS issued_at_ms
  FROM inspection.visit v LEFT JOIN inspection.letter l ON l.letter_number = v.letter_number
 WHERE v.application = $1
 ORDER BY v.id DESC

-- name: letter_history
-- Every letter of one visit, the newest first.
SELECT letter_number, date, to_char (time, 'HH24:MI') AS time, officers, note, issued_by_name,
       (extract (epoch FROM issued_at) * 1000)::bigint AS issued_at_ms
  FROM inspection.letter
 WHERE visit = $1
 ORDER BY issued_at DESC, letter_number DESC
