-- The runtime's own statements, prepared on every service's connection (search_path = the service's schema).

-- name: bus_publish
SELECT bus.publish ($1::smallint, $2::jsonb, $3::jsonb)

-- name: bus_join_group
SELECT bus.join_group ($1::boolean)

-- name: bus_take
SELECT * FROM bus.take ($1::smallint[], $2::text[], $3::integer)

-- name: bus_advance
SELECT bus.advance ($1::smallint[], $2::bigint[])

-- name: bus_fail
SELECT bus.fail ($1::smallint, $2::bigint, $3, $4::integer) AS buried

-- name: bus_behind
SELECT bus.behind ($1::text[]) AS partition

-- name: bus_refuse
SELECT bus.refuse ($1, $2, $3, $4::integer, $5)

-- name: bus_forget_refusals
SELECT bus.forget_refusals ()

-- name: idem_begin
-- The lock first: bus.refused () looks once that is ours.
SELECT request, status, reply FROM idem_begin ($1, $2)
 UNION ALL SELECT request, status, reply FROM bus.refused ($1, $2, $3)

-- name: idem_find
SELECT request, status, reply FROM idem WHERE caller = $1 AND key = $2
 UNION ALL SELECT request, status, reply FROM bus.refused ($1, $2, $3)

-- name: idem_store
INSERT INTO idem (caller, key, request, status, reply) VALUES ($1, $2, $3, $4::integer, $5)

-- name: idem_prune
DELETE FROM idem WHERE created_at < now () - interval '7 days'

-- name: job_add
INSERT INTO job (kind, key, payload, due_at, actor, correlation)
VALUES ($1, $2, $3::jsonb, clock_timestamp () + $4::bigint * interval '1 millisecond', $5::jsonb, $6)
ON CONFLICT (kind, key) DO NOTHING

-- name: job_take
-- Leases the job that has been due longest; 60 s later it is due again unless it was ended.
UPDATE job SET attempts = attempts + 1, due_at = clock_timestamp () + interval '60 seconds', holder = pg_backend_pid ()
 WHERE id = (SELECT id FROM job WHERE state = 'due' AND due_at <= clock_timestamp () ORDER BY due_at
              FOR UPDATE SKIP LOCKED LIMIT 1)
RETURNING id, kind, key, payload, attempts, actor, correlation

-- name: job_end
UPDATE job SET state = $2, note = $3, ended_at = clock_timestamp () WHERE id = $1::bigint AND state = 'due' AND attempts = $4::integer

-- name: job_again
UPDATE job SET due_at = clock_timestamp () + $2::bigint * interval '1 millisecond', note = $3, holder = NULL
 WHERE id = $1::bigint AND state = 'due' AND attempts = $4::integer

-- name: job_free
-- A lease ends with the connection of the worker that took it, so that nobody waits out the lease of one that was killed.  (A worker
-- that only lost its connection may still be performing: then it is performed twice, as after a lease that ran out.)
UPDATE job SET due_at = clock_timestamp (), holder = NULL
 WHERE state = 'due' AND holder IS NOT NULL AND holder NOT IN (SELECT pid FROM pg_stat_activity)

-- name: job_prune
DELETE FROM job WHERE state = 'done' AND ended_at < now () - interval '30 days'

-- name: bus_lag
SELECT partition::text AS label, waiting AS value, oldest_us FROM bus.lag ($1::text[])

-- name: bus_undecided
SELECT NULL AS label, bus.undecided () AS value

-- name: job_states
-- Each by its own partial index.
SELECT 'due' AS label, count(*) AS value FROM job WHERE state = 'due'
UNION ALL SELECT 'overdue', count(*) FROM job WHERE state = 'due' AND due_at < clock_timestamp () - interval '1 minute'
UNION ALL SELECT 'failed', count(*) FROM job WHERE state = 'failed'
