-- Times go in and out as unix milliseconds, so that no session time zone matters.

-- ---- the catalogue: places and days

-- name: kabupaten_put
INSERT INTO intake.kabupaten (code, name, address, phone, email, website, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, to_timestamp ($7::bigint / 1000.0))
ON CONFLICT (code) DO UPDATE SET name = excluded.name, address = excluded.address, phone = excluded.phone,
    email = excluded.email, website = excluded.website, updated_at = excluded.updated_at;

-- name: kecamatan_put
INSERT INTO intake.kecamatan (code, kabupaten, name, address, postal_code, phone, email, unit, weekdays, opens_minute,
    closes_minute, hours_note, complaint_channel, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::integer, $10::integer, $11::integer, $12, $13,
    to_timestamp ($14::bigint / 1000.0))
ON CONFLICT (code) DO UPDATE SET kabupaten = excluded.kabupaten, name = excluded.name, address = excluded.address,
    postal_code = excluded.postal_code, phone = excluded.phone, email = excluded.email, unit = excluded.unit,
    weekdays = excluded.weekdays, opens_minute = excluded.opens_minute, closes_minute = excluded.closes_minute,
    hours_note = excluded.hours_note, complaint_channel = excluded.complaint_channel, updated_at = excluded.updated_at;

-- name: kecamatan_list
SELECT k.code, k.name, k.address, k.postal_code, k.phone, k.email, k.weekdays, k.opens_minute, k.closes_minute,
    k.hours_note, k.complaint_channel, b.code AS kabupaten, b.name AS kabupaten_name
FROM intake.kecamatan k JOIN intake.kabupaten b ON b.code = k.kabupaten
ORDER BY k.code;

-- name: kecamatan_find
SELECT k.code, k.name, k.address, k.postal_code, k.phone, k.email, k.unit, k.weekdays, k.opens_minute,
    k.closes_minute, k.hours_note, k.complaint_channel, b.code AS kabupaten, b.name AS kabupaten_name,
    b.address AS kabupaten_address, b.phone AS kabupaten_phone, b.email AS kabupaten_email,
    b.website AS kabupaten_website
FROM intake.kecamatan k JOIN intake.kabupaten b ON b.code = k.kabupaten
WHERE k.code = $1;

-- name: holiday_put
INSERT INTO intake.holiday (date, name, note, updated_at)
VALUES ($1::date, $2, $3, to_timestamp ($4::bigint / 1000.0))
ON CONFLICT (date) DO UPDATE SET name = excluded.name, note = excluded.note, updated_at = excluded.updated_at;

-- name: holiday_remove
DELETE FROM intake.holiday WHERE date = $1::date;

-- name: holiday_from
SELECT date::text FROM intake.holiday WHERE date >= $1::date ORDER BY date LIMIT 400;

-- ---- the catalogue: versions

-- name: workflow_put
INSERT INTO intake.workflow_version (workflow, version, name, start_step, sha256, published_at)
VALUES ($1, $2::integer, $3, $4, $5, to_timestamp ($6::bigint / 1000.0))
ON CONFLICT (workflow, version) DO NOTHING;

-- name: workflow_hash
SELECT sha256 FROM intake.workflow_version WHERE workflow = $1 AND version = $2::integer;

-- name: workflow_step_put
INSERT INTO intake.workflow_step (workflow, version, position, step, station, role)
VALUES ($1, $2::integer, $3::integer, $4, $5, $6);

-- name: workflow_transition_put
INSERT INTO intake.workflow_transition (workflow, version, position, from_step, outcome, to_step, when_fact, when_value)
VALUES ($1, $2::integer, $3::integer, $4, $5, $6, $7, $8::boolean);

-- name: workflow_rows
-- Every step has at least one row (the checker saw to it), so one join brings the whole workflow.
SELECT v.start_step, s.step, s.station, s.role, t.outcome, t.to_step, t.when_fact, t.when_value
FROM intake.workflow_version v
JOIN intake.workflow_step s ON s.workflow = v.workflow AND s.version = v.version
JOIN intake.workflow_transition t ON t.workflow = s.workflow AND t.version = s.version AND t.from_step = s.step
WHERE v.workflow = $1 AND v.version = $2::integer
ORDER BY s.position, t.position;

-- name: service_put
INSERT INTO intake.service_version (service, version, name, valid_from, valid_to, replaced_by, places, workflow,
    workflow_version, content, sha256, published_at)
VALUES ($1, $2::integer, $3, $4::date, $5::date, $6, $7::text[], $8, $9::integer, $10::json, $11,
    to_timestamp ($12::bigint / 1000.0))
ON CONFLICT (service, version) DO NOTHING;

