SELECT partition, last_seq FROM bus.counter WHERE false;
SELECT partition, seq, id, topic, key, producer, addressee, actor, correlation, occurred_at, body FROM bus.event WHERE false;
SELECT group_name, partition, seq, failures FROM bus.cursor WHERE false;
SELECT has_function_privilege ('bus.take (smallint[], text[], integer)', 'execute');
