BEGIN;

SELECT id, application, step, attempt, number, kecamatan, service, service_version, due_on, facts, requirements, outcomes,
       requested_at, state, closed_at, outcome, requirement, reason, legal_basis, missing, decided_at, decided_by,
       decided_by_name
  FROM verification.task WHERE false;

ROLLBACK;
