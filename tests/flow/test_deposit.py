#!/usr/bin/python3
"""Cash goes to the kas daerah: whole receipts, once, under the bank's slip, in time, and the books follow."""
import datetime
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from figures import measures  # noqa: E402
from system import Case, Problem, admin, away_from_midnight, inspected, main, office, sql, wib_now  # noqa: E402

KOTA = "35.29.01"
SERVICE = "izin_penutupan_jalan"


def slip():
    """The number of a bank's slip that nobody has seen yet."""
    return f"BPD/{uuid.uuid4().hex[:12].upper()}"


def weekday_after(day, count):
    while count:
        day += datetime.timedelta(days=1)
        count -= day.isoweekday() < 6
    return day


class Deposit(Case):
    def setUp(self):
        self.kota = office(KOTA, "kota_sumenep")
        self.desk = self.kota.officer("kasir")
        away_from_midnight()
        self.today = wib_now().date()

    def take_cash(self):
        application = inspected(self.kota, SERVICE)
        self.kota.issue(application)
        self.kota.wait_step(application, "payment")
        return self.kota.pay(application)

    def box(self):
        return self.desk.get("/v1/payment/cash", kecamatan=KOTA)

    def said(self, **changes):
        return {"kecamatan": KOTA, "amount_rupiah": self.box()["sum"]["amount_rupiah"], "bank_reference": slip(),
                "deposited_on": self.today.isoformat(), **changes}

    def deposit(self, **changes):
        return self.desk.post("/v1/payment/deposits", self.said(**changes))

    def refused_deposit(self, code, **changes):
        return self.refused(code, self.desk.post, "/v1/payment/deposits", self.said(**changes))

    def test_the_box_goes_to_the_kas_daerah(self):
        paid = self.take_cash()["amount_rupiah"]
        box = self.box()
        self.assertEqual(box["sum"], {"receipts": sum(day["receipts"] for day in box["days"]),
                                      "amount_rupiah": sum(day["amount_rupiah"] for day in box["days"])})
        self.assertEqual((box["working_days"], box.get("legal_basis")), (1, None))
        last = box["days"][-1]
        self.assertEqual((last["date"], last["deposit_by"]), (self.today.isoformat(), weekday_after(self.today, 1).isoformat()))
        self.assertGreaterEqual(last["amount_rupiah"], paid)

        total = box["sum"]["amount_rupiah"]
        problem = self.refused_deposit("deposit_differs", amount_rupiah=total - 1)
        self.assertEqual(problem["field"], "/amount_rupiah")
        self.assertIn(f"{total:,}".replace(",", "."), problem["detail"])
        self.refused_deposit("deposit_differs", amount_rupiah=total + 1)
        self.refused_deposit("deposit_day_wrong", deposited_on=(self.today + datetime.timedelta(days=1)).isoformat())
        problem = self.refused_deposit("deposit_nothing", deposited_on="2020-01-01")
        self.assertIn("1 Januari 2020", problem["detail"])
        self.refused_deposit("forbidden_place", kecamatan="35.29.22")
        self.assertEqual(self.box(), box)

        key, body = str(uuid.uuid4()), self.said()
        deposit = self.desk.post("/v1/payment/deposits", body, key)
        self.assertEqual(self.desk.post("/v1/payment/deposits", body, key), deposit)
        self.assertEqual((deposit["receipts"], deposit["amount_rupiah"]), (box["sum"]["receipts"], total))
        self.assertEqual(sum(account["amount_rupiah"] for account in deposit["accounts"]), total)
        self.assertEqual(self.box()["sum"], {"receipts": 0, "amount_rupiah": 0})
        self.refused_deposit("deposit_nothing", amount_rupiah=total)

        self.take_cash()
        problem = self.refused_deposit("deposit_known", bank_reference=body["bank_reference"])
        self.assertIn(deposit["deposit_number"], problem["detail"])
        second = self.deposit()
        self.assertEqual(self.number(second), self.number(deposit) + 1)  # refusals use no number up
        page = self.desk.get("/v1/payment/deposits", kecamatan=KOTA, limit="1")
        self.assertEqual(page["deposits"], [second])
        self.assertEqual(self.desk.get("/v1/payment/deposits", kecamatan=KOTA, limit="1", after=page["next"])["deposits"], [deposit])
        self.assertEqual(sql(f"SELECT count(*) FROM bus.event WHERE topic = 'payment.deposited' AND key = '{deposit['deposit_number']}'"), [["1"]])
        self.the_books_agree()
        self.what_was_deposited_stays(deposit["deposit_number"])

    def number(self, deposit):
        return int(deposit["deposit_number"].split("/")[0].removeprefix("STS-"))

    def the_books_agree(self):
        """The account kas is the boxes, kas_daerah the deposits, each with exactly its receipts."""
        balance = "coalesce (sum (debit_rupiah - credit_rupiah), 0) FROM payment.ledger WHERE account"
        self.assertEqual(sql(f"SELECT {balance} = 'kas'"),
                         sql("SELECT coalesce (sum (amount_rupiah), 0) FROM payment.receipt WHERE deposit_number IS NULL"))
        self.assertEqual(sql(f"SELECT {balance} = 'kas_daerah'"), sql("SELECT coalesce (sum (amount_rupiah), 0) FROM payment.deposit"))
        self.assertEqual(sql("SELECT count(*) FROM payment.deposit d WHERE amount_rupiah <> "
                             "(SELECT sum (amount_rupiah) FROM payment.receipt r WHERE r.deposit_number = d.deposit_number)"), [["0"]])

    def what_was_deposited_stays(self, number):
        """The service's own role cannot take it back, and no deposit stands without its receipts."""
        self.take_cash()  # something is in the box
        for statement, why in (
                (f"UPDATE payment.receipt SET deposit_number = NULL WHERE deposit_number = '{number}'", "was deposited with"),
                (f"UPDATE payment.receipt SET deposit_number = '{number}' WHERE deposit_number IS NULL", "comes too late for deposit"),
                (f"UPDATE payment.deposit SET amount_rupiah = 1 WHERE deposit_number = '{number}'", "permission denied"),
                (f"DELETE FROM payment.deposit WHERE deposit_number = '{number}'", "permission denied"),
                (f"UPDATE payment.deposit_sheet SET amount_rupiah = 1 WHERE deposit_number = '{number}'", "permission denied"),
                ("DELETE FROM payment.deposit_term", "permission denied"),
                ("INSERT INTO payment.deposit SELECT 'STS-999999/35.29.01/2026', kecamatan, taken_until, receipts, amount_rupiah, 'X' || bank_reference, "
                 f"deposited_on, cashier, cashier_name, recorded_at FROM payment.deposit WHERE deposit_number = '{number}'", "it has .* 0 postings")):
            with self.assertRaises(Exception, msg=statement) as caught:
                sql(statement, "payment")
            self.assertRegex(str(caught.exception), why)

    def test_a_slip_is_for_the_oldest_receipts(self):
        """Somebody is at the bank while a colleague takes more: the slip takes what was there when he left."""
        if self.box()["days"]:
            self.deposit()
        receipts = [self.take_cash() for _ in range(3)]
        amount = receipts[0]["amount_rupiah"]
        self.refused_deposit("deposit_differs", amount_rupiah=amount + 1)
        first, second = self.deposit(amount_rupiah=amount), self.deposit(amount_rupiah=2 * amount)
        self.assertEqual((first["receipts"], second["receipts"]), (1, 2))
        self.assertEqual(sql(f"SELECT receipt_number FROM payment.receipt WHERE deposit_number = '{first['deposit_number']}'"),
                         [[receipts[0]["receipt_number"]]])
        self.the_books_agree()

    def test_days_and_receipts_of_another_version(self):
        """Receipts of yesterday are not taken by a slip of the day before; those of a version that knew no deposits have no day."""
        receipt, yesterday = self.take_cash(), self.today - datetime.timedelta(days=1)
        sql(f"UPDATE payment.receipt SET paid_at = paid_at - interval '1 day', deposit_by = NULL WHERE receipt_number = '{receipt['receipt_number']}'")
        days = {day["date"]: day for day in self.box()["days"]}
        self.assertNotIn("deposit_by", days[yesterday.isoformat()])
        self.refused_deposit("deposit_nothing", deposited_on=(yesterday - datetime.timedelta(days=1)).isoformat())
        deposit = self.deposit(amount_rupiah=days[yesterday.isoformat()]["amount_rupiah"], deposited_on=yesterday.isoformat())
        self.assertEqual((deposit["taken_until"], deposit["deposited_on"]), (yesterday.isoformat(), yesterday.isoformat()))
        self.assertNotIn(yesterday.isoformat(), str(self.box()["days"]))

    def test_who_watches_sees(self):
        for desk in ("sekcam", "camat"):
            self.assertEqual(self.kota.officer(desk).get("/v1/payment/cash", kecamatan=KOTA), self.box())
        self.assertEqual(admin().get("/v1/payment/deposits", kecamatan=KOTA), self.desk.get("/v1/payment/deposits", kecamatan=KOTA))
        self.refused("forbidden_role", self.kota.officer("loket").get, "/v1/payment/cash", kecamatan=KOTA)
        self.refused("forbidden_place", self.desk.get, "/v1/payment/deposits", kecamatan="35.29.22")

    def test_two_cashiers_at_once(self):
        self.take_cash()
        bodies = [self.said() for _ in range(4)]

        def post(body):
            try:
                return office(KOTA, "kota_sumenep").officer("kasir").post("/v1/payment/deposits", body)["deposit_number"]
            except Problem as problem:
                return problem.code
        with ThreadPoolExecutor(len(bodies)) as pool:
            answers = list(pool.map(post, bodies))
        self.assertEqual(sorted(answers)[1:], ["deposit_nothing"] * 3, answers)
        self.the_books_agree()

    def test_a_place_that_is_hard_to_reach(self):
        term = {"kecamatan": KOTA, "working_days": 3, "legal_basis": "Perbup Sumenep 12/2026 Pasal 7 (contoh)"}
        self.refused("forbidden_role", self.desk.post, "/v1/payment/deposit-terms", term)
        self.assertEqual(admin().post("/v1/payment/deposit-terms", term), term)
        try:
            self.take_cash()
            box = self.box()
            self.assertEqual((box["working_days"], box["legal_basis"]), (3, term["legal_basis"]))
            self.assertEqual(sql("SELECT max (deposit_by) FROM payment.receipt WHERE deposit_number IS NULL AND receipt_number LIKE '%/35.29.01/%'"),
                             [[weekday_after(self.today, 3).isoformat()]])
            self.assertEqual(admin().post("/v1/payment/deposit-terms", {**term, "working_days": 2})["working_days"], 2)
            self.assertEqual(self.box()["working_days"], 2)
        finally:
            sql(f"DELETE FROM payment.deposit_term WHERE kecamatan = '{KOTA}'")

    def test_what_is_late_is_a_figure(self):
        number = self.take_cash()["receipt_number"]
        late = "SELECT coalesce (sum (amount_rupiah), 0) FROM payment.receipt WHERE deposit_number IS NULL AND deposit_by < current_date - 1"
        for days in ("- 2", "+ 2"):  # away from midnight in any zone
            sql(f"UPDATE payment.receipt SET deposit_by = current_date {days} WHERE receipt_number = '{number}'")
            measures("payment", "paten_cash_rupiah", late, taken="late")
        measures("payment", "paten_cash_rupiah", "SELECT coalesce (sum (amount_rupiah), 0) FROM payment.receipt WHERE deposit_number IS NULL")


if __name__ == "__main__":
    main()
