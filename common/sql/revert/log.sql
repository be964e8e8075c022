BEGIN;
DROP FUNCTION bus.install (text), bus.behind (text[]), bus.fail (smallint, bigint, text, integer), bus.advance (smallint[], bigint[]),
    bus.take (smallint[], text[], integer), bus.join_group (boolean), bus.publish (smallint, text, text, jsonb, text, jsonb, text);
DROP TABLE bus.dead_letter, bus.cursor, bus.event, bus.counter;
DROP DOMAIN bus.topic;
COMMIT;
