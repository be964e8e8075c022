-- Makes a database look as after many applications: copies of finished cases, older than everything that is alive, in all tables of
-- all services.  Expects the psql variables from_g and to_g: the copies' numbers.  What differs in each copy: ids (UUIDv7 of an
-- earlier time, so that they lie where old ones lie), numbers, tokens, hashes of made files, NIK and name.  Not copied: bytes in the
-- archive (nothing is read there by a course of others), stored replies (they go after seven days), and of the event log three
-- events for each case, below all cursors.
-- One case of each kecamatan is the pattern.  Triggers and foreign keys are off: the copies are consistent by construction.
SET session_replication_role = replica;
SET synchronous_commit = off;
SET client_min_messages = warning;

CREATE TEMPORARY TABLE pattern AS
SELECT row_number () OVER () AS place, id FROM (
    SELECT DISTINCT ON (kecamatan) id FROM intake.application WHERE status = 'done' AND number NOT LIKE '%#%' ORDER BY kecamatan, id) t;
CREATE TEMPORARY TABLE pattern_file AS
SELECT application, file, sha256 FROM document.final JOIN pattern ON application = pattern.id
UNION SELECT application, file, sha256 FROM signing.document JOIN pattern ON application = pattern.id;
CREATE TEMPORARY TABLE pattern_event AS
SELECT * FROM (SELECT pattern.place, e.*, row_number () OVER (PARTITION BY e.key ORDER BY e.seq) - 1 AS n
                 FROM bus.event e JOIN pattern ON e.key = pattern.id::text WHERE e.seq > 0) t WHERE n < 3;

-- How a column of a copy follows from the pattern's row x and the copy's number g; NULL: as it is.
CREATE FUNCTION pg_temp.rule (p_table text, p_column text, p_type text) RETURNS text LANGUAGE sql AS $$
    SELECT CASE
        WHEN p_table = 'intake.requirement_item' AND p_column = 'file' THEN NULL -- one paper for all, as the generator brings it
        WHEN p_type = 'uuid' AND p_column IN ('id', 'application', 'file', 'unsigned_file', 'event', 'bill')
            THEN format ('(lpad (to_hex (1600000000000 + g * 30000), 12, ''0'') || substr (md5 (x.%I::text || g), 13))::uuid', p_column)
        WHEN p_type = 'bigint' AND p_column IN ('id', 'task', 'draft', 'number') THEN format ('x.%I - g * 1000000', p_column)
        WHEN p_type = 'text' AND p_column IN ('number', 'token', 'bill_number', 'receipt_number') THEN format ('x.%I || ''#'' || g', p_column)
        WHEN p_column IN ('sha256', 'unsigned_sha256')
            THEN format ('encode (sha256 (convert_to (x.%I || g, ''UTF8'')), ''hex'')', p_column)
        WHEN p_table = 'document.number' AND p_column = 'year' THEN '2020'
        WHEN p_table = 'document.number' AND p_column = 'seq' THEN 'g'
        WHEN p_column = 'nik' THEN 'substr (x.nik, 1, 6) || lpad ((g * 7919 % 10000000000)::text, 10, ''0'')'
        WHEN p_table = 'intake.applicant' AND p_column = 'name' THEN 'x.name || '' '' || g % 5000'
    END
$$;

-- One table; p_of: the column or expression of x that names the case.
CREATE FUNCTION pg_temp.copy (p_table text, p_of text, p_join text, p_from bigint, p_to bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_columns text;
    v_values text;
BEGIN
    SELECT string_agg (quote_ident (attname), ', ' ORDER BY attnum),
           string_agg (coalesce (pg_temp.rule (p_table, attname, format_type (atttypid, NULL)), 'x.' || quote_ident (attname)), ', '
                       ORDER BY attnum)
      INTO v_columns, v_values
      FROM pg_attribute WHERE attrelid = p_table::regclass AND attnum > 0 AND NOT attisdropped;
    EXECUTE format ('INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM generate_series (%s::bigint, %s::bigint) g '
                    'JOIN pattern ON pattern.place = 1 + g %% (SELECT count (*) FROM pattern) JOIN %s x %s ON %s = pattern.id',
                    p_table, v_columns, v_values, p_from, p_to, p_table, p_join, p_of);
END $$;

SELECT pg_temp.copy (format ('%I.%I', n.nspname, c.relname),
                     CASE WHEN c.relname = 'application' AND n.nspname IN ('intake', 'notification') THEN 'x.id' ELSE 'x.application' END, '',
                     :from_g, :to_g)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND n.nspname IN (SELECT rolname FROM pg_roles WHERE rolcanlogin) AND EXISTS (
       SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.atttypid = 'uuid'::regtype AND NOT a.attisdropped
          AND (a.attname = 'application' OR (a.attname = 'id' AND c.relname = 'application')))
 ORDER BY 1::text;

SELECT pg_temp.copy ('archive.file', 'f.application', 'JOIN pattern_file f ON f.file = x.id', :from_g, :to_g);
SELECT pg_temp.copy ('archive.object', 'f.application', 'JOIN pattern_file f ON f.sha256 = x.sha256', :from_g, :to_g);

INSERT INTO bus.event (partition, seq, topic, key, producer, addressee, actor, correlation, occurred_at, body)
SELECT g % 64, -(g * 3 + e.n), e.topic, (lpad (to_hex (1600000000000 + g * 30000), 12, '0') || substr (md5 (e.key || g), 13))::uuid::text,
       e.producer, e.addressee, e.actor, e.correlation, e.occurred_at, e.body
  FROM generate_series (:from_g::bigint, :to_g::bigint) g JOIN pattern_event e ON e.place = 1 + g % (SELECT count (*) FROM pattern);
