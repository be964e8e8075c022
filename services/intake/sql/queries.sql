-- Times go in and out as unix milliseconds, so that no session time zone matters.

-- ---- the catalogue: places and days

-- name: kabupaten_put
INSERT INTO intake.kabupaten (code, name, address, phone, email, website, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, to_timestamp ($7::bigint / 1000.0))
ON CONFLICT (code) DO UPDATE SET name = excluded.name, address = excluded.address, phone = excluded.phone,
    email = excluded.email, website = excluded.website, updated_at = excluded.updated_at;

-- name: kecamatan_put
INSERT INTO intake.kecamatan (code, kabupaten, name, address, postal_code, phone, email, unit, weekdays, opens_minute,
    closes_minute, hours_note, complaint_channel, maklumat, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::integer, $10::integer, $11::integer, $12, $13, $14,
    to_timestamp ($15::bigint / 1000.0))
ON CONFLICT (code) DO UPDATE SET kabupaten = excluded.kabupaten, name = excluded.name, address = excluded.address,
    postal_code = excluded.postal_code, phone = excluded.phone, email = excluded.email, unit = excluded.unit,
    weekdays = excluded.weekdays, opens_minute = excluded.opens_minute, closes_minute = excluded.closes_minute,
    hours_note = excluded.hours_note, complaint_channel = excluded.complaint_channel,
    maklumat = excluded.maklumat, updated_at = excluded.updated_at;

-- name: kecamatan_list
-- All, or the one.
SELECT k.code, k.name, k.address, k.postal_code, k.phone, k.email, k.weekdays, k.opens_minute, k.closes_minute,
    k.hours_note, k.complaint_channel, k.maklumat, b.code AS kabupaten, b.name AS kabupaten_name
FROM intake.kecamatan k JOIN intake.kabupaten b ON b.code = k.kabupaten
WHERE $1::text IS NULL OR k.code = $1
ORDER BY k.code;

-- name: kecamatan_find
SELECT name, address, phone FROM intake.kecamatan WHERE code = $1;

-- name: office_find
-- A kecamatan with its calendar: the days off from a day on.
SELECT unit, weekdays, opens_minute, closes_minute,
    (SELECT coalesce (json_agg (off.date), '[]')
     FROM (SELECT date FROM intake.holiday WHERE date >= $2::date ORDER BY date LIMIT 400) off) AS holidays
FROM intake.kecamatan WHERE code = $1;

-- name: holiday_put
INSERT INTO intake.holiday (date, name, note, updated_at)
VALUES ($1::date, $2, $3, to_timestamp ($4::bigint / 1000.0))
ON CONFLICT (date) DO UPDATE SET name = excluded.name, note = excluded.note, updated_at = excluded.updated_at;

-- name: holiday_remove
DELETE FROM intake.holiday WHERE date = $1::date;

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

-- name: service_find
SELECT name, workflow, workflow_version, content FROM intake.service_version
WHERE service = $1 AND version = $2::integer;

-- name: service_effective
-- The version of a day: of those that are valid, the one that began last.
SELECT version, (places IS NULL OR $3::text IS NULL OR $3::text = ANY (places)) AS offered
FROM intake.service_version
WHERE service = $1 AND valid_from <= $2::date AND (valid_to IS NULL OR valid_to >= $2::date)
ORDER BY valid_from DESC, version DESC
LIMIT 1;

-- name: service_last
SELECT service, version, name, valid_from::text, valid_to::text, replaced_by
FROM intake.service_version WHERE service = $1 ORDER BY valid_from DESC, version DESC LIMIT 1;

-- name: service_list
SELECT content FROM (
    SELECT DISTINCT ON (service) name, content, places
    FROM intake.service_version
    WHERE valid_from <= $1::date AND (valid_to IS NULL OR valid_to >= $1::date)
    ORDER BY service, valid_from DESC, version DESC) effective
WHERE places IS NULL OR $2::text IS NULL OR $2::text = ANY (places)
ORDER BY name;

