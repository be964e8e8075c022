BEGIN;

DROP TABLE verification.task;
SELECT bus.uninstall ('verification');

COMMIT;
