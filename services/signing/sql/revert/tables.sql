BEGIN;
DROP TABLE signing.document, signing.paraf, signing.task, signing.signer;
DROP FUNCTION signing.idem_begin (text, text);
DROP TABLE signing.idem, signing.job;
COMMIT;
