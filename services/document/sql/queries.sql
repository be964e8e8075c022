-- Statements of the document service.  Times go in and come out as unix milliseconds.

-- name: template_add
INSERT INTO document.template (code, version, template, constants, sha256, published_at, published_by)
VALUES ($1, $2, $3, $4, $5, to_timestamp ($6::bigint / 1000.0), $7)
    ON CONFLICT (code, version) DO NOTHING

-- name: template_find
-- $2 NULL: the newest.
SELECT code, version, template, constants, sha256, (extract (epoch FROM published_at) * 1000)::bigint AS published_at_ms
  FROM document.template
 WHERE code = $1 AND ($2::integer IS NULL OR version = $2::integer)
 ORDER BY version DESC
 LIMIT 1

-- name: template_newest
SELECT version FROM document.template WHERE code = $1 ORDER BY version DESC LIMIT 1

-- name: objection_put
INSERT INTO document.objection (application, step, reason, returned_at)
VALUES ($1, $2, $3, to_timestamp ($4::bigint / 1000.0))
    ON CONFLICT (application) DO UPDATE SET step = $2, reason = $3, returned_at = to_timestamp ($4::bigint / 1000.0)

-- name: task_add
-- The same visit requested twice gives one task.  $10: the reason that the request gave, else the last objection's.
INSERT INTO document.task (application, step, attempt, number, kecamatan, service, service_version, due_on, config, reason,
                           requested_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,
        coalesce ($10, (SELECT reason FROM document.objection WHERE application = $1)),
        to_timestamp ($11::bigint / 1000.0))
    ON CONFLICT (application, step, attempt) DO NOTHING

-- name: task_find
-- The newest task of the application.
SELECT id, application, step, attempt, number, kecamatan, service, service_version, due_on, config, reason, state,
       ended_by_name, (extract (epoch FROM requested_at) * 1000)::bigint AS requested_at_ms,
       (extract (epoch FROM ended_at) * 1000)::bigint AS ended_at_ms
  FROM document.task
 WHERE application = $1
 ORDER BY id DESC
 LIMIT 1

-- name: task_lock
-- The same, held until the transaction ends.
SELECT id, application, step, attempt, number, kecamatan, service, service_version, due_on, config, reason, state,
       ended_by_name, (extract (epoch FROM requested_at) * 1000)::bigint AS requested_at_ms,
       (extract (epoch FROM ended_at) * 1000)::bigint AS ended_at_ms
  FROM document.task
 WHERE application = $1
 ORDER BY id DESC
 LIMIT 1
   FOR UPDATE

-- name: task_end
UPDATE document.task
   SET state = $2, ended_at = to_timestamp ($3::bigint / 1000.0), ended_by = $4, ended_by_name = $5
 WHERE id = $1::bigint AND state = 'open'

-- name: task_list
-- $1 places, $2 the last id of the page before or NULL, $3 rows.
SELECT id, application, step, attempt, number, kecamatan, service, service_version, due_on, reason, state,
       (extract (epoch FROM requested_at) * 1000)::bigint AS requested_at_ms
  FROM document.task
 WHERE kecamatan = ANY ($1::text[]) AND state = 'open'
   AND (due_on, id) > (coalesce ((SELECT last.due_on FROM document.task last WHERE last.id = $2::bigint), '-infinity'),
                       coalesce ($2::bigint, 0))
 ORDER BY due_on, id
 LIMIT $3::integer

-- name: draft_add
INSERT INTO document.draft (task, application, template, template_version, content, content_sha256, filled, signer,
                            submitted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, to_timestamp ($9::bigint / 1000.0))

-- name: draft_find
-- What was submitted last.
SELECT d.id, d.content, d.content_sha256, d.filled, d.signer, d.template, d.template_version, t.number, t.kecamatan,
       (extract (epoch FROM d.submitted_at) * 1000)::bigint AS submitted_at_ms
  FROM document.draft d
  JOIN document.task t ON t.id = d.task
 WHERE d.application = $1
 ORDER BY d.id DESC
 LIMIT 1

