-- Revert intake:tables
BEGIN;
DROP TABLE intake.disclosure, intake.application_step, intake.requirement_item, intake.applicant, intake.application,
    intake.number_counter, intake.service_version, intake.workflow_transition, intake.workflow_step,
    intake.workflow_version, intake.holiday, intake.kecamatan, intake.kabupaten;
DROP DOMAIN intake.case_status, intake.recipient, intake.ordinal, intake.day_count, intake.nik, intake.sex;
DROP FUNCTION intake.refuse_change ();
DROP TABLE intake.idem, intake.job; -- of bus.install ()
DROP FUNCTION intake.idem_begin (text, text);
COMMIT;
