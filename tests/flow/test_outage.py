#!/usr/bin/python3
"""Stop and start any service, the broker or PostgreSQL at any moment of a course: it goes on by itself."""
import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import (SERVICES, URL, Case, Paten, applicant, course, main, office, pid_of, ready, supervise,  # noqa: E402
                    wait_for)


def kill(process):
    """Like a crash: the supervisor starts it again."""
    before = pid_of(process)
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: pid_of(process) not in (0, before), f"the supervisor to restart {process}")


class Outage(Case):
    def setUp(self):
        self.raas = office()

    def tearDown(self):
        ready()

    def course(self, disturb):
        """A whole SKTM course; disturb (step) is called before each act."""
        acts = [("verify", lambda a: self.raas.verify(a)), ("draft", lambda a: self.raas.draft(a)),
                ("kasi", lambda a: self.raas.paraf(a, "kasi")), ("sekcam", lambda a: self.raas.paraf(a, "sekcam")),
                ("sign", lambda a: self.raas.sign(a)), ("handover", lambda a: self.raas.hand_over(a))]
        application = self.raas.register("sktm", course.FORMS["sktm"], applicant())["application"]
        for name, act in acts:
            disturb(name)
            act(application)
        self.assertEqual(self.raas.case(application)["status"], "done")

    def test_each_service_is_killed_in_the_middle(self):
        victims = iter(["verification-1", "document-1", "intake-1", "signing-1", "archive-1", "identity-1"])
        self.course(lambda step: kill(next(victims)))

    def test_the_broker_is_killed_before_each_step(self):
        self.course(lambda step: kill("broker-1"))

    def test_the_gateway_is_killed(self):
        self.course(lambda step: kill("gateway-1") if step in ("draft", "sign") else None)

    def test_an_unanswered_service_is_503_at_once(self):
        supervise("down", "verification-1")
        try:
            verifier = self.raas.officer("verifikator")
            wait_for(lambda: verifier.send("GET", "/v1/verification/tasks").status == 503, "the broker to notice")
            began = time.monotonic()
            answer = verifier.send("GET", "/v1/verification/tasks")
            took = time.monotonic() - began
            self.assertEqual((answer.status, answer.json["code"]), (503, "service_unavailable"))
            self.assertTrue(answer.headers["Retry-After"])
            self.assertLess(took, 4)  # at once, not at the deadline of 5 s
            # the rest goes on: registering needs no verifier
            application = self.raas.register("sktm", course.FORMS["sktm"], applicant())["application"]
        finally:
            supervise("up", "verification-1")
        self.raas.verify(application)

    def test_postgresql_goes_and_comes_back(self):
        loket = self.raas.officer("loket")
        application = self.raas.register("sktm", course.FORMS["sktm"], applicant())["application"]
        try:
            supervise("down", "postgres")
            answer = wait_for(lambda: (lambda a: a if a.status == 503 else None)(loket.send("GET", f"/v1/applications/{application}")),
                              "the outage to show")
            self.assertEqual(answer.json["code"], "storage_unavailable")
            self.assertTrue(answer.headers["Retry-After"])
        finally:
            supervise("up", "postgres")
        self.raas.verify(application)  # tries again while the answer is 503
        self.raas.draft(application)

    def test_services_start_without_their_database(self):
        try:
            supervise("down", "postgres")
            for service in SERVICES:
                supervise("restart", f"{service}-1")
        finally:
            supervise("up", "postgres")
        ready()
        self.course(lambda step: None)


if __name__ == "__main__":
    main()
