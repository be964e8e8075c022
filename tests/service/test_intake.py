#!/usr/bin/python3
"""intake as a process: the catalogue and its versions, the loket's refusals, numbers under pressure, what is written down
and what is never told."""
import copy
import datetime
import json
import subprocess
import sys
import threading
import uuid
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import ROOT, URL, Case, Paten, admin, applicant, course, main, office, sql, wait_for, when_there  # noqa: E402

DEMO = ROOT / "deploy" / "demo.d"


def demo(name):
    return json.loads((DEMO / name).read_text(encoding="utf-8"))


class Catalogue(Case):
    def setUp(self):
        self.admin = admin()

    def service(self, **changes):
        """A service of its own, by data alone."""
        return {**demo("services/sktm.json"), "code": "uji_" + uuid.uuid4().hex[:10], "name": "Layanan uji", **changes}

    def test_a_published_version_stays(self):
        body = self.service()
        first = self.admin.post("/v1/services", body)
        self.assertEqual(first, {"code": body["code"], "version": 1})
        self.assertEqual(self.admin.post("/v1/services", body), first)
        self.refused("version_exists", self.admin.post, "/v1/services", {**body, "name": "Nama lain"})
        with self.assertRaises(RuntimeError):
            sql(f"UPDATE intake.service_version SET name = 'x' WHERE service = '{body['code']}'", "intake")
        with self.assertRaises(RuntimeError):
            sql(f"DELETE FROM intake.service_version WHERE service = '{body['code']}'", "intake")

    def test_a_new_version_begins_on_its_day(self):
        body = self.service()
        today = datetime.date.today()
        self.admin.post("/v1/services", body)
        later = {**body, "version": 2, "name": "Nanti", "valid_from": str(today + datetime.timedelta(days=9))}
        self.admin.post("/v1/services", later)
        self.assertEqual(Paten(URL).get(f"/v1/services/{body['code']}")["version"], 1)
        now = {**body, "version": 3, "name": "Sekarang", "valid_from": str(today - datetime.timedelta(days=2))}
        self.admin.post("/v1/services", now)
        self.assertEqual(Paten(URL).get(f"/v1/services/{body['code']}")["version"], 3)

    def test_what_has_ended_points_on(self):
        body = self.service(valid_from="2010-01-01", valid_to="2017-03-30", replaced_by="NIB melalui OSS (oss.go.id)")
        self.admin.post("/v1/services", body)
        problem = self.refused("service_closed", Paten(URL).get, f"/v1/services/{body['code']}")
        self.assertIn("oss.go.id", problem["detail"])
        self.refused("service_closed", office().register, body["code"], course.FORMS["sktm"], applicant(), [])

    def test_a_power_may_be_delegated_to_some(self):
        body = self.service(kecamatan=["35.29.01"])
        self.admin.post("/v1/services", body)
        public = Paten(URL)
        for kecamatan, there in (("35.29.01", True), ("35.29.22", False)):
            listed = {service["code"] for service in public.get("/v1/services", kecamatan=kecamatan)["services"]}
            self.assertEqual(body["code"] in listed, there)
        self.refused("service_not_offered", office().register, body["code"], course.FORMS["sktm"], applicant(), [])

    def test_unsound_services(self):
        self.refused("schema_invalid", self.admin.post, "/v1/services", self.service(form_schema={"type": "objekt"}))
        self.refused("schema_invalid", self.admin.post, "/v1/services", self.service(facts={"purpose": "purpose"}))
        self.refused("formula_invalid", self.admin.post, "/v1/services",
                     self.service(limits=[{"expression": "height_m < 3", "why": "x"}]))
        self.refused("workflow_unknown", self.admin.post, "/v1/services",
                     self.service(workflow={"code": "paten-standar", "version": 99}))
        self.refused("schema_violation", self.admin.post, "/v1/services", self.service(valid_to="2020-01-01"))
        self.refused("forbidden_role", office().officer("loket").post, "/v1/services", self.service())

    def test_cost_and_tariff_agree(self):
        free, charged = self.service(), {**demo("services/izin_penutupan_jalan.json"), "code": "uji_" + uuid.uuid4().hex[:10]}
        for body, tariff, cost in ((free, charged["tariff"], "GRATIS"), (free, None, "Rp 5.000"), (charged, charged["tariff"], "Gratis")):
            body = {**body, "tariff": tariff, "published": {**body["published"], "cost": cost}, "facts": charged["facts"],
                    "form_schema": charged["form_schema"], "derived": charged.get("derived", {}), "limits": []}
            problem = self.refused("schema_violation", self.admin.post, "/v1/services", body)
            self.assertEqual(problem["field"], "/published/cost")

    def test_a_tariff_below_zero_is_never_free(self):
        body = {**demo("services/izin_penutupan_jalan.json"), "code": "uji_" + uuid.uuid4().hex[:10]}
        body["tariff"] = {**body["tariff"], "formula": "(length_m - 10) * 500"}
        self.admin.post("/v1/services", body)
        form = course.FORMS["izin_penutupan_jalan"]
        problem = self.refused("formula_invalid", office().register, body["code"], {**form, "length_m": 9}, applicant())
        self.assertIn("kurang dari nol", problem["detail"])
        case = office().register(body["code"], {**form, "length_m": 10}, applicant())
        self.assertFalse(office().case(case["application"])["facts"]["fee_due"])

    def test_unsound_workflows(self):
        sound = {**demo("workflow.json"), "code": "uji-" + uuid.uuid4().hex[:10]}
        lacking = copy.deepcopy(sound)
        lacking["transitions"].pop()
        problem = self.refused("workflow_invalid", self.admin.post, "/v1/workflows", lacking)
        self.assertIn("handover / ok", problem["detail"])
        unknown = copy.deepcopy(sound)
        unknown["steps"][0]["role"] = "bupati"
        self.refused("workflow_invalid", self.admin.post, "/v1/workflows", unknown)
        self.admin.post("/v1/workflows", sound)


