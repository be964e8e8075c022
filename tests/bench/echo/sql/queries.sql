-- Statements of bench_echo as the producer.  tests/bench/backbone gives the same texts to pgbench.

-- name: item_lock
SELECT amount FROM echo.item WHERE id = $1::integer FOR UPDATE

-- name: item_move
UPDATE echo.item SET amount = $2::bigint, changed_at = now () WHERE id = $1::integer

-- name: audit_add
INSERT INTO echo.audit (n, item, before, after, correlation) VALUES ($1::bigint, $2::integer, $3::bigint, $4::bigint, $5)

-- name: audit_outbox
WITH audit AS (
    INSERT INTO echo.audit (n, item, before, after, correlation) VALUES ($1::bigint, $2::integer, $3::bigint, $4::bigint, $5))
INSERT INTO echo.outbox (topic, key, actor, correlation, body)
SELECT 'echo.moved', $2, '{"service": "echo"}', $5, jsonb_build_object ('n', $1::bigint + i, 'item', $2)
  FROM generate_series (0, $6::integer - 1) i

-- name: audit_outbox_notify
WITH audit AS (
    INSERT INTO echo.audit (n, item, before, after, correlation) VALUES ($1::bigint, $2::integer, $3::bigint, $4::bigint, $5)),
outbox AS (
    INSERT INTO echo.outbox (topic, key, actor, correlation, body)
    SELECT 'echo.moved', $2, '{"service": "echo"}', $5, jsonb_build_object ('n', $1::bigint + i, 'item', $2)
      FROM generate_series (0, $6::integer - 1) i)
SELECT pg_notify ('outbox', '')
