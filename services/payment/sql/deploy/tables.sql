-- Retribusi: what is owed, what was taken, and the books.  What could lose money is guarded here as well as in the rules:
-- no bill for a free service, none of zero, none paid twice, no receipt without its bill's amount, no posting that does not
-- balance, and nothing of it can be changed afterwards by the service itself.
BEGIN;

SELECT bus.install ('payment');

-- What is known of an application before and beside its bill.
CREATE TABLE payment.application (
    application uuid PRIMARY KEY,
    number      text NOT NULL, -- as on the applicant's receipt
    kecamatan   text NOT NULL CHECK (kecamatan ~ '^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$'),
    service     text NOT NULL,
    fee         text NOT NULL CHECK (fee IN ('unknown', 'free', 'charged')),
    UNIQUE (application, fee)
);

-- Numbers without gaps: the row stays locked until the number is committed.
CREATE TABLE payment.counter (
    kind      text NOT NULL CHECK (kind IN ('SKRD', 'TBP')),
    kecamatan text NOT NULL,
    year      integer NOT NULL,
    last      integer NOT NULL CHECK (last >= 1),
    PRIMARY KEY (kind, kecamatan, year)
);

-- SKRD, surat ketetapan retribusi daerah.
CREATE TABLE payment.bill (
    bill            uuid PRIMARY KEY,
    bill_number     text NOT NULL UNIQUE,
    application     uuid NOT NULL,
    fee             text NOT NULL DEFAULT 'charged' CHECK (fee = 'charged'), -- with the key below: no bill for a free service
    step            text NOT NULL,
    attempt         integer NOT NULL CHECK (attempt >= 1),
    service_version integer NOT NULL,
    amount_rupiah   bigint NOT NULL CHECK (amount_rupiah > 0),
    formula         text NOT NULL,
    calculation     text NOT NULL, -- the formula with the values filled in
    unit            text,
    legal_basis     text NOT NULL CHECK (legal_basis ~ '\S'), -- money without a perda is extortion
    account_code    text NOT NULL CHECK (account_code ~ '\S'),
    due_on          date NOT NULL,
    issued_at       timestamptz NOT NULL,
    state           text NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'settled', 'cancelled')),
    receipt_number  text,
    cancelled_at    timestamptz,
    FOREIGN KEY (application, fee) REFERENCES payment.application (application, fee),
    UNIQUE (application, step, attempt),
    UNIQUE (bill, amount_rupiah),
    CHECK ((state = 'settled') = (receipt_number IS NOT NULL)),
    CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL))
);
CREATE UNIQUE INDEX bill_one_live ON payment.bill (application) WHERE state IN ('due', 'settled');
CREATE INDEX bill_inbox ON payment.bill (state, due_on, bill);

-- TBP, tanda bukti pembayaran.
CREATE TABLE payment.receipt (
    receipt_number  text PRIMARY KEY,
    bill            uuid NOT NULL UNIQUE,
    amount_rupiah   bigint NOT NULL,
    received_rupiah bigint NOT NULL,
    change_rupiah   bigint NOT NULL CHECK (change_rupiah >= 0),
    cashier         uuid NOT NULL, -- account
    cashier_name    text NOT NULL,
    paid_at         timestamptz NOT NULL,
    FOREIGN KEY (bill, amount_rupiah) REFERENCES payment.bill (bill, amount_rupiah),
    CHECK (received_rupiah - change_rupiah = amount_rupiah)
);
ALTER TABLE payment.bill ADD FOREIGN KEY (receipt_number) REFERENCES payment.receipt;

-- The books, double entry.
CREATE TABLE payment.posting (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bill      uuid NOT NULL REFERENCES payment.bill,
    kind      text NOT NULL CHECK (kind IN ('issued', 'settled', 'cancelled')),
    posted_at timestamptz NOT NULL,
    UNIQUE (bill, kind)
);
CREATE TABLE payment.ledger (
    posting       bigint NOT NULL REFERENCES payment.posting,
    account       text NOT NULL CHECK (account IN ('kas', 'piutang_retribusi', 'pendapatan_retribusi')),
    debit_rupiah  bigint NOT NULL CHECK (debit_rupiah >= 0),
    credit_rupiah bigint NOT NULL CHECK (credit_rupiah >= 0),
    PRIMARY KEY (posting, account),
    CHECK ((debit_rupiah = 0) <> (credit_rupiah = 0))
);

-- At the commit each posting has lines, they balance, and they amount to the bill.
CREATE FUNCTION payment.check_posting (p_posting bigint) RETURNS void LANGUAGE plpgsql STABLE AS $$
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
CREATE FUNCTION payment.check_new_posting () RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM payment.check_posting (NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION payment.check_new_line () RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM payment.check_posting (NEW.posting);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER posting_balances AFTER INSERT OR UPDATE ON payment.posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payment.check_new_posting ();
CREATE CONSTRAINT TRIGGER ledger_balances AFTER INSERT OR UPDATE ON payment.ledger
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payment.check_new_line ();

-- What is written is written.
REVOKE UPDATE, DELETE ON payment.receipt, payment.posting, payment.ledger FROM payment;
REVOKE UPDATE, DELETE ON payment.bill FROM payment;
GRANT UPDATE (state, receipt_number, cancelled_at) ON payment.bill TO payment;

COMMIT;
