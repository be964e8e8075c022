-- Deploy intake:requirement_sha256
-- requires: tables
BEGIN;

-- NULL: no file, or one that came before this column; then only its id tells whether it is the same.
CREATE DOMAIN intake.sha256 AS text CHECK (VALUE ~ '^[0-9a-f]{64}$');
ALTER TABLE intake.requirement_item ADD COLUMN file_sha256 intake.sha256;

COMMIT;
