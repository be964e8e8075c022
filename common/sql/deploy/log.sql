-- The event log and what every service needs beside its own tables.
-- One rule makes the log simple: in a partition, sequence order = commit order, without gaps.  bus.publish () locks the
-- partition's counter row until the transaction ends; so numbers are handed out in commit order and a rollback gives its
-- number back.  Services reach the log only through these functions; nobody writes another's tables.
BEGIN;

-- Domains: PostgreSQL 15 reads a table's CHECKs anew for every INSERT and UPDATE, a domain's once.
CREATE DOMAIN bus.partition AS smallint CHECK (VALUE BETWEEN 0 AND 63);
CREATE DOMAIN bus.topic AS text CHECK (VALUE ~ '^[a-z_]+\.[a-z_]+$');

CREATE TABLE bus.counter (
    partition bus.partition PRIMARY KEY,
    last_seq  bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);  -- room for HOT updates: this row changes with every event
INSERT INTO bus.counter (partition) SELECT generate_series (0, 63);

-- Rows come from bus.publish () alone, which has just raised the partition's counter: no foreign key has to look for it again.
-- One index: every further one would cost each event; a key's history is wanted rarely enough to read its partition.
CREATE TABLE bus.event (
    partition   smallint NOT NULL,
    seq         bigint NOT NULL,
    id          uuid NOT NULL DEFAULT gen_random_uuid (),  -- a replayed event's copy keeps it
    topic       bus.topic NOT NULL,
    key         text NOT NULL,
    producer    text NOT NULL,
    addressee   text COLLATE "C",  -- the only group that it concerns; NULL: every group of its topic
    actor       jsonb NOT NULL,
    correlation text NOT NULL,
    occurred_at timestamptz NOT NULL DEFAULT clock_timestamp (),
    body        jsonb NOT NULL,
    PRIMARY KEY (partition, seq)
);

CREATE TABLE bus.cursor (
    group_name text COLLATE "C" NOT NULL,  -- as session_user, or its index could not be used
    partition  smallint NOT NULL REFERENCES bus.counter,
    seq        bigint NOT NULL DEFAULT 0,
    failures   integer NOT NULL DEFAULT 0,  -- of the event at seq + 1 … that stands next
    PRIMARY KEY (group_name, partition)
) WITH (fillfactor = 50);

CREATE TABLE bus.dead_letter (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    group_name  text NOT NULL,
    partition   smallint NOT NULL,
    seq         bigint NOT NULL,
    error       text NOT NULL,
    buried_at   timestamptz NOT NULL DEFAULT now (),
    UNIQUE (group_name, partition, seq),
    FOREIGN KEY (partition, seq) REFERENCES bus.event
);

-- What a person decided about work that failed for good.  Kept for ever: who, why, and what had gone wrong at that moment.
CREATE TABLE bus.decision (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    letter       bigint UNIQUE REFERENCES bus.dead_letter,  -- a dead letter is decided once,
    service      text,                                      -- a service's job as often as it fails
    job          bigint,
    action       text NOT NULL,
    replayed_seq bigint,  -- where the copy stands in the dead letter's partition
    error        text NOT NULL,
    by_whom      text NOT NULL CHECK (by_whom ~ '\S'),
    why          text NOT NULL CHECK (why ~ '\S'),
    db_role      text NOT NULL DEFAULT session_user,
    at           timestamptz NOT NULL DEFAULT now (),
    CHECK (CASE WHEN letter IS NULL THEN num_nulls (service, job) = 0 AND action IN ('retry', 'discard')
                ELSE num_nulls (service, job) = 2 AND action IN ('replay', 'discard') END),
    CHECK ((action = 'replay') = (replayed_seq IS NOT NULL))
);
CREATE INDEX decision_of_job ON bus.decision (service, job);

CREATE FUNCTION bus.refuse_change () RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was decided is kept as it is';
END $$;
CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON bus.decision
    FOR EACH STATEMENT EXECUTE FUNCTION bus.refuse_change ();