class Loket(Case):
    def setUp(self):
        self.raas = office()
        self.evidence = self.raas.evidence("sktm")

    def refuse(self, code, field=None, service="sktm", form=None, person=None, requirements=None, **more):
        problem = self.refused(code, self.raas.register, service, form or course.FORMS[service], person or applicant(),
                               self.evidence if requirements is None else requirements, **more)
        if field:
            self.assertEqual(problem["field"], field)
        return problem

    def test_impossible_people(self):
        person = applicant()
        for nik in ("12", "35292247089000a1", person["nik"][:12] + "0000", person["nik"][:6] + "710890" + "0001"):
            self.refuse("nik_impossible", "/applicant/nik", person={**person, "nik": nik})
        self.refuse("nik_impossible", "/applicant/nik", person={**person, "sex": "L"})
        self.refuse("nik_impossible", "/acting_for/nik", acting_for={"nik": "1", "name": "Budi", "relation": "suami"})

    def test_impossible_birth_dates(self):
        person = applicant()
        tomorrow = datetime.date.today() + datetime.timedelta(days=2)
        for date in ("1890-08-07", str(tomorrow), "1990-02-30"):
            self.refuse("schema_violation", "/applicant/birth_date", person={**person, "birth_date": date})

    def test_forms(self):
        form = course.FORMS["sktm"]
        road = course.FORMS["izin_penutupan_jalan"]
        for change, words in (({"length_m": 1e6}, "Panjang"), ({"length_m": "5"}, "harus berupa angka")):
            problem = self.refuse("schema_violation", "/form/length_m", service="izin_penutupan_jalan", form={**road, **change},
                                  requirements=[])
            self.assertIn(words, problem["detail"])
            self.assertNotIn("length_m", problem["detail"])
            self.assertNotIn("maximum", problem["detail"])
        self.refuse("schema_violation", "/form/purpose", form={k: v for k, v in form.items() if k != "purpose"})
        self.refuse("schema_violation", "/form/village_letter_date", form={**form, "village_letter_date": "kemarin"})
        self.refuse("schema_violation", form={**form, "extra": 1})
        problem = self.refuse("beyond_authority", "/form", service="pbg_rumah_tinggal",
                              form={**course.FORMS["pbg_rumah_tinggal"], "building_area_m2": 100.5}, requirements=[])
        self.assertIn("PTSP", problem["detail"])

    def test_evidence(self):
        loket = self.raas.officer("loket")
        self.refuse("requirement_unknown", "/requirements/0/code", requirements=[{"code": "paspor", "original_seen": True}])
        self.refuse("schema_violation", requirements=[self.evidence[0], self.evidence[0]])
        self.refuse("file_unknown", "/requirements/0/file", requirements=[{"code": "ktp", "file": str(uuid.uuid4())}])
        authority = loket.upload(course.small_png(), "kuasa.png", "authority", self.raas.kecamatan)["file"]
        self.refuse("file_unfit", "/requirements/0/file", requirements=[{"code": "ktp", "file": authority}])
        elsewhere = office("35.29.01", "kota_sumenep")
        foreign = elsewhere.officer("loket").upload(course.small_png(), "ktp.png", "requirement", "35.29.01")["file"]
        self.refuse("file_unfit", "/requirements/0/file", requirements=[{"code": "ktp", "file": foreign}])

    def test_places(self):
        elsewhere = office("35.29.01", "kota_sumenep").officer("loket")
        body = {"kecamatan": "35.29.22", "service": "sktm", "applicant": applicant(), "form": course.FORMS["sktm"],
                "requirements": []}
        self.refused("forbidden_place", elsewhere.post, "/v1/applications", body)
        case = self.raas.register("sktm", course.FORMS["sktm"], applicant(), self.evidence)
        self.refused("forbidden_place", elsewhere.get, f"/v1/applications/{case['application']}")
        self.refused("forbidden_place", elsewhere.post, f"/v1/applications/{case['application']}/withdrawal",
                     {"reason": "bukan milik kami"})
        self.refused("application_unknown", elsewhere.get, f"/v1/applications/{uuid.uuid4()}")
        listed = elsewhere.get("/v1/applications", q=case["number"])["applications"]
        self.assertEqual(listed, [])

    def test_the_same_command_twice(self):
        person, key = applicant(), str(uuid.uuid4())
        first = self.raas.register("sktm", course.FORMS["sktm"], person, self.evidence, key)
        self.assertEqual(self.raas.register("sktm", course.FORMS["sktm"], person, self.evidence, key), first)
        self.refused("idempotency_key_reused", self.raas.register, "sktm",
                     {**course.FORMS["sktm"], "purpose": "Keperluan lain"}, person, self.evidence, key)
        again = self.raas.register("sktm", course.FORMS["sktm"], person, self.evidence)
        self.assertNotEqual(again["number"], first["number"])
        self.assertEqual([warning["code"] for warning in again["warnings"]], ["duplicate_today"])
        moved = self.raas.register("sktm", course.FORMS["sktm"], applicant(region="35.29.01"), self.evidence)
        self.assertEqual([warning["code"] for warning in moved["warnings"]], ["nik_region"])

    def test_numbers_under_pressure(self):
        """Counters of several lokets at once: no number twice, none left out, though some of the commands are refused."""
        counters = [office() for _ in range(6)]
        for counter in counters:
            counter.officer("loket")
        before = self.last_number()
        numbers, faults = [], []

        def work(counter):
            try:
                for turn in range(5):
                    if turn % 2:
                        self.refused("nik_impossible", counter.register, "sktm", course.FORMS["sktm"],
                                     {**applicant(), "nik": "1"}, self.evidence)
                    numbers.append(counter.register("sktm", course.FORMS["sktm"], applicant(), self.evidence)["number"])
            except Exception as fault:  # noqa: BLE001: told by the main thread
                faults.append(fault)
        threads = [threading.Thread(target=work, args=(counter,)) for counter in counters]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(faults, [])
        taken = sorted(int(number[-6:]) for number in numbers)
        self.assertEqual(taken, list(range(before + 1, before + 31)))

    def last_number(self):
        rows = sql("SELECT last FROM intake.number_counter WHERE kecamatan = '35.29.22' ORDER BY year DESC LIMIT 1")
        return int(rows[0][0]) if rows else 0


