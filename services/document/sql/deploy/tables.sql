-- Documents: templates, what the operators submitted, the register of legal numbers, the final documents.
BEGIN;

SELECT bus.install ('document');

-- What a column may hold.  Domains rather than CHECKs of the tables: those are parsed anew by each statement that
-- writes, a domain's once per connection.
CREATE DOMAIN document.kecamatan AS text CHECK (VALUE ~ '^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$');
CREATE DOMAIN document.sha256 AS text CHECK (VALUE ~ '^[0-9a-f]{64}$');
CREATE DOMAIN document.ordinal AS integer CHECK (VALUE >= 1);
CREATE DOMAIN document.task_state AS text CHECK (VALUE IN ('open', 'submitted', 'returned', 'closed'));
CREATE DOMAIN document.number_state AS text CHECK (VALUE IN ('allocated', 'used', 'void'));
CREATE DOMAIN document.final_state AS text CHECK (VALUE IN ('requested', 'ready', 'signed', 'void'));

-- Published once, never changed: what was printed stays printable.
CREATE TABLE document.template (
    code         text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{0,59}$'),
    version      document.ordinal NOT NULL,
    template     json NOT NULL, -- json, not jsonb: as it was written
    constants    json NOT NULL, -- what all its documents share: the emblem, sentences
    sha256       document.sha256 NOT NULL, -- of both
    published_at timestamptz NOT NULL,
    published_by uuid NOT NULL, -- account
    PRIMARY KEY (code, version)
);
REVOKE UPDATE, DELETE ON document.template FROM document;

-- The operators' desk: a task per visit.
CREATE TABLE document.task (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- in order of arrival
    application       uuid NOT NULL,
    step              text NOT NULL,
    attempt           document.ordinal NOT NULL,
    number            text NOT NULL, -- of the application
    kecamatan         document.kecamatan NOT NULL,
    service           text NOT NULL,
    service_version   integer NOT NULL,
    due_on            date NOT NULL,
    config            json NOT NULL, -- of the step: template, number format, series, schema of what is filled in
    reason            text,          -- why it came back
    requested_at      timestamptz NOT NULL,
    state             document.task_state NOT NULL DEFAULT 'open',
    ended_at          timestamptz,
    ended_by          uuid, -- the operator who submitted or returned it
    ended_by_name     text,
    UNIQUE (application, step, attempt),
    CHECK ((state = 'open') = (ended_at IS NULL)),
    CHECK ((state IN ('submitted', 'returned')) = (ended_by IS NOT NULL)),
    CHECK ((ended_by IS NULL) = (ended_by_name IS NULL))
);
CREATE UNIQUE INDEX task_one_open ON document.task (application) WHERE state = 'open';
CREATE INDEX task_of_application ON document.task (application, id);
CREATE INDEX task_inbox ON document.task (state, kecamatan, due_on, id);

-- Why the file was given back last, by the parafs, the signer or the operator; the next visit shows it.
CREATE TABLE document.objection (
    application uuid PRIMARY KEY,
    step        text NOT NULL,
    reason      text NOT NULL,
    returned_at timestamptz NOT NULL
);

-- What was submitted, for ever: the content is the very text whose SHA-256 the parafs bind.  It holds personal data.
CREATE TABLE document.draft (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task             bigint NOT NULL UNIQUE REFERENCES document.task,
    application      uuid NOT NULL,
    template         text NOT NULL,
    template_version integer NOT NULL,
    content          text NOT NULL, -- canonical JSON {"data", "template", "version"}, without number and date
    content_sha256   text NOT NULL CHECK (content_sha256 = encode (sha256 (convert_to (content, 'UTF8')), 'hex')),
    filled           json NOT NULL, -- the operator's share of it
    signer           json NOT NULL, -- who would have signed on that day
    submitted_at     timestamptz NOT NULL,
    FOREIGN KEY (template, template_version) REFERENCES document.template
);
CREATE INDEX draft_of_application ON document.draft (application, id);
REVOKE UPDATE, DELETE ON document.draft FROM document;

-- The row is locked until the number is committed: no duplicate and, a rollback giving it back, no hole.
CREATE TABLE document.number_counter (
    kecamatan text NOT NULL,
    series    text NOT NULL,
    year      integer NOT NULL,
    last      document.ordinal NOT NULL,
    PRIMARY KEY (kecamatan, series, year)
);

-- The register ("buku agenda"): every number that was ever given.  A void one keeps its row and says why.
CREATE TABLE document.number (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kecamatan    document.kecamatan NOT NULL,
    series       text NOT NULL,
    year         integer NOT NULL,
    seq          document.ordinal NOT NULL,
    number       text NOT NULL,
    application  uuid NOT NULL,
    service      text NOT NULL,
    allocated_at timestamptz NOT NULL,
    state        document.number_state NOT NULL DEFAULT 'allocated',
    ended_at     timestamptz, -- signed, or void
    reason       text,
    UNIQUE (kecamatan, series, year, seq),
    UNIQUE (kecamatan, number),
    CHECK ((state = 'allocated') = (ended_at IS NULL)),
    CHECK ((state = 'void') = (reason IS NOT NULL))
);
REVOKE UPDATE, DELETE ON document.number FROM document;
GRANT UPDATE (state, ended_at, reason) ON document.number TO document;

CREATE TABLE document.final (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    application  uuid NOT NULL,
    step         text NOT NULL,
    attempt      document.ordinal NOT NULL,
    kecamatan    document.kecamatan NOT NULL,
    service      text NOT NULL,
    draft        bigint NOT NULL REFERENCES document.draft,
    number       bigint NOT NULL UNIQUE REFERENCES document.number,
    token        text NOT NULL UNIQUE, -- of the public address; the same for every rendering
    requested_at timestamptz NOT NULL, -- becomes the PDF's creation date
    state        document.final_state NOT NULL DEFAULT 'requested',
    dated        date,
    file         uuid, -- in the archive
    sha256       document.sha256,
    signer       json,
    renderings   integer NOT NULL DEFAULT 0,
    UNIQUE (application, step, attempt),
    CHECK (num_nulls (dated, file, sha256, signer) IN (0, 4)),
    CHECK (state NOT IN ('ready', 'signed') OR file IS NOT NULL)
);
CREATE UNIQUE INDEX final_one_live ON document.final (application) WHERE state IN ('requested', 'ready');
CREATE INDEX final_of_application ON document.final (application, id);

COMMIT;
