-- Revert intake:maklumat
BEGIN;
ALTER TABLE intake.kecamatan DROP COLUMN maklumat;
COMMIT;