-- ---- applications

-- name: application_put
-- A case comes to the counter; with its number and its first step when nothing is missing.
WITH fresh AS (
    INSERT INTO intake.application (id, kecamatan, service, service_version, status, facts, created_at, number, short_code,
        registered_at, received_on, due_on, due_original_on, wait_minutes, step, attempt, step_started_at, registered_by)
    VALUES ($1::uuid, $2, $3, $4::integer, $5, $6::json, to_timestamp ($7::bigint / 1000.0), $8, $9,
        to_timestamp ($10::bigint / 1000.0), $11::date, $12::date, $12::date, $13::integer, $14, $15::integer,
        to_timestamp ($10::bigint / 1000.0), $30))
INSERT INTO intake.applicant (application, nik, name, birth_place, birth_date, sex, address, job, phone, email, region,
    representative_nik, representative_name, representative_relation, form)
VALUES ($1::uuid, $16, $17, $18, $19::date, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29::json);

-- name: requirement_put
INSERT INTO intake.requirement_item (application, code, file, file_sha256, original_seen, note, asked_again, provided_at)
SELECT $1::uuid, code, file, file_sha256, coalesce (original_seen, false), note, false, to_timestamp ($3::bigint / 1000.0)
FROM json_to_recordset ($2::json) AS brought (code text, file uuid, file_sha256 text, original_seen boolean, note text)
ON CONFLICT (application, code) DO UPDATE SET file = coalesce (excluded.file, requirement_item.file),
    file_sha256 = coalesce (excluded.file_sha256, requirement_item.file_sha256),
    original_seen = excluded.original_seen OR requirement_item.original_seen, note = excluded.note,
    asked_again = false, provided_at = excluded.provided_at;

-- name: requirement_ask_again
INSERT INTO intake.requirement_item (application, code, original_seen, note, asked_again)
VALUES ($1::uuid, $2, false, $3, true)
ON CONFLICT (application, code) DO UPDATE SET asked_again = true, note = excluded.note;

-- name: requirement_list
SELECT coalesce (json_agg (item), '[]') AS requirements
FROM (SELECT code, file, file_sha256, original_seen, note, asked_again
      FROM intake.requirement_item WHERE application = $1::uuid) item;

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
    (extract (epoch FROM a.step_started_at) * 1000)::bigint AS step_started_ms,
    (extract (epoch FROM a.closed_at) * 1000)::bigint AS closed_ms, a.closed_reason, a.handed_to, k.unit
FROM intake.application a
JOIN intake.kecamatan k ON k.code = a.kecamatan
WHERE a.id = $1::uuid
FOR NO KEY UPDATE OF a;

-- name: application_find
SELECT a.id, a.kecamatan, a.service, a.service_version, a.status, a.facts, a.number, a.short_code,
    (extract (epoch FROM a.created_at) * 1000)::bigint AS created_ms,
    (extract (epoch FROM a.registered_at) * 1000)::bigint AS registered_ms,
    a.received_on::text, a.due_on::text, a.due_original_on::text, a.wait_minutes, a.paused_days, a.step, a.attempt,
    (extract (epoch FROM a.step_started_at) * 1000)::bigint AS step_started_ms,
    (extract (epoch FROM a.closed_at) * 1000)::bigint AS closed_ms, a.closed_reason, a.handed_to, k.unit
FROM intake.application a
JOIN intake.kecamatan k ON k.code = a.kecamatan
WHERE a.id = $1::uuid;

-- name: case_disclose
-- The whole case.  The statement that tells personal data is the one that writes down to whom.
WITH told AS (
    INSERT INTO intake.disclosure (application, asked_by, account, username, correlation, disclosed_at)
    SELECT id, $2, $3::uuid, $4, $5, to_timestamp ($6::bigint / 1000.0) FROM intake.application WHERE id = $1::uuid)
