-- The desk of the verifiers: a task per visit of a file, with the decision in the same row.
BEGIN;

SELECT bus.install ('verification');

CREATE TABLE verification.task (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- in order of arrival
    application     uuid NOT NULL,
    step            text NOT NULL,
    attempt         integer NOT NULL CHECK (attempt >= 1),
    number          text NOT NULL, -- of the application, as on the applicant's receipt
    kecamatan       text NOT NULL CHECK (kecamatan ~ '^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$'),
    service         text NOT NULL,
    service_version integer NOT NULL,
    due_on          date NOT NULL, -- the applicant waits at the loket: the day of arrival
    facts           jsonb NOT NULL CHECK (jsonb_typeof (facts) = 'object'),
    requirements    jsonb NOT NULL CHECK (jsonb_typeof (requirements) = 'array'), -- the checklist, [{code, name}]
    outcomes        jsonb CHECK (jsonb_typeof (outcomes) = 'array'), -- that the workflow knows; NULL: all
    return_reason   text, -- why the file came back from a later station
    requested_at    timestamptz NOT NULL,
    state           text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'decided', 'closed')),
    closed_at       timestamptz,
    outcome         text CHECK (outcome IN ('ok', 'incomplete', 'needs_inspection', 'rejected')),
    requirement     text,
    reason          text,
    legal_basis     text,
    missing         jsonb CHECK (jsonb_typeof (missing) = 'array'), -- [{code, note}]
    decided_at      timestamptz,
    decided_by      uuid, -- account
    decided_by_name text,
    UNIQUE (application, step, attempt),
    CHECK ((state = 'decided') = (outcome IS NOT NULL)),
    CHECK (num_nulls (outcome, decided_at, decided_by, decided_by_name) IN (0, 4)),
    CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    -- No refusal without the unmet requirement, the reason and the law; no file given back without the list.
    CHECK (num_nonnulls (requirement, reason, legal_basis) = CASE WHEN outcome = 'rejected' THEN 3 ELSE 0 END),
    CHECK ((missing IS NOT NULL) = (outcome IS NOT DISTINCT FROM 'incomplete')),
    CHECK (jsonb_array_length (missing) > 0)
);

CREATE UNIQUE INDEX task_one_open ON verification.task (application) WHERE state = 'open';
CREATE INDEX task_of_application ON verification.task (application, id);
CREATE INDEX task_inbox ON verification.task (state, kecamatan, due_on, id);

COMMIT;
