#!/usr/bin/python3
"""The ways back: incomplete files, refusals that teach, documents given back, parafs and numbers that become void."""
import sys
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import Case, applicant, course, listed, main, office, sql, wait_for, when_there  # noqa: E402


class Returns(Case):
    def setUp(self):
        self.raas = office()

    def registered(self, **more):
        return self.raas.register("sktm", course.FORMS["sktm"], applicant(), **more)["application"]

    def test_incomplete_at_the_loket(self):
        evidence = self.raas.evidence("sktm")
        case = self.raas.register("sktm", course.FORMS["sktm"], applicant(), evidence[:1])
        self.assertEqual(case["status"], "incomplete")
        self.assertNotIn("number", case)
        self.assertNotIn("promised_on", {key for key, value in case.items() if value})
        missing = {entry["code"] for entry in case["missing"]}
        self.assertIn("ktp", missing)
        listing = self.raas.officer("loket").fetch(f"/v1/applications/{case['application']}/missing.pdf")
        self.assertTrue(listing.startswith(b"%PDF-"))
        still = self.raas.complete(case["application"], evidence[1:2])
        self.assertEqual(still["status"], "incomplete")
        whole = self.raas.complete(case["application"], evidence[2:])
        self.assertEqual(whole["status"], "registered")
        self.assertTrue(whole["number"])
        self.raas.verify(case["application"])

    def test_incomplete_at_the_verifier(self):
        application = self.registered()
        self.refused("schema_violation", self.raas.verify, application, "incomplete", missing=[])
        self.raas.verify(application, "incomplete", missing=[{"code": "kk", "note": "Kartu Keluarga tidak terbaca"}])
        case = self.raas.wait_step(application, "completion")
        self.assertEqual([entry["code"] for entry in case["missing"]], ["kk"])
        self.raas.complete(application, [{"code": "kk", "original_seen": True}])
        self.raas.wait_step(application, "verification")
        decision = wait_for(lambda: self.second_attempt(application), "the second visit")
        self.assertEqual(decision["outcome"], "ok")

    def second_attempt(self, application):
        task = self.raas.officer("verifikator").get(f"/v1/verification/tasks/{application}")["task"]
        return self.raas.verify(application) if task["attempt"] == 2 else None

    def test_rejection_names_requirement_and_law(self):
        application = self.registered()
        for lacking in ({}, {"requirement": "ktp"}, {"requirement": "ktp", "reason": "KTP bukan milik pemohon"}):
            problem = self.refused("schema_violation", self.raas.verify, application, "rejected", **lacking)
            self.assertEqual(problem["status"], 422)
        self.refused("requirement_unknown", self.raas.verify, application, "rejected", requirement="paspor",
                     reason="tidak ada", legal_basis="Perbup 1/2026 Pasal 2")
        self.raas.verify(application, "rejected", requirement="ktp", reason="KTP bukan milik pemohon",
                         legal_basis="Perbup 1/2026 Pasal 2")
        case = wait_for(lambda: self.closed(application), "the end")
        self.assertEqual(case["status"], "rejected")

    def closed(self, application):
        case = self.raas.case(application)
        return case if case["status"] in ("rejected", "withdrawn", "done") else None

    def test_two_officers_one_file(self):
        application = self.registered()
        self.raas.verify(application)
        verifier = self.raas.officer("verifikator")
        problem = self.refused("task_decided", verifier.post, f"/v1/verification/tasks/{application}/decision",
                               {"outcome": "ok", "attempt": 1})
        self.assertIn("Misbahul Munir", problem["detail"])  # the second is told who did it

    def test_the_operator_gives_back(self):
        """To the verifier, who sees why and decides again; then it comes to the operator anew and goes to its end."""
        case, reason = self.raas.register("sktm", course.FORMS["sktm"], applicant()), "Nama orang tua pada KK berbeda dengan formulir"
        application = case["application"]
        raas, operator = self.raas, self.raas.officer("operator")
        path, body = f"/v1/drafting/tasks/{application}/return", {"attempt": 1, "reason": reason}
        raas.verify(application)
        when_there(lambda: operator.get(f"/v1/drafting/tasks/{application}"))
        self.refused("forbidden_role", raas.officer("verifikator").post, path, body)
        self.refused("forbidden_place", office("35.29.01", "kota_sumenep").officer("operator").post, path, body)
        self.refused("content_changed", operator.post, path, {**body, "attempt": 2})
        self.refused("schema_violation", operator.post, path, {"attempt": 1})
        self.assertEqual(raas.case(application)["step"], "drafting")

        key = str(uuid.uuid4())
        first = operator.post(path, body, key)
        self.assertEqual(first, {"application": application, "attempt": 1, "state": "returned", "reason": reason})
        self.assertEqual(operator.post(path, body, key), first)  # the same command once more
        raas.wait_step(application, "verification")
        self.assertIsNone(listed(operator, "drafting", application))
        track = raas.public.get("/v1/track", number=case["number"], code=case["short_code"])
        self.assertEqual(track["status_text"], "Berkas sedang diperiksa petugas verifikasi.")
        self.assertEqual([step["step"] for step in track["steps"]], ["verification", "drafting", "verification"])
        self.assertNotIn(reason, str(track))  # what officers write to each other stays with them
        for again in (path, f"/v1/drafting/tasks/{application}/submission"):
            problem = self.refused("task_decided", operator.post, again, {**body} if again == path else {"attempt": 1, "data": {}})
            self.assertIn(self.name_of("operator.raas"), problem["detail"])

        verifier = raas.officer("verifikator")
        task = wait_for(lambda: listed(verifier, "verification", application), "the verifier's desk")
        self.assertEqual((task["attempt"], task["reason"]), (2, reason))
        seen = verifier.get(f"/v1/verification/tasks/{application}")
        self.assertEqual(seen["task"]["reason"], reason)
        self.assertNotIn("reason", seen["earlier"][0])
        raas.verify(application)
        raas.wait_step(application, "drafting")
        task = wait_for(lambda: listed(operator, "drafting", application), "the operator's desk")
        self.assertEqual((task["attempt"], task["reason"]), (2, reason))
        self.refused("content_changed", operator.post, path, body)  # the visit before
        self.finish(application)
        self.refused("task_decided", operator.post, path, {**body, "attempt": 2})

    def test_what_the_operator_gave_back_may_be_completed_or_rejected(self):
        mended, refused = self.registered(), self.registered()
        for application in (mended, refused):
            self.raas.verify(application)
            self.raas.give_back(application, "Kartu Keluarga yang diunggah bukan milik pemohon")
            self.raas.wait_step(application, "verification")
        self.raas.verify(mended, "incomplete", missing=[{"code": "kk", "note": "bawa Kartu Keluarga pemohon sendiri"}])
        self.raas.wait_step(mended, "completion")
        self.raas.complete(mended, [{"code": "kk", "original_seen": True}])
        self.raas.wait_step(mended, "verification")
        self.raas.verify(mended)
        self.raas.wait_step(mended, "drafting")
        self.finish(mended)
        self.raas.verify(refused, "rejected", requirement="kk", reason="KK bukan milik pemohon", legal_basis="Perbup 1/2026 Pasal 2")
        self.assertEqual(wait_for(lambda: self.closed(refused), "the end")["status"], "rejected")

    def finish(self, application):
        self.raas.issue(application)
        self.raas.hand_over(application)
        self.assertEqual(self.raas.case(application)["status"], "done")

    def name_of(self, username):
        return sql(f"SELECT name FROM identity.account WHERE username = '{username}'")[0][0]

    def test_sekcam_waits_for_kasi(self):
        application = self.registered()
        self.raas.verify(application)
        self.raas.draft(application)
        kasi, sekcam = self.raas.officer("kasi"), self.raas.officer("sekcam")
        task = wait_for(lambda: listed(kasi, "paraf", application), "Kasi's desk")
        paraf = f"/v1/paraf/tasks/{application}/paraf"
        self.refused("paraf_missing", sekcam.post, paraf, {"content_sha256": task["content_sha256"]})
        self.refused("forbidden_role", self.raas.officer("camat").post, paraf, {"content_sha256": task["content_sha256"]})
        self.refused("content_changed", kasi.post, paraf, {"content_sha256": "0" * 64})
        kasi.post(paraf, {"content_sha256": task["content_sha256"]})
        wait_for(lambda: listed(sekcam, "paraf", application), "Sekcam's desk")
        sekcam.post(f"/v1/paraf/tasks/{application}/return", {"reason": "Keperluan harus disebut lengkap"})
        self.raas.wait_step(application, "drafting")
        self.assertEqual(sql(f"SELECT count (*) FROM signing.paraf WHERE application = '{application}' AND voided_at IS NULL"), [["0"]])
        draft = when_there(lambda: self.raas.officer("operator").get(f"/v1/drafting/tasks/{application}"))
        self.assertIn("Keperluan harus disebut lengkap", str(draft))
        self.raas.draft(application, {"purpose": "Pengajuan keringanan biaya pendidikan di MTs Brakas"})
        self.raas.paraf(application, "kasi")
        self.raas.paraf(application, "sekcam")
        changed = wait_for(lambda: listed(self.raas.officer("camat"), "signing", application), "the Camat's desk")
        self.assertNotEqual(changed["content_sha256"], task["content_sha256"])

    def test_a_number_that_was_not_signed_stays_as_void(self):
        application = self.registered()
        self.raas.verify(application)
        self.raas.draft(application)
        self.raas.paraf(application, "kasi")
        self.raas.paraf(application, "sekcam")
        camat = self.raas.officer("camat")
        task = wait_for(lambda: listed(camat, "signing", application), "the Camat's desk")
        number = task["document"]["number"]
        self.refused("content_changed", camat.post, f"/v1/signing/tasks/{application}/signature",
                     {"sha256": "1" * 64, "passphrase": self.raas.password})
        self.refused("passphrase_wrong", camat.post, f"/v1/signing/tasks/{application}/signature",
                     {"sha256": task["document"]["sha256"], "passphrase": "salah sama sekali"})
        camat.post(f"/v1/signing/tasks/{application}/return", {"reason": "Nama anak belum tercantum"})
        self.raas.wait_step(application, "drafting")
        signed = self.raas.issue(application)
        self.assertNotEqual(signed["number"], number)
        wait_for(lambda: self.register(camat)[signed["number"]]["state"] == "used", "the register to know the signature")
        register = self.register(camat)
        self.assertEqual(register[number]["state"], "void")
        self.assertIn("Nama anak belum tercantum", register[number]["reason"])

    def register(self, camat):
        """The register of legal numbers of this kecamatan, all its pages."""
        entries, after = {}, None
        while True:
            page = camat.get("/v1/numbers", kecamatan="35.29.22", series="SKTM", after=after, limit="100")
            entries.update({entry["number"]: entry for entry in page["numbers"]})
            after = page.get("next")
            if not after:
                return entries

    def test_revoked_documents_say_so(self):
        application = self.registered()
        self.raas.verify(application)
        signed = self.raas.issue(application)
        self.raas.hand_over(application)
        document = self.raas.document(application)
        self.raas.officer("camat").post(f"/v1/documents/{application}/revocation", {"reason": "Keterangan pemohon tidak benar"})
        public = self.raas.public
        found = public.get(f"/v1/verifications/{signed['token'].upper()}")  # as people copy it from paper
        self.assertEqual((found["status"], list(found["revoked"])), ("revoked", ["at"]))  # why may name people
        for token in (signed["token"][:-1], "Salah-Ketik_1"):
            self.refused("token_unknown", public.get, f"/v1/verifications/{token}")
        proof = public.call("POST", "/v1/verifications", document, media_type="application/pdf").json
        self.assertEqual((proof["valid"], proof["document"]["status"], list(proof["document"]["revoked"])), (False, "revoked", ["at"]))

    def test_withdrawn(self):
        application = self.registered()
        self.raas.officer("loket").post(f"/v1/applications/{application}/withdrawal", {"reason": "Pemohon mengurus di desa."})
        self.assertEqual(self.raas.case(application)["status"], "withdrawn")
        task = f"/v1/verification/tasks/{application}"
        wait_for(lambda: when_there(lambda: self.raas.officer("verifikator").get(task))["task"]["state"] == "closed",
                 "the verifier's desk to be cleared")


if __name__ == "__main__":
    main()
