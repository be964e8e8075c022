-- Tables of the bench: the producer's, the consumer's, and those that the outbox pattern needs on both sides.
BEGIN;
SELECT bus.install ('echo'), bus.install ('sink'), bus.install ('intake');

CREATE TABLE echo.item (
    id         integer PRIMARY KEY,
    amount     bigint NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL DEFAULT now ()
) WITH (fillfactor = 50);
INSERT INTO echo.item (id) SELECT generate_series (1, 10000);

CREATE TABLE echo.audit (
    n           bigint PRIMARY KEY,
    item        integer NOT NULL,
    before      bigint NOT NULL,
    after       bigint NOT NULL,
    correlation text NOT NULL,
    at          timestamptz NOT NULL DEFAULT clock_timestamp ()
);

-- The same columns as bus.event where they mean the same.
CREATE TABLE echo.outbox (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event       uuid NOT NULL DEFAULT gen_random_uuid (),
    topic       text NOT NULL,
    key         text NOT NULL,
    actor       jsonb NOT NULL,
    correlation text NOT NULL,
    occurred_at timestamptz NOT NULL DEFAULT clock_timestamp (),
    body        jsonb NOT NULL,
    sent_at     timestamptz
);
CREATE INDEX outbox_unsent ON echo.outbox (id) WHERE sent_at IS NULL;

CREATE TABLE sink.effect (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    n    bigint NOT NULL,
    item integer NOT NULL
);
CREATE TABLE sink.inbox (event uuid PRIMARY KEY);
COMMIT;
