-- Verify archive:signature
BEGIN;
SELECT 1 / count (*) FROM pg_constraint
 WHERE conrelid = 'archive.upload'::regclass AND conname = 'upload_purpose_check' AND pg_get_constraintdef (oid) LIKE '%signature%';
ROLLBACK;
