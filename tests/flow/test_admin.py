#!/usr/bin/python3
"""What failed for good is seen, and decided once, with who and why: deploy/admin against the running system."""
import json
import os
import re
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import ROOT, VAR, Case, applicant, course, main, office, sql, wait_for  # noqa: E402

PARTITION = 5
BY = "Dewi O'Hara, operator"
WHY = "diperiksa: \"sudah\" $(benar); :'why' \\n"

# No verification desk takes more than 64 requirements.
TOO_LONG_CHECKLIST = {
    "number": "35.29.22-2026-999999", "kecamatan": "35.29.22", "service": "sktm", "service_version": 1, "step": "verification",
    "station": "verification", "role": "verifikator", "attempt": 1, "due_on": "2026-12-01", "facts": {},
    "config": {"requirements": [{"code": f"syarat_{i}", "name": f"Syarat {i}"} for i in range(65)]},
}


def deploy(command, *arguments):
    return subprocess.run([str(ROOT / "deploy" / command), *map(str, arguments)], capture_output=True, text=True, timeout=60,
                          env={**os.environ, "PATEN_VAR": str(VAR)}, check=False)


def published(topic, key, body, addressee=None):
    """As intake, which owns these topics; returns the seq."""
    event = {"topic": topic, "key": key, "correlation": "test-admin", "body": body, "addressee": addressee}
    text = json.dumps([event]).replace("'", "''")
    return int(sql(f"SELECT bus.publish ({PARTITION}::smallint, '{{\"service\":\"intake\"}}', '{text}')", role="intake")[0][0])


class Admin(Case):
    def admin(self, *arguments):
        done = deploy("admin", *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""), arguments)
        return done.stdout

    def refuses(self, sentence, *arguments):
        done = deploy("admin", *arguments)
        self.assertEqual((done.returncode, done.stdout), (1, ""), arguments)
        self.assertRegex(done.stderr, f"^paten: .*{sentence}.*\n$")

    def decisions(self, condition):
        return sql(f"SELECT action, by_whom, why, db_role FROM bus.decision WHERE {condition} ORDER BY id")


