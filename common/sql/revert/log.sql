BEGIN;
DROP FUNCTION bus.decide_job (text, bigint, text, text, text), bus.failed_jobs (boolean), bus.services (),
    bus.decide_letter (bigint, text, text, text), bus.decision_words (bus.decision);
DROP VIEW bus.dead_letters;
DROP FUNCTION bus.install (text), bus.behind (text[]), bus.fail (smallint, bigint, text, integer), bus.advance (smallint[], bigint[]),
    bus.take (smallint[], text[], integer), bus.join_group (boolean), bus.publish (smallint, jsonb, jsonb);
DROP TABLE bus.decision, bus.dead_letter, bus.cursor, bus.event, bus.counter;
DROP FUNCTION bus.refuse_change ();
DROP DOMAIN bus.topic, bus.partition;
COMMIT;
