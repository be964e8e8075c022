-- Refusals that people were told, under their keys.
-- requires: log
--
-- An attempt may still be on its way, in the hands of a replica that is held up, when its repetition is refused.  It must not take effect
-- afterwards: its twin's refusal is what counts.  So a refusal is kept for longer than an attempt lives (WORKER_ATTEMPT_MS in
-- common/worker.h); then the same may be asked anew, for the world has moved on.  Under the same key something else may be asked at once: a
-- form that was corrected.
BEGIN;

CREATE TABLE bus.refusal (
    service    text COLLATE "C" NOT NULL,
    caller     text NOT NULL,       -- account, or service
    key        text NOT NULL,
    request    text NOT NULL,       -- as in the service's table idem
    status     integer NOT NULL,
    reply      text NOT NULL,
    refused_at timestamptz NOT NULL,
    PRIMARY KEY (service, caller, key, request)
);
CREATE INDEX refusal_age ON bus.refusal (refused_at);

-- What the caller's service answered to this request under this key within the last minute, if that was a refusal.  Volatile, that it sees
-- what was committed until now.
CREATE FUNCTION bus.refused (p_caller text, p_key text, p_request text)
RETURNS TABLE (request text, status integer, reply text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = bus, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT r.request, r.status, r.reply FROM bus.refusal r
                  WHERE (r.service, r.caller, r.key, r.request) = (session_user, p_caller, p_key, p_request)
                    AND r.refused_at > clock_timestamp () - interval '1 minute';
END $$;

-- Forgets refusals that are over, for their words may name people.  It waits for nobody.
CREATE FUNCTION bus.forget_refusals ()
RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = bus, pg_temp AS $$
    DELETE FROM bus.refusal WHERE (service, caller, key, request) IN (
        SELECT service, caller, key, request FROM bus.refusal WHERE refused_at < now () - interval '2 minutes'
           FOR UPDATE SKIP LOCKED LIMIT 1000)
$$;

-- Keeps a refusal.
CREATE FUNCTION bus.refuse (p_caller text, p_key text, p_request text, p_status integer, p_reply text)
RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = bus, pg_temp AS $$
    INSERT INTO bus.refusal (service, caller, key, request, status, reply, refused_at)
    VALUES (session_user, p_caller, p_key, p_request, p_status, p_reply, clock_timestamp ())
    ON CONFLICT (service, caller, key, request) DO UPDATE
       SET status = excluded.status, reply = excluded.reply, refused_at = excluded.refused_at;
$$;

COMMIT;
