#!/usr/bin/python3
"""document as a process: templates and their versions, the operator's desk, contents that cannot be tampered with, numbers
under pressure, and the day that changes before the signature."""
import datetime
import hashlib
import json
import sys
import threading
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import Case, admin, away_from_midnight, applicant, course, listed, main, office, sql, wait_for, when_there, words  # noqa: E402

WIB = datetime.timezone(datetime.timedelta(hours=7))
TEMPLATE = {"name": "Uji", "page": {"size": "A5", "font": "Liberation Sans", "font_size_pt": 10}, "blocks": [{"type": "p", "text": "Diterima dari {{applicant.name}}."}]}


def today():
    return datetime.datetime.now(WIB).date()


class Templates(Case):
    def setUp(self):
        self.admin = admin()
        self.code = "uji_" + uuid.uuid4().hex[:10]

    def publish(self, **changes):
        return self.admin.post("/v1/templates", {"code": self.code, "version": 1, "template": TEMPLATE, **changes})

    def test_a_published_version_stays(self):
        first = self.publish()
        self.assertEqual(self.publish(), first)
        self.refused("version_exists", self.publish, template={**TEMPLATE, "name": "Lain"})
        self.refused("version_exists", self.publish, constants={"settings": {"a": "b"}})
        self.assertEqual(self.publish(version=2, constants={"settings": {"a": "b"}})["version"], 2)
        for change in ("UPDATE document.template SET template = '{}'", "DELETE FROM document.template"):
            with self.assertRaises(RuntimeError):
                sql(f"{change} WHERE code = '{self.code}'", "document")

    def test_the_newest_and_any_other(self):
        self.publish()
        self.publish(version=2, template={**TEMPLATE, "name": "Kedua"})
        self.assertEqual(self.admin.get(f"/v1/templates/{self.code}")["template"]["name"], "Kedua")
        old = self.admin.get(f"/v1/templates/{self.code}", version="1")
        self.assertEqual(old["template"], TEMPLATE)
        self.assertEqual([field["field"] for field in old["fields"]], ["applicant.name"])
        self.refused("template_unknown", self.admin.get, f"/v1/templates/{self.code}", version="3")

    def test_what_could_not_print_is_not_published(self):
        for broken in ({"blocks": []}, {**TEMPLATE, "blocks": [{"type": "p", "text": "{{Applicant}}"}]},
                       {**TEMPLATE, "blocks": [{"type": "p", "text": "<b>x"}]}, {**TEMPLATE, "colour": "red"}):
            problem = self.refused("template_invalid", self.publish, template=broken)
            self.assertTrue(problem["field"].startswith("/template"))

    def test_only_admins_publish(self):
        self.refused("forbidden_role", office().officer("camat").post, "/v1/templates",
                     {"code": self.code, "version": 1, "template": TEMPLATE})


