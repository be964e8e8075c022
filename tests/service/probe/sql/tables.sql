-- What the probe writes down, to be counted by the tests.
BEGIN;
SELECT bus.install ('probe');
CREATE TABLE probe.note (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL
);
CREATE TABLE probe.account (
    name   text PRIMARY KEY,
    amount integer NOT NULL DEFAULT 0
);
INSERT INTO probe.account (name) VALUES ('a'), ('b');
CREATE TABLE probe.handled (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key         text NOT NULL,
    n           integer NOT NULL,
    correlation text NOT NULL
);
CREATE TABLE probe.worked (
    key   text NOT NULL,
    what  text NOT NULL
);
COMMIT;
