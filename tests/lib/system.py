"""The system under test: tests/run brings it up and tells where it is (PATEN_TEST_URL, PATEN_TEST_VAR)."""
import http.client
import os
import subprocess
import sys
import tempfile
import time
import unittest
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy" / "python"))

import course  # noqa: E402
import paten  # noqa: E402
from clock import away_from_midnight, wib_now  # noqa: E402
from course import listed  # noqa: E402,F401
from paten import Paten, Problem, wait_for, when_there  # noqa: E402,F401

if "PATEN_TEST_URL" not in os.environ:
    sys.exit("PATEN_TEST_URL is not set: run this by tests/run, which brings a system up for the tests")
URL = os.environ["PATEN_TEST_URL"]
VAR = Path(os.environ["PATEN_TEST_VAR"])
SERVICES = ["identity", "intake", "verification", "inspection", "document", "signing", "payment", "notification", "archive"]


def password():
    """The demo's password, from its one place."""
    for line in (ROOT / "deploy" / "lib.sh").read_text().splitlines():
        if line.startswith("demo_password="):
            return line.split("=", 1)[1].strip()
    raise LookupError("demo_password is not in deploy/lib.sh")


def office(kecamatan="35.29.22", suffix="raas"):
    return course.Office(URL, kecamatan, suffix, password())


def admin():
    return course.Office(URL, "35.29", "", password()).officer("admin")


def setting(name):
    for line in (VAR / "settings").read_text().splitlines():
        if line.startswith(name + "="):
            return line.split("=", 1)[1]
    raise LookupError(name)


def scale(program, count):
    """deploy/scale; back when everybody is ready."""
    done = subprocess.run([ROOT / "deploy" / "scale", program, str(count)], capture_output=True, text=True,
                          env={**os.environ, "PATEN_VAR": str(VAR)})
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)


def sql(query, role="postgres"):
    """Rows of a query as lists of texts; role: the superuser, or a service with its own password."""
    environment = {"PATH": "/usr/bin:/bin", "PGHOST": str(VAR / "run"), "PGPORT": setting("pg_port"), "PGDATABASE": "paten",
                   "PGUSER": role, "LC_ALL": "C.UTF-8"}
    if role != "postgres":
        environment["PGPASSFILE"] = str(VAR / "keys" / role / "pgpass")
    done = subprocess.run(as_owner(["psql", "-X", "-q", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-c", query]),
                          env=environment, capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    return [line.split("\x1f") for line in done.stdout.splitlines()]


def as_owner(command):
    """The system's own user is the only one whom its PostgreSQL and its keys know."""
    owner = VAR.stat().st_uid
    if os.geteuid() == owner:
        return command
    return ["setpriv", f"--reuid={owner}", f"--regid={VAR.stat().st_gid}", "--init-groups", *command]


def supervise(action, *processes):
    """sv ACTION for processes like "intake-1"; the names are those of deploy/status."""
    done = subprocess.run(["sv", "-w", "20", action, *[str(VAR / "service" / process) for process in processes]],
                          capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)


def pid_of(process):
    """0 while it does not run."""
    folder = VAR / "service" / process / "supervise"
    pid = (folder / "pid").read_text().strip()
    # runsv leaves the first file empty when the disk is full; the second one it replaces only by a whole one
    return int(pid) if pid else int.from_bytes((folder / "status").read_bytes()[12:16], "little")


def ready(limit_s=30):
    """Until the gateway has heard of every service, in a word that is younger than this call: one from before may count who has gone."""
    client, began = Paten(URL), time.monotonic()

    def healthy():
        asked = time.monotonic()
        try:
            answer = client.send("GET", "/v1/health")
        except (OSError, http.client.HTTPException):
            return False
        return answer.status == 200 and answer.json["age_ms"] / 1000 < asked - began
    wait_for(healthy, "all services", limit_s)


def fresh_nik(sex="P", serial=[uuid.uuid4().int % (28 * 12 * 9999)]):
    """A synthetic NIK of Ra'as that no other test uses in this run, with its date of birth: every process counts on from its own start."""
    serial[0] += 1
    day, month, number = 1 + serial[0] % 28, 1 + serial[0] // 28 % 12, 1 + serial[0] // (28 * 12) % 9999
    return f"352922{day + 40 * (sex == 'P'):02d}{month:02d}90{number:04d}", f"1990-{month:02d}-{day:02d}"


def applicant(**changes):
    nik, birth_date = fresh_nik()
    return {**course.APPLICANT, "nik": nik, "birth_date": birth_date, **changes}


def inspected(office, service, form=None, findings=None):
    """An application that has passed the field check."""
    away_from_midnight()
    application = office.register(service, form or course.FORMS[service], applicant())["application"]
    office.verify(application, "needs_inspection")
    office.schedule(application, wib_now().date().isoformat())
    office.inspect(application, findings or course.FINDINGS[service], wib_now().isoformat(timespec="seconds"))
    return application


def file_form(content, field="file"):
    """The body of a browser's form with one file, and its media type."""
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="surat.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    return head.encode() + content + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def words(pdf):
    """The text of a PDF."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        return subprocess.run(["pdftotext", "-raw", file.name, "-"], capture_output=True, text=True, check=True).stdout


class Case(unittest.TestCase):
    maxDiff = None

    def refused(self, code, request, /, *arguments, **more):
        """The request must be refused with that code; returns the problem document."""
        with self.assertRaises(Problem) as caught:
            request(*arguments, **more)
        self.assertEqual(caught.exception.code, code, caught.exception)
        self.assertTrue(caught.exception.problem.get("detail"))
        return caught.exception.problem


def main():
    unittest.main(verbosity=2)