class Desk(Case):
    def setUp(self):
        self.raas = office()
        self.person = applicant(name="Siti Uji Meja")
        self.application = self.raas.register("sktm", course.FORMS["sktm"], self.person)["application"]
        self.operator = self.raas.officer("operator")
        self.path = f"/v1/drafting/tasks/{self.application}"
        self.refused("task_unknown", self.operator.get, self.path)
        self.raas.verify(self.application)
        self.draft = when_there(lambda: self.operator.get(self.path))

    def preview(self, data):
        return self.operator.call("POST", self.path + "/preview", {"data": data}).body

    def submit(self, data=None, **more):
        return self.operator.post(self.path + "/submission", {"data": data or {}, **more})

    def test_one_draft(self):
        self.assertTrue(listed(self.operator, "drafting", self.application))
        self.assertEqual(self.draft["task"]["attempt"], 1)
        self.assertEqual(self.draft["data"]["applicant"]["name"], self.person["name"])
        self.assertEqual(self.draft["missing"], [])
        self.assertIn("form.purpose", [field["field"] for field in self.draft["template"]["fields"]])
        self.assertNotIn("phone", self.draft["data"]["applicant"])

    def test_a_preview_keeps_nothing(self):
        text = words(self.preview({"purpose": "Keperluan yang hanya dilihat"}))
        self.assertIn("Keperluan yang hanya dilihat", text)
        self.assertIn("PRATINJAU", "".join(text.split()))  # the watermark is rotated: a letter a line
        self.assertEqual(self.operator.get(self.path)["filled"], {})
        self.refused("document_not_ready", self.operator.fetch, f"/v1/documents/{self.application}/draft.pdf")

    def test_a_paper_follows_the_newest_template(self):
        """Workers keep the templates that they printed with; a newer version speaks at once all the same."""
        path, loket, known = f"/v1/applications/{self.application}/receipt.pdf", self.raas.officer("loket"), admin().get("/v1/templates/tanda_terima")
        changed = json.loads(json.dumps(known["template"]).replace("TANDA TERIMA", "TANDA UJI"))

        def printed(version, template):
            admin().post("/v1/templates", {"code": "tanda_terima", "version": known["version"] + version, "template": template,
                                           "constants": known["constants"]})
            return [words(loket.fetch(path)) for _ in range(6)]
        self.assertIn("TANDA TERIMA", words(loket.fetch(path)))
        for text in printed(1, changed):
            self.assertIn("TANDA UJI", text)
        for text in printed(2, known["template"]):
            self.assertIn("TANDA TERIMA", text)

    def test_what_does_not_fit_is_refused(self):
        problem = self.refused("schema_violation", self.submit, {"nama": "x"})
        self.assertEqual(problem["field"], "/data")
        problem = self.refused("schema_violation", self.submit, {"purpose": 7})
        self.assertEqual(problem["field"], "/data/purpose")
        self.refused("content_changed", self.submit, attempt=2)
        problem = self.refused("forbidden_character", self.submit, {"purpose": "Huruf \U00013000 tidak ada"})
        self.assertEqual(problem["field"], "/data/purpose")
        self.assertEqual(self.operator.get(self.path)["task"]["state"], "open")

    def test_the_second_operator_is_told_who(self):
        clients = [self.raas.public.sign_in("operator.raas", self.raas.password) for _ in range(2)]
        results = [None] * len(clients)

        def submit(at):
            try:
                results[at] = clients[at].post(self.path + "/submission", {"data": {}})["state"]
            except Exception as problem:  # noqa: BLE001
                results[at] = problem.code
        threads = [threading.Thread(target=submit, args=(at,)) for at in range(len(clients))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(results), ["submitted", "task_decided"])
        problem = self.refused("task_decided", self.submit)
        name = sql(f"SELECT ended_by_name FROM document.task WHERE application = '{self.application}'")[0][0]
        self.assertIn(name, problem["detail"])

    def test_what_is_parafed_is_what_was_seen(self):
        sha256 = self.submit({"purpose": "Beasiswa"}, attempt=1)["content_sha256"]
        kasi = self.raas.officer("kasi")
        task = wait_for(lambda: listed(kasi, "paraf", self.application), "Kasi's desk")
        self.assertEqual(task["content_sha256"], sha256)
        content = sql(f"SELECT content FROM document.draft WHERE application = '{self.application}'")[0][0]
        self.assertEqual(hashlib.sha256(content.encode()).hexdigest(), sha256)
        self.assertEqual(json.loads(content)["data"]["form"]["purpose"], "Beasiswa")
        pdf = kasi.fetch(f"/v1/documents/{self.application}/draft.pdf")
        self.assertEqual(pdf, self.raas.officer("sekcam").fetch(f"/v1/documents/{self.application}/draft.pdf"))
        self.assertEqual(pdf, kasi.fetch(f"/v1/documents/{self.application}/draft.pdf", content_sha256=sha256))
        self.refused("content_changed", kasi.fetch, f"/v1/documents/{self.application}/draft.pdf", content_sha256="0" * 64)
        self.assertIn("DRAF", "".join(words(pdf).split()))
        self.assertIn("Beasiswa", words(pdf))
        self.refused("forbidden_role", self.raas.officer("loket").fetch, f"/v1/documents/{self.application}/draft.pdf")
        self.refused("document_not_ready", kasi.fetch, f"/v1/documents/{self.application}/final.pdf")
        with self.assertRaises(RuntimeError):  # neither the service nor anybody else
            sql(f"UPDATE document.draft SET content = content || ' ' WHERE application = '{self.application}'", "document")
        with self.assertRaises(RuntimeError):
            sql(f"UPDATE document.draft SET content = content || ' ' WHERE application = '{self.application}'")

    def test_withdrawn_before_it_was_drafted(self):
        self.raas.officer("loket").post(f"/v1/applications/{self.application}/withdrawal", {"reason": "Pindah rencana."})
        wait_for(lambda: not listed(self.operator, "drafting", self.application), "the desk to be cleared")
        self.refused("application_closed", self.submit)


