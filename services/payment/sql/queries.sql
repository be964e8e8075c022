-- Statements of the payment service.  Times go in and come out as unix milliseconds.

-- name: application_add
INSERT INTO payment.application (application, number, kecamatan, service, fee)
VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (application) DO NOTHING

-- name: application_charge
-- The application is to pay; no row comes back when it is known to be free.
INSERT INTO payment.application AS known (application, number, kecamatan, service, fee)
VALUES ($1, $2, $3, $4, 'charged')
    ON CONFLICT (application) DO UPDATE SET fee = 'charged' WHERE known.fee <> 'free'
RETURNING known.application

-- name: application_get
SELECT kecamatan, fee FROM payment.application WHERE application = $1

-- name: counter_next
-- The next number; the row stays locked until the transaction ends.
INSERT INTO payment.counter AS counter (kind, kecamatan, year, last)
VALUES ($1, $2, $3, 1)
    ON CONFLICT (kind, kecamatan, year) DO UPDATE SET last = counter.last + 1
RETURNING last

-- name: bill_find
SELECT bill FROM payment.bill WHERE application = $1 AND step = $2 AND attempt = $3

-- name: bill_add
INSERT INTO payment.bill (bill, bill_number, application, step, attempt, service_version, amount_rupiah, formula, calculation,
                          unit, legal_basis, account_code, due_on, issued_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, to_timestamp ($14::bigint / 1000.0))

-- name: bill_lock
-- The newest bill of the application, held until the transaction ends.  Without the receipt: who waited for the lock sees
-- the row as it is now, but what is joined to it as it was before the wait.
SELECT b.bill, b.step, b.attempt, b.state, b.amount_rupiah, a.kecamatan
  FROM payment.bill b JOIN payment.application a ON a.application = b.application
 WHERE b.application = $1
 ORDER BY b.bill DESC
 LIMIT 1
   FOR UPDATE OF b

-- name: bill_get
-- The newest bill of the application with its receipt; bills have UUIDs in order of time.
SELECT b.bill, b.bill_number, b.application, a.number, a.kecamatan, a.service, b.service_version, b.step, b.attempt, b.state,
       b.amount_rupiah, b.formula, b.calculation, b.unit, b.legal_basis, b.account_code, b.due_on, b.receipt_number,
       r.received_rupiah, r.change_rupiah, r.cashier_name,
       (extract (epoch FROM b.issued_at) * 1000)::bigint AS issued_at_ms,
       (extract (epoch FROM r.paid_at) * 1000)::bigint AS paid_at_ms
  FROM payment.bill b
  JOIN payment.application a ON a.application = b.application
  LEFT JOIN payment.receipt r ON r.receipt_number = b.receipt_number
 WHERE b.application = $1
 ORDER BY b.bill DESC
 LIMIT 1

-- name: bill_list
-- $1 places, $2 state, $3 the last bill of the page before or NULL, $4 rows.
SELECT b.bill, b.bill_number, b.application, a.number, a.kecamatan, a.service, b.service_version, b.step, b.attempt, b.state,
       b.amount_rupiah, b.formula, b.calculation, b.unit, b.legal_basis, b.account_code, b.due_on, b.receipt_number,
       r.received_rupiah, r.change_rupiah, r.cashier_name,
       (extract (epoch FROM b.issued_at) * 1000)::bigint AS issued_at_ms,
       (extract (epoch FROM r.paid_at) * 1000)::bigint AS paid_at_ms
  FROM payment.bill b
  JOIN payment.application a ON a.application = b.application
  LEFT JOIN payment.receipt r ON r.receipt_number = b.receipt_number
 WHERE a.kecamatan = ANY ($1::text[]) AND b.state = $2
   AND (b.due_on, b.bill) > (coalesce ((SELECT last.due_on FROM payment.bill last WHERE last.bill = $3::uuid), '-infinity'),
                             coalesce ($3::uuid, '00000000-0000-0000-0000-000000000000'))
 ORDER BY b.due_on, b.bill
 LIMIT $4::integer