-- plpgsql keeps its plans, a SQL function is parsed and planned anew at every call.
-- (Services' sessions plan without sequential scans, see db_ensure (): these tables are small when plans are made, busy later.)
-- The caller's own name is the producer and the consumer group: SECURITY DEFINER changes current_user, never session_user.

-- Adds events to one partition, in the order of the array: [{"topic", "key", "correlation", "body", "addressee"}], the last of them
-- optional.  Returns the last one's seq.  Whoever publishes to several partitions does so in their order, or two could wait for each
-- other; and last of all: the counter's row is locked until COMMIT.
CREATE FUNCTION bus.publish (p_partition smallint, p_actor jsonb, p_events jsonb)
RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = bus, pg_temp AS $$
DECLARE
    v_count integer := jsonb_array_length (p_events);
    v_seq bigint;
BEGIN
    UPDATE bus.counter SET last_seq = last_seq + v_count WHERE partition = p_partition RETURNING last_seq INTO STRICT v_seq;
    INSERT INTO bus.event (partition, seq, topic, key, producer, addressee, actor, correlation, body)
    SELECT p_partition, v_seq - v_count + e.place, e.topic, e.key, session_user, e.addressee, p_actor, e.correlation, e.body
      FROM ROWS FROM (jsonb_to_recordset (p_events) AS (topic text, key text, addressee text, correlation text, body jsonb))
           WITH ORDINALITY e (topic, key, addressee, correlation, body, place);
    RETURN v_seq;
END $$;

-- Joins the log: a new group starts at 0 (p_from_now false) or at the present end.
CREATE FUNCTION bus.join_group (p_from_now boolean)
RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = bus, pg_temp AS $$
    INSERT INTO bus.cursor (group_name, partition, seq)
    SELECT session_user, partition, CASE WHEN p_from_now THEN last_seq ELSE 0 END FROM bus.counter
    ON CONFLICT DO NOTHING
$$;

-- Locks the caller's cursors of these partitions and returns the next events of its topics, at most p_limit of each partition, in
-- order.  A partition that is missing in the answer is held by another member.  One without an event (seq null) has only foreign
-- topics between cursor and head.  head: how far the cursor may go once the returned events, fewer than p_limit, are handled.
-- (One statement sees counter and events of the same moment, so no event lies between the last one returned and head.)
CREATE FUNCTION bus.take (p_partitions smallint[], p_topics text[], p_limit integer)
RETURNS TABLE (partition smallint, head bigint, seq bigint, id uuid, topic text, key text, producer text, actor jsonb,
               correlation text, occurred_ms bigint, body jsonb)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = bus, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        WITH mine AS MATERIALIZED (
            SELECT c.partition, c.seq FROM bus.cursor c
             WHERE c.group_name = session_user AND c.partition = ANY (p_partitions) FOR UPDATE SKIP LOCKED)
        SELECT m.partition, n.last_seq, e.seq, e.id, e.topic::text, e.key, e.producer, e.actor, e.correlation,
               (extract (epoch FROM e.occurred_at) * 1000)::bigint, e.body
          FROM mine m JOIN bus.counter n USING (partition)
          LEFT JOIN LATERAL (SELECT * FROM bus.event x
                              WHERE x.partition = m.partition AND x.seq > m.seq AND x.topic = ANY (p_topics)
                                AND (x.addressee IS NULL OR x.addressee = session_user)
                              ORDER BY x.seq LIMIT p_limit) e ON true
         ORDER BY m.partition, e.seq;
END $$;

-- Moves the caller's cursors, each to the seq at the same place; part of the transaction that holds the consumer's own changes.
CREATE FUNCTION bus.advance (p_partitions smallint[], p_seqs bigint[])
RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = bus, pg_temp AS $$
BEGIN
    UPDATE bus.cursor c SET seq = a.seq, failures = 0 FROM unnest (p_partitions, p_seqs) a (partition, seq)
     WHERE c.group_name = session_user AND c.partition = a.partition AND c.seq <= a.seq;
END $$;

-- One more failure of the event at p_seq.  From p_most failures on it is buried and the partition goes on; returns true then.
CREATE FUNCTION bus.fail (p_partition smallint, p_seq bigint, p_error text, p_most integer)
RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = bus, pg_temp AS $$
DECLARE
    v_failures integer;
BEGIN
    UPDATE bus.cursor SET failures = failures + 1
     WHERE group_name = session_user AND partition = p_partition AND seq < p_seq RETURNING failures INTO v_failures;
    IF v_failures IS NULL OR v_failures < p_most THEN
        RETURN false;
    END IF;
    INSERT INTO bus.dead_letter (group_name, partition, seq, error)
    VALUES (session_user, p_partition, p_seq, left (p_error, 2000)) ON CONFLICT DO NOTHING;
    UPDATE bus.cursor SET seq = p_seq, failures = 0 WHERE group_name = session_user AND partition = p_partition;
    RETURN true;
END $$;

-- The partitions in which something waits for the caller.  Where only foreign events lie between cursor and head nothing is to be
-- done; the cursor follows when that stretch has grown long, so that looking stays cheap.
CREATE FUNCTION bus.behind (p_topics text[])
RETURNS SETOF smallint LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = bus, pg_temp AS $$
BEGIN
    RETURN QUERY
        WITH news AS MATERIALIZED (
            SELECT c.partition, n.last_seq, n.last_seq > c.seq + 40 AS far,
                   EXISTS (SELECT FROM bus.event e
                            WHERE e.partition = c.partition AND e.seq > c.seq AND e.topic = ANY (p_topics)
                              AND (e.addressee IS NULL OR e.addressee = session_user)) AS waits
              FROM bus.cursor c JOIN bus.counter n USING (partition)
             WHERE c.group_name = session_user AND n.last_seq > c.seq),
        unheld AS (
            SELECT c.partition FROM bus.cursor c
             WHERE c.group_name = session_user AND c.partition IN (SELECT n.partition FROM news n WHERE n.far AND NOT n.waits)
               FOR UPDATE SKIP LOCKED),
        followed AS (
            UPDATE bus.cursor c SET seq = greatest (c.seq, n.last_seq) FROM unheld u JOIN news n USING (partition)
             WHERE c.group_name = session_user AND c.partition = u.partition)
        SELECT n.partition FROM news n WHERE n.waits;
END $$;

-- The runtime's own tables in a service's schema: stored replies of commands, and work that talks to the outside.
-- Called by the first line of each service's own migration.
CREATE FUNCTION bus.install (p_schema text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format ($ddl$
        CREATE TABLE %1$I.idem (
            caller     text NOT NULL,       -- account, or service
            key        text NOT NULL,
            request    text NOT NULL,       -- keyed hash of method, parameters and body (worker_request.c)
            status     integer NOT NULL,
            reply      text NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now (),
            PRIMARY KEY (caller, key)
        );
        CREATE INDEX idem_age ON %1$I.idem (created_at);
        CREATE TABLE %1$I.job (
            id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            kind        text NOT NULL,
            key         text NOT NULL,
            payload     jsonb NOT NULL,
            state       text NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'done', 'failed', 'discarded')),
            due_at      timestamptz NOT NULL,       -- also the lease: a taken job is due again when its worker died
            attempts    integer NOT NULL DEFAULT 0,
            holder      integer,                    -- pg_backend_pid () of the worker that has it
            note        text,
            actor       jsonb NOT NULL,
            correlation text NOT NULL,
            created_at  timestamptz NOT NULL DEFAULT now (),
            ended_at    timestamptz,
            UNIQUE (kind, key)
        );
        CREATE INDEX job_due ON %1$I.job (due_at) WHERE state = 'due';
        CREATE INDEX job_held ON %1$I.job (holder) WHERE state = 'due' AND holder IS NOT NULL;
        CREATE INDEX job_failed ON %1$I.job (id) WHERE state = 'failed';
        CREATE FUNCTION %1$I.idem_begin (p_caller text, p_key text)
        RETURNS TABLE (request text, status integer, reply text) LANGUAGE plpgsql AS $f$
        BEGIN
            -- two equal commands at once: the second waits here, then finds the first's reply
            PERFORM pg_advisory_xact_lock (hashtextextended (current_schema || ' ' || p_caller || ' ' || p_key, 0));
            RETURN QUERY SELECT i.request, i.status, i.reply FROM %1$I.idem i WHERE i.caller = p_caller AND i.key = p_key;
        END $f$;
    $ddl$, p_schema);
