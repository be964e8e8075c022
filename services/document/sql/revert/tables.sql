BEGIN;
DROP TABLE document.final, document.number, document.number_counter, document.draft, document.objection, document.task,
           document.template;
DROP FUNCTION document.idem_begin (text, text);
DROP TABLE document.idem, document.job;
COMMIT;