SELECT a.id, a.kecamatan, a.service, a.service_version, a.status, a.facts, a.number, a.short_code,
    (extract (epoch FROM a.created_at) * 1000)::bigint AS created_ms,
    (extract (epoch FROM a.registered_at) * 1000)::bigint AS registered_ms,
    a.received_on::text, a.due_on::text, a.due_original_on::text, a.wait_minutes, a.paused_days, a.step, a.attempt,
    (extract (epoch FROM a.step_started_at) * 1000)::bigint AS step_started_ms,
    (extract (epoch FROM a.closed_at) * 1000)::bigint AS closed_ms, a.closed_reason, a.handed_to, a.registered_by, k.unit,
    p.nik, p.name, p.birth_place, p.birth_date::text, p.sex, p.address, p.job, p.phone, p.email, p.region,
    p.representative_nik, p.representative_name, p.representative_relation, p.form, p.collector_nik, p.collector_name,
    p.collector_authority, p.handover_nik_confirmed, p.handover_note, p.handover_signature,
    (SELECT coalesce (json_agg (item), '[]')
     FROM (SELECT code, file, file_sha256, original_seen, note, asked_again
           FROM intake.requirement_item WHERE application = a.id) item) AS requirements,
    k.name AS kecamatan_name, k.address AS kecamatan_address, k.postal_code, k.phone AS kecamatan_phone,
    k.email AS kecamatan_email, k.complaint_channel, k.weekdays, k.opens_minute, k.closes_minute,
    b.code AS kabupaten, b.name AS kabupaten_name, b.address AS kabupaten_address, b.phone AS kabupaten_phone,
    b.email AS kabupaten_email, b.website AS kabupaten_website
FROM intake.application a
JOIN intake.kecamatan k ON k.code = a.kecamatan
JOIN intake.kabupaten b ON b.code = k.kabupaten
LEFT JOIN intake.applicant p ON p.application = a.id -- a person may be forgotten
WHERE a.id = $1::uuid;

-- name: application_by_number
SELECT id, short_code FROM intake.application WHERE number = $1;

-- name: application_register
UPDATE intake.application
SET status = 'registered', number = $2, short_code = $3, registered_at = to_timestamp ($4::bigint / 1000.0),
    received_on = $5::date, due_on = $6::date, due_original_on = $6::date, wait_minutes = $7::integer, step = $8,
    attempt = $9::integer, step_started_at = to_timestamp ($4::bigint / 1000.0), registered_by = $10
WHERE id = $1::uuid AND status = 'incomplete';

-- name: application_extend
-- Whoever was sent home is told a day, even if the service is one of minutes.
UPDATE intake.application SET due_on = $2::date, paused_days = paused_days + $3::integer, wait_minutes = NULL
WHERE id = $1::uuid AND status = 'registered';

-- name: application_advance
-- The running step joins those that have ended.  The case goes on to the next one or, when there is none, is closed.
WITH ended AS (
    INSERT INTO intake.application_step (application, step, attempt, position, station, role, started_at, ended_at, outcome,
        actor, reason, requirement, legal_basis)
    SELECT a.id, a.step, a.attempt, 1 + (SELECT count (*) FROM intake.application_step WHERE application = a.id), $3, $4,
        a.step_started_at, greatest (a.step_started_at, to_timestamp ($5::bigint / 1000.0)), $6, $7::json, $8, $9, $10
    FROM intake.application a WHERE a.id = $1::uuid AND a.step = $2)
UPDATE intake.application a
SET status = $11, facts = $12::json, step = $13::text,
    attempt = CASE WHEN $13::text IS NOT NULL THEN
        1 + (a.step = $13)::integer
        + (SELECT count (*) FROM intake.application_step WHERE application = a.id AND step = $13)
    END,
    step_started_at = CASE WHEN $13::text IS NOT NULL THEN to_timestamp ($5::bigint / 1000.0) END,
    closed_at = CASE WHEN $13::text IS NULL THEN to_timestamp ($5::bigint / 1000.0) END,
    closed_reason = $14, handed_to = $15