END $$;

-- What follows is the operator's (deploy/admin), who reaches the cluster as its owner; no service may call it.

-- Every dead letter with its event, what was decided, and what became of it.
CREATE VIEW bus.dead_letters AS
    SELECT d.id, d.buried_at, d.group_name, d.partition, d.seq, d.error,
           e.id AS event, e.topic, e.key, e.producer, e.actor, e.correlation, e.occurred_at, e.body,
           n.action, n.by_whom, n.why, n.at AS decided_at, n.db_role, n.replayed_seq, former.letter AS replay_of,
           CASE WHEN again.id IS NOT NULL THEN 'failed again: dead letter ' || again.id
                WHEN c.seq >= n.replayed_seq THEN 'handled'
                WHEN c.seq < n.replayed_seq THEN 'waits for its turn' END AS outcome
      FROM bus.dead_letter d JOIN bus.event e USING (partition, seq)
      LEFT JOIN bus.decision n ON n.letter = d.id
      LEFT JOIN bus.cursor c ON (c.group_name, c.partition) = (d.group_name, d.partition)
      LEFT JOIN bus.dead_letter again ON (again.group_name, again.partition, again.seq) = (d.group_name, d.partition, n.replayed_seq)
      LEFT JOIN LATERAL (SELECT o.id AS letter FROM bus.decision m JOIN bus.dead_letter o ON o.id = m.letter
                          WHERE (o.group_name, o.partition, m.replayed_seq) = (d.group_name, d.partition, d.seq)) former ON true;

