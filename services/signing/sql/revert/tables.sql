BEGIN;
DROP TABLE signing.document, signing.paraf, signing.task, signing.signer;
DROP DOMAIN signing.kecamatan, signing.sha256, signing.ordinal, signing.level, signing.paraf_level, signing.task_state;
DROP FUNCTION signing.idem_begin (text, text);
DROP TABLE signing.idem, signing.job;
COMMIT;
