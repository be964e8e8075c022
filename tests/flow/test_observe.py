#!/usr/bin/python3
"""What the processes tell whoever watches them: every one its figures and whether it is ready."""
import json
import os
import re
import subprocess
import sys
import urllib.request
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from figures import everywhere, listens, measured, measures, processes, scrape  # noqa: E402
from openmetrics import total  # noqa: E402
from system import ROOT, SERVICES, VAR, Case, Problem, applicant, course, main, office, pid_of, ready, sql, supervise, wait_for  # noqa: E402

OF_BACKUPS = {"paten_backup_age_seconds", "paten_wal_waiting_seconds"}  # tests/deploy/restore sees them


def asked(process):
    """Exit status and words of the health check."""
    done = subprocess.run([VAR / "app" / "bin" / "paten_ready", listens(process)], capture_output=True, text=True)
    return done.returncode, done.stdout.strip()


class Observe(Case):
    def test_a_course_moves_the_figures(self):
        requests = (("intake", "intake.application.register"), ("verification", "verification.task.decide"), ("signing", "signing.task.sign"))
        before = {method: everywhere(service, "paten_requests", "_total", method=method, status="2xx") for service, method in requests}
        seconds = everywhere("intake", "paten_request_seconds", "_count", method="intake.application.register")
        routes = everywhere("gateway", "paten_http_requests", "_total", route="POST /v1/applications", status="2xx")
        refused = everywhere("gateway", "paten_http_requests", "_total", route="POST /v1/applications", status="4xx")
        carried = everywhere("broker", "paten_broker_requests", "_total", to="intake")
        events = everywhere("intake", "paten_events_handled", "_total", topic="step.completed")
        signed = everywhere("signing", "paten_signature_attempts", "_total", outcome="signed")

        raas = office()
        person = applicant()
        application = raas.register("sktm", course.FORMS["sktm"], person)["application"]
        with self.assertRaises(Problem):
            raas.officer("loket").post("/v1/applications", {"kecamatan": "35.29.22"})
        raas.verify(application)
        raas.issue(application)
        raas.hand_over(application)

        for service, method in requests:
            self.assertEqual(everywhere(service, "paten_requests", "_total", method=method, status="2xx"), before[method] + 1, method)
        self.assertEqual(everywhere("intake", "paten_request_seconds", "_count", method="intake.application.register"), seconds + 2)
        self.assertEqual(everywhere("gateway", "paten_http_requests", "_total", route="POST /v1/applications", status="2xx"), routes + 1)
        self.assertEqual(everywhere("gateway", "paten_http_requests", "_total", route="POST /v1/applications", status="4xx"), refused + 1)
        self.assertGreater(everywhere("broker", "paten_broker_requests", "_total", to="intake"), carried + 2)
        self.assertGreater(everywhere("intake", "paten_events_handled", "_total", topic="step.completed"), events + 3)
        self.assertEqual(everywhere("signing", "paten_signature_attempts", "_total", outcome="signed"), signed + 1)
        measures("intake", "paten_applications", "SELECT count(*) FROM intake.application WHERE status = 'done'", status="done")
        for process in processes():  # no figure names anybody
            with urllib.request.urlopen(f"http://{listens(process)}/metrics", timeout=10) as answer:
                text = answer.read().decode()
            for personal in (person["nik"], person["name"], application):
                self.assertNotIn(personal, text, process)

    def test_what_is_read_from_the_database_is_what_stands_there(self):
        measures("intake", "paten_promises", "SELECT count(*) FROM intake.application WHERE status = 'registered'")
        measures("payment", "paten_cash_rupiah", "SELECT coalesce (sum (amount_rupiah), 0) FROM payment.receipt WHERE deposit_number IS NULL")
        measures("payment", "paten_bills", "SELECT count(*) FROM payment.bill WHERE state = 'due'")
        measures("signing", "paten_unsigned_documents", "SELECT count(*) FROM signing.task WHERE state = 'open' AND level = 'camat'", state="waiting")
        measures("notification", "paten_jobs", "SELECT count(*) FROM notification.job WHERE state = 'failed'", state="failed")
        for service in SERVICES:
            families = scrape(f"{service}-1")
            self.assertEqual(total(families, "paten_workers"), int((VAR / "env" / f"{service}-1" / "PATEN_WORKERS").read_text()), service)
            if "paten_events_handled" in families:
                measures(service, "paten_dead_letters", f"SELECT count(*) FROM bus.dead_letters WHERE group_name = '{service}' AND action IS NULL")
                self.assertEqual(len(scrape(f"{service}-1")["paten_events_waiting"]), 64, service)

    def test_every_figure_of_the_rules_is_there(self):
        for service, name in (("intake", "paten_applications"), ("payment", "paten_bills"), ("signing", "paten_unsigned_documents"), ("document", "paten_jobs"),
                              ("archive", "paten_jobs")):
            measured(service, name)
        known = set()
        for process in processes():
            for family in scrape(process).values():
                known |= {sample for sample, _ in family}
        folder = VAR / "app" / "deploy" / "observe"
        used = set(re.findall(r"\b(?:paten|process)_[a-z_]+", (folder / "rules.yml").read_text() + (folder / "alerts.yml").read_text()))
        used = {name for name in used if not name.startswith("paten_ready")}
        self.assertGreater(len(used), 10)
        self.assertEqual(used - known, OF_BACKUPS)  # this system has none, and nobody is to be alarmed of them
        targets = json.loads((VAR / "observe" / "targets.json").read_text())
        self.assertEqual({entry["labels"]["process"]: entry["targets"] for entry in targets},
                         {process: [listens(process)] for process in processes()})

    def test_who_is_behind_tells_it(self):
        """What bus.lag () says of an event that its group has not come to."""
        self.assertEqual(sql("SELECT count(*) FROM bus.lag ('{no.topic}')", role="payment"), [["0"]])
        lag = """BEGIN;
            SELECT bus.publish (7::smallint, '{}', '[{"topic": "probe.lag", "key": "k", "correlation": "-", "body": {}}]') * 0;
            SELECT waiting, oldest_us >= 0 FROM bus.lag ('{probe.lag}') WHERE partition = 7;
            ROLLBACK"""
        self.assertEqual(sql(lag, role="payment")[-1], ["1", "t"])

    def test_every_process_tells_its_figures(self):
        self.assertLessEqual({f"{name}-1" for name in ["broker", "gateway", *SERVICES]}, set(processes()))
        for process in processes():
            families = scrape(process)
            self.assertEqual(total(families, "process_open_fds", service=process.rsplit("-", 1)[0]) > 3, True, process)
            with open(f"/proc/{pid_of(process)}/status") as status:
                threads = next(int(line.split()[1]) for line in status if line.startswith("Threads:"))
            self.assertEqual(total(families, "process_threads"), threads, process)

    def test_ready_is_what_the_process_needs(self):
        ready()
        for process in processes():
            wait_for(lambda: asked(process) == (0, "ready"), f"{process} ready")
        brokers = [process for process in processes() if process.startswith("broker-")]
        supervise("stop", *brokers)
        try:
            for process in set(processes()) - set(brokers):
                wait_for(lambda: asked(process) == (1, "no broker is alive"), f"{process} without a broker")
            for broker in brokers:
                self.assertEqual(asked(broker), (1, f"{listens(broker)} does not answer"))
        finally:
            supervise("start", *brokers)
        ready()
        for process in processes():
            wait_for(lambda: asked(process) == (0, "ready"), f"{process} ready again")


