-- Who may work in PATEN.  Names and NIP are personal data of officers: they stay in this schema.
BEGIN;

SELECT bus.install ('identity');

CREATE TABLE identity.account (
    id            uuid PRIMARY KEY,
    username      text NOT NULL UNIQUE CHECK (username ~ '^[a-z][a-z0-9._-]{2,39}$'),
    name          text NOT NULL CHECK (length (name) BETWEEN 2 AND 120),
    nip           text CHECK (nip ~ '^[0-9]{18}$'),
    place         text NOT NULL CHECK (place ~ '^[0-9]{2}\.[0-9]{2}(\.[0-9]{2})?$'),
    status        text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
    password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    created_at    timestamptz NOT NULL,
    created_by    uuid REFERENCES identity.account
);
CREATE INDEX account_by_place ON identity.account (place, username);

-- A role at a place; from and until are the first and the last day on which it counts.
CREATE TABLE identity.role_grant (
    account     uuid NOT NULL REFERENCES identity.account ON DELETE CASCADE,
    role        text NOT NULL CHECK (role IN ('pemandu', 'informasi', 'loket', 'verifikator', 'petugas_teknis', 'operator',
                                              'kasi_pelayanan', 'sekcam', 'camat', 'kasir', 'penyerahan', 'admin_kabupaten')),
    place       text NOT NULL CHECK (place ~ '^[0-9]{2}\.[0-9]{2}(\.[0-9]{2})?$'),
    valid_from  date,
    valid_until date,
    CHECK (valid_from <= valid_until),
    CHECK (role <> 'admin_kabupaten' OR length (place) = 5),
    UNIQUE NULLS NOT DISTINCT (account, role, place, valid_from, valid_until)
);

-- Only the hash of a token is kept: who reads this table cannot become anybody.
CREATE TABLE identity.session (
    token_sha256 text PRIMARY KEY CHECK (token_sha256 ~ '^[0-9a-f]{64}$'),
    account      uuid NOT NULL REFERENCES identity.account ON DELETE CASCADE,
    opened_at    timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz,
    CHECK (expires_at > opened_at)
);
CREATE INDEX session_by_account ON identity.session (account) WHERE ended_at IS NULL;
CREATE INDEX session_by_expiry ON identity.session (expires_at);

-- Failed sign-ins per user name as typed, whether or not there is such an account: a row says nothing about that.
CREATE TABLE identity.login_attempt (
    username          text PRIMARY KEY CHECK (length (username) BETWEEN 1 AND 64),
    failures          integer NOT NULL CHECK (failures > 0),
    window_started_at timestamptz NOT NULL
);
CREATE INDEX login_attempt_by_window ON identity.login_attempt (window_started_at);

COMMIT;