WHERE a.id = $1::uuid AND a.step IS NOT DISTINCT FROM $2 AND a.status IN ('incomplete', 'registered')
RETURNING a.attempt;

-- name: handover_put
UPDATE intake.applicant
SET collector_nik = $2, collector_name = $3, collector_authority = $4::uuid, handover_nik_confirmed = $5::boolean,
    handover_note = $6, handover_signature = $7::uuid
WHERE application = $1::uuid;

-- name: step_list
-- Those that have ended.
SELECT step, attempt, station, role, (extract (epoch FROM started_at) * 1000)::bigint AS started_ms,
    (extract (epoch FROM ended_at) * 1000)::bigint AS ended_ms, outcome, actor, reason, requirement, legal_basis
FROM intake.application_step WHERE application = $1::uuid ORDER BY position;

-- name: application_list
-- The newest first.
SELECT a.id, a.number, a.kecamatan, a.service, v.name AS service_name, a.status, a.step, p.name, p.nik,
    (extract (epoch FROM a.created_at) * 1000)::bigint AS created_ms, a.due_on::text, a.wait_minutes,
    (extract (epoch FROM a.step_started_at) * 1000)::bigint AS step_started_ms
FROM intake.application a
JOIN intake.applicant p ON p.application = a.id
JOIN intake.service_version v ON v.service = a.service AND v.version = a.service_version
WHERE a.kecamatan = ANY ($1::text[])
    AND ($2::text IS NULL OR a.kecamatan = $2)
    AND ($3::text IS NULL OR a.status = $3)
    AND ($4::text IS NULL OR a.number ^@ $4 OR lower (p.name) ^@ lower ($4) OR a.short_code = $5::text OR p.nik = $4)
    AND ($6::uuid IS NULL OR a.id < $6::uuid)
ORDER BY a.id DESC
LIMIT $7::integer;

-- name: application_at_step
-- Those that stand at step $8, the one due first at the top.
SELECT a.id, a.number, a.kecamatan, a.service, v.name AS service_name, a.status, a.step, p.name, p.nik,
    (extract (epoch FROM a.created_at) * 1000)::bigint AS created_ms, a.due_on::text, a.wait_minutes,
    (extract (epoch FROM a.step_started_at) * 1000)::bigint AS step_started_ms
FROM intake.application a
JOIN intake.applicant p ON p.application = a.id
JOIN intake.service_version v ON v.service = a.service AND v.version = a.service_version
WHERE a.kecamatan = ANY ($1::text[]) AND a.status = 'registered' AND a.step = $8 -- whoever has a step is registered; that has an index
    AND ($2::text IS NULL OR a.kecamatan = $2)
    AND ($3::text IS NULL OR a.status = $3)
    AND ($4::text IS NULL OR a.number ^@ $4 OR lower (p.name) ^@ lower ($4) OR a.short_code = $5::text OR p.nik = $4)
    AND (a.due_on, a.id) > (coalesce ((SELECT last.due_on FROM intake.application last WHERE last.id = $6::uuid), '-infinity'),
                            coalesce ($6::uuid, '00000000-0000-0000-0000-000000000000'))
ORDER BY a.due_on, a.id
LIMIT $7::integer;

-- ---- figures

-- name: figure_applications
-- By the index application_by_status alone.
SELECT status::text AS label, count(*) AS value FROM intake.application GROUP BY status;

-- name: figure_promises
-- Those under way, kecamatan by kecamatan, so that the same index finds them.  Days are those of the offices.
SELECT CASE WHEN a.step = 'completion' THEN 'paused'
            WHEN a.due_on < d.today THEN 'broken'
            WHEN a.due_on <= d.today + 1 THEN 'breaking'
            ELSE 'kept_so_far' END AS label, count(*) AS value
FROM (SELECT (now () AT TIME ZONE 'Asia/Jakarta')::date AS today) d, intake.kecamatan k
JOIN intake.application a ON a.kecamatan = k.code AND a.status = 'registered'
GROUP BY 1;
