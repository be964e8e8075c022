BEGIN;
DROP TABLE document.final, document.number, document.number_counter, document.draft, document.objection, document.task,
           document.template;
DROP DOMAIN document.kecamatan, document.sha256, document.ordinal, document.task_state, document.number_state,
            document.final_state;
DROP FUNCTION document.idem_begin (text, text);
DROP TABLE document.idem, document.job;
COMMIT;
