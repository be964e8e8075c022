BEGIN;

DROP TABLE verification.task;
DROP TABLE verification.idem, verification.job; -- of bus.install ()
DROP FUNCTION verification.idem_begin (text, text);

COMMIT;
