BEGIN;

SELECT application, number, kecamatan, service, fee FROM payment.application WHERE false;
SELECT kind, kecamatan, year, last FROM payment.counter WHERE false;
SELECT bill, bill_number, application, fee, step, attempt, service_version, amount_rupiah, formula, calculation, unit,
       legal_basis, account_code, due_on, issued_at, state, receipt_number, cancelled_at
  FROM payment.bill WHERE false;
SELECT receipt_number, bill, amount_rupiah, received_rupiah, change_rupiah, cashier, cashier_name, paid_at
  FROM payment.receipt WHERE false;
SELECT p.id, p.bill, p.kind, p.posted_at, l.account, l.debit_rupiah, l.credit_rupiah
  FROM payment.posting p JOIN payment.ledger l ON l.posting = p.id WHERE false;

ROLLBACK;
