#!/usr/bin/python3
"""Every transition asks for the role and the kecamatan, in the service that owns it."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import URL, Case, Paten, applicant, course, main, office, when_there  # noqa: E402

ID = "01932d61-0000-7abc-8def-0123456789af"
HASH = "a" * 64
# A command of each desk: who may do it, path, body.
COMMANDS = {
    "loket": [("/v1/applications", lambda: {"kecamatan": "35.29.22", "service": "sktm", "applicant": applicant(),
                                            "form": course.FORMS["sktm"], "requirements": []}),
              (f"/v1/applications/{ID}/completion", lambda: {"requirements": [{"code": "kk", "original_seen": True}]}),
              (f"/v1/applications/{ID}/withdrawal", lambda: {"reason": "Pemohon berubah pikiran"})],
    "verifikator": [(f"/v1/verification/tasks/{ID}/decision", lambda: {"outcome": "ok", "attempt": 1})],
    "teknis": [(f"/v1/inspection/tasks/{ID}/schedule", lambda: {"date": "2099-01-05", "officers": [{"name": "Moh. Rasyid"}]})],
    "operator": [(f"/v1/drafting/tasks/{ID}/submission", lambda: {"data": {}})],
    "kasi": [(f"/v1/paraf/tasks/{ID}/paraf", lambda: {"content_sha256": HASH})],
    "sekcam": [(f"/v1/paraf/tasks/{ID}/return", lambda: {"reason": "Kurang lengkap"})],
    "camat": [(f"/v1/signing/tasks/{ID}/signature", lambda: {"sha256": HASH, "passphrase": "x"}),
              (f"/v1/documents/{ID}/revocation", lambda: {"reason": "Keterangan tidak benar"})],
    "kasir": [(f"/v1/payment/bills/{ID}/cash", lambda: {"received_rupiah": 1000}),
              ("/v1/payment/deposits", lambda: {"kecamatan": "35.29.22", "amount_rupiah": 1000, "bank_reference": "BPD/1",
                                                "deposited_on": "2026-01-05"})],
    "penyerahan": [(f"/v1/applications/{ID}/handover", lambda: {"to": "applicant"})],
}
ALSO = {"kasi": {"sekcam"}, "sekcam": {"kasi"}}  # both stand at the desk of parafs; the rules tell them apart


class Roles(Case):
    def test_nobody_does_another_desks_work(self):
        raas = office()
        for desk, commands in COMMANDS.items():
            for path, body in commands:
                for other in COMMANDS:
                    if other == desk or other in ALSO.get(desk, ()):
                        continue
                    self.refused("forbidden_role", raas.officer(other).post, path, body())

    def test_nobody_works_without_a_session(self):
        for commands in COMMANDS.values():
            for path, body in commands:
                self.refused("unauthenticated", Paten(URL).post, path, body())
        self.refused("unauthenticated", Paten(URL, "not-a-token").get, "/v1/applications")

    def test_nobody_works_for_another_kecamatan(self):
        raas, kota = office(), office("35.29.01", "kota_sumenep")
        case = raas.register("izin_penutupan_jalan", course.FORMS["izin_penutupan_jalan"], applicant())
        application = case["application"]
        foreign = {"kecamatan": "35.29.22", "service": "sktm", "applicant": applicant(), "form": course.FORMS["sktm"], "requirements": []}
        problem = self.refused("forbidden_place", kota.officer("loket").post, "/v1/applications", foreign)
        self.assertIn("35.29.22", problem["detail"])
        self.refused("forbidden_place", kota.officer("loket").get, f"/v1/applications/{application}")
        self.refused("forbidden_place", kota.officer("loket").post, f"/v1/applications/{application}/withdrawal", {"reason": "Salah alamat"})
        when_there(lambda: raas.officer("verifikator").get(f"/v1/verification/tasks/{application}"))
        self.refused("forbidden_place", kota.officer("verifikator").post, f"/v1/verification/tasks/{application}/decision",
                     {"outcome": "needs_inspection", "attempt": 1})
        raas.verify(application, "needs_inspection")
        when_there(lambda: raas.officer("teknis").get(f"/v1/inspection/tasks/{application}"))
        self.refused("forbidden_place", kota.officer("teknis").post, f"/v1/inspection/tasks/{application}/schedule",
                     {"date": "2099-01-05", "officers": [{"name": "Moh. Rasyid"}]})
        self.refused("forbidden_place", kota.officer("penyerahan").post, f"/v1/applications/{application}/handover", {"to": "applicant"})
        file = raas.officer("loket").upload(course.small_png(), "ktp.png", "requirement", "35.29.22")
        self.refused("forbidden_place", kota.officer("loket").fetch, f"/v1/files/{file['file']}")

    def test_a_foreign_kecamatans_file_is_no_evidence(self):
        raas, kota = office(), office("35.29.01", "kota_sumenep")
        file = kota.officer("loket").upload(course.small_png(), "ktp.png", "requirement", "35.29.01")
        with self.assertRaises(Exception) as caught:
            raas.register("sktm", course.FORMS["sktm"], applicant(), [{"code": "ktp", "file": file["file"]}])
        self.assertIn(caught.exception.code, ("file_unfit", "forbidden_place", "file_unknown"))

    def test_signing_out_and_disabling_end_a_session(self):
        from system import admin
        chief = admin()
        username = f"loket.uji{course.APPLICANT['nik'][-3:]}{id(self) % 100000}"
        account = chief.post("/v1/accounts", {"username": username, "name": "Petugas Uji", "password": "kata-sandi-uji-1",
                                              "place": "35.29.22", "grants": [{"role": "loket", "place": "35.29.22"}]})
        officer = Paten(URL).sign_in(username, "kata-sandi-uji-1")
        self.assertEqual(officer.get("/v1/sessions/current")["username"], username)
        officer.call("DELETE", "/v1/sessions/current")
        self.refused("unauthenticated", officer.get, "/v1/sessions/current")
        chief.put(f"/v1/accounts/{account['account']}/status", {"status": "disabled"})
        self.refused("credentials_wrong", Paten(URL).sign_in, username, "kata-sandi-uji-1")


if __name__ == "__main__":
    main()
