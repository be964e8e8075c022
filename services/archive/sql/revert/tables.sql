BEGIN;
DROP TABLE archive.upload_chunk, archive.upload, archive.file, archive.object_chunk, archive.object;
DROP TABLE archive.idem, archive.job;
DROP FUNCTION archive.idem_begin (text, text);
COMMIT;
