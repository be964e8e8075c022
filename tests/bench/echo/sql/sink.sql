-- The statement of bench_echo as the consumer.

-- name: effect_add
INSERT INTO sink.effect (n, item) VALUES ($1::bigint, $2::integer)
