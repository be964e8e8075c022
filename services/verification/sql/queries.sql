-- Statements of the verification service.  Times go in and come out as unix milliseconds.

-- name: task_add
-- The same visit requested twice gives one task.
INSERT INTO verification.task (application, step, attempt, number, kecamatan, service, service_version, due_on, facts,
                               requirements, outcomes, return_reason, requested_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, to_timestamp ($13::bigint / 1000.0))
    ON CONFLICT (application, step, attempt) DO NOTHING

-- name: task_lock
-- The newest task of the application, held until the transaction ends.
SELECT id, step, attempt, kecamatan, state, requirements, outcomes, decided_by_name,
       (extract (epoch FROM decided_at) * 1000)::bigint AS decided_at_ms
  FROM verification.task
 WHERE application = $1
 ORDER BY id DESC
 LIMIT 1
   FOR UPDATE

-- name: task_decide
UPDATE verification.task
   SET state = $2, outcome = $3, requirement = $4, reason = $5, legal_basis = $6, missing = $7, decided_by = $8,
       decided_by_name = $9, decided_at = to_timestamp ($10::bigint / 1000.0)
 WHERE id = $1 AND state = 'open'

-- name: task_close
UPDATE verification.task
   SET state = $2, closed_at = to_timestamp ($3::bigint / 1000.0)
 WHERE id = $1 AND state = 'open'

-- name: task_list
-- $1 places, $2 state, $3 the last id of the page before or NULL, $4 rows.
SELECT id, application, step, attempt, number, kecamatan, service, service_version, due_on, facts, requirements, outcomes,
       return_reason, state, outcome, requirement, reason, legal_basis, missing, decided_by_name,
       (extract (epoch FROM requested_at) * 1000)::bigint AS requested_at_ms,
       (extract (epoch FROM decided_at) * 1000)::bigint AS decided_at_ms
  FROM verification.task
 WHERE kecamatan = ANY ($1::text[]) AND state = $2
   AND (due_on, id) > (coalesce ((SELECT last.due_on FROM verification.task last WHERE last.id = $3::bigint), '-infinity'),
                       coalesce ($3::bigint, 0))
 ORDER BY due_on, id
 LIMIT $4::integer

-- name: task_history
-- Every visit of the application's file, the newest first.
SELECT id, application, step, attempt, number, kecamatan, service, service_version, due_on, facts, requirements, outcomes,
       return_reason, state, outcome, requirement, reason, legal_basis, missing, decided_by_name,
       (extract (epoch FROM requested_at) * 1000)::bigint AS requested_at_ms,
       (extract (epoch FROM decided_at) * 1000)::bigint AS decided_at_ms
  FROM verification.task
 WHERE application = $1
 ORDER BY id DESC
