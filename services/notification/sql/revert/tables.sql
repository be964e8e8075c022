BEGIN;
DROP TABLE notification.message, notification.template, notification.application;
DROP TABLE notification.idem, notification.job;
DROP FUNCTION notification.idem_begin (text, text);
COMMIT;
