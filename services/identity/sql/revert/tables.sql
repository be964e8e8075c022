BEGIN;
DROP TABLE identity.login_attempt, identity.session, identity.role_grant, identity.account;
DROP TABLE identity.idem, identity.job;
DROP FUNCTION identity.idem_begin (text, text);
COMMIT;
