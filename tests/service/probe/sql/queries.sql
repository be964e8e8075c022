-- Statements of the probe.

-- name: note_add
INSERT INTO probe.note (name) VALUES ($1)

-- name: note_count
SELECT count (*) AS count FROM probe.note WHERE name = $1

-- name: divide_by_zero
SELECT 1 / ($1::integer - $1::integer)

-- name: wait
SELECT pg_sleep ($1::integer / 1000.0)

-- name: account_add
UPDATE probe.account SET amount = amount + 1 WHERE name = $1

-- name: handled_add
INSERT INTO probe.handled (key, n, correlation) VALUES ($1, $2::integer, $3)

-- name: worked_add
INSERT INTO probe.worked (key, what) VALUES ($1, $2)
