-- Verify payment:receipt_by_cashier
BEGIN;
SELECT 'payment.receipt_by_cashier'::regclass;
ROLLBACK;