-- name: service_number_rival
-- A service whose legal numbers would read the same although they are counted in another series.
SELECT service FROM intake.service_version
WHERE content -> 'steps' -> 'drafting' ->> 'number_format' = $1 AND content -> 'steps' -> 'drafting' ->> 'series' <> $2
LIMIT 1;

-- name: service_hash
SELECT sha256 FROM intake.service_version WHERE service = $1 AND version = $2::integer;

-- name: service_effective
-- The version of a day: of those that are valid, the one that began last.
SELECT service, version, name, valid_from::text, valid_to::text, workflow, workflow_version, content,
    (places IS NULL OR $3::text IS NULL OR $3::text = ANY (places)) AS offered
FROM intake.service_version
WHERE service = $1 AND valid_from <= $2::date AND (valid_to IS NULL OR valid_to >= $2::date)
ORDER BY valid_from DESC, version DESC
LIMIT 1;

-- name: service_last
SELECT service, version, name, valid_from::text, valid_to::text, replaced_by
FROM intake.service_version WHERE service = $1 ORDER BY valid_from DESC, version DESC LIMIT 1;

-- name: service_list
SELECT service, version, name, valid_from, valid_to, content FROM (
    SELECT DISTINCT ON (service) service, version, name, valid_from::text AS valid_from, valid_to::text AS valid_to,
        content, places
    FROM intake.service_version
    WHERE valid_from <= $1::date AND (valid_to IS NULL OR valid_to >= $1::date)
    ORDER BY service, intake.service_version.valid_from DESC, version DESC) effective
WHERE places IS NULL OR $2::text IS NULL OR $2::text = ANY (places)
ORDER BY name;

-- ---- applications

-- name: application_put
INSERT INTO intake.application (id, kecamatan, service, service_version, status, facts, created_at)
VALUES ($1::uuid, $2, $3, $4::integer, 'incomplete', $5::json, to_timestamp ($6::bigint / 1000.0));

-- name: applicant_put
INSERT INTO intake.applicant (application, nik, name, birth_place, birth_date, sex, address, job, phone, email, region,
    representative_nik, representative_name, representative_relation, form)
VALUES ($1::uuid, $2, $3, $4, $5::date, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::json);

-- name: requirement_put
INSERT INTO intake.requirement_item (application, code, file, original_seen, note, asked_again, provided_at, file_sha256)
VALUES ($1::uuid, $2, $3::uuid, $4::boolean, $5, false, to_timestamp ($6::bigint / 1000.0), $7)
ON CONFLICT (application, code) DO UPDATE SET file = coalesce (excluded.file, requirement_item.file),
    file_sha256 = coalesce (excluded.file_sha256, requirement_item.file_sha256), original_seen = excluded.original_seen OR requirement_item.original_seen, note = excluded.note,
    asked_again = false, provided_at = excluded.provided_at;

-- name: requirement_ask_again
INSERT INTO intake.requirement_item (application, code, original_seen, note, asked_again)
VALUES ($1::uuid, $2, false, $3, true)
ON CONFLICT (application, code) DO UPDATE SET asked_again = true, note = excluded.note;

-- name: requirement_list
SELECT code, file, file_sha256, original_seen, note, asked_again FROM intake.requirement_item WHERE application = $1::uuid
ORDER BY code;

-- name: application_same_day
-- Another open case of this person for this service, begun between two moments.
SELECT a.id, a.number FROM intake.applicant p JOIN intake.application a ON a.id = p.application
WHERE p.nik = $1 AND a.service = $2 AND a.status IN ('incomplete', 'registered')
    AND a.created_at >= to_timestamp ($3::bigint / 1000.0) AND a.created_at < to_timestamp ($4::bigint / 1000.0)
ORDER BY a.id LIMIT 1;

-- name: number_next
INSERT INTO intake.number_counter AS counter (kecamatan, year, last) VALUES ($1, $2::integer, 1)
ON CONFLICT (kecamatan, year) DO UPDATE SET last = counter.last + 1
RETURNING last;

-- name: application_lock
SELECT a.id, a.kecamatan, a.service, a.service_version, a.status, a.facts, a.number, a.short_code,
    (extract (epoch FROM a.created_at) * 1000)::bigint AS created_ms,
    (extract (epoch FROM a.registered_at) * 1000)::bigint AS registered_ms,
    a.received_on::text, a.due_on::text, a.due_original_on::text, a.wait_minutes, a.paused_days, a.step, a.attempt,
    (extract (epoch FROM a.closed_at) * 1000)::bigint AS closed_ms, a.closed_reason, a.handed_to,
    v.name AS service_name, v.workflow, v.workflow_version, v.content, k.unit
FROM intake.application a
JOIN intake.kecamatan k ON k.code = a.kecamatan
JOIN intake.service_version v ON v.service = a.service AND v.version = a.service_version
WHERE a.id = $1::uuid
FOR UPDATE OF a;

