-- Revert intake:requirement_sha256
BEGIN;
ALTER TABLE intake.requirement_item DROP COLUMN file_sha256;
DROP DOMAIN intake.sha256;
COMMIT;