class Promise(Case):
    def test_who_is_told_to_wait_is_served_today(self):
        """Whatever the day and the hour: either wait, or a day, and that day is the one that is kept."""
        case = office().register("sktm", course.FORMS["sktm"], applicant())
        today = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=7)).date()
        self.assertEqual(case["wait"], case["promised_on"] is None)
        self.assertEqual(case["wait"], "wait_minutes" in case)
        if case["wait"]:
            self.assertEqual(case["due_on"], str(today))
        else:
            self.assertEqual(case["promised_on"], case["due_on"])
        receipt = when_there(lambda: office().officer("loket").fetch(f"/v1/applications/{case['application']}/receipt.pdf"))
        text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=receipt, capture_output=True, check=True).stdout.decode()
        self.assertEqual("DITUNGGU" in text, case["wait"])
        tracked = Paten(URL).get("/v1/track", number=case["number"], code=case["short_code"])
        self.assertEqual((tracked["wait"], tracked["promised_on"]), (case["wait"], case["promised_on"]))

    def test_a_moment_is_no_pause(self):
        """Given back and completed at once: the promise stays, on a Sunday and after closing too."""
        raas = office()
        case = raas.register("izin_penutupan_jalan", course.FORMS["izin_penutupan_jalan"], applicant())
        application = case["application"]
        raas.verify(application, "incomplete", missing=[{"code": "ktp", "note": "tidak terbaca"}])
        raas.wait_step(application, "completion")
        raas.complete(application, [{"code": "ktp", "original_seen": True}])
        after = raas.wait_step(application, "verification")
        self.assertEqual((after["due_on"], after["paused_days"]), (case["due_on"], 0))