-- name: application_find
SELECT a.id, a.kecamatan, a.service, a.service_version, a.status, a.facts, a.number, a.short_code,
    (extract (epoch FROM a.created_at) * 1000)::bigint AS created_ms,
    (extract (epoch FROM a.registered_at) * 1000)::bigint AS registered_ms,
    a.received_on::text, a.due_on::text, a.due_original_on::text, a.wait_minutes, a.paused_days, a.step, a.attempt,
    (extract (epoch FROM a.closed_at) * 1000)::bigint AS closed_ms, a.closed_reason, a.handed_to,
    v.name AS service_name, v.workflow, v.workflow_version, v.content, k.unit
FROM intake.application a
JOIN intake.kecamatan k ON k.code = a.kecamatan
JOIN intake.service_version v ON v.service = a.service AND v.version = a.service_version
WHERE a.id = $1::uuid;

-- name: application_by_number
SELECT id, short_code FROM intake.application WHERE number = $1;

-- name: application_register
UPDATE intake.application
SET status = 'registered', number = $2, short_code = $3, registered_at = to_timestamp ($4::bigint / 1000.0),
    received_on = $5::date, due_on = $6::date, due_original_on = $6::date, wait_minutes = $7::integer, step = $8,
    attempt = 1
WHERE id = $1::uuid AND status = 'incomplete';

-- name: application_move
UPDATE intake.application SET step = $3, attempt = $4::integer, facts = $5::json
WHERE id = $1::uuid AND step = $2 AND status = 'registered';

-- name: application_extend
-- Whoever was sent home is told a day, even if the service is one of minutes.
UPDATE intake.application SET due_on = $2::date, paused_days = paused_days + $3::integer, wait_minutes = NULL
WHERE id = $1::uuid AND status = 'registered';

-- name: application_close
UPDATE intake.application
SET status = $2, step = NULL, attempt = NULL, facts = $3::json, closed_at = to_timestamp ($4::bigint / 1000.0),
    closed_reason = $5, handed_to = $6
WHERE id = $1::uuid AND status IN ('incomplete', 'registered');

-- name: handover_put
UPDATE intake.applicant
SET collector_nik = $2, collector_name = $3, collector_authority = $4::uuid, handover_nik_confirmed = $5::boolean,
    handover_note = $6
WHERE application = $1::uuid;

-- name: applicant_find
SELECT nik, name, birth_place, birth_date::text, sex, address, job, phone, email, region, representative_nik,
    representative_name, representative_relation, form, collector_nik, collector_name, collector_authority,
    handover_note
FROM intake.applicant WHERE application = $1::uuid;

-- name: step_begin
INSERT INTO intake.application_step (application, step, attempt, position, station, role, started_at)
SELECT $1::uuid, $2, 1 + count (*) FILTER (WHERE step = $2), 1 + count (*), $3, $4, to_timestamp ($5::bigint / 1000.0)
FROM intake.application_step WHERE application = $1::uuid
RETURNING attempt;

-- name: step_end
UPDATE intake.application_step
SET ended_at = greatest (started_at, to_timestamp ($4::bigint / 1000.0)), outcome = $5, actor = $6::json, reason = $7, requirement = $8,
    legal_basis = $9
WHERE application = $1::uuid AND step = $2 AND attempt = $3::integer AND ended_at IS NULL
RETURNING (extract (epoch FROM started_at) * 1000)::bigint AS started_ms;

-- name: step_list
SELECT step, attempt, station, role, (extract (epoch FROM started_at) * 1000)::bigint AS started_ms,
    (extract (epoch FROM ended_at) * 1000)::bigint AS ended_ms, outcome, actor, reason, requirement, legal_basis
FROM intake.application_step WHERE application = $1::uuid ORDER BY position;

-- name: application_list
SELECT a.id, a.number, a.kecamatan, a.service, v.name AS service_name, a.status, a.step, p.name, p.nik,
    (extract (epoch FROM a.created_at) * 1000)::bigint AS created_ms, a.due_on::text, a.wait_minutes
FROM intake.application a
JOIN intake.applicant p ON p.application = a.id
JOIN intake.service_version v ON v.service = a.service AND v.version = a.service_version
WHERE a.kecamatan = ANY ($1::text[])
    AND ($2::text IS NULL OR a.kecamatan = $2)
    AND ($3::text IS NULL OR a.status = $3)
    AND ($4::text IS NULL OR a.number ^@ $4 OR lower (p.name) ^@ lower ($4))
    AND ($5::uuid IS NULL OR a.id < $5::uuid)
ORDER BY a.id DESC
LIMIT $6::integer;

-- name: disclosure_put
INSERT INTO intake.disclosure (application, asked_by, account, username, correlation, disclosed_at)
VALUES ($1::uuid, $2, $3::uuid, $4, $5, to_timestamp ($6::bigint / 1000.0));
