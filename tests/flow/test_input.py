#!/usr/bin/python3
"""Bad input gets a clear error, and nothing is lost: no row is written for what was refused, and the system goes on."""
import json
import socket
import sys
import time
import urllib.parse
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import ROOT, URL, Case, Paten, Problem, applicant, course, main, office, sql, when_there  # noqa: E402

CODES = {entry["code"]: entry["status"] for entry in json.loads((ROOT / "proto" / "errors.json").read_text())["errors"]}
HOST, PORT = urllib.parse.urlsplit(URL).hostname, urllib.parse.urlsplit(URL).port


def raw(request, wait_s=10):
    """Sends bytes as they are and returns all that comes back."""
    with socket.create_connection((HOST, PORT), timeout=wait_s) as connection:
        connection.sendall(request)
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
                head, _, body = answer.partition(b"\r\n\r\n")
                for line in head.split(b"\r\n"):
                    if line.lower().startswith(b"content-length:") and len(body) >= int(line.split(b":")[1]):
                        return answer
        except (TimeoutError, ConnectionResetError):
            pass
        return answer


class Input(Case):
    def setUp(self):
        self.raas = office()
        self.loket = self.raas.officer("loket")
        self.before = self.count()

    def tearDown(self):
        self.assertEqual(self.count(), self.before, "a refused command left a trace")

    def count(self):
        return sql("SELECT count (*) FROM intake.application")[0][0]

    def body(self, **changes):
        return {"kecamatan": "35.29.22", "service": "sktm", "applicant": applicant(), "form": dict(course.FORMS["sktm"]),
                "requirements": [], **changes}

    def post(self, content, code, status=None, path="/v1/applications", **headers):
        """Sends bytes as JSON and expects a refusal in the registry's form."""
        answer = self.loket.send("POST", path, content, key=str(uuid.uuid4()), media_type="application/json", headers=headers)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        problem = answer.json
        self.assertEqual((problem["code"], answer.status), (code, status or CODES[code]), problem)
        self.assertEqual(problem["status"], answer.status)
        self.assertTrue(problem["detail"])
        self.assertTrue(problem["correlation"])
        return problem

    def test_json_that_is_none(self):
        text = json.dumps(self.body()).encode()
        self.post(text[:-1], "json_malformed")
        self.post(b"{'kecamatan': 1}", "json_malformed")
        self.post(text + b"x", "json_malformed")
        self.post(b"[" * 40 + b"]" * 40, "json_too_deep")
        self.post(b'{"a":' * 5000 + b"1" + b"}" * 5000, "json_too_deep")
        self.post(text.replace(b'"service"', b'"kecamatan"'), "duplicate_key")
        self.post(b'{"form": {"a": 1, "a": 2}}', "duplicate_key")
        self.post(b'{"service": "' + b"x" * 70000 + b'"}', "body_too_large")
        self.post(text.replace(b'"sktm"', b"123456789012345678901234567890"), "json_malformed")

    def test_texts_that_are_none(self):
        self.post(json.dumps(self.body()).encode().replace(b"sktm", b"sk\xfftm"), "invalid_utf8")
        self.post(json.dumps(self.body()).encode().replace(b"sktm", b"sk\xed\xa0\x80tm"), "invalid_utf8")
        for character in ("\x00", "\x01", "\x1b", "\x7f", "\x85", "\u202e", "\u2066", "\u200f", "\ufeff",
                          "\n", "\t", "\u00a0", "\u00ad", "\u200b", "\u2028", "\U0001f600", "\u0627", "\ua9b1", "\ue000"):
            body = self.body()
            body["applicant"]["name"] = f"Siti{character}Maryam"
            self.post(json.dumps(body).encode(), "forbidden_character")

    def test_whole_numbers_are_integers(self):
        """14.0 is 14, not "none": here the attempt that the verifier saw."""
        application = self.raas.register("sktm", course.FORMS["sktm"], applicant())["application"]
        when_there(lambda: self.raas.officer("verifikator").get(f"/v1/verification/tasks/{application}"))
        verifier, path = self.raas.officer("verifikator"), f"/v1/verification/tasks/{application}/decision"
        with self.assertRaises(Problem) as caught:
            verifier.post(path, {"outcome": "ok", "attempt": 2.0})
        self.assertEqual(caught.exception.status, 409)
        verifier.post(path, {"outcome": "ok", "attempt": 1.0})
        self.before = self.count()

    def test_shapes_that_do_not_fit(self):
        self.post(json.dumps(self.body(extra=1)).encode(), "schema_violation")
        self.post(json.dumps(self.body(service=7)).encode(), "schema_violation")
        self.post(json.dumps(self.body(kecamatan="352922")).encode(), "schema_violation")
        self.post(b"[]", "schema_violation")
        self.post(b"null", "schema_violation")
        problem = self.post(json.dumps(self.body(form={**course.FORMS["sktm"], "surprise": 1})).encode(), "schema_violation")
        self.assertTrue(problem["field"].startswith("/form"), problem)
        form = dict(course.FORMS["sktm"], village_letter_date="2026-02-30")
        problem = self.post(json.dumps(self.body(form=form)).encode(), "schema_violation")
        self.assertEqual(problem["field"], "/form/village_letter_date")
        self.post(json.dumps(self.body(service="tidak_ada")).encode(), "service_unknown")
        self.post(json.dumps(self.body(requirements=[{"code": "paspor", "original_seen": True}])).encode(), "requirement_unknown")
        self.post(json.dumps(self.body(requirements=[{"code": "ktp", "file": str(uuid.uuid4())}])).encode(), "file_unknown")

    def test_impossible_nik(self):
        good = applicant()
        for nik, why in (("3529224708900000", "serial"), ("3529223213900001", "month"), ("3529227308900001", "day"),
                         ("3529223002900001", "30 February"), ("3529220708900001", "a man's NIK for a woman"),
                         ("3529224808900001", "another birth date")):
            problem = self.post(json.dumps(self.body(applicant={**good, "nik": nik, "birth_date": "1990-08-07"})).encode(),
                                "nik_impossible")
            self.assertEqual(problem["field"], "/applicant/nik", why)
        for nik in ("352922470890001", "35292247089000011", "35292247O8900001"):
            with self.assertRaises(Problem) as caught:
                self.loket.post("/v1/applications", self.body(applicant={**good, "nik": nik}))
            self.assertEqual((caught.exception.status, caught.exception.problem["field"]), (422, "/applicant/nik"))

    def test_files_that_are_not_what_they_say(self):
        def send(content, code, name="ktp.pdf", **query):
            answer = self.loket.send("POST", "/v1/files", content, {"purpose": "requirement", "kecamatan": "35.29.22", "name": name, **query},
                                     media_type="application/pdf")
            self.assertEqual((answer.json["code"], answer.status), (code, CODES[code]))
        before = sql("SELECT count (*) FROM archive.file")
        send(b"", "file_empty")
        send(b"MZ\x90\x00 this is a program" * 10, "file_type_refused")
        send(b"<html><script>alert(1)</script></html>", "file_type_refused")
        send(b"%PDF-1.7 but nothing behind it", "file_type_refused")
        send(course.small_png()[:60], "file_type_refused", "gambar.png")
        send(b"\xff\xd8\xff\xe0" + b"\0" * 200, "file_type_refused", "foto.jpg")
        send(course.small_png() + b"\0" * (5 * 1024 * 1024), "file_too_large")
        self.assertEqual(sql("SELECT count (*) FROM archive.file"), before)

    def test_same_key(self):
        key = str(uuid.uuid4())
        body = self.body(requirements=self.raas.evidence("sktm"))
        first = self.loket.call("POST", "/v1/applications", body, key=key)
        again = self.loket.call("POST", "/v1/applications", body, key=key)
        self.assertEqual(json.loads(first.body), json.loads(again.body))
        other = self.loket.send("POST", "/v1/applications", {**body, "form": {**body["form"], "purpose": "Lain"}}, key=key)
        self.assertEqual((other.status, other.json["code"]), (422, "idempotency_key_reused"))
        self.assertEqual(int(self.count()), int(self.before) + 1)
        self.before = self.count()

    def test_same_key_at_once(self):
        key, body = str(uuid.uuid4()), self.body(requirements=self.raas.evidence("sktm"))
        clients = [Paten(URL, self.loket.token) for _ in range(8)]
        with ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(lambda client: client.call("POST", "/v1/applications", body, key=key).json, clients))
        self.assertEqual({reply["application"] for reply in replies}, {replies[0]["application"]})
        self.assertEqual(int(self.count()), int(self.before) + 1)
        self.before = self.count()

    def test_a_command_without_a_key(self):
        answer = self.loket.send("POST", "/v1/applications", self.body())
        self.assertEqual((answer.status, answer.json["code"]), (400, "idempotency_key_required"))
        answer = self.loket.send("POST", "/v1/applications", self.body(), key="k" * 101)
        self.assertEqual((answer.status, answer.json["code"]), (400, "idempotency_key_required"))

    def test_http_that_could_be_read_two_ways(self):
        head = f"POST /v1/applications HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\n"
        for lines in ("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 2\r\nContent-Length: 3\r\n",
                      "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n"):
            answer = raw((head + lines + "\r\n{}").encode())
            self.assertTrue(answer.startswith(b"HTTP/1.1 400"), answer[:100])
            self.assertIn(b"bad_request", answer)

    def test_a_body_that_stops_midway(self):
        head = (f"POST /v1/applications HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\n"
                f"Authorization: Bearer {self.loket.token}\r\nContent-Length: 500\r\n\r\n")
        with socket.create_connection((HOST, PORT), timeout=5) as connection:
            connection.sendall(head.encode() + b'{"kecamatan": "35.29.22",')
        time.sleep(0.2)
        self.assertEqual(Paten(URL).send("GET", "/v1/health").status, 200)

    def test_addresses_that_are_none(self):
        for method, path, status, code in (("GET", "/v1/nowhere", 404, "not_found"), ("DELETE", "/v1/services", 405, "method_not_allowed"),
                                           ("GET", "/v1/services/%ff", 400, None), ("GET", "/v1/services/%00", 400, None),
                                           ("GET", "/v1/applications/not-an-id", None, "schema_violation"),
                                           ("GET", "/v1/services?surprise=1", None, "schema_violation")):
            answer = self.loket.send(method, path)
            self.assertEqual(answer.headers["Content-Type"], "application/problem+json", path)
            if status:
                self.assertEqual(answer.status, status, path)
            if code:
                self.assertEqual(answer.json["code"], code, path)
        answer = self.loket.send("POST", "/v1/applications", b"<xml/>", key="k", media_type="text/xml")
        self.assertEqual((answer.status, answer.json["code"]), (415, "media_type_unsupported"))

    def test_passwords_cannot_be_guessed(self):
        name = f"tak.dikenal{uuid.uuid4().hex[:8]}"
        codes = [Paten(URL).send("POST", "/v1/sessions", {"username": name, "password": "salah sekali"}).json["code"] for _ in range(7)]
        self.assertEqual(codes[0], "credentials_wrong")
        self.assertEqual(codes[-1], "rate_limited")


if __name__ == "__main__":
    main()
