BEGIN;

ALTER TABLE inspection.visit DROP COLUMN letter_number; -- each of the two refers to the other
DROP TABLE inspection.letter, inspection.visit, inspection.letter_counter;
DROP TABLE inspection.idem, inspection.job; -- of bus.install ()
DROP FUNCTION inspection.idem_begin (text, text);

COMMIT;
