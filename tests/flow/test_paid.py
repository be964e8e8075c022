#!/usr/bin/python3
"""Services with a field check and a fee: what was measured counts, no handover before payment, no money for what is free."""
import datetime
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import Case, Problem, applicant, course, inspected, main, office, wait_for, wib_now, words  # noqa: E402

class Paid(Case):
    def test_road_closing(self):
        raas = office()
        application = inspected(raas, "izin_penutupan_jalan")
        raas.issue(application)
        case = raas.wait_step(application, "payment")
        self.assertTrue(case["facts"]["fee_due"])
        problem = self.refused("payment_missing", raas.officer("penyerahan").post, f"/v1/applications/{application}/handover",
                               {"to": "applicant"})
        self.assertEqual(problem["status"], 409)
        bill = wait_for(lambda: raas.bill(application), "the bill")["bill"]
        self.assertEqual(bill["amount_rupiah"], 42 * 6 * 500)  # as measured, not 40.5 as declared
        self.refused("cash_too_little", raas.pay, application, bill["amount_rupiah"] - 1)
        receipt = raas.pay(application, 150000)
        self.assertEqual(receipt["change_rupiah"], 150000 - 126000)
        problem = self.refused("bill_settled", raas.pay, application, 150000)
        self.assertIn(receipt["receipt_number"], problem["detail"])
        for path in ("skrd.pdf", "receipt.pdf"):
            paper = " ".join(words(raas.officer("kasir").fetch(f"/v1/payment/bills/{application}/{path}")).split())
            self.assertIn("42 × 6 × 500", paper)
            self.assertEqual("4.1.02.02.01" in paper, path == "skrd.pdf")
        self.receipts_of_today(raas, receipt)
        raas.hand_over(application)
        self.refused("already_handed_over", raas.officer("penyerahan").post, f"/v1/applications/{application}/handover",
                     {"to": "applicant"})

    def receipts_of_today(self, raas, receipt):
        """The evening's list of the cashier who took it, and of nobody else."""
        desk, today = raas.officer("kasir"), receipt["paid_at"][:10]
        lines, after = [], None
        while True:
            page = desk.get("/v1/payment/receipts", date=today, limit="1", after=after)
            lines += page["receipts"]
            after = page.get("next")
            if not after:
                break
        self.assertEqual(page["sum"], {"receipts": len(lines), "amount_rupiah": sum(line["amount_rupiah"] for line in lines)})
        (mine,) = [line for line in lines if line["receipt_number"] == receipt["receipt_number"]]
        self.assertEqual((mine["amount_rupiah"], mine["change_rupiah"]), (126000, 24000))
        self.assertEqual(desk.get("/v1/payment/receipts", date="2020-01-01"), {"receipts": [], "sum": {"receipts": 0, "amount_rupiah": 0}})
        self.refused("forbidden_place", desk.get, "/v1/payment/receipts", date=today, kecamatan="35.29.01")
        self.refused("forbidden_role", raas.officer("loket").get, "/v1/payment/receipts", date=today)
        other = office("35.29.01", "kota_sumenep").officer("kasir").get("/v1/payment/receipts", date=today)
        self.assertNotIn(receipt["receipt_number"], str(other))

    def test_building_permit_has_its_promise(self):
        raas = office()
        case = raas.register("pbg_rumah_tinggal", course.FORMS["pbg_rumah_tinggal"], applicant())
        promised = datetime.date.fromisoformat(case["promised_on"])
        self.assertLess(promised.isoweekday(), 6)
        self.assertGreaterEqual((promised - wib_now().date()).days, 14 + 2 * 2)  # 14 working days span two weekends at least

    def test_beyond_the_camats_power(self):
        problem = self.refused("beyond_authority", office().register, "pbg_rumah_tinggal",
                               {**course.FORMS["pbg_rumah_tinggal"], "building_area_m2": 100.01}, applicant())
        self.assertIn("PTSP", problem["detail"])
        case = office().register("pbg_rumah_tinggal", {**course.FORMS["pbg_rumah_tinggal"], "building_area_m2": 100}, applicant())
        self.assertEqual(case["status"], "registered")

    def test_the_field_check_cannot_be_skipped(self):
        """The verifier's ok leads to the field where the service demands it."""
        raas = office()
        application = raas.register("izin_penutupan_jalan", course.FORMS["izin_penutupan_jalan"], applicant())["application"]
        raas.verify(application, "ok")
        raas.wait_step(application, "inspection")

    def test_a_free_service_takes_no_money(self):
        raas = office()
        application = raas.register("sktm", course.FORMS["sktm"], applicant())["application"]
        wait_for(lambda: self.code_of_payment(raas, application) == "free_service", "the cashier's office to know the case")

    def code_of_payment(self, raas, application):
        try:
            raas.officer("kasir").post(f"/v1/payment/bills/{application}/cash", {"received_rupiah": 1000})
        except Problem as problem:
            return problem.code
        self.fail("money was taken for a free service")

    def test_collector_needs_written_authority(self):
        raas = office()
        application = raas.register("sktm", course.FORMS["sktm"], applicant())["application"]
        raas.verify(application)
        raas.issue(application)
        raas.wait_step(application, "handover")
        handover = f"/v1/applications/{application}/handover"
        desk = raas.officer("penyerahan")
        self.refused("schema_violation", desk.post, handover, {"to": "collector"})
        collector = {"name": "Abdul Hamid", "nik": "3529220101800002"}
        self.refused("schema_violation", desk.post, handover, {"to": "collector", "collector": collector})
        authority = desk.upload(course.small_png(), "surat_kuasa.png", "authority", raas.kecamatan)["file"]
        given = {"to": "collector", "collector": {**collector, "authority_file": authority}, "nik_confirmed": True}
        problem = self.refused("file_unfit", desk.post, handover, {**given, "signature_file": authority})
        self.assertEqual(problem["field"], "/signature_file")
        signature = desk.upload(course.small_png(), "tanda-tangan.png", "signature", raas.kecamatan)["file"]
        self.refused("file_unfit", desk.post, handover, {"to": "collector", "collector": {**collector, "authority_file": signature}})
        desk.post(handover, {**given, "signature_file": signature, "note": "Diambil pagi"})
        case = raas.case(application)
        self.assertEqual(case["status"], "done")
        self.assertEqual(case["handover"], {"nik_confirmed": True, "note": "Diambil pagi", "signature_file": signature})


if __name__ == "__main__":
    main()
