-- Deploy payment:receipt_by_cashier
-- requires: tables
BEGIN;

CREATE INDEX receipt_by_cashier ON payment.receipt (cashier, paid_at, receipt_number);

COMMIT;