-- Decides a dead letter: 'discard' without effect, 'replay' gives its event to that group alone once more.  The copy stands at the
-- end of the partition and keeps everything else, its id and its producer too: it is the same event.  Returns the copy's seq.
CREATE FUNCTION bus.decide_letter (p_id bigint, p_action text, p_by text, p_why text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_letter bus.dead_letter;
    v_former bus.decision;
    v_seq bigint;
BEGIN
    SELECT * INTO v_letter FROM bus.dead_letter WHERE id = p_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no dead letter %', p_id;
    END IF;
    SELECT * INTO v_former FROM bus.decision WHERE letter = p_id;
    IF FOUND THEN
        RAISE EXCEPTION 'dead letter % is decided already: %', p_id, bus.decision_words (v_former);
    END IF;
    IF p_action = 'replay' THEN
        UPDATE bus.counter SET last_seq = last_seq + 1 WHERE partition = v_letter.partition RETURNING last_seq INTO STRICT v_seq;
        INSERT INTO bus.event (partition, seq, id, topic, key, producer, addressee, actor, correlation, occurred_at, body)
        SELECT partition, v_seq, id, topic, key, producer, v_letter.group_name, actor, correlation, occurred_at, body
          FROM bus.event WHERE (partition, seq) = (v_letter.partition, v_letter.seq);
    END IF;
    INSERT INTO bus.decision (letter, action, replayed_seq, error, by_whom, why)
    VALUES (p_id, p_action, v_seq, v_letter.error, p_by, p_why);
    RETURN v_seq;
END $$;

CREATE FUNCTION bus.decision_words (p bus.decision) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT format ('%s by %s on %s UTC', p.action, p.by_whom, to_char (p.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'))
$$;

-- The schemas that have jobs: those in which bus.install () was at work.
CREATE FUNCTION bus.services () RETURNS SETOF name LANGUAGE sql STABLE AS $$
    SELECT j.schemaname FROM pg_tables j JOIN pg_tables i USING (schemaname) WHERE j.tablename = 'job' AND i.tablename = 'idem'
     ORDER BY 1
$$;

-- Jobs that failed for good; with p_all also those about which somebody decided, whatever they are now.
CREATE FUNCTION bus.failed_jobs (p_all boolean DEFAULT false)
RETURNS TABLE (service text, id bigint, kind text, key text, payload jsonb, state text, attempts integer, error text, actor jsonb,
               correlation text, created_at timestamptz, ended_at timestamptz)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_service name;
BEGIN
    FOR v_service IN SELECT bus.services () LOOP
        RETURN QUERY EXECUTE format (
            'SELECT %1$L::text, id, kind, key, payload, state, attempts, note, actor, correlation, created_at, ended_at FROM %1$I.job
              WHERE state = ''failed'' OR %2$L AND id IN (SELECT job FROM bus.decision WHERE service = %1$L) ORDER BY id',
            v_service, p_all);
    END LOOP;
END $$;

-- Decides a failed job: 'discard' ends it, 'retry' makes it due with all its attempts before it.
CREATE FUNCTION bus.decide_job (p_service text, p_id bigint, p_action text, p_by text, p_why text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_state text;
    v_error text;
    v_former text;
BEGIN
    IF p_service NOT IN (SELECT bus.services ()) THEN
        RAISE EXCEPTION 'there is no service % with jobs', p_service;
    END IF;
    EXECUTE format ('SELECT state, coalesce (note, ''-'') FROM %I.job WHERE id = $1 FOR UPDATE', p_service) INTO v_state, v_error USING p_id;
    IF v_state IS NULL THEN
        RAISE EXCEPTION 'there is no job % of %', p_id, p_service;
    ELSIF v_state <> 'failed' THEN
        SELECT bus.decision_words (d) INTO v_former FROM bus.decision d WHERE service = p_service AND job = p_id ORDER BY id DESC LIMIT 1;
        RAISE EXCEPTION 'job % of % is %, not failed%', p_id, p_service, v_state, coalesce ('; decided already: ' || v_former, '');
    END IF;
    INSERT INTO bus.decision (service, job, action, error, by_whom, why) VALUES (p_service, p_id, p_action, v_error, p_by, p_why);
    EXECUTE format (CASE p_action WHEN 'discard' THEN 'UPDATE %I.job SET state = ''discarded'' WHERE id = $1'
        ELSE 'UPDATE %I.job SET state = ''due'', attempts = 0, due_at = now (), holder = NULL, ended_at = NULL WHERE id = $1' END, p_service) USING p_id;
END $$;

REVOKE ALL ON FUNCTION bus.install (text), bus.decide_letter (bigint, text, text, text), bus.decide_job (text, bigint, text, text, text),
    bus.failed_jobs (boolean), bus.services (), bus.decision_words (bus.decision) FROM PUBLIC;
COMMIT;
