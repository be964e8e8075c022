-- Verify intake:registered_by
BEGIN;
SELECT registered_by FROM intake.application WHERE false;
ROLLBACK;