class Returned(Case):
    def test_the_reason_travels_with_the_request(self):
        raas, reason = office(), "Keperluan harus disebut lengkap " + uuid.uuid4().hex[:6]
        application = raas.register("sktm", course.FORMS["sktm"], applicant())["application"]
        raas.verify(application)
        raas.draft(application)
        kasi = raas.officer("kasi")
        wait_for(lambda: course.listed(kasi, "paraf", application), "Kasi's desk")
        kasi.post(f"/v1/paraf/tasks/{application}/return", {"reason": reason})
        raas.wait_step(application, "drafting")
        asked = [json.loads(body) for body, in sql(f"SELECT body FROM bus.event WHERE key = '{application}' AND topic = 'step.requested' "
                                                   "ORDER BY seq")]
        self.assertEqual([(body["step"], body["attempt"], body.get("reason")) for body in asked],
                         [("verification", 1, None), ("drafting", 1, None), ("paraf_kasi", 1, None), ("drafting", 2, reason)])


class Completion(Case):
    def setUp(self):
        self.raas = office()
        self.evidence = self.raas.evidence("sktm")
        self.application = self.raas.register("sktm", course.FORMS["sktm"], applicant(), self.evidence)["application"]
        self.upload = next(item for item in self.evidence if "file" in item)
        self.raas.verify(self.application, "incomplete", missing=[{"code": self.upload["code"], "note": "tidak terbaca"}])
        self.raas.wait_step(self.application, "completion")

    def again(self, **provided):
        return self.raas.complete(self.application, [{"code": self.upload["code"], **provided}])

    def test_the_same_paper_is_no_answer(self):
        loket = self.raas.officer("loket")
        copy_of_it = loket.upload(course.small_png(), "pindaian_baru.png", "requirement", self.raas.kecamatan)["file"]
        for file in (self.upload["file"], copy_of_it):
            problem = self.refused("requirement_unchanged", self.again, file=file)
            self.assertEqual(problem["field"], "/requirements/0/file")
        problem = self.refused("requirement_unchanged", self.again, file=copy_of_it, note="tidak terbaca")
        self.assertNotIn("{", problem["detail"])
        self.assertEqual(self.raas.case(self.application)["step"], "completion")
        self.again(file=copy_of_it, note="KTP sudah dicetak ulang oleh Disdukcapil")
        self.raas.wait_step(self.application, "verification")

    def test_the_original_is_an_answer(self):
        self.again(file=self.upload["file"], original_seen=True)
        self.raas.wait_step(self.application, "verification")

    def test_another_scan_is_an_answer(self):
        other = course.small_png()[:-12]
        text = b"tEXtComment\0kedua"
        other += (len(text) - 4).to_bytes(4, "big") + text + zlib.crc32(text).to_bytes(4, "big") + course.small_png()[-12:]
        file = self.raas.officer("loket").upload(other, "kedua.png", "requirement", self.raas.kecamatan)["file"]
        self.again(file=file)
        self.raas.wait_step(self.application, "verification")

    def test_stages_and_ends_have_indonesian_names(self):
        loket, path = self.raas.officer("loket"), f"/v1/applications/{self.application}"
        self.again(original_seen=True)
        self.raas.wait_step(self.application, "verification")
        problem = self.refused("step_out_of_order", self.again, original_seen=True)
        self.assertIn("Pemeriksaan berkas", problem["detail"])
        loket.post(path + "/withdrawal", {"reason": "Pemohon mengurus di desa."})
        problem = self.refused("application_closed", loket.post, path + "/withdrawal", {"reason": "Sekali lagi."})
        self.assertIn("dicabut", problem["detail"])


