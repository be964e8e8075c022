-- Revert payment:receipt_by_cashier
BEGIN;
DROP INDEX payment.receipt_by_cashier;
COMMIT;
