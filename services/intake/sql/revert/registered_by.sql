-- Revert intake:registered_by
BEGIN;
ALTER TABLE intake.application DROP COLUMN registered_by;
COMMIT;