class Looking(Case):
    """What a desk without a service of its own finds: by step, by the receipt's code; and whose words a case is told in."""

    def setUp(self):
        self.raas = office()
        self.loket = self.raas.officer("loket")

    def test_what_stands_at_a_step(self):
        cases = [self.raas.register("sktm", course.FORMS["sktm"], applicant(), self.raas.evidence("sktm")) for _ in range(3)]
        waiting, after = [], None
        while True:
            page = self.loket.get("/v1/applications", step="verification", limit="2", after=after)
            waiting += page["applications"]
            after = page.get("next")
            if not after:
                break
        self.assertEqual({line["step"] for line in waiting}, {"verification"})
        self.assertEqual(waiting, sorted(waiting, key=lambda line: (line["due_on"], line["application"])))
        listed_ids = [line["application"] for line in waiting]
        self.assertEqual(len(listed_ids), len(set(listed_ids)))
        self.assertLessEqual({case["application"] for case in cases}, set(listed_ids))
        self.assertTrue(all("step_started_at" in line for line in waiting))
        one = self.loket.get("/v1/applications", step="verification", q=cases[0]["number"])["applications"]
        self.assertEqual([line["application"] for line in one], [cases[0]["application"]])
        self.assertEqual(self.loket.get("/v1/applications", step="handover", q=cases[0]["number"])["applications"], [])

    def test_the_code_of_a_receipt(self):
        case = self.raas.register("sktm", course.FORMS["sktm"], applicant(), self.raas.evidence("sktm"))
        code = case["short_code"]
        for typed in (code, code.lower(), f"{code[:4]}-{code[4:]}"):
            found = self.loket.get("/v1/applications", q=typed)["applications"]
            self.assertEqual([line["application"] for line in found], [case["application"]], typed)
        elsewhere = office("35.29.01", "kota_sumenep").officer("loket")
        self.assertEqual(elsewhere.get("/v1/applications", q=code)["applications"], [])

    def test_officers_read_the_citizens_words(self):
        case = self.raas.register("sktm", course.FORMS["sktm"], applicant(), self.raas.evidence("sktm"))
        self.raas.verify(case["application"])
        told = self.raas.wait_step(case["application"], "drafting")
        public = Paten(URL).get("/v1/track", number=case["number"], code=case["short_code"])
        self.assertEqual((told["status_text"], told["next"]), (public["status_text"], public["next"]))
        self.assertEqual([step["title"] for step in told["steps"]], [step["title"] for step in public["steps"]])
        actor = told["steps"][0]["actor"]
        self.assertEqual((actor["name"], actor["role"], actor["place"]), ("Misbahul Munir", "verifikator", "35.29.22"))


