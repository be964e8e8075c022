-- Deploy payment:deposit
-- requires: tables
-- The cash box is emptied into the kas daerah: a deposit (STS, surat tanda setoran) takes whole receipts with it, and the books
-- move the same amount.  What is here already stays valid: the wider checks need not read the rows of the narrower ones.
BEGIN;

-- In the order in which a payment locks them: no payment waits for us while we wait for it.
LOCK TABLE payment.counter, payment.receipt, payment.posting, payment.ledger IN ACCESS EXCLUSIVE MODE;

-- STS.  One slip of the bank is one deposit; branches may count anew each day.
CREATE TABLE payment.deposit (
    deposit_number text PRIMARY KEY,
    kecamatan      text NOT NULL CHECK (kecamatan ~ '^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$'),
    taken_until    date NOT NULL, -- the day of its youngest receipt
    receipts       integer NOT NULL CHECK (receipts > 0),
    amount_rupiah  bigint NOT NULL CHECK (amount_rupiah > 0),
    bank_reference text NOT NULL CHECK (bank_reference ~ '^[A-Z0-9][A-Z0-9./-]{3,39}$'),
    deposited_on   date NOT NULL CHECK (deposited_on >= taken_until),
    cashier        uuid NOT NULL, -- account
    cashier_name   text NOT NULL,
    recorded_at    timestamptz NOT NULL,
    UNIQUE (bank_reference, deposited_on)
);
CREATE INDEX deposit_by_kecamatan ON payment.deposit (kecamatan, recorded_at, deposit_number);

-- Longer than the next working day only where the perkada says so (PP 12/2019, Permendagri 77/2020).  The newest holds; the others
-- say why earlier receipts had their day.
CREATE TABLE payment.deposit_term (
    kecamatan      text NOT NULL CHECK (kecamatan ~ '^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$'),
    working_days   integer NOT NULL CHECK (working_days BETWEEN 1 AND 30),
    legal_basis    text NOT NULL CHECK (legal_basis ~ '\S'),
    published_by   uuid NOT NULL, -- account
    published_name text NOT NULL,
    published_at   timestamptz NOT NULL,
    PRIMARY KEY (kecamatan, published_at)
);

ALTER TABLE payment.receipt
    ADD COLUMN deposit_by     date, -- NULL: written by a version that knew no deposits
    ADD COLUMN deposit_number text REFERENCES payment.deposit;
-- What lies in the boxes: a few days of receipts, however many there are.
CREATE INDEX receipt_in_the_box ON payment.receipt (paid_at) WHERE deposit_number IS NULL;
CREATE INDEX receipt_of_deposit ON payment.receipt (deposit_number) WHERE deposit_number IS NOT NULL;

-- A deposit as the STS lists it: its sum by account code.
CREATE VIEW payment.deposit_sheet AS
SELECT d.*, (extract (epoch FROM d.recorded_at) * 1000)::bigint AS recorded_at_ms,
       (SELECT jsonb_agg (jsonb_build_object ('account_code', account_code, 'amount_rupiah', amount_rupiah) ORDER BY account_code)
          FROM (SELECT b.account_code, sum (r.amount_rupiah)::bigint AS amount_rupiah
                  FROM payment.receipt r JOIN payment.bill b ON b.bill = r.bill
                 WHERE r.deposit_number = d.deposit_number
                 GROUP BY b.account_code) AS sums) AS accounts
  FROM payment.deposit d;

ALTER TABLE payment.counter
    DROP CONSTRAINT counter_kind_check,
    ADD CONSTRAINT counter_kind_check CHECK (kind IN ('SKRD', 'TBP', 'STS')) NOT VALID;
ALTER TABLE payment.posting
    ALTER COLUMN bill DROP NOT NULL,
    ADD COLUMN deposit_number text UNIQUE REFERENCES payment.deposit,
    DROP CONSTRAINT posting_kind_check,
    ADD CONSTRAINT posting_kind_check CHECK (kind IN ('issued', 'settled', 'cancelled', 'deposited')) NOT VALID,
    ADD CONSTRAINT posting_is_of_one CHECK (num_nonnulls (bill, deposit_number) = 1) NOT VALID,
    ADD CONSTRAINT posting_of_deposit CHECK ((kind = 'deposited') = (deposit_number IS NOT NULL)) NOT VALID;