class Numbers(Case):
    def setUp(self):
        away_from_midnight()
        self.raas = office()
        self.camat = self.raas.officer("camat")

    def finalized(self, raas=None):
        raas = raas or self.raas
        application = raas.register("sktm", course.FORMS["sktm"], applicant())["application"]
        raas.verify(application)
        raas.draft(application)
        raas.paraf(application, "kasi")
        raas.paraf(application, "sekcam")
        return application

    def on_desk(self, application):
        return wait_for(lambda: listed(self.camat, "signing", application), "the Camat's desk")["document"]

    def register(self):
        found, after = [], None
        while True:
            page = self.camat.get("/v1/numbers", kecamatan="35.29.22", series="SKTM", limit="100", after=after)
            found += page["numbers"]
            after = page.get("next")
            if not after:
                return {row["number"]: row for row in found}, page["series"]

    def test_no_duplicate_and_no_hole(self):
        offices = [office() for _ in range(3)]
        threads = [threading.Thread(target=self.finalized, args=(raas,)) for raas in offices]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        application = self.finalized()
        self.on_desk(application)
        rows, series = self.register()
        seqs = sorted(row["seq"] for row in rows.values() if row["year"] == today().year)
        self.assertEqual(seqs, list(range(1, len(seqs) + 1)))
        for total in series:
            self.assertEqual(total["last"], total["allocated"] + total["used"] + total["void"])
        self.refused("forbidden_place", self.camat.get, "/v1/numbers", kecamatan="35.29.01")

    def test_the_register_is_not_rewritten(self):
        application = self.finalized()
        self.on_desk(application)
        for change in ("DELETE FROM document.number", "UPDATE document.number SET number = 'x'", "UPDATE document.number SET seq = 9"):
            with self.assertRaises(RuntimeError):
                sql(f"{change} WHERE application = '{application}'", "document")

    def test_the_day_changes_before_the_signature(self):
        application = self.finalized()
        before = self.on_desk(application)
        yesterday = today() - datetime.timedelta(days=1)
        self.assertEqual(before["dated"], str(today()))
        # As if it had been rendered yesterday: document, desk and the renewal that is due today.
        sql(f"UPDATE document.final SET dated = '{yesterday}' WHERE application = '{application}'")
        sql(f"UPDATE signing.task SET document = document || jsonb_build_object ('dated', '{yesterday}', 'sha256', repeat ('0', 64))"
            f" WHERE application = '{application}' AND level = 'camat'")
        self.refused("document_being_renewed", self.camat.post, f"/v1/signing/tasks/{application}/signature",
                     {"sha256": "0" * 64, "passphrase": self.raas.password})
        sql(f"UPDATE document.job SET key = replace (key, '{today() + datetime.timedelta(days=1)}', '{today()}'), due_at = now ()"
            f" WHERE kind = 'renew' AND key LIKE '{application}/%'")
        after = wait_for(lambda: self.renewed(application, yesterday), "the renewal")
        self.assertEqual((after["number"], after["token"], after["dated"]), (before["number"], before["token"], str(today())))
        self.assertEqual(after["sha256"], before["sha256"])  # the same day gives the same bytes
        final = self.camat.fetch(f"/v1/documents/{application}/final.pdf")
        self.assertEqual(hashlib.sha256(final).hexdigest(), after["sha256"])
        self.assertEqual(self.raas.sign(application)["number"], before["number"])
        due = sql(f"SELECT count (*) FROM document.job WHERE kind = 'renew' AND state = 'due' AND key LIKE '{application}/%'")
        self.assertEqual(due, [["1"]])  # for tomorrow; it will find a signed document
        wait_for(lambda: self.register()[0][before["number"]]["state"] == "used", "the number to be used")

    def renewed(self, application, yesterday):
        document = listed(self.camat, "signing", application)["document"]
        return document if document["dated"] != str(yesterday) else None


