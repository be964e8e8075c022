#!/usr/bin/python3
"""Every service as several processes: work is shared, a killed replica's work is done by the other, nothing happens twice."""
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import SERVICES, URL, Case, Paten, applicant, course, main, office, pid_of, ready, scale, sql, wait_for  # noqa: E402


def replicas():
    return {name: entry if isinstance(entry, int) else entry["replicas"]
            for name, entry in Paten(URL).send("GET", "/v1/health").json["services"].items()}


def stopped():
    """Events that were buried and jobs that failed for good."""
    query = "SELECT group_name, partition || '/' || seq, error FROM bus.dead_letter"
    for service in SERVICES:
        query += f" UNION ALL SELECT '{service}', kind || ' ' || key, note FROM {service}.job WHERE state = 'failed'"
    return {tuple(row) for row in sql(query)}


class Replicas(Case):
    @classmethod
    def setUpClass(cls):
        cls.stopped = stopped()  # other tests make work fail on purpose
        for service in SERVICES:
            scale(service, 2)
        wait_for(lambda: all(replicas()[service] == 2 for service in SERVICES), "two replicas of each", 60)

    @classmethod
    def tearDownClass(cls):
        for service in SERVICES:
            scale(service, 1)
        ready()

    def walk(self, _):
        raas = office()
        application = raas.register("sktm", course.FORMS["sktm"], applicant())["application"]
        raas.verify(application)
        raas.issue(application)
        raas.hand_over(application)
        return application

    def test_courses_side_by_side_while_replicas_die(self):
        with ThreadPoolExecutor(4) as pool:
            courses = [pool.submit(self.walk, number) for number in range(8)]
            for service in SERVICES:
                os.kill(pid_of(f"{service}-1"), signal.SIGKILL)
            applications = [done.result(timeout=240) for done in courses]
        listing = ",".join(f"'{application}'" for application in applications)
        self.assertEqual(sql(f"SELECT status, count (*) FROM intake.application WHERE id IN ({listing}) GROUP BY 1"), [["done", "8"]])
        # exactly one of each: one signature, one legal number in use, one end of every step
        self.assertEqual(sql(f"SELECT count (*), count (DISTINCT number) FROM signing.document WHERE application IN ({listing})"), [["8", "8"]])
        twice = sql(f"""SELECT key, topic, body->>'step', body->>'attempt', count (*) FROM bus.event
                         WHERE key IN ({listing}) AND topic IN ('step.completed', 'step.requested', 'document.signed')
                         GROUP BY 1, 2, 3, 4 HAVING count (*) > 1""")
        self.assertEqual(twice, [])

    def test_legal_numbers_have_no_gap_without_a_reason(self):
        gaps = sql("""SELECT kecamatan, series, year FROM document.number
                      GROUP BY 1, 2, 3 HAVING count (*) <> max (seq) OR min (seq) <> 1""")
        self.assertEqual(gaps, [])
        self.assertEqual(sql("SELECT 1 FROM document.number WHERE state = 'void' AND reason IS NULL"), [])
        self.assertEqual(sql("SELECT number FROM document.number GROUP BY number, kecamatan, year HAVING count (*) > 1"), [])

    def test_nothing_is_buried(self):
        self.assertEqual(stopped() - self.stopped, set())


if __name__ == "__main__":
    main()
