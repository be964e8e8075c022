-- Revert intake:handover_signature
BEGIN;
ALTER TABLE intake.applicant DROP COLUMN handover_signature;
COMMIT;
