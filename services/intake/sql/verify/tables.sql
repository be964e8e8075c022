-- Verify intake:tables
BEGIN;
SELECT code, name, address FROM intake.kabupaten WHERE false;
SELECT code, kabupaten, unit, weekdays, opens_minute, closes_minute FROM intake.kecamatan WHERE false;
SELECT date, name FROM intake.holiday WHERE false;
SELECT workflow, version, start_step, sha256 FROM intake.workflow_version WHERE false;
SELECT workflow, version, step, station, role FROM intake.workflow_step WHERE false;
SELECT workflow, version, from_step, outcome, to_step, when_fact, when_value FROM intake.workflow_transition WHERE false;
SELECT service, version, valid_from, valid_to, content, sha256 FROM intake.service_version WHERE false;
SELECT kecamatan, year, last FROM intake.number_counter WHERE false;
SELECT id, status, number, short_code, due_on, step, attempt, step_started_at FROM intake.application WHERE false;
SELECT application, nik, name, form FROM intake.applicant WHERE false;
SELECT application, code, file, original_seen, asked_again FROM intake.requirement_item WHERE false;
SELECT application, step, attempt, position, started_at, ended_at, outcome, actor FROM intake.application_step WHERE false;
SELECT application, asked_by, account, disclosed_at FROM intake.disclosure WHERE false;
ROLLBACK;