ALTER TABLE payment.ledger
    DROP CONSTRAINT ledger_account_check,
    ADD CONSTRAINT ledger_account_check CHECK (account IN ('kas', 'kas_daerah', 'piutang_retribusi', 'pendapatan_retribusi')) NOT VALID;

-- A posting amounts to its bill or to its deposit.
CREATE OR REPLACE FUNCTION payment.check_posting (p_posting bigint) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
    debit  bigint;
    credit bigint;
    owed   bigint;
BEGIN
    SELECT sum (debit_rupiah), sum (credit_rupiah) INTO debit, credit FROM payment.ledger WHERE posting = p_posting;
    SELECT coalesce (b.amount_rupiah, d.amount_rupiah) INTO owed
      FROM payment.posting p LEFT JOIN payment.bill b USING (bill) LEFT JOIN payment.deposit d ON d.deposit_number = p.deposit_number
     WHERE p.id = p_posting;
    IF (debit, credit) IS DISTINCT FROM (owed, owed) THEN
        RAISE EXCEPTION 'posting % does not balance: debit %, credit %, owed %', p_posting, debit, credit, owed
            USING ERRCODE = 'check_violation';
    END IF;
END $$;

-- At the commit a deposit is exactly its receipts and stands in the books, and a receipt stays with the deposit that took it.
CREATE FUNCTION payment.check_deposit () RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said   payment.deposit;
    taken  record;
    posted bigint;
BEGIN
    SELECT * INTO said FROM payment.deposit WHERE deposit_number = NEW.deposit_number;
    SELECT count (*) AS receipts, sum (r.amount_rupiah) AS amount_rupiah, bool_and (a.kecamatan = said.kecamatan) AS is_at_home INTO taken
      FROM payment.receipt r JOIN payment.bill b USING (bill) JOIN payment.application a USING (application)
     WHERE r.deposit_number = NEW.deposit_number;
    SELECT count (*) INTO posted FROM payment.posting WHERE deposit_number = NEW.deposit_number;
    IF (taken.receipts, taken.amount_rupiah, taken.is_at_home, posted) IS DISTINCT FROM (said.receipts, said.amount_rupiah, true, 1) THEN
        RAISE EXCEPTION 'deposit % is % receipts of %; it has %, % postings', NEW.deposit_number, said.receipts, said.amount_rupiah, taken, posted
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION payment.check_deposited () RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.deposit_number IS NOT NULL THEN
        RAISE EXCEPTION 'receipt % was deposited with %', OLD.receipt_number, OLD.deposit_number USING ERRCODE = 'check_violation';
    END IF;
    -- The deposit is of this very transaction: a later receipt cannot join it.
    IF NOT EXISTS (SELECT FROM payment.deposit d WHERE d.deposit_number = NEW.deposit_number AND d.xmin = pg_current_xact_id ()::xid) THEN
        RAISE EXCEPTION 'receipt % comes too late for deposit %', NEW.receipt_number, NEW.deposit_number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE CONSTRAINT TRIGGER deposit_is_its_receipts AFTER INSERT OR UPDATE ON payment.deposit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payment.check_deposit ();
CREATE TRIGGER receipt_is_deposited_once BEFORE UPDATE OF deposit_number ON payment.receipt
    FOR EACH ROW EXECUTE FUNCTION payment.check_deposited ();
CREATE TRIGGER receipt_begins_in_the_box BEFORE INSERT ON payment.receipt
    FOR EACH ROW WHEN (NEW.deposit_number IS NOT NULL) EXECUTE FUNCTION payment.check_deposited ();

-- What is written is written; the sheet is no way around.
GRANT UPDATE (deposit_number) ON payment.receipt TO payment;
REVOKE UPDATE, DELETE ON payment.deposit, payment.deposit_term FROM payment;
REVOKE INSERT, UPDATE, DELETE ON payment.deposit_sheet FROM payment;

COMMIT;
