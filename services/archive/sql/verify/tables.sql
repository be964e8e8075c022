SELECT sha256, size, created_at, last_used_at FROM archive.object WHERE false;
SELECT sha256, position, bytes FROM archive.object_chunk WHERE false;
SELECT id, sha256, media_type, name, purpose, place, owner, created_at, retain_until FROM archive.file WHERE false;
SELECT id, purpose, place, owner, size, created_at, file FROM archive.upload WHERE false;
SELECT upload, position, bytes FROM archive.upload_chunk WHERE false;
