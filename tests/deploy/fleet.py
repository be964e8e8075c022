"""PATEN through docker compose, as the tests of this folder see it: its containers, what they used, and people at work behind the edge."""
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

os.environ["PATEN_TEST_URL"] = "https://localhost"  # not the system that tests/run has brought up
os.environ["PATEN_TEST_VAR"] = "/nonexistent"
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from engine import docker  # noqa: E402
from system import ROOT, SERVICES, URL, applicant, course, paten, password, ready, wait_for  # noqa: E402

PROJECT = os.environ["COMPOSE_PROJECT_NAME"]


def compose(*words):
    """As the operator types it; COMPOSE is the command with its project, set by engine.sh."""
    done = subprocess.run([*os.environ["COMPOSE"].split(), *words], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"docker compose {' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout


def containers(service=None, state="running"):
    """Their ids, the oldest first."""
    asked = ["ps", "-q", "--no-trunc", "--filter", f"label=com.docker.compose.project={PROJECT}", "--filter", f"status={state}"]
    return docker(*asked, *(["--filter", f"label=com.docker.compose.service={service}"] if service else [])).split()[::-1]


def inspected(ids):
    return json.loads(docker("inspect", *ids)) if ids else []


class Engine(http.client.HTTPConnection):
    """The engine's own interface, by its socket."""

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(os.environ["DOCKER_HOST"].removeprefix("unix://"))


def used_ms(container):
    """Processor time since its start."""
    engine = Engine("docker")
    engine.request("GET", f"/containers/{container}/stats?stream=false&one-shot=true")
    return json.load(engine.getresponse())["cpu_stats"]["cpu_usage"]["total_usage"] / 1e6


def wait_ready(service, count, limit_s=120):
    def are_healthy():
        states = [one["State"].get("Health", {}).get("Status") for one in inspected(containers(service))]
        return states == ["healthy"] * count
    wait_for(are_healthy, f"{count} ready containers of {service}", limit_s)


class Person(paten.Paten):
    """Counts what came back; repeats with the same key what the system asks to repeat, as paten.Paten does."""
    counts, count_lock = Counter(), threading.Lock()

    @classmethod
    def tally(cls, what):
        with cls.count_lock:
            cls.counts[what] += 1

    def send(self, *arguments, **more):
        try:
            answer = super().send(*arguments, **more)
        except (OSError, http.client.HTTPException):
            self.tally("repeated")
            raise
        self.tally("repeated" if answer.status in (502, 503, 504) else "requests")
        return answer


class Crowd:
    """People who bring applications to two kecamatan without a pause, each course to its end."""

    def __init__(self, people=6):
        course.Paten = Person  # course.Office makes its clients itself
        self.is_over, self.failures, self.courses, self.begun = threading.Event(), [], 0, 0
        self.lock = threading.Lock()
        places = [("35.29.22", "raas"), ("35.29.01", "kota_sumenep")]
        self.offices = [course.Office(URL, *place, password()) for place in places]
        for office in self.offices:  # before the crowd: signing in is meant to cost time
            for desk in ("loket", "verifikator", "teknis", "operator", "kasi", "sekcam", "camat", "kasir", "penyerahan"):
                office.officer(desk)
        self.threads = [threading.Thread(target=self.work, args=(number, *places[number % 2])) for number in range(people)]
        for thread in self.threads:
            thread.start()

    def work(self, number, kecamatan, suffix):
        office, turn = course.Office(URL, kecamatan, suffix, password()), number
        while not self.is_over.is_set():
            turn += 1
            with self.lock:
                self.begun += 1
            try:
                self.walk(office, turn % 3 == 0)
            except Exception as why:  # noqa: BLE001  whatever it is, a course did not come to its end
                with self.lock:
                    self.failures.append(f"{type(why).__name__} {why}"[:300])
            else:
                with self.lock:
                    self.courses += 1

    @staticmethod
    def walk(office, is_paid):
        service = "izin_penutupan_jalan" if is_paid else "sktm"
        application = office.register(service, course.FORMS[service], applicant())["application"]
        office.verify(application, "needs_inspection" if is_paid else "ok")
        if is_paid:
            today = time.strftime("%Y-%m-%dT%H:%M:%S+07:00", time.gmtime(time.time() + 7 * 3600))
            office.schedule(application, today[:10])
            office.inspect(application, course.FINDINGS[service], today)
        office.draft(application)
        office.paraf(application, "kasi")
        office.paraf(application, "sekcam")
        office.sign(application)
        if is_paid:
            office.pay(application)
        office.hand_over(application)
        office.document(application)

    def end(self):
        self.is_over.set()
        for thread in self.threads:
            thread.join()
