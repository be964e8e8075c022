#!/usr/bin/python3
"""archive as a process: whole and broken files, equal contents, who may read, what is swept away."""
import hashlib
import os
import sys
import threading
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import URL, Case, Paten, admin, main, password, sql, wait_for  # noqa: E402

RAAS, KOTA = "35.29.22", "35.29.01"
MOST = 5 * 1024 * 1024


def pdf(size=1000):
    """A file with a content of its own that begins and ends like a PDF."""
    head, tail = b"%PDF-1.7\n", b"\n%%EOF\n"
    return head + os.urandom(size - len(head) - len(tail)) + tail


def officer(place, role="loket"):
    username = "uji." + uuid.uuid4().hex[:10]
    admin().post("/v1/accounts", {"username": username, "name": "Uji Coba", "place": place, "password": password(),
                                  "grants": [{"role": role, "place": place}]})
    return Paten(URL).sign_in(username, password())


class Archive(Case):
    @classmethod
    def setUpClass(cls):
        cls.raas, cls.kota = officer(RAAS), officer(KOTA)

    def put(self, content, name="surat.pdf", purpose="requirement", kecamatan=RAAS, by=None):
        return (by or self.raas).upload(content, name, purpose, kecamatan)

    def test_what_goes_in_comes_out(self):
        for size in (20, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 700000, MOST):
            content = pdf(size)
            file = self.put(content, "../Surat Pengantar.pdf")
            self.assertEqual((file["sha256"], file["size"], file["media_type"], file["name"]),
                             (hashlib.sha256(content).hexdigest(), size, "application/pdf", "Surat Pengantar.pdf"))
            self.assertEqual(self.raas.fetch(f"/v1/files/{file['file']}"), content)

    def test_the_content_decides_the_type(self):
        for content in (b"<html>", b"MZ" + pdf(), pdf()[:-8], b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a" + bytes(50)):
            self.refused("file_type_refused", self.put, content)
        self.refused("file_type_refused", self.put, pdf(), purpose="photo")
        self.refused("file_empty", self.put, b"")

    def test_only_officers_of_the_place(self):
        file = self.put(pdf())["file"]
        self.refused("forbidden_place", self.kota.fetch, f"/v1/files/{file}")
        self.refused("forbidden_place", self.put, pdf(), by=self.kota)
        self.refused("unauthenticated", Paten(URL).fetch, f"/v1/files/{file}")
        self.refused("unauthenticated", self.put, pdf(), by=Paten(URL))
        self.refused("file_unknown", self.raas.fetch, f"/v1/files/{uuid.uuid4()}")
        self.assertTrue(admin().fetch(f"/v1/files/{file}"))

    def test_only_desks_that_work_with_papers(self):
        file = self.put(pdf())["file"]
        for role in ("kasir", "pemandu", "informasi"):
            self.refused("forbidden_role", officer(RAAS, role).fetch, f"/v1/files/{file}")
        for role in ("verifikator", "penyerahan"):
            self.assertTrue(officer(RAAS, role).fetch(f"/v1/files/{file}"))

    def test_people_do_not_upload_documents(self):
        for purpose in ("document", "signed", "other"):
            self.refused("schema_violation", self.put, pdf(), purpose=purpose)
        self.refused("schema_violation", self.put, pdf(), kecamatan=None)

    def test_equal_contents_are_stored_once(self):
        content, files = pdf(600000), []
        client = self.raas.token
        threads = [threading.Thread(target=lambda: files.append(self.put(content, by=Paten(URL, client)))) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len({file["file"] for file in files}), 6)
        sha256 = hashlib.sha256(content).hexdigest()
        self.assertEqual(sql(f"SELECT sum(octet_length(bytes)) FROM archive.object_chunk WHERE sha256 = '{sha256}'"),
                         [[str(len(content))]])

    def test_the_sweep(self):
        """What is over its time goes, with the contents that nobody else refers to; nothing else does."""
        kept, shared = self.put(pdf()), pdf()
        self.put(shared)
        public = Paten(URL)
        for content in (pdf(), shared):  # the answer is signing's and does not matter here
            public.send("POST", "/v1/verifications", content, media_type="application/pdf")
        gone = sql("SELECT id, sha256 FROM archive.file WHERE purpose = 'verification'")
        self.assertGreaterEqual(len(gone), 2)
        sql("""UPDATE archive.upload SET created_at = created_at - interval '2 hours';
               UPDATE archive.file SET retain_until = retain_until - interval '2 hours' WHERE retain_until IS NOT NULL;
               UPDATE archive.job SET due_at = now() WHERE kind = 'sweep' AND state = 'due';
               INSERT INTO archive.job (kind, key, payload, due_at, actor, correlation)
               VALUES ('sweep', gen_random_uuid(), '{}', now(), '{"service": "archive"}', 'test')""")
        wait_for(lambda: sql("SELECT count(*) FROM archive.upload") == [["0"]], "the sweep")
        self.assertEqual(sql("SELECT count(*) FROM archive.file WHERE purpose = 'verification'"), [["0"]])
        self.assertEqual(sql("SELECT count(*) FROM archive.object o WHERE NOT EXISTS (SELECT FROM archive.file f WHERE f.sha256 = o.sha256)"),
                         [["0"]])
        self.assertTrue(self.raas.fetch(f"/v1/files/{kept['file']}"))
        self.assertEqual(sql(f"SELECT count(*) FROM archive.object WHERE sha256 = '{hashlib.sha256(shared).hexdigest()}'"), [["1"]])


if __name__ == "__main__":
    main()
