#!/usr/bin/python3
"""The main job: a free service without field check, from the public list to the handover, and what anyone sees of it."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import URL, Case, Paten, applicant, course, main, office, sql, wait_for, when_there  # noqa: E402

PUBLISHED = {"requirements", "procedure", "duration", "cost", "product", "complaint_channel", "legal_basis"}


class Sktm(Case):
    def test_the_published_half_of_the_standard(self):
        public = Paten(URL)
        services = public.get("/v1/services", kecamatan="35.29.22")["services"]
        self.assertLessEqual({"sktm", "izin_penutupan_jalan", "pbg_rumah_tinggal"}, {service["code"] for service in services})
        for code in ("sktm", "izin_penutupan_jalan", "pbg_rumah_tinggal"):
            published = public.get(f"/v1/services/{code}")["published"]
            self.assertLessEqual(PUBLISHED, set(published), code)
        places = {place["code"]: place["name"] for place in public.get("/v1/kecamatan")["kecamatan"]}
        self.assertEqual(len(places), 27)
        self.assertEqual(places["35.29.22"], "Ra'as")

    def test_the_course(self):
        raas = office()
        person = applicant()
        case = raas.register("sktm", course.FORMS["sktm"], person)
        application = case["application"]
        self.assertEqual(case["status"], "registered")
        self.assertEqual(case["wait"], case["promised_on"] is None)  # on a day off and shortly before closing a day is named
        if not case["wait"]:
            self.assertEqual(case["promised_on"], case["due_on"])
        self.assertRegex(case["number"], r"^35\.29\.22-\d{4}-\d{6}$")
        receipt = raas.officer("loket").fetch(f"/v1/applications/{application}/receipt.pdf")
        self.assertTrue(receipt.startswith(b"%PDF-"))

        raas.verify(application)
        raas.draft(application)
        raas.paraf(application, "kasi")
        raas.paraf(application, "sekcam")
        signed = raas.sign(application)
        raas.hand_over(application)
        self.assertEqual(raas.case(application)["status"], "done")

        public = Paten(URL)
        track = public.get("/v1/track", number=case["number"], code=case["short_code"].lower())
        self.assertEqual(track["status"], "done")
        for personal in (person["nik"], person["name"], person["address"], person["email"]):
            self.assertNotIn(personal, str(track))
        proof = public.get(f"/v1/verifications/{signed['token']}")
        self.assertEqual((proof["status"], proof["sha256"]), ("valid", signed["sha256"]))
        self.assertNotIn(person["name"], str(proof))
        document = raas.document(application)
        proof = public.call("POST", "/v1/verifications", document, media_type="application/pdf").json
        self.assertEqual((proof["valid"], proof["verdict"], proof["on_record"]), (True, "valid", True))

        steps = [step["step"] for step in raas.case(application)["steps"]]
        self.assertEqual(steps, ["verification", "drafting", "paraf_kasi", "paraf_sekcam", "finalizing", "signing", "handover"])
        self.assert_no_gaps()

    def test_the_citizen_is_told(self):
        raas = office()
        case = raas.register("sktm", course.FORMS["sktm"], applicant(email="pemohon.uji@warga.example"))
        log = wait_for(lambda: self.messages(raas, case, "sent"), "a message that was sent")
        self.assertNotIn("pemohon.uji@warga.example", str(log))
        silent = raas.register("sktm", course.FORMS["sktm"], {k: v for k, v in applicant().items() if k != "email"})
        wait_for(lambda: self.messages(raas, silent, "skipped"), "the note that there is no address")
        raas.officer("loket").post(f"/v1/applications/{silent['application']}/withdrawal", {"reason": "Pemohon mengurus di desa."})
        wait_for(lambda: len(self.messages(raas, silent, "skipped")) == 2, "the note of the second message")
        told = sql(f"SELECT 1 FROM intake.disclosure WHERE application = '{silent['application']}' AND asked_by = 'notification'")
        self.assertEqual(told, [])  # who cannot be reached is not asked about

    def messages(self, raas, case, state):
        log = when_there(lambda: raas.officer("loket").get("/v1/notifications", application=case["application"]))
        return [message for message in log["messages"] if message["state"] == state]

    def test_a_wrong_code_tracks_nothing(self):
        raas = office()
        case = raas.register("sktm", course.FORMS["sktm"], applicant())
        public = Paten(URL)
        self.refused("tracking_unknown", public.get, "/v1/track", number=case["number"], code="00000000")
        self.refused("tracking_unknown", public.get, "/v1/track", number="35.29.22-2026-999999", code=case["short_code"])

    def assert_no_gaps(self):
        """In every partition of the log the sequence runs from 1 to its counter."""
        gaps = sql("""SELECT n.partition FROM bus.counter n LEFT JOIN bus.event e USING (partition)
                      GROUP BY n.partition, n.last_seq
                      HAVING count (e.seq) <> n.last_seq OR coalesce (max (e.seq), 0) <> n.last_seq""")
        self.assertEqual(gaps, [])


if __name__ == "__main__":
    main()