class Telling(Case):
    def setUp(self):
        self.raas = office()
        self.person = applicant(name="Nur Aini " + uuid.uuid4().hex[:6])
        self.case = self.raas.register("sktm", course.FORMS["sktm"], self.person, acting_for={
            "nik": "3529220101850002", "name": "Budi Wakil " + uuid.uuid4().hex[:6], "relation": "suami"})

    def test_pages(self):
        loket = self.raas.officer("loket")
        self.raas.register("sktm", course.FORMS["sktm"], self.person)
        seen, after = [], None
        while True:
            page = loket.get("/v1/applications", q=self.person["name"].lower(), limit="1", after=after)
            seen += page["applications"]
            after = page.get("next")
            if not after:
                break
        self.assertEqual(len({entry["application"] for entry in seen}), 2)
        self.assertEqual(len(seen), 2)
        self.assertNotIn(self.person["nik"], str(seen))
        by_nik = loket.get("/v1/applications", q=self.person["nik"])["applications"]
        self.assertIn(self.case["application"], [one["application"] for one in by_nik])
        by_number = loket.get("/v1/applications", q=self.case["number"], kecamatan="35.29.22", status="registered")
        self.assertEqual([entry["application"] for entry in by_number["applications"]], [self.case["application"]])

    def test_whole_cases_are_for_those_who_need_them(self):
        application = self.case["application"]
        for desk in ("kasir", "pemandu"):  # pemandu.raas is informasi, too
            officer = self.raas.officer(desk)
            self.refused("forbidden_role", officer.get, f"/v1/applications/{application}")
            self.refused("forbidden_role", officer.get, "/v1/applications")
        for desk in ("verifikator", "teknis", "operator", "kasi", "sekcam", "camat", "penyerahan"):
            self.assertEqual(self.raas.officer(desk).get(f"/v1/applications/{application}")["applicant"]["nik"], self.person["nik"])

    def test_who_read_is_written_down(self):
        application = self.case["application"]
        self.raas.officer("camat").get(f"/v1/applications/{application}")
        rows = sql(f"SELECT asked_by, username FROM intake.disclosure WHERE application = '{application}' AND asked_by = 'gateway'")
        self.assertEqual(rows, [["gateway", "camat.raas"]])

    def test_events_name_nobody(self):
        """The log can be kept for ever: ids and facts, no person."""
        application = self.case["application"]
        log = wait_for(lambda: sql(f"SELECT topic, body FROM bus.event WHERE key = '{application}' AND producer = 'intake' ORDER BY seq"), "events")
        self.assertEqual([topic for topic, _ in log][:2], ["application.registered", "step.requested"])
        for personal in (self.person["nik"], self.person["name"], self.person["address"], "Budi Wakil", "3529220101850002"):
            self.assertNotIn(personal, str(log))

    def test_an_odd_code_tracks_nothing(self):
        public = Paten(URL)
        number = self.case["number"]
        self.assertEqual(public.get("/v1/track", number=number, code=self.case["short_code"].lower())["number"], number)
        for code in ("!", "0" * 8, self.case["short_code"][:7], self.case["short_code"] + "0"):
            self.refused("tracking_unknown", lambda typed=code: public.get("/v1/track", number=number, code=typed))

    def test_a_person_can_be_forgotten_alone(self):
        """Everything personal stands in one table; what is left names nobody and the case can still be tracked."""
        application = self.case["application"]
        sql(f"DELETE FROM intake.applicant WHERE application = '{application}'", "intake")
        tables = [row[0] for row in sql("SELECT tablename FROM pg_tables WHERE schemaname = 'intake' AND tablename NOT IN ('idem', 'job')")]
        left = [sql(f"SELECT t::text FROM intake.{table} t") for table in tables]
        for personal in (self.person["name"], "Budi Wakil", self.person["email"]):
            others = [rows for table, rows in zip(tables, left) if table != "applicant"]
            self.assertNotIn(personal, str(others))
        tracked = Paten(URL).get("/v1/track", number=self.case["number"], code=self.case["short_code"])
        self.assertEqual(tracked["status"], "registered")


if __name__ == "__main__":
    main()
