-- What a consumer group tells of itself: how far it is behind, and what waits for a person's decision.
-- requires: log
BEGIN;

-- The partitions in which events of these topics wait for the caller, each with their number (1000: so many or more) and the age
-- of the oldest in microseconds.  It locks nothing.
CREATE FUNCTION bus.lag (p_topics text[])
RETURNS TABLE (partition smallint, waiting bigint, oldest_us bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = bus, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT c.partition, e.waiting, greatest (0, extract (epoch FROM clock_timestamp () - e.oldest) * 1000000)::bigint
          FROM bus.cursor c JOIN bus.counter n USING (partition)
          JOIN LATERAL (SELECT count(*) AS waiting, min (x.occurred_at) AS oldest
                          FROM (SELECT y.occurred_at FROM bus.event y
                                 WHERE y.partition = c.partition AND y.seq > c.seq AND y.topic = ANY (p_topics)
                                   AND (y.addressee IS NULL OR y.addressee = session_user)
                                 ORDER BY y.seq LIMIT 1000) x) e ON e.waiting > 0
         WHERE c.group_name = session_user AND n.last_seq > c.seq;
END $$;

-- How many dead letters of the caller wait.
CREATE FUNCTION bus.undecided ()
RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = bus, pg_temp AS $$
BEGIN
    RETURN (SELECT count(*) FROM bus.dead_letter d
             WHERE d.group_name = session_user AND NOT EXISTS (SELECT FROM bus.decision n WHERE n.letter = d.id));
END $$;

COMMIT;
