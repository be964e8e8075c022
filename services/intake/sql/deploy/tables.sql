-- Deploy intake:tables
BEGIN;
SELECT bus.install ('intake');

-- ---- the catalogue: places and days ------------------------------------------------------------------------------------

CREATE TABLE intake.kabupaten (
    code text PRIMARY KEY CHECK (code ~ '^[0-9]{2}\.[0-9]{2}$'),
    name text NOT NULL,
    address text NOT NULL,
    phone text,
    email text,
    website text,
    updated_at timestamptz NOT NULL
);

CREATE TABLE intake.kecamatan (
    code text PRIMARY KEY CHECK (code ~ '^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$'),
    kabupaten text NOT NULL REFERENCES intake.kabupaten,
    name text NOT NULL,
    address text NOT NULL,
    postal_code text,
    phone text,
    email text,
    unit text NOT NULL, -- unit code in document numbers: "433.322"
    weekdays integer NOT NULL CHECK (weekdays BETWEEN 1 AND 127), -- bit 0 is Monday
    opens_minute integer NOT NULL CHECK (opens_minute BETWEEN 0 AND 1439),
    closes_minute integer NOT NULL CHECK (closes_minute BETWEEN 1 AND 1440),
    hours_note text,
    complaint_channel text NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK (left (code, 5) = kabupaten),
    CHECK (opens_minute < closes_minute)
);

CREATE TABLE intake.holiday (
    date date PRIMARY KEY,
    name text NOT NULL,
    note text,
    updated_at timestamptz NOT NULL
);

-- ---- the catalogue: versions, immutable once published -------------------------------------------------------------------

CREATE FUNCTION intake.refuse_change () RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published version does not change' USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TABLE intake.workflow_version (
    workflow text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    name text NOT NULL,
    start_step text NOT NULL,
    sha256 text NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (workflow, version)
);

CREATE TABLE intake.workflow_step (
    workflow text NOT NULL,
    version integer NOT NULL,
    position integer NOT NULL,
    step text NOT NULL,
    station text NOT NULL,
    role text NOT NULL,
    PRIMARY KEY (workflow, version, step),
    UNIQUE (workflow, version, position),
    FOREIGN KEY (workflow, version) REFERENCES intake.workflow_version
);

CREATE TABLE intake.workflow_transition (
    workflow text NOT NULL,
    version integer NOT NULL,
    position integer NOT NULL,
    from_step text NOT NULL,
    outcome text NOT NULL,
    to_step text NOT NULL, -- a step, or one of the ends "done" and "rejected"
    when_fact text,
    when_value boolean,
    PRIMARY KEY (workflow, version, position),
    UNIQUE NULLS NOT DISTINCT (workflow, version, from_step, outcome, when_value),
    FOREIGN KEY (workflow, version, from_step) REFERENCES intake.workflow_step (workflow, version, step),
    CHECK ((when_fact IS NULL) = (when_value IS NULL))
);

CREATE TABLE intake.service_version (
    service text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    name text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    replaced_by text, -- where to go when it has ended, in words
    places text[],    -- kecamatan to which the power is delegated; NULL: all
    workflow text NOT NULL,
    workflow_version integer NOT NULL,
    content json NOT NULL, -- json, not jsonb: the order of a form's fields is the order on the screen
    sha256 text NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (service, version),
    FOREIGN KEY (workflow, workflow_version) REFERENCES intake.workflow_version,
    CHECK (valid_to >= valid_from)
);

CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON intake.workflow_version
    FOR EACH ROW EXECUTE FUNCTION intake.refuse_change ();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON intake.workflow_step
    FOR EACH ROW EXECUTE FUNCTION intake.refuse_change ();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON intake.workflow_transition
    FOR EACH ROW EXECUTE FUNCTION intake.refuse_change ();
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE ON intake.service_version
    FOR EACH ROW EXECUTE FUNCTION intake.refuse_change ();

-- ---- applications ------------------------------------------------------------------------------------------------------------

-- What a column may hold.  Domains rather than CHECKs of the tables: those are parsed anew by each statement that writes, a
-- domain's once per connection.
CREATE DOMAIN intake.case_status AS text CHECK (VALUE IN ('incomplete', 'registered', 'done', 'rejected', 'withdrawn'));
CREATE DOMAIN intake.recipient AS text CHECK (VALUE IN ('applicant', 'collector'));
CREATE DOMAIN intake.ordinal AS integer CHECK (VALUE > 0);
CREATE DOMAIN intake.day_count AS integer CHECK (VALUE >= 0);
CREATE DOMAIN intake.nik AS text CHECK (VALUE ~ '^[0-9]{16}$');
CREATE DOMAIN intake.sex AS text CHECK (VALUE IN ('L', 'P'));

