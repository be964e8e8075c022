SELECT partition, last_seq FROM bus.counter WHERE false;
SELECT partition, seq, id, topic, key, producer, addressee, actor, correlation, occurred_at, body FROM bus.event WHERE false;
SELECT group_name, partition, seq, failures FROM bus.cursor WHERE false;
SELECT has_function_privilege ('bus.publish (smallint, jsonb, jsonb)', 'execute');
SELECT has_function_privilege ('bus.take (smallint[], text[], integer)', 'execute');
SELECT letter, service, job, action, replayed_seq, error, by_whom, why, db_role, at FROM bus.decision WHERE false;
SELECT id, action, replay_of, outcome FROM bus.dead_letters WHERE false;
SELECT has_function_privilege ('bus.decide_letter (bigint, text, text, text)', 'execute'),
       has_function_privilege ('bus.decide_job (text, bigint, text, text, text)', 'execute');
SELECT service, id, state FROM bus.failed_jobs () WHERE false;
