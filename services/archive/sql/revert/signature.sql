-- Revert archive:signature
BEGIN;
ALTER TABLE archive.file DROP CONSTRAINT file_purpose_check,
    ADD CONSTRAINT file_purpose_check CHECK (purpose IN ('requirement', 'photo', 'authority', 'document', 'signed', 'verification'));
ALTER TABLE archive.upload DROP CONSTRAINT upload_purpose_check,
    ADD CONSTRAINT upload_purpose_check CHECK (purpose IN ('requirement', 'photo', 'authority', 'verification'));
COMMIT;
