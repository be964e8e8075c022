BEGIN;
DROP FUNCTION bus.refuse (text, text, text, integer, text), bus.refused (text, text, text), bus.forget_refusals ();
DROP TABLE bus.refusal;
COMMIT;
