#!/usr/bin/python3
"""GET /v1/changes: every gateway tells the officers of a kecamatan, and nobody else, that something moved there."""
import http.client
import queue
import socket
import sys
import threading
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import URL, Case, Paten, applicant, course, main, office, scale, wait_for  # noqa: E402

HOST, PORT = urllib.parse.urlsplit(URL).hostname, urllib.parse.urlsplit(URL).port


class Stream:
    def __init__(self, officer, port=PORT, address="/v1/changes"):
        self.connection = http.client.HTTPConnection(HOST, port, timeout=90)
        self.connection.request("GET", address, headers={"Authorization": f"Bearer {officer.token}"} if officer.token else {})
        self.answer = self.connection.getresponse()
        self.told = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            while line := self.answer.readline():
                if line.strip() and not line.startswith(b":"):
                    self.told.put(line)
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass  # closed by the test

    def hears(self, seconds):
        """Does it tell something within the time?  Comments are nothing."""
        try:
            line = self.told.get(timeout=seconds)
        except queue.Empty:
            return False
        assert line == b"data: moved\n", line
        return True

    def close(self):
        try:
            self.connection.sock.shutdown(socket.SHUT_RDWR)  # wakes the reader
        except (OSError, AttributeError):
            pass  # over already
        self.connection.close()


class Changes(Case):
    @classmethod
    def setUpClass(cls):
        scale("gateway", 2)
        wait_for(lambda: Paten(f"http://{HOST}:{PORT + 1}").send("GET", "/v1/health").status == 200, "the second gateway", 30)

    @classmethod
    def tearDownClass(cls):
        scale("gateway", 1)

    def stream(self, *arguments, **options):
        stream = Stream(*arguments, **options)
        self.addCleanup(stream.close)
        return stream

    def test_the_officers_of_the_place_are_told(self):
        raas, kota = office(), office("35.29.01", "kota_sumenep")
        streams = [self.stream(raas.officer("verifikator")), self.stream(raas.officer("verifikator"), PORT + 1)]
        elsewhere = self.stream(kota.officer("verifikator"))
        for stream in (*streams, elsewhere):
            self.assertEqual(stream.answer.status, 200)
            self.assertEqual(stream.answer.headers["Content-Type"], "text/event-stream")
            self.assertEqual(stream.answer.headers["Cache-Control"], "no-store")
        wait_for(lambda: not any([stream.hears(2) for stream in (*streams, elsewhere)]), "what earlier tests left to come to rest", 30)
        raas.register("sktm", course.FORMS["sktm"], applicant())
        for stream in streams:
            self.assertTrue(stream.hears(10))
        self.assertFalse(elsewhere.hears(1))

    def test_who_has_no_session_hears_nothing(self):
        self.assertEqual(self.stream(Paten(URL)).answer.status, 401)
        officer = office().public.sign_in("pemandu.raas", office().password)
        self.assertEqual(self.stream(officer).answer.status, 200)
        officer.call("DELETE", "/v1/sessions/current")
        self.assertEqual(self.stream(officer).answer.status, 401)

    def test_nothing_is_asked_of_it(self):
        self.assertEqual(self.stream(office().officer("loket"), address="/v1/changes?since=1").answer.status, 400)


if __name__ == "__main__":
    main()
