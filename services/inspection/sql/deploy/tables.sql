-- Field checks: visits, every letter of assignment that was ever written for them, and the report in the visit's row.
BEGIN;

SELECT bus.install ('inspection');

CREATE TABLE inspection.visit (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- in order of arrival
    application      uuid NOT NULL,
    step             text NOT NULL,
    attempt          integer NOT NULL CHECK (attempt >= 1),
    number           text NOT NULL, -- of the application, as on the applicant's receipt
    kecamatan        text NOT NULL CHECK (kecamatan ~ '^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$'),
    service          text NOT NULL,
    service_version  integer NOT NULL,
    due_on           date NOT NULL,
    facts            jsonb NOT NULL CHECK (jsonb_typeof (facts) = 'object'), -- as declared by the applicant
    findings_schema  jsonb NOT NULL,
    measured         jsonb NOT NULL CHECK (jsonb_typeof (measured) = 'array'), -- names of findings that become facts
    requested_at     timestamptz NOT NULL,
    state            text NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'scheduled', 'recorded', 'closed')),
    closed_at        timestamptz,
    letter_number    text, -- of the letter in force
    findings         jsonb,
    photos           jsonb, -- ids of the archive's files
    latitude         numeric(9, 6) CHECK (latitude BETWEEN -90 AND 90),
    longitude        numeric(9, 6) CHECK (longitude BETWEEN -180 AND 180),
    accuracy_m       numeric(9, 2) CHECK (accuracy_m >= 0),
    visited_at       timestamptz,
    result           text CHECK (result IN ('ok', 'rejected')),
    reason           text,
    legal_basis      text,
    recorded_at      timestamptz,
    recorded_by      uuid, -- account
    recorded_by_name text,
    UNIQUE (application, step, attempt),
    CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    CHECK (state NOT IN ('scheduled', 'recorded') OR letter_number IS NOT NULL), -- nobody goes out without a letter
    CHECK (num_nonnulls (findings, photos, latitude, longitude, accuracy_m, visited_at, result, recorded_at, recorded_by,
                         recorded_by_name) = CASE WHEN state = 'recorded' THEN 10 ELSE 0 END),
    CHECK (num_nonnulls (reason, legal_basis) = CASE WHEN result = 'rejected' THEN 2 ELSE 0 END)
);

CREATE UNIQUE INDEX visit_one_open ON inspection.visit (application) WHERE state IN ('requested', 'scheduled');
CREATE INDEX visit_of_application ON inspection.visit (application, id);
CREATE INDEX visit_inbox ON inspection.visit (state, kecamatan, due_on, id);

-- Letters of assignment ("surat tugas"): a new date is a new letter; the old one keeps its row.
CREATE TABLE inspection.letter (
    letter_number  text PRIMARY KEY,
    visit          bigint NOT NULL REFERENCES inspection.visit,
    date           date NOT NULL, -- of the visit
    time           time,
    officers       jsonb NOT NULL CHECK (jsonb_array_length (officers) > 0), -- [{name, nip}]
    note           text,
    issued_at      timestamptz NOT NULL,
    issued_by      uuid NOT NULL, -- account
    issued_by_name text NOT NULL
);
CREATE INDEX letter_of_visit ON inspection.letter (visit);
ALTER TABLE inspection.visit ADD FOREIGN KEY (letter_number) REFERENCES inspection.letter;
REVOKE UPDATE, DELETE ON inspection.letter FROM inspection;

-- The row is locked until the letter is committed, so numbers have no gaps.
CREATE TABLE inspection.letter_counter (
    kecamatan text NOT NULL,
    year      integer NOT NULL,
    last      integer NOT NULL CHECK (last >= 1),
    PRIMARY KEY (kecamatan, year)
);

COMMIT;