class DeadLetters(Admin):
    def buried(self, seq):
        """The id of the dead letter of that event."""
        query = f"SELECT id FROM bus.dead_letter WHERE (partition, seq) = ({PARTITION}, {seq})"
        return wait_for(lambda: sql(query), f"event {seq} to be buried")[0][0]

    def incomplete(self, application, service):
        return published("application.incomplete", application,
                         {"application": application, "kecamatan": "35.29.22", "service": service, "stage": "loket", "missing": ["ktp"]})

    def messages(self, application):
        return [row[0] for row in sql(f"SELECT event FROM notification.message WHERE application = '{application}'")]

    def a_service_that_breaks(self):
        """The notification service stumbles over applications for the service "poison" until the cause is mended."""
        sql("ALTER TABLE notification.application ADD CONSTRAINT poison CHECK (service <> 'poison') NOT VALID")
        self.addCleanup(sql, "DELETE FROM notification.message WHERE application IN (SELECT id FROM notification.application WHERE service = 'poison');"
                             "DELETE FROM notification.application WHERE service = 'poison'")
        self.addCleanup(self.mend)

    @staticmethod
    def mend():
        sql("SET client_min_messages = error; ALTER TABLE notification.application DROP CONSTRAINT IF EXISTS poison")

    def test_a_mended_event_is_handled_exactly_once(self):
        self.a_service_that_breaks()
        application, other = str(uuid.uuid4()), str(uuid.uuid4())
        seq = self.incomplete(application, "poison")
        after = self.incomplete(other, "sktm")
        letter = self.buried(seq)
        wait_for(lambda: self.messages(other), f"event {after}: the partition goes on")
        self.assertEqual(self.messages(application), [])

        listed = self.admin("dead-letters", "list", "--group", "notification")
        self.assertRegex(listed, rf"(?m)^{letter} +\S+ \S+ +notification +application.incomplete +{application}\n +{PARTITION}/{seq}  23514 ")
        self.assertNotIn(application, self.admin("dead-letters", "list", "--group", "verification"))
        shown = self.admin("dead-letters", "show", letter)
        for fact in ("waits for a decision", application, "intake", "test-admin", "23514", '"kecamatan": "35.29.22"', f"{PARTITION}/{seq}"):
            self.assertIn(fact, shown)
        status = deploy("status")
        self.assertEqual(status.returncode, 1)
        self.assertRegex(status.stdout, r"waits for a decision: dead letters [1-9]\d* \(deploy/admin dead-letters list\)")

        self.mend()
        with ThreadPoolExecutor(4) as pool:  # four operators at once: one decides
            tries = list(pool.map(lambda _: deploy("admin", "dead-letters", "replay", letter, "--by", BY, "--why", WHY), range(4)))
        self.assertEqual(sorted(done.returncode for done in tries), [0, 1, 1, 1])
        wait_for(lambda: self.messages(application), "the replayed event to be handled")
        wait_for(lambda: ": handled" in self.admin("dead-letters", "show", letter), "show to tell it")
        original, copy = sql(f"""SELECT id, topic, key, producer, actor, correlation, occurred_at, body, coalesce (addressee, '-') FROM bus.event
                                  WHERE partition = {PARTITION} AND seq >= {seq} AND key = '{application}' ORDER BY seq""")
        self.assertEqual((original[:-1], original[-1], copy[-1]), (copy[:-1], "-", "notification"))
        self.assertEqual(self.messages(application), [original[0]])
        self.assertEqual(self.decisions(f"letter = {letter}"), [["replay", BY, WHY, "postgres"]])
        self.refuses(rf"dead letter {letter} is decided already: replay by {BY} on 20\d\d-", "dead-letters", "discard", letter, "--by", "x", "--why", "y")
        self.assertNotIn(application, self.admin("dead-letters", "list"))
        self.assertRegex(self.admin("dead-letters", "list", "--all"), re.escape(f"replay by {BY}: {WHY} [handled]"))

    def test_a_replay_that_fails_again_says_so_and_discard_ends_it(self):
        application = str(uuid.uuid4())
        seq = published("step.requested", application, TOO_LONG_CHECKLIST | {"application": application}, "verification")
        later = published("application.handed_over", application, {"application": application, "to": "applicant"})
        letter = self.buried(seq)
        self.assertRegex(self.admin("dead-letters", "show", letter), f"later events of the same application\n.* {PARTITION}/{later}  application.handed_over of intake")
        self.admin("dead-letters", "replay", letter, "--by", BY, "--why", WHY)
        copy = int(sql(f"SELECT replayed_seq FROM bus.decision WHERE letter = {letter}")[0][0])
        self.assertGreater(copy, later)
        again = self.buried(copy)
        self.assertIn(f"failed again: dead letter {again}", self.admin("dead-letters", "show", letter))
        self.assertIn(f"the replay of dead letter {letter} failed as well", self.admin("dead-letters", "show", again))
        self.assertIn(f"{PARTITION}/{copy}  (replay of {letter} failed again) ", self.admin("dead-letters", "list"))
        head = sql(f"SELECT last_seq FROM bus.counter WHERE partition = {PARTITION}")
        self.admin("dead-letters", "discard", again, "--by", BY, "--why", "the case has ended")
        self.assertEqual(sql(f"SELECT last_seq FROM bus.counter WHERE partition = {PARTITION}"), head)
        self.assertEqual(self.decisions(f"letter = {again}"), [["discard", BY, "the case has ended", "postgres"]])
        self.assertEqual(sql(f"SELECT count (*) FROM bus.dead_letter WHERE id IN ({letter}, {again})"), [["2"]])
        self.assertNotIn(application, self.admin("dead-letters", "list"))

    def test_what_is_asked_wrongly_is_refused(self):
        unknown = 999999999
        for action in ("replay", "discard"):
            self.refuses(f"there is no dead letter {unknown}", "dead-letters", action, unknown, "--by", "x", "--why", "y")
            self.refuses("--why", "dead-letters", action, unknown, "--by", "x")
            self.refuses("--by", "dead-letters", action, unknown, "--why", "x")
            self.refuses("--why: it may not be empty", "dead-letters", action, unknown, "--by", "x", "--why", " ")
        self.refuses(f"there is no dead letter {unknown}", "dead-letters", "show", unknown)
        self.refuses("there is no group nobody; there are: .*verification", "dead-letters", "list", "--group", "nobody")
        for arguments in ((), ("dead-letters",), ("dead-letters", "show", "1 OR true"), ("jobs", "show", "intake"), ("nothing",)):
            self.refuses("see deploy/admin", *arguments)

    def test_decisions_are_kept(self):
        for statement in ("UPDATE bus.decision SET why = 'x'", "DELETE FROM bus.decision", "TRUNCATE bus.decision"):
            with self.assertRaisesRegex(RuntimeError, "kept as it is"):
                sql(statement)