-- name: receipt_add
INSERT INTO payment.receipt (receipt_number, bill, amount_rupiah, received_rupiah, change_rupiah, cashier, cashier_name, paid_at,
                             deposit_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, to_timestamp ($8::bigint / 1000.0), $9)

-- name: receipt_list
-- $1 cashier, $2 and $3 from and before when, $4 kecamatan or NULL, $5 the last receipt of the page before or NULL, $6 rows.
SELECT r.receipt_number, b.bill_number, b.application, a.number, a.kecamatan, a.service, b.account_code, r.amount_rupiah,
       r.received_rupiah, r.change_rupiah, (extract (epoch FROM r.paid_at) * 1000)::bigint AS paid_at_ms
  FROM payment.receipt r
  JOIN payment.bill b ON b.bill = r.bill
  JOIN payment.application a ON a.application = b.application
 WHERE r.cashier = $1 AND r.paid_at >= to_timestamp ($2::bigint / 1000.0) AND r.paid_at < to_timestamp ($3::bigint / 1000.0)
   AND ($4::text IS NULL OR a.kecamatan = $4)
   AND (r.paid_at, r.receipt_number) > (coalesce ((SELECT last.paid_at FROM payment.receipt last WHERE last.receipt_number = $5::text),
                                                  '-infinity'), coalesce ($5::text, ''))
 ORDER BY r.paid_at, r.receipt_number
 LIMIT $6::integer

-- name: receipt_sum
SELECT count (*) AS receipts, coalesce (sum (r.amount_rupiah), 0)::bigint AS amount_rupiah
  FROM payment.receipt r
  JOIN payment.bill b ON b.bill = r.bill
  JOIN payment.application a ON a.application = b.application
 WHERE r.cashier = $1 AND r.paid_at >= to_timestamp ($2::bigint / 1000.0) AND r.paid_at < to_timestamp ($3::bigint / 1000.0)
   AND ($4::text IS NULL OR a.kecamatan = $4)

-- name: bill_settle
UPDATE payment.bill SET state = $2, receipt_number = $3 WHERE bill = $1 AND state = 'due'

-- name: bill_cancel
UPDATE payment.bill SET state = $2, cancelled_at = to_timestamp ($3::bigint / 1000.0) WHERE bill = $1 AND state = 'due'

-- name: ledger_post
-- $1 bill or NULL, $2 kind, $3 when, $4 account debited, $5 account credited, $6 amount, $7 deposit or NULL.
WITH posting AS (
    INSERT INTO payment.posting (bill, kind, posted_at, deposit_number)
    VALUES ($1, $2, to_timestamp ($3::bigint / 1000.0), $7)
    RETURNING id
)
INSERT INTO payment.ledger (posting, account, debit_rupiah, credit_rupiah)
SELECT id, $4::text, $6::bigint, 0 FROM posting
 UNION ALL
SELECT id, $5::text, 0, $6::bigint FROM posting

-- ---- deposits

-- name: term_get
SELECT working_days, legal_basis FROM payment.deposit_term WHERE kecamatan = $1 ORDER BY published_at DESC LIMIT 1

-- name: term_add
INSERT INTO payment.deposit_term (kecamatan, working_days, legal_basis, published_by, published_name, published_at)
VALUES ($1, $2, $3, $4, $5, to_timestamp ($6::bigint / 1000.0))

-- name: box_days
SELECT (r.paid_at AT TIME ZONE 'Asia/Jakarta')::date AS date, count (*) AS receipts, sum (r.amount_rupiah)::bigint AS amount_rupiah,
       min (r.deposit_by) AS deposit_by
  FROM payment.receipt r
  JOIN payment.bill b ON b.bill = r.bill
  JOIN payment.application a ON a.application = b.application
 WHERE r.deposit_number IS NULL AND a.kecamatan = $1
 GROUP BY 1
 ORDER BY 1