-- Locked until commit by whoever takes the next number: no duplicate and, a rollback giving it back, no hole.
CREATE TABLE intake.number_counter (
    kecamatan text NOT NULL REFERENCES intake.kecamatan,
    year integer NOT NULL,
    last intake.ordinal NOT NULL,
    PRIMARY KEY (kecamatan, year)
);

CREATE TABLE intake.application (
    id uuid PRIMARY KEY,
    kecamatan text NOT NULL REFERENCES intake.kecamatan,
    service text NOT NULL,
    service_version integer NOT NULL, -- pinned: a change of rules never moves a running case
    status intake.case_status NOT NULL,
    facts json NOT NULL,
    created_at timestamptz NOT NULL,
    -- from the moment that the file is complete:
    number text UNIQUE,
    short_code text,
    registered_at timestamptz,
    received_on date,      -- the working day from which the clock runs
    due_on date,           -- the last day that keeps the promise, pauses included
    due_original_on date,  -- as printed on the receipt
    wait_minutes integer,  -- the citizen may wait
    paused_days intake.day_count NOT NULL DEFAULT 0,
    -- where it is:
    step text,
    attempt integer,
    step_started_at timestamptz,
    -- how it ended:
    closed_at timestamptz,
    closed_reason text,
    handed_to intake.recipient,
    FOREIGN KEY (service, service_version) REFERENCES intake.service_version,
    CHECK (num_nulls (number, short_code, registered_at, received_on, due_on, due_original_on) IN (0, 6)),
    CHECK (number IS NOT NULL OR status IN ('incomplete', 'withdrawn')),
    CHECK (number IS NULL OR status <> 'incomplete'),
    CHECK ((status = 'registered') = (step IS NOT NULL)),
    CHECK (num_nulls (step, attempt, step_started_at) IN (0, 3)),
    CHECK ((status IN ('done', 'rejected', 'withdrawn')) = (closed_at IS NOT NULL)),
    CHECK (handed_to IS NULL OR status = 'done')
) WITH (fillfactor = 70); -- a case changes with every step and no index does: there must be room on its page
CREATE INDEX application_by_kecamatan ON intake.application (kecamatan, id DESC);
CREATE INDEX application_by_status ON intake.application (kecamatan, status, id DESC);

-- All personal data of a case and nothing else, so that a person can be forgotten while the course stays provable.
CREATE TABLE intake.applicant (
    application uuid PRIMARY KEY REFERENCES intake.application,
    nik intake.nik NOT NULL,
    name text NOT NULL,
    birth_place text NOT NULL,
    birth_date date NOT NULL,
    sex intake.sex NOT NULL,
    address text NOT NULL,
    job text,
    phone text,
    email text,
    region text,
    representative_nik intake.nik,
    representative_name text,
    representative_relation text,
    form json NOT NULL,
    collector_nik intake.nik,
    collector_name text,
    collector_authority uuid, -- file: the written authority
    handover_nik_confirmed boolean, -- the officer compared the identity card
    handover_note text,
    CHECK (num_nulls (representative_nik, representative_name, representative_relation) IN (0, 3)),
    CHECK (num_nulls (collector_nik, collector_name, collector_authority) IN (0, 3))
);
CREATE INDEX applicant_by_nik ON intake.applicant (nik);
CREATE INDEX applicant_by_name ON intake.applicant (lower (name) text_pattern_ops);

CREATE TABLE intake.requirement_item (
    application uuid NOT NULL REFERENCES intake.application,
    code text NOT NULL,
    file uuid,
    original_seen boolean NOT NULL,
    note text,
    asked_again boolean NOT NULL DEFAULT false, -- named as missing by the verifier, nothing new brought since
    provided_at timestamptz,
    PRIMARY KEY (application, code)
);

-- The steps that have ended; the one that runs stands in application, so there is never a second.
CREATE TABLE intake.application_step (
    application uuid NOT NULL REFERENCES intake.application,
    step text NOT NULL,
    attempt intake.ordinal NOT NULL,
    position intake.ordinal NOT NULL, -- in the course
    station text NOT NULL,
    role text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL,
    outcome text NOT NULL,
    actor json, -- who ended it, as the event log knows them
    reason text,
    requirement text,
    legal_basis text,
    PRIMARY KEY (application, step, attempt),
    UNIQUE (application, position),
    CHECK (ended_at >= started_at)
);

-- Who was told personal data, about which case and when.
CREATE TABLE intake.disclosure (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    application uuid NOT NULL REFERENCES intake.application,
    asked_by text NOT NULL, -- the service that asked
    account uuid,           -- the officer for whom, if any
    username text,
    correlation text NOT NULL,
    disclosed_at timestamptz NOT NULL
);
CREATE INDEX disclosure_by_application ON intake.disclosure (application, id);

COMMIT;
