#!/usr/bin/python3
"""What comes out, in the hands of independent judges: pdfsig, qpdf, pdftotext, pdffonts and a QR reader."""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import VAR, Case, applicant, as_owner, course, main, office, setting  # noqa: E402


def run(*command, check=True):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, errors="replace")
    if check and done.returncode:
        raise AssertionError(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout + done.stderr


class Documents(Case):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.temporary.name)
        raas = cls.raas = office()
        cls.person = applicant(name="Siti Maryam Nurhayati")
        case = cls.case = raas.register("sktm", course.FORMS["sktm"], cls.person)
        application = cls.application = case["application"]
        raas.verify(application)
        cls.signed = raas.issue(application)
        cls.pdf = cls.folder / "signed.pdf"
        cls.pdf.write_bytes(raas.officer("camat").fetch(f"/v1/documents/{application}/signed.pdf"))
        cls.root = cls.folder / "root.crt"
        ca_file = (VAR / "env" / "signing-1" / "PATEN_CA_FILE").read_text().strip()
        cls.root.write_text(subprocess.run(as_owner(["cat", ca_file]), capture_output=True, text=True, check=True).stdout)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def pdfsig(self, path):
        store = self.folder / "nss"
        if not store.exists():
            store.mkdir()
            run("certutil", "-N", "-d", f"sql:{store}", "--empty-password")
            run("certutil", "-A", "-d", f"sql:{store}", "-n", "root", "-t", "CT,C,C", "-i", self.root)
        return run("pdfsig", "-nssdir", f"sql:{store}", path, check=False)

    def verdict(self, content):
        return self.raas.public.call("POST", "/v1/verifications", bytes(content), media_type="application/pdf").json

    def test_the_signature(self):
        words = self.pdfsig(self.pdf)
        for needed in ("Signature is Valid.", "Certificate is Trusted.", "Total document signed"):
            self.assertIn(needed, words)
        self.assertIn("Mas'ud Firmansyah", words)
        dump = run("qpdf", "--check", self.pdf)
        self.assertIn("No syntax or stream encoding errors found", dump)

    def test_the_text(self):
        text = run("pdftotext", "-layout", self.pdf, "-")
        for needed in (self.person["nik"], self.signed["number"], "RA'AS", "TIDAK MAMPU", "Mas'ud Firmansyah"):
            self.assertIn(needed, text)
        self.assertIn(self.person["name"].upper(), text.upper())

    def test_fonts_are_embedded(self):
        lines = run("pdffonts", self.pdf).splitlines()[2:]
        self.assertTrue(lines)
        for line in lines:
            self.assertRegex(line, r"yes yes yes")

    def test_the_page_is_f4(self):
        size = re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", run("pdfinfo", self.pdf))
        self.assertAlmostEqual(float(size[1]) * 25.4 / 72, 215, delta=0.5)
        self.assertAlmostEqual(float(size[2]) * 25.4 / 72, 330, delta=0.5)

    def test_the_qr_code_leads_to_the_proof(self):
        run("pdftoppm", "-r", "150", "-png", self.pdf, self.folder / "page")
        page = sorted(self.folder.glob("page*.png"))[-1]
        address = run("zbarimg", "-q", "--raw", page).split()[0]
        self.assertTrue(address.endswith("/v/" + self.signed["token"]), address)

    def test_pdf_a_identification(self):
        xmp = run("qpdf", "--qdf", "--object-streams=disable", self.pdf, "-")
        self.assertIn("<pdfaid:part>2</pdfaid:part>", xmp)
        self.assertIn("<pdfaid:conformance>U</pdfaid:conformance>", xmp)
        self.assertIn("/OutputIntents", xmp)

    def test_no_signing_time_in_the_cms(self):
        raw = self.pdf.read_bytes()
        contents = re.search(rb"/Contents\s*<([0-9a-fA-F]+)>", raw)[1]
        der = bytes.fromhex(contents.decode()).rstrip(b"\0")
        cms = self.folder / "cms.der"
        cms.write_bytes(der + b"\0" * 4)
        words = run("openssl", "cms", "-cmsout", "-print", "-inform", "DER", "-in", cms)
        self.assertNotIn("signingTime", words)
        self.assertRegex(words, "signingCertificateV2|id-smime-aa-signingCertificateV2")

    def test_changed_files_are_refused(self):
        original = self.pdf.read_bytes()
        self.assertTrue(self.verdict(original)["valid"])
        for place in (100, len(original) // 3, len(original) // 2, len(original) - 40):
            changed = bytearray(original)
            changed[place] ^= 1
            proof = self.verdict(changed) if changed.startswith(b"%PDF-") else {"valid": False}
            self.assertFalse(proof["valid"], place)
            if place == len(original) // 3:
                forged = self.folder / "forged.pdf"
                forged.write_bytes(changed)
                self.assertNotIn("Signature is Valid.", self.pdfsig(forged))

    def test_a_shadow_update_is_refused(self):
        """An incremental update after the signature: pdfsig still calls it valid, we must not."""
        original = self.pdf.read_bytes()
        start = int(re.findall(rb"startxref\s+(\d+)", original)[-1])
        size = re.findall(rb"/Size (\d+)", original)[-1].decode()
        root = re.findall(rb"/Root (\d+ \d+ R)", original)[-1].decode()
        body = f"\n{size} 0 obj\n<< /Shadow true >>\nendobj\n".encode()
        xref = len(original) + len(body)
        update = (f"xref\n{size} 1\n{len(original) + 1:010d} 00000 n \ntrailer\n<< /Size {int(size) + 1} /Root {root} /Prev {start} >>\n"
                  f"startxref\n{xref}\n%%EOF\n").encode()
        shadow = original + body + update
        path = self.folder / "shadow.pdf"
        path.write_bytes(shadow)
        words = self.pdfsig(path)
        self.assertIn("Signature is Valid.", words)
        self.assertNotIn("Total document signed", words.replace("Not total document signed", ""))
        proof = self.verdict(shadow)
        self.assertFalse(proof["valid"])
        self.assertNotEqual(proof["verdict"], "valid")

    def test_an_unsigned_copy_is_refused(self):
        final = self.raas.officer("camat").fetch(f"/v1/documents/{self.application}/final.pdf")
        proof = self.verdict(final)
        self.assertEqual((proof["valid"], proof["verdict"]), (False, "unsigned"))
        self.assertEqual(self.pdf.read_bytes()[:len(final)], final)  # the very bytes, and the signature behind them

    def test_receipts_are_the_same_bytes_each_time(self):
        loket = self.raas.officer("loket")
        first, second = (loket.fetch(f"/v1/applications/{self.application}/receipt.pdf") for _ in range(2))
        self.assertEqual(first, second)
        (self.folder / "receipt.pdf").write_bytes(first)
        words = run("pdftotext", "-layout", self.folder / "receipt.pdf", "-")
        self.assertIn(self.case["number"], words)
        self.assertIn("Abdul Karim", words)
        again = office().officer("pemandu").fetch(f"/v1/applications/{self.application}/receipt.pdf")
        self.assertEqual(again, first)  # it names who registered, not who prints


if __name__ == "__main__":
    main()
