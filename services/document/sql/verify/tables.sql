SELECT code, version, template, constants, sha256 FROM document.template WHERE false;
SELECT application, step, attempt, config, reason, state FROM document.task WHERE false;
SELECT application, step, reason FROM document.objection WHERE false;
SELECT task, content, content_sha256, filled, signer FROM document.draft WHERE false;
SELECT kecamatan, series, year, last FROM document.number_counter WHERE false;
SELECT kecamatan, series, year, seq, number, state, reason FROM document.number WHERE false;
SELECT application, draft, number, token, state, dated, file, sha256 FROM document.final WHERE false;
