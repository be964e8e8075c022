-- Verify intake:requirement_sha256
BEGIN;
SELECT file_sha256 FROM intake.requirement_item WHERE false;
ROLLBACK;