class Unmakeable(Case):
    """The signer's name cannot be printed, or there is no signer, once both parafs are in place: with the registry as it was the
    draft had been accepted."""

    def setUp(self):
        away_from_midnight()
        self.raas = office()
        self.operator = self.raas.officer("operator")
        self.application = self.raas.register("sktm", course.FORMS["sktm"], applicant())["application"]
        self.raas.verify(self.application)
        self.raas.draft(self.application)
        self.raas.paraf(self.application, "kasi")
        kept = sql("SELECT id, name FROM signing.signer WHERE kecamatan = '35.29.22'")
        self.addCleanup(lambda: [self.signer(f"name = '{name.replace(chr(39), chr(39) * 2)}', kecamatan = '35.29.22'", id) for id, name in kept])

    def signer(self, change, id=None):
        sql(f"UPDATE signing.signer SET {change} WHERE " + (f"id = {id}" if id else "kecamatan = '35.29.22'"))

    def number(self):
        return sql(f"SELECT state, reason FROM document.number WHERE application = '{self.application}' ORDER BY id DESC LIMIT 1")[0]

    def returned(self):
        """The operator's second visit."""
        task = wait_for(lambda: listed(self.operator, "drafting", self.application), "the operator's desk")
        self.assertEqual(task["attempt"], 2)
        return task

    def finish(self):
        """The same content again: both parafs are asked for anew, and it is signed under another number."""
        self.raas.draft(self.application)
        self.raas.paraf(self.application, "kasi")
        self.raas.paraf(self.application, "sekcam")
        signed = self.raas.sign(self.application)
        wait_for(lambda: self.number()[0] == "used", "the number to be used")
        numbers = dict(sql(f"SELECT number, state FROM document.number WHERE application = '{self.application}'"))
        self.assertEqual(sorted(numbers.values()), ["used", "void"])
        self.assertEqual(numbers[signed["number"]], "used")

    def test_what_cannot_be_printed_goes_back(self):
        before = sql("SELECT name FROM signing.signer WHERE kecamatan = '35.29.22' ORDER BY id DESC LIMIT 1")[0][0]
        self.signer("name = name || U&' \\+01F600'")
        self.raas.paraf(self.application, "sekcam")
        task = self.returned()
        for word in ("signer.name", "U+1F600"):
            self.assertIn(word, task["reason"])
        self.assertNotIn(before, task["reason"])
        self.assertEqual(self.number(), ["void", task["reason"]])
        self.assertIsNone(listed(self.raas.officer("camat"), "signing", self.application))
        self.doCleanups()
        self.finish()

    def test_without_a_signer_it_waits_and_then_goes_back(self):
        self.signer("kecamatan = '35.29.99'")
        self.addCleanup(sql, "UPDATE signing.signer SET kecamatan = '35.29.22' WHERE kecamatan = '35.29.99'")
        self.raas.paraf(self.application, "sekcam")
        job = f"kind = 'finalize' AND key LIKE '{self.application}/%'"
        wait_for(lambda: int(sql(f"SELECT coalesce (max (attempts), 0) FROM document.job WHERE {job}")[0][0]) >= 2, "a second attempt")
        self.assertEqual(self.number()[0], "allocated")
        sql(f"UPDATE document.job SET attempts = 149, due_at = now () WHERE {job}")  # a day later
        self.assertIn("Belum ada pejabat penanda tangan", self.returned()["reason"])
        self.assertEqual(self.number()[0], "void")
        self.doCleanups()
        self.finish()

    def test_a_renewal_goes_on(self):
        self.raas.paraf(self.application, "sekcam")
        camat = self.raas.officer("camat")
        wait_for(lambda: listed(camat, "signing", self.application), "the Camat's desk")
        yesterday, job = today() - datetime.timedelta(days=1), f"kind = 'renew' AND key LIKE '{self.application}/%'"
        self.signer("name = name || U&' \\+01F600'")
        sql(f"UPDATE document.final SET dated = '{yesterday}' WHERE application = '{self.application}'")
        sql(f"UPDATE document.job SET key = replace (key, '{today() + datetime.timedelta(days=1)}', '{today()}'), due_at = now () WHERE {job}")
        wait_for(lambda: int(sql(f"SELECT max (attempts) FROM document.job WHERE {job}")[0][0]) >= 2, "a second attempt")
        sql(f"UPDATE document.job SET attempts = 1099, due_at = now () WHERE {job}")  # a week later
        wait_for(lambda: sorted(row[0] for row in sql(f"SELECT state FROM document.job WHERE {job}")) == ["due", "failed"], "the next renewal")
        self.assertEqual(self.number()[0], "allocated")
        self.doCleanups()
        sql(f"UPDATE document.job SET key = replace (key, '{today() + datetime.timedelta(days=1)}', '{yesterday}'), due_at = now ()"
            f" WHERE {job} AND state = 'due'")
        wait_for(lambda: sql(f"SELECT renderings FROM document.final WHERE application = '{self.application}'") == [["2"]], "the renewal")
        self.raas.sign(self.application)


if __name__ == "__main__":
    main()
