BEGIN;

SELECT id, application, step, attempt, number, kecamatan, service, service_version, due_on, facts, findings_schema, measured,
       requested_at, state, closed_at, letter_number, findings, photos, latitude, longitude, accuracy_m, visited_at, result,
       reason, legal_basis, recorded_at, recorded_by, recorded_by_name
  FROM inspection.visit WHERE false;
SELECT letter_number, visit, date, time, officers, note, issued_at, issued_by, issued_by_name FROM inspection.letter WHERE false;
SELECT kecamatan, year, last FROM inspection.letter_counter WHERE false;

ROLLBACK;
