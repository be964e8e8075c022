#!/usr/bin/python3
"""Where the QR codes lead: pages that a citizen reads on any phone, for a genuine document, a revoked one, an unknown one, and an
application on its way.  The addresses are read from the printed papers themselves."""
import hashlib
import re
import sys
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from pages import Page, checked_page, qr_addresses  # noqa: E402
from system import URL, Case, Paten, applicant, course, file_form, main, office, ready, supervise, wait_for  # noqa: E402

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>"


class Pages(Case):
    @classmethod
    def setUpClass(cls):
        raas = cls.raas = office()
        cls.person = applicant(name="Halimatus Sakdiyah")
        case = cls.case = raas.register("sktm", course.FORMS["sktm"], cls.person)
        application = cls.application = case["application"]
        cls.receipt = raas.officer("loket").fetch(f"/v1/applications/{application}/receipt.pdf")
        raas.verify(application)
        cls.signed = raas.issue(application)
        cls.document = raas.document(application)
        cls.public = Paten(URL)

    def page(self, status, path, method="GET", **more):
        page = checked_page(self, self.public, status, path, method, **more)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        for personal in (self.person["nik"], self.person["name"], self.person["address"], self.person["email"], self.person["phone"]):
            self.assertNotIn(personal, page.text)
        return page

    def checked(self, content):
        """The page that a browser shows for the file of its form."""
        body, media_type = file_form(content)
        return self.page(200, "/v", "POST", body=body, media_type=media_type)

    def test_the_document_leads_to_its_proof(self):
        (address,) = qr_addresses(self.document)
        page = self.page(200, urllib.parse.urlsplit(address).path)
        self.assertEqual(page.title, "ASLI")
        self.assertIn(self.signed["number"], page.text)
        self.assertIn(self.signed["sha256"], page.text)
        self.assertIn("Camat Ra'as", page.text)
        self.assertEqual(self.page(200, f"/v?token={self.signed['token']}").title, "ASLI")

    def test_the_receipt_leads_to_the_application(self):
        address = urllib.parse.urlsplit(next(found for found in qr_addresses(self.receipt) if "/lacak" in found))
        page = self.page(200, f"{address.path}?{address.query}")
        self.assertEqual(page.title, "Dokumen siap diambil.")
        self.assertIn(self.case["number"], page.text)
        self.assertIn("Surat Keterangan Tidak Mampu", page.text)
        self.assertNotIn(self.case["short_code"], page.text)

    def test_a_revoked_document_says_so(self):
        other = self.raas.register("sktm", course.FORMS["sktm"], applicant())["application"]
        self.raas.verify(other)
        signed = self.raas.issue(other)
        self.raas.hand_over(other)
        document = self.raas.document(other)
        self.raas.officer("camat").post(f"/v1/documents/{other}/revocation", {"reason": "Keterangan <b>tidak</b> benar"})
        page = self.page(200, f"/v/{signed['token']}")
        self.assertEqual(page.title, "DICABUT")
        self.assertNotIn("benar", page.text)  # why is free text that may name people
        self.assertEqual(self.checked(document).title, "DICABUT")

    def test_a_file_is_checked_without_script(self):
        page = self.checked(self.document)
        self.assertEqual(page.title, "ASLI")
        self.assertIn(self.signed["number"], page.text)
        forged = bytearray(self.document)
        forged[len(forged) // 3] ^= 1
        self.assertEqual(self.checked(bytes(forged)).title, "TIDAK SAH")

    def test_every_byte_of_a_long_file_arrives(self):
        """Beyond one chunk, with bytes that look like the form's own ends: the digest of the page is that of the file."""
        long = self.document + b"\r\n--\r\n-" * 150000 + b"\n%%EOF\n"
        page = self.checked(long)
        self.assertEqual(page.title, "TIDAK SAH")
        self.assertIn(hashlib.sha256(long).hexdigest(), page.text)

    def test_the_unknown(self):
        page = self.page(404, "/v/" + "a" * 20)
        self.assertEqual(page.title, "TIDAK TERDAFTAR")
        page = self.page(404, f"/lacak?number={self.case['number']}&code=00000000")
        self.assertEqual(page.title, "Tidak ditemukan")
        self.page(404, "/tidak-ada", headers={"Accept": "text/html"})
        self.assertEqual(self.public.send("GET", "/tidak-ada").headers["Content-Type"], "application/problem+json")

    def test_forms_lead_where_they_say(self):
        for path in ("/v", "/lacak"):
            page = self.page(200, path)
            self.assertIn(("form", "action", path), page.attributes)
            labels = {value for tag, name, value in page.attributes if (tag, name) == ("label", "for")}
            fields = {value for tag, name, value in page.attributes if (tag, name) == ("input", "id")}
            self.assertTrue(fields)
            self.assertEqual(labels, fields)

    def test_hostile_values_stay_text(self):
        quoted = urllib.parse.quote(HOSTILE, safe="")
        for path, field in ((f"/v/{quoted}", "token"), (f"/v?token={quoted}", "token"), (f"/lacak?number={quoted[:110]}&code={quoted}", "code")):
            page = self.page(422, path)
            values = [value for tag, name, value in page.attributes if (tag, name) == ("input", "value")]
            self.assertIn(HOSTILE, values, field)
        page = self.page(404, f"/lacak?number={urllib.parse.quote(HOSTILE[:30], safe='')}&code=ABCDEFGH")
        self.assertIn(("input", "value", HOSTILE[:30]), page.attributes)
        for path in ("/v/%00", "/v/%ff", "/lacak?number=%e2%80%ae&code=1", "/v/a/b", "/lacak?number=1&number=2"):
            answer = self.public.send("GET", path, headers={"Accept": "text/html"})
            self.assertIn(answer.status, (400, 404), path)
            self.assertEqual(Page(answer).faults, [], path)

    def test_a_page_without_its_service(self):
        supervise("down", "signing-1")
        try:
            page = wait_for(lambda: self.unavailable(f"/v/{self.signed['token']}"), "a page that says so", 20)
            self.assertEqual(page.title, "Belum dapat diperiksa")
            self.assertTrue(re.search("Nomor laporan: [0-9a-f]{32}", page.text))
        finally:
            supervise("up", "signing-1")
            ready()
        self.assertEqual(self.page(200, f"/v/{self.signed['token']}").title, "ASLI")

    def unavailable(self, path):
        answer = self.public.send("GET", path)
        return self.page(answer.status, path) if answer.status in (503, 504) else None


if __name__ == "__main__":
    main()
