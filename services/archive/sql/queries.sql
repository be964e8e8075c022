-- Statements of archive.  Times come in as unix milliseconds; bytes are always the last parameter.

-- name: upload_begin
INSERT INTO archive.upload (id, purpose, place, owner, created_at)
VALUES ($1::uuid, $2, $3, $4::uuid, to_timestamp ($5::bigint / 1000.0))
ON CONFLICT (id) DO NOTHING;

-- name: upload_lock
SELECT purpose, place, owner, size, file FROM archive.upload WHERE id = $1::uuid FOR UPDATE;

-- name: upload_load
-- Bytes that the public has brought since $1.
SELECT coalesce (sum (size), 0)::bigint AS size
  FROM archive.upload
 WHERE purpose = 'verification' AND created_at > to_timestamp ($1::bigint / 1000.0);

-- name: upload_chunk_add
INSERT INTO archive.upload_chunk (upload, position, bytes) VALUES ($1::uuid, $2::bigint, $3::bytea);

-- name: upload_chunk_at
SELECT bytes FROM archive.upload_chunk WHERE upload = $1::uuid AND position = $2::bigint;

-- name: upload_grow
UPDATE archive.upload SET size = size + $2::bigint WHERE id = $1::uuid;

-- name: upload_finish
UPDATE archive.upload SET file = $2::uuid WHERE id = $1::uuid AND file IS NULL;

-- name: upload_chunks_drop
DELETE FROM archive.upload_chunk WHERE upload = $1::uuid;

-- name: uploads_purge
-- At most $2 uploads that began before $1, finished or not.
DELETE FROM archive.upload
 WHERE id IN (SELECT id FROM archive.upload WHERE created_at < to_timestamp ($1::bigint / 1000.0)
               ORDER BY created_at LIMIT $2::integer FOR UPDATE SKIP LOCKED);

-- name: object_keep
-- Writes in either case, so that the row is locked against the sweep until the file that refers to it is committed.
-- xmax = 0: no earlier version, the row is new.
INSERT INTO archive.object (sha256, size, created_at, last_used_at)
VALUES ($1, $2::bigint, to_timestamp ($3::bigint / 1000.0), to_timestamp ($3::bigint / 1000.0))
ON CONFLICT (sha256) DO UPDATE SET last_used_at = excluded.last_used_at
RETURNING xmax = 0 AS is_new;

-- name: object_chunks_take
-- The chunks of an upload become those of the object.
INSERT INTO archive.object_chunk (sha256, position, bytes)
SELECT $1, position, bytes FROM archive.upload_chunk WHERE upload = $2::uuid;

-- name: object_chunk_add
INSERT INTO archive.object_chunk (sha256, position, bytes) VALUES ($1, $2::bigint, $3::bytea);

-- name: object_chunk_at
SELECT bytes FROM archive.object_chunk WHERE sha256 = $1 AND position = $2::bigint;

-- name: file_add
-- No row comes back when a service made the same file before.
INSERT INTO archive.file (id, sha256, media_type, name, purpose, place, owner, created_at, retain_until)
VALUES ($1::uuid, $2, $3, $4, $5, $6, $7::uuid, to_timestamp ($8::bigint / 1000.0), to_timestamp ($9::bigint / 1000.0))
ON CONFLICT (sha256, purpose, place) WHERE purpose IN ('document', 'signed') DO NOTHING
RETURNING id;

-- name: file_find
SELECT f.id, f.sha256, o.size, f.media_type, f.name, f.purpose, f.place
  FROM archive.file f JOIN archive.object o USING (sha256)
 WHERE f.id = $1::uuid;

-- name: file_made
SELECT id FROM archive.file WHERE sha256 = $1 AND purpose = $2 AND place = $3 AND purpose IN ('document', 'signed');

-- name: files_purge
-- At most $2 files whose retention ended before $1; their contents, as an array literal, and how many they were.
WITH gone AS (
    DELETE FROM archive.file
     WHERE id IN (SELECT id FROM archive.file WHERE retain_until < to_timestamp ($1::bigint / 1000.0)
                   ORDER BY retain_until LIMIT $2::integer FOR UPDATE SKIP LOCKED)
    RETURNING sha256
)
SELECT coalesce (array_agg (DISTINCT sha256), '{}')::text AS objects, count (*) AS files FROM gone;

-- name: objects_lock
-- From here on no new file can refer to them, until this transaction ends.
SELECT sha256 FROM archive.object WHERE sha256 = ANY ($1::text[]) ORDER BY sha256 FOR UPDATE;

-- name: objects_purge
-- After objects_lock, as a statement of its own: it sees every file that was committed before the lock.
DELETE FROM archive.object o
 WHERE sha256 = ANY ($1::text[]) AND NOT EXISTS (SELECT FROM archive.file f WHERE f.sha256 = o.sha256);

-- ---- figures
-- Both in microseconds, of a primary that archives its WAL; no row elsewhere.

-- name: figure_backup_age
-- deploy/backup writes the moment down as a setting of the database postgres, which every role may read.
SELECT greatest (extract (epoch FROM now ()) - split_part (setting, '=', 2)::numeric, 0)::bigint * 1000000 AS value
  FROM pg_database d JOIN pg_db_role_setting s ON s.setdatabase = d.oid AND s.setrole = 0, unnest (s.setconfig) setting
 WHERE d.datname = 'postgres' AND setting ~ '^paten\.newest_backup=[0-9]{1,11}$'
   AND current_setting ('archive_mode') <> 'off' AND NOT pg_is_in_recovery ();

-- name: figure_wal_waiting
-- A file waits if the last attempt failed, or if the last finished one (that before the current one) comes behind the last
-- archived one.  After a crash that one is forgotten, behind a backup or a promotion its name may say nothing; each of these
-- writes, so that a file is finished within archive_timeout, and only then it is waited for.
SELECT CASE WHEN is_file AND substr (last_archived_wal, 9) >= substr (pg_walfile_name (
                     pg_current_wal_lsn () - pg_size_bytes (current_setting ('wal_segment_size'))), 9)
             AND (last_failed_time > last_archived_time) IS NOT TRUE THEN 0
            ELSE greatest (extract (epoch FROM now () - since - CASE WHEN is_file THEN '0' ELSE current_setting ('archive_timeout') END::interval),
                     0)::bigint * 1000000 END AS value
  FROM (SELECT *, last_archived_wal ~ '^[0-9A-F]{24}$' AS is_file,
               coalesce (last_archived_time, greatest (stats_reset, pg_postmaster_start_time ())) AS since FROM pg_stat_archiver) archiver
 WHERE current_setting ('archive_mode') <> 'off' AND NOT pg_is_in_recovery ();
