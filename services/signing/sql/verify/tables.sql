SELECT account, kecamatan, name, nip, rank, position, key_file, valid_from, valid_to FROM signing.signer WHERE false;
SELECT application, step, attempt, level, content_sha256, document, state FROM signing.task WHERE false;
SELECT application, level, content_sha256, account, voided_at FROM signing.paraf WHERE false;
SELECT application, token, file, sha256, revoked_at FROM signing.document WHERE false;
