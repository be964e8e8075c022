BEGIN;
DROP TABLE identity.login_attempt, identity.session, identity.role_grant, identity.account;
DROP TABLE IF EXISTS identity.idem, identity.job;
COMMIT;