class Jobs(Admin):
    def test_a_message_that_could_not_be_filled_in_is_sent_by_a_retry(self):
        subject = sql("SELECT subject FROM notification.template WHERE kind = 'registered'")[0][0]

        def set_subject(text):
            sql(f"UPDATE notification.template SET subject = '{text}' WHERE kind = 'registered'")
        self.addCleanup(set_subject, subject)
        set_subject("{no_such_field}")
        application = office().register("sktm", course.FORMS["sktm"], applicant())["application"]
        query = f"SELECT id, state FROM notification.message WHERE application = '{application}'"
        message, state = wait_for(lambda: [row for row in sql(query) if row[1] != "queued"], "the message to fail")[0]
        self.assertEqual(state, "failed")
        job = sql(f"SELECT id FROM notification.job WHERE key = '{message}' AND state = 'failed'")[0][0]
        self.assertRegex(self.admin("jobs", "list", "--service", "notification"),
                         rf"(?m)^notification +{job} .*deliver +{message} +failed\n +naskah pesan jenis ini tidak dapat diisi$")
        self.assertIn("waits for a decision", self.admin("jobs", "show", "notification", job))
        self.assertRegex(deploy("status").stdout, r"failed jobs [1-9]")

        self.admin("jobs", "retry", "notification", job, "--by", BY, "--why", "too early")
        wait_for(lambda: sql(f"SELECT 1 FROM notification.job WHERE id = {job} AND state = 'failed'"), "the job to fail again")
        set_subject(subject)
        self.admin("jobs", "retry", "notification", job, "--by", BY, "--why", WHY)
        wait_for(lambda: sql(query) == [[message, "sent"]], "the message to be sent")
        wait_for(lambda: sql(f"SELECT 1 FROM notification.job WHERE id = {job} AND state = 'done'"), "the job to be done")
        self.refuses(rf"job {job} of notification is done, not failed; decided already: retry by {BY} on 20", "jobs", "retry", "notification", job,
                     "--by", "x", "--why", "y")
        self.assertEqual(self.decisions(f"service = 'notification' AND job = {job}"),
                         [["retry", BY, "too early", "postgres"], ["retry", BY, WHY, "postgres"]])
        self.assertNotIn(message, self.admin("jobs", "list"))
        self.assertRegex(self.admin("jobs", "list", "--all"), rf"{message} +done\n +retry by {BY}: ")
        self.assertEqual(sql(f"SELECT topic FROM bus.event WHERE key = '{application}' AND topic LIKE 'notification.%' ORDER BY seq"),
                         [["notification.failed"], ["notification.failed"], ["notification.sent"]])

    def hopeless(self):
        """A job that has failed for good."""
        job = sql(f"""INSERT INTO archive.job (kind, key, payload, due_at, actor, correlation)
                      VALUES ('of_an_older_version', '{uuid.uuid4()}', '{{"a": 1}}', now (), '{{}}', '-') RETURNING id""")[0][0]
        wait_for(lambda: sql(f"SELECT 1 FROM archive.job WHERE id = {job} AND state = 'failed'"), "the job to fail")
        return job

    def test_a_hopeless_job_is_discarded(self):
        job = self.hopeless()
        self.assertIn('"a": 1', self.admin("jobs", "show", "archive", job))
        self.admin("jobs", "discard", "archive", job, "--by", BY, "--why", WHY)
        self.assertEqual(sql(f"SELECT state FROM archive.job WHERE id = {job}"), [["discarded"]])
        for action in ("discard", "retry"):
            self.refuses(f"job {job} of archive is discarded, not failed; decided already: discard by {BY}", "jobs", action, "archive", job,
                         "--by", "x", "--why", "y")
        self.assertRegex(self.admin("jobs", "list", "--all", "--service", "archive"), rf"archive +{job} .*discarded\n.*no such kind.*\n +discard by {BY}")

    def test_several_are_decided_together(self):
        jobs = [self.hopeless() for _ in range(3)]
        decided = f"SELECT job FROM bus.decision WHERE service = 'archive' AND job IN ({', '.join(jobs)}) ORDER BY job"
        self.refuses("there is no job 999999999 of archive", "jobs", "discard", "archive", *jobs, 999999999, "--by", "x", "--why", "y")
        self.assertEqual(sql(decided), [])
        self.assertIn("2 jobs of archive are discarded", self.admin("jobs", "discard", "archive", *jobs[:2], jobs[0], "--by", BY, "--why", WHY))
        self.assertEqual(sql(decided), [[job] for job in jobs[:2]])
        self.assertEqual(sql(f"SELECT state FROM archive.job WHERE id = {jobs[2]}"), [["failed"]])
        self.assertIn("is discarded", self.admin("jobs", "discard", "archive", jobs[2], "--by", BY, "--why", WHY))

    def test_what_is_asked_wrongly_is_refused(self):
        self.refuses("there is no service nobody with jobs", "jobs", "retry", "nobody", 1, "--by", "x", "--why", "y")
        self.refuses("there is no service nobody with jobs; there are: archive", "jobs", "list", "--service", "nobody")
        self.refuses("there is no job 999999999 of intake", "jobs", "discard", "intake", 999999999, "--by", "x", "--why", "y")
        self.refuses("there is no job 999999999 of intake", "jobs", "show", "intake", 999999999)
        self.refuses("--by", "jobs", "retry", "intake", 1, "--why", "x")


if __name__ == "__main__":
    main()
