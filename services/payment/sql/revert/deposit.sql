-- Revert payment:deposit
-- Only while nothing was deposited: the narrower checks refuse what was.  Published terms go with it.
BEGIN;

DROP TRIGGER receipt_is_deposited_once ON payment.receipt;
DROP TRIGGER receipt_begins_in_the_box ON payment.receipt;
DROP TRIGGER deposit_is_its_receipts ON payment.deposit;
DROP FUNCTION payment.check_deposit (), payment.check_deposited ();
CREATE OR REPLACE FUNCTION payment.check_posting (p_posting bigint) RETURNS void LANGUAGE plpgsql STABLE AS $$
DECLARE
    debit  bigint;
    credit bigint;
    owed   bigint;
BEGIN
    SELECT sum (debit_rupiah), sum (credit_rupiah) INTO debit, credit FROM payment.ledger WHERE posting = p_posting;
    SELECT b.amount_rupiah INTO owed FROM payment.posting p JOIN payment.bill b USING (bill) WHERE p.id = p_posting;
    IF (debit, credit) IS DISTINCT FROM (owed, owed) THEN
        RAISE EXCEPTION 'posting % does not balance: debit %, credit %, bill %', p_posting, debit, credit, owed
            USING ERRCODE = 'check_violation';
    END IF;
END $$;
ALTER TABLE payment.ledger
    DROP CONSTRAINT ledger_account_check,
    ADD CONSTRAINT ledger_account_check CHECK (account IN ('kas', 'piutang_retribusi', 'pendapatan_retribusi'));
ALTER TABLE payment.posting
    DROP CONSTRAINT posting_of_deposit,
    DROP CONSTRAINT posting_is_of_one,
    DROP CONSTRAINT posting_kind_check,
    DROP COLUMN deposit_number,
    ADD CONSTRAINT posting_kind_check CHECK (kind IN ('issued', 'settled', 'cancelled')),
    ALTER COLUMN bill SET NOT NULL;
ALTER TABLE payment.counter
    DROP CONSTRAINT counter_kind_check,
    ADD CONSTRAINT counter_kind_check CHECK (kind IN ('SKRD', 'TBP'));
DROP VIEW payment.deposit_sheet;
ALTER TABLE payment.receipt DROP COLUMN deposit_number, DROP COLUMN deposit_by;
DROP TABLE payment.deposit_term, payment.deposit;

COMMIT;
