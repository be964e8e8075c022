#!/usr/bin/python3
"""What the offices do, for everyone: from the kabupaten's home page to each kecamatan, each service and the boards for their walls."""
import json
import sys
import urllib.parse
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from pages import checked_page, qr_addresses_of_page  # noqa: E402
from system import ROOT, URL, Case, Paten, admin, main  # noqa: E402

RAAS = "/kecamatan/35.29.22"
EXAMPLE = json.loads((ROOT / "deploy" / "demo.d" / "services" / "sktm.json").read_text(encoding="utf-8"))
HOSTILE = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(2)> Ra'as " + "W" * 60


class Places(Case):
    @classmethod
    def setUpClass(cls):
        cls.public = Paten(URL)

    def page(self, path, status=200):
        page = checked_page(self, self.public, status, path)
        self.assertEqual(page.headers["Cache-Control"], "public, max-age=60" if status == 200 else "no-store")
        return page

    def links(self, page):
        return {value for tag, name, value in page.attributes if (tag, name) == ("a", "href")}

    def test_every_place_is_reached_from_home(self):
        places = self.public.get("/v1/kecamatan")["kecamatan"]
        home = self.page("/")
        links = self.links(home)
        self.assertLessEqual({"/lacak", "/v", "/petugas/"} | {f"/kecamatan/{place['code']}" for place in places}, links)
        for place in places:
            self.assertIn(place["name"], home.text)
        for service in self.public.get("/v1/services", kecamatan="35.29.22")["services"]:
            self.assertIn(f"{RAAS}/layanan/{service['code']}", self.links(self.page(RAAS)))

    def test_no_link_leads_nowhere(self):
        seen, waiting = set(), ["/"]
        while waiting and len(seen) < 60:
            path = waiting.pop()
            seen.add(path)
            if path.startswith(("tel:", "mailto:", "/petugas/")) or ("/kecamatan/" in path and not path.startswith(RAAS)):
                continue
            page = checked_page(self, self.public, 200, path)
            waiting += self.links(page) - seen - set(waiting)
        self.assertLessEqual({RAAS, f"{RAAS}/papan", f"{RAAS}/layanan/sktm", f"{RAAS}/layanan/sktm/papan"}, seen)

    def test_a_kecamatan(self):
        place = next(place for place in self.public.get("/v1/kecamatan")["kecamatan"] if place["code"] == "35.29.22")
        page = self.page(RAAS)
        self.assertIn("Ra'as", page.texts["bdi"])
        for told in ("address", "phone", "email", "complaint_channel", "maklumat"):
            self.assertIn(place[told], page.text)
        self.assertIn("Senin sampai Jumat pukul 07.30–15.00 WIB", page.text)

    def test_a_service_is_told_in_full(self):
        for service in self.public.get("/v1/services", kecamatan="35.29.22")["services"]:
            published = service["published"]
            page = self.page(f"{RAAS}/layanan/{service['code']}")
            self.assertEqual(page.title, service["name"])
            told = [published["cost"], published["product"], published["complaint_channel"], *published["procedure"], *published["legal_basis"]]
            for text in told + [requirement["name"] for requirement in published["requirements"]]:
                self.assertIn(text, page.text)

    def test_boards_lead_back_to_the_page(self):
        for path in (RAAS, f"{RAAS}/layanan/izin_penutupan_jalan"):
            page = self.page(f"{path}/papan")
            self.assertIn(("body", "class", "board"), page.attributes)
            (address,) = [text for text in page.texts["p"] if text.endswith(path)]
            self.assertEqual(qr_addresses_of_page(page), [address])
            self.assertTrue(address.startswith("http"))

    def test_what_was_added_to_an_address_is_ignored(self):
        self.assertEqual(self.page(f"{RAAS}?fbclid=x&fbclid=%ff").title, self.page(RAAS).title)

    def test_the_unknown(self):
        self.assertEqual(self.page("/kecamatan/35.29.99", 404).title, "Tidak ditemukan")
        self.assertEqual(self.page(f"{RAAS}/layanan/tidak_ada", 404).title, "Tidak ditemukan")
        self.assertEqual(self.page("/kecamatan/35.29.99/layanan/sktm", 404).title, "Tidak ditemukan")
        page = self.page(f"/kecamatan/{urllib.parse.quote(HOSTILE[:60], safe='')}", 422)
        self.assertEqual(page.title, "Tidak ditemukan")

    def test_a_service_of_others_is_refused(self):
        code = self.publish(kecamatan=["35.29.01"])
        self.assertEqual(self.page(f"{RAAS}/layanan/{code}", 409).title, "Tidak dilayani di sini")
        self.assertNotIn(f"{RAAS}/layanan/{code}", self.links(self.page(RAAS)))
        self.assertIn(f"/kecamatan/35.29.01/layanan/{code}", self.links(self.page("/kecamatan/35.29.01")))

    def test_published_markup_stays_text(self):
        published = {**EXAMPLE["published"], "description": HOSTILE, "product": HOSTILE, "procedure": [HOSTILE],
                     "legal_basis": [HOSTILE], "requirements": [{"code": "x", "name": HOSTILE, "how": "either", "mandatory": True, "note": HOSTILE}]}
        code = self.publish(name=HOSTILE, published=published, kecamatan=["35.29.27"])
        for path in ("", "/papan", f"/layanan/{code}", f"/layanan/{code}/papan"):
            page = self.page(f"/kecamatan/35.29.27{path}")
            self.assertTrue(HOSTILE in page.text or HOSTILE.upper() in page.text.upper(), path)

    @staticmethod
    def publish(**changes):
        """A service of its own."""
        body = {**EXAMPLE, "code": "uji_" + uuid.uuid4().hex[:10], "name": "Layanan uji", **changes}
        admin().post("/v1/services", body)
        return body["code"]


if __name__ == "__main__":
    main()
