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
INSERT INTO payment.receipt (receipt_number, bill, amount_rupiah, received_rupiah, change_rupiah, cashier, cashier_name, paid_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, to_timestamp ($8::bigint / 1000.0))

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
-- $1 bill, $2 kind, $3 when, $4 account debited, $5 account credited, $6 amount.
WITH posting AS (
    INSERT INTO payment.posting (bill, kind, posted_at)
    VALUES ($1, $2, to_timestamp ($3::bigint / 1000.0))
    RETURNING id
)
INSERT INTO payment.ledger (posting, account, debit_rupiah, credit_rupiah)
SELECT id, $4::text, $6::bigint, 0 FROM posting
 UNION ALL
SELECT id, $5::text, 0, $6::bigint FROM posting

-- ---- figures

-- name: figure_bills
SELECT CASE WHEN due_on < (now () AT TIME ZONE 'Asia/Jakarta')::date THEN 'overdue' ELSE 'due' END AS label, count(*) AS value
FROM payment.bill WHERE state = 'due' GROUP BY 1;

-- name: figure_cash
-- What lies in the cash box by the books: nothing but a posting takes it out.
SELECT CASE WHEN (p.posted_at AT TIME ZONE 'Asia/Jakarta')::date < (now () AT TIME ZONE 'Asia/Jakarta')::date
            THEN 'earlier' ELSE 'today' END AS label,
    sum (l.debit_rupiah - l.credit_rupiah)::bigint AS value
FROM payment.ledger l JOIN payment.posting p ON p.id = l.posting
WHERE l.account = 'kas' GROUP BY 1;
