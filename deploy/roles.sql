-- Roles, schemas and rights; run by deploy/migrate as the superuser, as often as wanted.
-- Expects the psql variable logins: {"intake": "password", ...}.
--
-- paten_owner  owns the database, every schema and every table; nobody can log in as it (deploy/migrate takes its role).
-- SERVICE      logs in, sees only its own schema, changes rows but no tables; of the bus it may call the functions.
-- Without USAGE on a schema nothing in it can be named, so functions may stay executable by PUBLIC, PostgreSQL's default.
SET client_min_messages = warning;
SELECT 'CREATE ROLE paten_owner NOLOGIN'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'paten_owner') \gexec
SELECT 'CREATE DATABASE paten OWNER paten_owner TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C.UTF-8'''
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'paten') \gexec
\connect paten
SET client_min_messages = warning;

BEGIN;
REVOKE ALL ON DATABASE paten FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
SELECT format('CREATE ROLE %I', service) FROM json_each_text(:'logins') AS login (service, password)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = service) \gexec
CREATE SCHEMA IF NOT EXISTS bus AUTHORIZATION paten_owner;

SELECT format(statement, service, password)
  FROM json_each_text(:'logins') AS login (service, password),
       (VALUES (1, 'ALTER ROLE %1$I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD %2$L'),
               (2, 'ALTER ROLE %1$I IN DATABASE paten SET search_path = %1$I'),
               (3, 'CREATE SCHEMA IF NOT EXISTS %1$I AUTHORIZATION paten_owner'),
               (4, 'GRANT CONNECT ON DATABASE paten TO %1$I'),
               (5, 'GRANT USAGE ON SCHEMA %1$I, bus TO %1$I'),
               (6, 'ALTER DEFAULT PRIVILEGES FOR ROLE paten_owner IN SCHEMA %1$I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %1$I'),
               (7, 'ALTER DEFAULT PRIVILEGES FOR ROLE paten_owner IN SCHEMA %1$I GRANT USAGE, SELECT ON SEQUENCES TO %1$I')
       ) AS step (place, statement)
 ORDER BY service, place \gexec
COMMIT;
