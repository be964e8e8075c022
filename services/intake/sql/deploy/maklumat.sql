-- Deploy intake:maklumat
-- requires: tables
BEGIN;

ALTER TABLE intake.kecamatan ADD COLUMN maklumat text; -- the promise of UU 25/2009, in the words that the Camat signed

COMMIT;