-- name: box_lock
-- $1 kecamatan, $2 before when, $3 an amount: what lies in the box, and how far its oldest receipts go into the amount.  Who waited for
-- another deposit's lock no longer sees what that one took.
WITH locked AS (
    SELECT r.receipt_number, r.amount_rupiah, r.paid_at
      FROM payment.receipt r
      JOIN payment.bill b ON b.bill = r.bill
      JOIN payment.application a ON a.application = b.application
     WHERE r.deposit_number IS NULL AND r.paid_at < to_timestamp ($2::bigint / 1000.0) AND a.kecamatan = $1
     ORDER BY r.receipt_number
       FOR UPDATE OF r
), running AS (
    SELECT *, sum (amount_rupiah) OVER (ORDER BY paid_at, receipt_number) <= $3::bigint AS fits FROM locked
)
SELECT count (*) AS receipts, coalesce (sum (amount_rupiah), 0)::bigint AS amount_rupiah,
       count (*) FILTER (WHERE fits) AS fitting, coalesce (sum (amount_rupiah) FILTER (WHERE fits), 0)::bigint AS fitting_rupiah,
       coalesce (array_agg (receipt_number) FILTER (WHERE fits), '{}')::text AS numbers,
       (max (paid_at) FILTER (WHERE fits) AT TIME ZONE 'Asia/Jakarta')::date AS taken_until
  FROM running

-- name: deposit_add
-- No row comes back when the bank's slip belongs to another deposit: deposit_of_slip.
INSERT INTO payment.deposit (deposit_number, kecamatan, taken_until, receipts, amount_rupiah, bank_reference, deposited_on, cashier,
                             cashier_name, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, to_timestamp ($10::bigint / 1000.0))
    ON CONFLICT (bank_reference, deposited_on) DO NOTHING
RETURNING deposit_number

-- name: deposit_of_slip
SELECT deposit_number FROM payment.deposit WHERE bank_reference = $1 AND deposited_on = $2

-- name: box_take
-- $1 deposit, $2 receipts that box_lock holds.
UPDATE payment.receipt SET deposit_number = $1 WHERE receipt_number = ANY ($2::text[])

-- name: deposit_get
SELECT deposit_number, kecamatan, taken_until, receipts, amount_rupiah, bank_reference, deposited_on, cashier_name, recorded_at_ms,
       accounts
  FROM payment.deposit_sheet
 WHERE deposit_number = $1

-- name: deposit_list
-- $1 kecamatan, $2 the last deposit of the page before or NULL, $3 rows; the newest first.
SELECT deposit_number, kecamatan, taken_until, receipts, amount_rupiah, bank_reference, deposited_on, cashier_name, recorded_at_ms,
       accounts
  FROM payment.deposit_sheet
 WHERE kecamatan = $1
   AND ($2::text IS NULL OR (recorded_at, deposit_number) < (SELECT last.recorded_at, last.deposit_number
                                                               FROM payment.deposit last WHERE last.deposit_number = $2))
 ORDER BY recorded_at DESC, deposit_number DESC
 LIMIT $3::integer

-- ---- figures

-- name: figure_bills
SELECT CASE WHEN due_on < (now () AT TIME ZONE 'Asia/Jakarta')::date THEN 'overdue' ELSE 'due' END AS label, count(*) AS value
FROM payment.bill WHERE state = 'due' GROUP BY 1;

-- name: figure_cash
-- What lies in the cash boxes.  Receipts of a version that knew no deposits have no day; after three they are late for certain
-- unless a perkada says otherwise.
SELECT CASE WHEN coalesce (deposit_by, taken_on + 3) < today THEN 'late' WHEN taken_on < today THEN 'earlier' ELSE 'today' END AS label,
    sum (amount_rupiah)::bigint AS value
FROM (SELECT amount_rupiah, deposit_by, (paid_at AT TIME ZONE 'Asia/Jakarta')::date AS taken_on,
             (now () AT TIME ZONE 'Asia/Jakarta')::date AS today
      FROM payment.receipt WHERE deposit_number IS NULL) AS box
GROUP BY 1;