-- name: draft_of_content
-- The newest draft with the content that the parafs bind.
SELECT id FROM document.draft WHERE application = $1 AND content_sha256 = $2 ORDER BY id DESC LIMIT 1

-- name: number_next
INSERT INTO document.number_counter (kecamatan, series, year, last)
VALUES ($1, $2, $3, 1)
    ON CONFLICT (kecamatan, series, year) DO UPDATE SET last = number_counter.last + 1
RETURNING last

-- name: number_add
INSERT INTO document.number (kecamatan, series, year, seq, number, application, service, allocated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, to_timestamp ($8::bigint / 1000.0))
RETURNING id

-- name: number_end
UPDATE document.number
   SET state = $2, reason = $3, ended_at = to_timestamp ($4::bigint / 1000.0)
 WHERE id = $1::bigint AND state = 'allocated'

-- name: number_list
-- $1 kecamatan, $2 series or NULL, $3 year or NULL, $4 the last id of the page before or NULL, $5 rows.
SELECT id, series, year, seq, number, state, application, service, reason,
       (extract (epoch FROM allocated_at) * 1000)::bigint AS allocated_at_ms,
       (extract (epoch FROM ended_at) * 1000)::bigint AS ended_at_ms
  FROM document.number
 WHERE kecamatan = $1 AND ($2::text IS NULL OR series = $2::text) AND ($3::integer IS NULL OR year = $3::integer)
   AND id > coalesce ($4::bigint, 0)
 ORDER BY id
 LIMIT $5::integer

-- name: number_sums
-- Per series and year: the counter and what became of its numbers; they add up, or somebody tampered.
SELECT c.series, c.year, c.last, count (*) FILTER (WHERE n.state = 'allocated') AS allocated,
       count (*) FILTER (WHERE n.state = 'used') AS used, count (*) FILTER (WHERE n.state = 'void') AS void
  FROM document.number_counter c
  LEFT JOIN document.number n ON (n.kecamatan, n.series, n.year) = (c.kecamatan, c.series, c.year)
 WHERE c.kecamatan = $1 AND ($2::text IS NULL OR c.series = $2::text) AND ($3::integer IS NULL OR c.year = $3::integer)
 GROUP BY c.series, c.year, c.last
 ORDER BY c.year DESC, c.series
 LIMIT 500

-- name: final_known
-- Was this visit acted upon already?
SELECT id FROM document.final WHERE application = $1 AND step = $2 AND attempt = $3

-- name: final_add
INSERT INTO document.final (application, step, attempt, kecamatan, service, draft, number, token, requested_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, to_timestamp ($9::bigint / 1000.0))

-- name: final_find
-- The newest final document with everything that rendering it needs.
SELECT f.id, f.step, f.attempt, f.kecamatan, f.service, f.token, f.state, f.dated, f.file, f.sha256, f.signer,
       f.number AS number_id, n.number, d.content, d.template, d.template_version,
       (extract (epoch FROM f.requested_at) * 1000)::bigint AS requested_at_ms
  FROM document.final f
  JOIN document.number n ON n.id = f.number
  JOIN document.draft d ON d.id = f.draft
 WHERE f.application = $1
 ORDER BY f.id DESC
 LIMIT 1

-- name: final_lock
-- The final document that may still change, held until the transaction ends.
SELECT f.id, f.step, f.attempt, f.kecamatan, f.service, f.token, f.state, f.dated, f.file, f.sha256, f.signer,
       f.number AS number_id, n.number
  FROM document.final f
  JOIN document.number n ON n.id = f.number
 WHERE f.application = $1 AND f.state IN ('requested', 'ready')
   FOR UPDATE OF f

-- name: final_render
UPDATE document.final
   SET state = $2, dated = $3, file = $4, sha256 = $5, signer = $6, renderings = renderings + 1
 WHERE id = $1::bigint AND state IN ('requested', 'ready')

-- name: final_end
UPDATE document.final SET state = $2 WHERE id = $1::bigint AND state IN ('requested', 'ready')
