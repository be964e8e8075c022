-- Deploy intake:handover_signature
-- requires: tables
BEGIN;

ALTER TABLE intake.applicant ADD COLUMN handover_signature uuid; -- file; NULL: signed on paper, or before this column

COMMIT;
