-- Deploy intake:registered_by
-- requires: tables
BEGIN;

-- The name of the officer, as it stands on the receipt.  NULL: no number yet, or one that was given before this column.
ALTER TABLE intake.application ADD COLUMN registered_by text;

COMMIT;
