-- Parafs and signatures: who may sign where and when, what lies on the desks, and what was parafed and signed.
BEGIN;

SELECT bus.install ('signing');

-- What a column may hold.  Domains rather than CHECKs of the tables: those are parsed anew by each statement that
-- writes, a domain's once per connection.
CREATE DOMAIN signing.kecamatan AS text CHECK (VALUE ~ '^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$');
CREATE DOMAIN signing.sha256 AS text CHECK (VALUE ~ '^[0-9a-f]{64}$');
CREATE DOMAIN signing.ordinal AS integer CHECK (VALUE >= 1);
CREATE DOMAIN signing.level AS text CHECK (VALUE IN ('kasi', 'sekcam', 'camat'));
CREATE DOMAIN signing.paraf_level AS text CHECK (VALUE IN ('kasi', 'sekcam'));
CREATE DOMAIN signing.task_state AS text CHECK (VALUE IN ('open', 'done', 'returned', 'closed'));

-- Who signs in a kecamatan, by date; name, NIP and key follow the person who really signs (Permendagri 1/2023).
CREATE TABLE signing.signer (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account    uuid NOT NULL,
    kecamatan  signing.kecamatan NOT NULL,
    name       text NOT NULL,
    nip        text NOT NULL CHECK (nip ~ '^[0-9]{18}$'),
    rank       text NOT NULL,
    position   text NOT NULL,
    key_file   text NOT NULL CHECK (key_file ~ '^[A-Za-z0-9_.-]+\.p12$'), -- within PATEN_SIGNERS_DIR
    valid_from date NOT NULL,
    valid_to   date CHECK (valid_to >= valid_from),
    UNIQUE (kecamatan, account, valid_from)
);

CREATE TABLE signing.task (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- in order of arrival
    application    uuid NOT NULL,
    step           text NOT NULL,
    attempt        signing.ordinal NOT NULL,
    level          signing.level NOT NULL,
    number         text NOT NULL, -- of the application
    kecamatan      signing.kecamatan NOT NULL,
    service        text NOT NULL,
    due_on         date NOT NULL,
    content_sha256 signing.sha256 NOT NULL, -- what the parafs bind
    document       jsonb, -- of level camat: {number, dated, token, file, sha256, signer}
    requested_at   timestamptz NOT NULL,
    state          signing.task_state NOT NULL DEFAULT 'open',
    decided_at     timestamptz,
    decided_by     uuid,
    decided_by_name text,
    reason         text,
    UNIQUE (application, step, attempt),
    CHECK ((level = 'camat') = (document IS NOT NULL)),
    CHECK ((state = 'open') = (decided_at IS NULL)),
    CHECK ((state = 'returned') = (reason IS NOT NULL))
);
CREATE UNIQUE INDEX task_one_open ON signing.task (application) WHERE state = 'open';
CREATE INDEX task_of_application ON signing.task (application, id);
CREATE INDEX task_inbox ON signing.task (state, kecamatan, level, due_on, id);

-- A paraf binds the hash of the content; a changed content voids it.  Rows stay.
CREATE TABLE signing.paraf (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    application    uuid NOT NULL,
    level          signing.paraf_level NOT NULL,
    content_sha256 signing.sha256 NOT NULL,
    account        uuid NOT NULL,
    name           text NOT NULL,
    given_at       timestamptz NOT NULL,
    voided_at      timestamptz
);
CREATE UNIQUE INDEX paraf_one_valid ON signing.paraf (application, level) WHERE voided_at IS NULL;

-- A signed document, for ever: what the public verification answers from.
CREATE TABLE signing.document (
    application      uuid PRIMARY KEY,
    token            text NOT NULL UNIQUE,
    number           text NOT NULL,
    dated            date NOT NULL,
    kecamatan        text NOT NULL,
    service          text NOT NULL,
    unsigned_file    uuid NOT NULL,
    unsigned_sha256  signing.sha256 NOT NULL,
    file             uuid NOT NULL,
    sha256           signing.sha256 NOT NULL UNIQUE,
    signer_account   uuid NOT NULL,
    signer_name      text NOT NULL,
    signer_nip       text NOT NULL,
    signer_position  text NOT NULL,
    certificate      text NOT NULL, -- serial number
    signed_at        timestamptz NOT NULL,
    revoked_at       timestamptz,
    revoked_by       uuid,
    revoke_reason    text,
    CHECK (num_nulls (revoked_at, revoked_by, revoke_reason) IN (0, 3))
);

COMMIT;
