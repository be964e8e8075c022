-- Bytes by their SHA-256, in chunks; files refer to them, so equal contents are stored once.
BEGIN;

SELECT bus.install ('archive');

CREATE TABLE archive.object (
    sha256       text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size         bigint NOT NULL CHECK (size > 0),
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL  -- when a file last began to refer to it; writing it locks the row
);

CREATE TABLE archive.object_chunk (
    sha256   text NOT NULL REFERENCES archive.object ON DELETE CASCADE,
    position bigint NOT NULL CHECK (position >= 0),
    bytes    bytea NOT NULL CHECK (octet_length (bytes) BETWEEN 1 AND 262144),
    PRIMARY KEY (sha256, position)
);
-- PDF, JPEG and PNG are compressed already.
ALTER TABLE archive.object_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE archive.file (
    id           uuid PRIMARY KEY,
    sha256       text NOT NULL REFERENCES archive.object,
    media_type   text NOT NULL CHECK (media_type IN ('application/pdf', 'image/jpeg', 'image/png')),
    name         text NOT NULL CHECK (octet_length (name) BETWEEN 1 AND 127 AND name !~ '[/\\]'),
    purpose      text NOT NULL CHECK (purpose IN ('requirement', 'photo', 'authority', 'document', 'signed', 'verification')),
    place        text CHECK (place ~ '^[0-9]{2}\.[0-9]{2}(\.[0-9]{2})?$'),
    owner        uuid,        -- the account that brought it; null: a service or the public
    created_at   timestamptz NOT NULL,
    retain_until timestamptz, -- null: as long as what it belongs to
    CHECK ((purpose = 'verification') = (place IS NULL)),
    CHECK ((purpose = 'verification') = (retain_until IS NOT NULL))
);
CREATE INDEX file_by_object ON archive.file (sha256);
CREATE INDEX file_by_retention ON archive.file (retain_until) WHERE retain_until IS NOT NULL;
-- What services make is kept once per content, purpose and place.
CREATE UNIQUE INDEX file_made ON archive.file (sha256, purpose, place) WHERE purpose IN ('document', 'signed');

CREATE TABLE archive.upload (
    id         uuid PRIMARY KEY,
    purpose    text NOT NULL CHECK (purpose IN ('requirement', 'photo', 'authority', 'verification')),
    place      text,
    owner      uuid,
    size       bigint NOT NULL DEFAULT 0 CHECK (size BETWEEN 0 AND 5242880),
    created_at timestamptz NOT NULL,
    file       uuid UNIQUE REFERENCES archive.file ON DELETE SET NULL, -- once it is complete
    CHECK ((purpose = 'verification') = (place IS NULL))
);
CREATE INDEX upload_by_age ON archive.upload (created_at);

CREATE TABLE archive.upload_chunk (
    upload   uuid NOT NULL REFERENCES archive.upload ON DELETE CASCADE,
    position bigint NOT NULL CHECK (position >= 0),
    bytes    bytea NOT NULL CHECK (octet_length (bytes) BETWEEN 1 AND 262144),
    PRIMARY KEY (upload, position)
);
ALTER TABLE archive.upload_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

COMMIT;
