BEGIN;

ALTER TABLE payment.bill DROP COLUMN receipt_number; -- each of the two refers to the other
DROP TABLE payment.ledger, payment.posting, payment.receipt, payment.bill, payment.application, payment.counter;
DROP FUNCTION payment.check_new_line (), payment.check_new_posting (), payment.check_posting (bigint);
DROP TABLE payment.idem, payment.job; -- of bus.install ()
DROP FUNCTION payment.idem_begin (text, text);

COMMIT;
