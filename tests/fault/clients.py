"""Citizens and officers who do not give up: whole courses over HTTP, each command under one key until it is answered.

The acts are those of deploy/python/course.py.  Here: going to another gateway when one is away, the journal, and which
courses are walked.  Which ones, follows from the seed; when, from the machine.
"""
import hashlib
import http.client
import random
import threading
import time
import uuid
import zlib

import course
from clock import away_from_midnight, wib_now
from course import listed
from paten import NOT_YET, Paten, Problem, wait_for

PATIENCE_S = 0.3
MIDNIGHT_S = 600, 300  # before and after: faults set the clocks of some forward or back by up to 240 s
PLACES = [("35.29.22", "raas"), ("35.29.01", "kota_sumenep")]


def unlike_any_other(text):
    """The small PNG with a comment in it."""
    png, body = course.small_png(), b"tEXtComment\0" + text.encode()
    return png[:-12] + (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big") + png[-12:]


class GaveUp(Exception):
    """The time to settle is over and still no answer."""


class Surprise(Exception):
    """A refusal that this client, alone at its file, did nothing to deserve."""


class Line(Paten):
    """One person's connection, to whichever gateway answers.  Silent for longer than the gateway's own deadline: the next one."""
    timeout_s = 7

    def __init__(self, urls, number):
        super().__init__(urls[number % len(urls)])
        self.urls, self.number = urls, number

    def turn(self):
        self.close()
        self.number += 1
        other = Paten(self.urls[self.number % len(self.urls)])
        self.host, self.port = other.host, other.port


class Officer(Paten):
    """A desk, on somebody's line."""

    def __init__(self, walk, username, token=None):
        self.walk, self.username, self.token, self.connection = walk, username, token, None

    def send(self, method, path, body=None, query=None, key=None, headers=None, media_type=None):
        fields = {**(headers or {}), **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        return self.walk.line.send(method, path, body, query, key, fields, media_type)

    def call(self, method, path, body=None, query=None, key=None, headers=None, media_type=None, retry_s=None):
        entry = None
        if method == "POST":
            key = key or str(uuid.uuid4())
            entry = self.walk.journal.asked(self.username, path, body, key)
        answer = self.until_answered(method, path, (body, query, key, headers, media_type), entry)
        if answer.status >= 400:
            self.refused(entry, answer, f"{method} {path}")
        if entry:
            self.walk.journal.answered(entry, answer.status, answer.json)
        return answer

    def until_answered(self, method, path, arguments, entry):
        while True:
            if entry:
                entry["last_try"] = time.monotonic()
                entry["tries"] += 1
            try:
                answer = self.send(method, path, *arguments)
                if answer.status not in (429, 503, 504):
                    return answer
                self.walk.line.turn()
            except (OSError, http.client.HTTPException):
                self.walk.line.turn()
            if time.monotonic() > self.walk.crowd.give_up_at:
                raise GaveUp(f"{method} {path}")
            time.sleep(self.walk.rng.uniform(0.5, 1.5) * PATIENCE_S)

    def refused(self, entry, answer, request):
        problem = answer.json
        if entry:
            self.walk.journal.answered(entry, answer.status, problem)
        elif problem.get("code") not in NOT_YET:
            self.walk.crowd.surprised(request, answer.status, problem)
        raise Problem(answer.status, problem, request)


class Walk(course.Office):
    """One person after the other at one kecamatan, from the loket to the end."""
    requirements = {}  # of the services; they do not change while the test runs

    def __init__(self, crowd, number, kecamatan, suffix):
        self.crowd, self.journal, self.number = crowd, crowd.journal, number
        self.rng = random.Random(f"{crowd.seed}/{number}")
        self.line = crowd.line(crowd.urls, number)
        super().__init__(crowd.urls[0], kecamatan, suffix, crowd.password)
        self.public = crowd.person(self, None)

    def officer(self, desk):
        if desk not in self.clients:
            username = f"{desk}.{self.suffix}"
            self.clients[desk] = self.crowd.person(self, username, self.crowd.token(self, username))
        return self.clients[desk]

    def evidence(self, service):
        given = []
        for requirement in self.requirements[service]:
            if requirement["how"] == "original":
                given.append({"code": requirement["code"], "original_seen": True})
            elif requirement["mandatory"]:
                given.append({"code": requirement["code"], "file": self.upload(requirement["code"], "requirement")})
        return given

    def upload(self, name, purpose):
        """A paper of which there is no second one: its own bytes, so that they can be looked for."""
        content = unlike_any_other(f"{self.crowd.seed}/{self.number}/{self.rng.random()}")
        answer = self.officer("loket").upload(content, f"{name}.png", purpose, self.kecamatan)
        self.crowd.uploaded(answer["file"], hashlib.sha256(content).hexdigest())
        return answer["file"]

    # ---- courses

    def walk(self, nik, birth_date):
        service = self.rng.choices(["sktm", "izin_penutupan_jalan", "pbg_rumah_tinggal"], [5, 3, 2])[0]
        turn = self.rng.choices(["straight", "incomplete", "kasi_returns", "camat_returns", "rejected", "withdrawn"],
                                [60, 8, 8, 10, 7, 7])[0]
        person = {**course.APPLICANT, "nik": nik, "birth_date": birth_date}
        application = self.register(service, course.FORMS[service], person)["application"]
        if turn == "withdrawn":
            self.officer("loket").post(f"/v1/applications/{application}/withdrawal", {"reason": "Diurus di desa."})
            return
        if turn == "rejected":
            self.verify(application, "rejected", requirement="ktp", reason="KTP bukan milik pemohon", legal_basis="Perbup Pasal 2")
            return
        if turn == "incomplete":
            self.verify(application, "incomplete", missing=[{"code": "ktp", "note": "tidak terbaca"}])
            self.wait_step(application, "completion")
            self.complete(application, [{"code": "ktp", "original_seen": True}])
            self.wait_step(application, "verification")
        self.to_the_end(application, service, turn)

    def to_the_end(self, application, service, turn):
        self.verify(application)
        if service in course.FINDINGS:
            self.schedule(application, wib_now().date().isoformat())
            self.inspect(application, course.FINDINGS[service], wib_now().isoformat(timespec="seconds"))
        self.draft(application)
        if turn == "kasi_returns":
            self.give_back_from("kasi", "paraf", application)
        self.paraf(application, "kasi")
        self.paraf(application, "sekcam")
        if turn == "camat_returns":
            self.give_back_from("camat", "signing", application)
            self.paraf(application, "kasi")
            self.paraf(application, "sekcam")
        self.sign(application)
        if service in course.FINDINGS:
            self.pay(application)
        self.hand_over(application)

    def verify(self, application, outcome="ok", **more):
        """As in course.py, but a second visit must not be mistaken for the first."""
        verifier = self.officer("verifikator")
        task = wait_for(lambda: listed(verifier, "verification", application), "the verifier's desk")
        return verifier.post(f"/v1/verification/tasks/{application}/decision", {"outcome": outcome, "attempt": task["attempt"], **more})

    def inspect(self, application, findings, visited_at, result="ok", **more):
        photo = self.upload("lokasi", "photo")
        return self.officer("teknis").post(f"/v1/inspection/tasks/{application}/findings", {
            "findings": findings, "photos": [photo], "visited_at": visited_at, "result": result,
            "position": {"latitude": -7.1433, "longitude": 114.5512, "accuracy_m": 8}})

    def give_back_from(self, desk, station, application):
        """To the operator, with a reason; and from there once more."""
        officer, operator = self.officer(desk), self.officer("operator")
        wait_for(lambda: listed(officer, station, application), f"the {desk}'s desk")
        officer.post(f"/v1/{station}/tasks/{application}/return", {"reason": "Keperluan harus disebut lengkap"})
        wait_for(lambda: listed(operator, "drafting", application), "the operator's desk")
        self.draft(application)


class Crowd:
    """Fifty walks at once, until told to end.  line, person: how they reach the gateways, and what they take from them.
    deposits: does somebody take the cash to the bank; not where a version works that may know no deposits."""
    line, person, deposits = Line, Officer, False

    def __init__(self, urls, password, seed, journal, count):
        self.urls, self.password, self.seed, self.journal, self.count = urls, password, seed, journal, count
        self.lock = threading.Lock()
        self.tokens, self.files, self.surprises, self.unfinished = {}, {}, [], []
        self.people = self.courses = 0
        self.ending, self.give_up_at = False, float("inf")
        self.threads = []

    def token(self, walk, username):
        with self.lock:
            if username not in self.tokens:
                answer = self.person(walk, username).call("POST", "/v1/sessions", {"username": username, "password": self.password})
                self.tokens[username] = answer.json["token"]
            return self.tokens[username]

    def uploaded(self, file, sha256):
        with self.lock:
            self.files[file] = sha256

    def surprised(self, request, status, problem):
        with self.lock:
            self.surprises.append(f"{request}: {status} {problem}")

    def next_person(self):
        """A NIK that nobody else has: born in the kecamatan's seventies to nineties, women's day of birth + 40."""
        with self.lock:
            self.people += 1
            n = self.people
        day, month, year = 1 + n % 28, 1 + n // 28 % 12, 70 + n // 336 % 30
        return f"352922{day + 40:02d}{month:02d}{year:02d}{n % 9999 + 1:04d}", f"19{year}-{month:02d}-{day:02d}"

    def prepare(self):
        """What everybody needs before the first fault: sessions (a password costs time on purpose) and the lists of papers."""
        away_from_midnight(*MIDNIGHT_S)
        for kecamatan, suffix in PLACES:
            walk = Walk(self, 0, kecamatan, suffix)
            for desk in ("loket", "verifikator", "teknis", "operator", "kasi", "sekcam", "camat", "kasir", "penyerahan"):
                walk.officer(desk)
        for service in course.FORMS:
            Walk.requirements[service] = walk.public.get(f"/v1/services/{service}")["published"]["requirements"]

    def start(self):
        for number in range(self.count):
            self.threads.append(threading.Thread(target=self.live, args=(Walk(self, number, *PLACES[number % 2]),), daemon=True))
        for number, place in enumerate(PLACES if self.deposits else [], self.count + 1):
            self.threads.append(threading.Thread(target=self.take_to_the_bank, args=(Walk(self, number, *place),), daemon=True))
        self.threads.append(threading.Thread(target=self.sign_in_and_out, daemon=True))
        for thread in self.threads:
            thread.start()

    def live(self, walk):
        while not self.ending:
            try:
                walk.walk(*self.next_person())
                with self.lock:
                    self.courses += 1
            except GaveUp as why:
                self.unfinished.append(str(why))
                return
            except (Problem, TimeoutError) as why:  # noted already as a surprise, or no end of waiting
                with self.lock:
                    self.unfinished.append(str(why))

    def take_to_the_bank(self, walk):
        """One cashier of the kecamatan, the only one who does: what lies in the box, under a slip of its own."""
        desk = walk.officer("kasir")
        while not self.ending:
            try:
                box = desk.get("/v1/payment/cash", kecamatan=walk.kecamatan)
                if box["days"]:
                    desk.post("/v1/payment/deposits", {
                        "kecamatan": walk.kecamatan, "amount_rupiah": box["sum"]["amount_rupiah"], "deposited_on": box["days"][-1]["date"],
                        "bank_reference": f"BPD/{walk.rng.getrandbits(64):016X}"})
            except GaveUp as why:
                self.unfinished.append(str(why))
                return
            except Problem:  # noted already
                pass
            time.sleep(1)

    def sign_in_and_out(self):
        """Once a second somebody comes to work, so that the absence of identity shows."""
        walk = Walk(self, self.count, "35.29.22", "raas")
        while not self.ending:
            try:
                self.person(walk, "pemandu.raas").call("POST", "/v1/sessions", {"username": "pemandu.raas", "password": self.password})
            except (GaveUp, Problem):
                return
            time.sleep(1)

    def end(self, limit_s):
        """No new courses; those that run go to their end.  False: some did not."""
        self.ending, self.give_up_at = True, time.monotonic() + limit_s
        for thread in self.threads:
            thread.join(max(0.1, self.give_up_at + 15 - time.monotonic()))
        return not any(thread.is_alive() for thread in self.threads)
