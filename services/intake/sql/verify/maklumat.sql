-- Verify intake:maklumat
BEGIN;
SELECT maklumat FROM intake.kecamatan WHERE false;
ROLLBACK;