class Trace(Case):
    def admin(self, *arguments, **more):
        done = subprocess.run([str(ROOT / "deploy" / "admin"), *arguments], capture_output=True, text=True, check=False,
                              env={**os.environ, "PATEN_VAR": str(VAR)}, **more)
        return done.returncode, done.stdout, done.stderr

    def test_a_trace_reaches_every_service_and_is_told(self):
        raas = office()
        person = applicant()
        case = raas.register("sktm", course.FORMS["sktm"], person)
        application = case["application"]
        trace_id = uuid.uuid4().hex
        wait_for(lambda: sql(f"SELECT 1 FROM verification.task WHERE application = '{application}'"), "the file at its desk")
        officer = raas.officer("verifikator")
        answer = officer.send("POST", f"/v1/verification/tasks/{application}/decision", {"attempt": 1, "outcome": "ok"}, key=str(uuid.uuid4()),
                              headers={"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"})
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(answer.headers["X-Correlation-Id"], trace_id)

        def events():
            return {(producer, topic) for producer, topic in sql(f"SELECT producer, topic FROM bus.event WHERE correlation = '{trace_id}'")}
        wait_for(lambda: ("intake", "step.requested") in events(), "the next station is asked")
        self.assertIn(("verification", "step.completed"), events())

        def told(name):
            return self.admin("trace", name)[1]
        wait_for(lambda: "http.request" in told(trace_id), "the gateway's line")
        story = told(trace_id)
        self.assertRegex(story, r"gateway-\d +http\.request method=POST route=/v1/verification/tasks/\{application\}/decision status=200")
        self.assertRegex(story, r"verification-\d +request\.answered method=verification\.task\.decide from=gateway status=200")
        self.assertRegex(story, r"verification +event step\.completed .* by verifikator\.raas")
        self.assertRegex(story, r"intake +event step\.requested to document")
        times = [line[2:25] for line in story.splitlines()[1:]]
        self.assertEqual(times, sorted(times))

        for name in (application, case["number"], case["short_code"].lower()):
            story = told(name)
            self.assertIn(f"Application {case['number']} (sktm, kecamatan 35.29.22): registered at drafting", story.splitlines()[0])
            self.assertRegex(story, r"step verification ends: ok, by verifikator\.raas")
            self.assertRegex(story, r"intake +reply 201 kept")
            self.assertIn(trace_id, story)
            for personal in (person["nik"], person["name"], person["address"], person["email"]):
                self.assertNotIn(personal, story)

    def test_a_log_that_lies_elsewhere(self):
        line = json.dumps({"time": "2026-11-22T01:02:03.004Z", "level": "warn", "service": "intake", "event": "a.\u001b[31mb",
                           "correlation": "elsewhere-1", "why": "c"})
        code, out, _ = self.admin("trace", "elsewhere-1", "--log", "-", input=f"nonsense\nintake-1  | {line}\n{{\"correlation\":\"elsewhere-1\"}}\n")
        self.assertEqual((code, out), (0, "Request elsewhere-1\n  2026-11-22 01:02:03.004  intake  a. [31mb WARN why=c\n"))

    def test_what_is_not_known(self):
        code, out, err = self.admin("trace", "no-such' OR true --")
        self.assertEqual((code, out), (1, ""))
        self.assertIn("nothing is known of", err)


if __name__ == "__main__":
    main()
