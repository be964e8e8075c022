-- Verify payment:deposit
BEGIN;

SELECT deposit_number, kecamatan, taken_until, receipts, amount_rupiah, bank_reference, deposited_on, cashier, cashier_name, recorded_at
  FROM payment.deposit WHERE false;
SELECT accounts, recorded_at_ms FROM payment.deposit_sheet WHERE false;
SELECT kecamatan, working_days, legal_basis, published_by, published_name, published_at
  FROM payment.deposit_term WHERE false;
SELECT deposit_by, deposit_number FROM payment.receipt WHERE false;
SELECT deposit_number FROM payment.posting WHERE false;
SELECT 'payment.receipt_in_the_box'::regclass, 'payment.receipt_of_deposit'::regclass;

ROLLBACK;
