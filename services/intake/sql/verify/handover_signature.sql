-- Verify intake:handover_signature
BEGIN;
SELECT handover_signature FROM intake.applicant WHERE false;
ROLLBACK;
