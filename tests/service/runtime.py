#!/usr/bin/python3
"""The runtime of common/ and the broker as real processes: two replicas of the probe, see world.py."""
import itertools
import subprocess
import time
import unittest

from world import PATIENCE, World, wait_until


class Case(unittest.TestCase):
    names = itertools.count(1)

    def setUp(self):
        self.driver, self.postgres = World.driver, World.postgres
        self.name = f"{self.id().rsplit('.', 1)[1]}-{next(self.names)}"[:60]

    def put(self, key=None, name=None, within_ms=20000, **body):
        return self.driver.ask("probe.note.put", {"name": name or self.name, **body}, key=key or name or self.name, within_ms=within_ms)

    def notes(self, name=None):
        return self.postgres.number(f"SELECT count(*) FROM probe.note WHERE name = '{name or self.name}'")

    def handled(self, name=None):
        return [int(row[0]) for row in self.postgres.sql(f"SELECT n FROM probe.handled WHERE key = '{name or self.name}' ORDER BY id")]

    def until_handled(self, count, name=None):
        wait_until(lambda: len(self.handled(name)) >= count, f"{count} events of {name or self.name} are handled")

    def log_of(self, event):
        return [line for line in World.log() if line["event"] == event]


class Requests(Case):
    def test_same_key_same_reply_one_effect(self):
        first, second = self.put(), self.put()
        self.assertEqual([first["status"], second["status"]], [201, 201])
        self.assertEqual(first["body"], second["body"])
        self.assertEqual(self.notes(), 1)

    def test_same_key_twenty_times_at_once(self):
        answers = [self.driver.send("probe.note.put", {"name": self.name}, key=self.name) for _ in range(20)]
        answers = [answer.get(timeout=PATIENCE) for answer in answers]
        self.assertEqual({answer["status"] for answer in answers}, {201})
        self.assertEqual(self.notes(), 1)

    def test_same_key_other_body_is_refused(self):
        self.assertEqual(self.put()["status"], 201)
        answer = self.put(events=0)
        self.assertEqual((answer["status"], answer["body"]["code"]), (422, "idempotency_key_reused"))
        self.assertEqual(self.notes(), 1)

    def test_command_without_key_is_refused(self):
        answer = self.driver.ask("probe.note.put", {"name": self.name})
        self.assertEqual((answer["status"], answer["body"]["code"]), (400, "idempotency_key_required"))

    def test_refusal_leaves_nothing(self):
        answer = self.put(wrong="refuse", events=3)
        self.assertEqual(answer["status"], 403)
        self.assertEqual(self.notes(), 0)
        self.assertEqual(self.postgres.number(f"SELECT count(*) FROM bus.event WHERE key = '{self.name}'"), 0)
        self.assertEqual(self.put()["status"], 201)  # for another request its key is free
        self.assertEqual(self.notes(), 1)

    def test_what_was_refused_does_not_happen_afterwards(self):
        """An attempt that comes late, when its twin was refused and the reason is gone, gets the twin's answer; for a minute."""
        def ask(**more):
            return self.put(unless=f"{self.name}-no", events=1, **more)
        self.put(name=f"{self.name}-no", events=0)
        first = ask()
        self.assertEqual(first["status"], 403)
        self.postgres.sql(f"DELETE FROM probe.note WHERE name = '{self.name}-no'")
        late = ask()
        self.assertEqual((late["status"], late["body"]), (403, first["body"]))
        self.assertEqual(self.notes(), 0)
        self.assertEqual(ask(key=f"{self.name}-another")["status"], 201)
        self.postgres.sql(f"UPDATE bus.refusal SET refused_at = refused_at - interval '61 seconds' WHERE key = '{self.name}'")
        self.assertEqual(ask()["status"], 201)
        self.assertEqual(ask()["status"], 201)  # and that is what stands under the key now
        self.assertEqual(self.notes(), 2)

    def test_old_refusals_are_forgotten(self):
        self.put(wrong="refuse")
        self.postgres.sql("SELECT bus.forget_refusals ()", user="probe")
        self.assertEqual(self.postgres.number(f"SELECT count(*) FROM bus.refusal WHERE key = '{self.name}'"), 1)
        self.postgres.sql(f"UPDATE bus.refusal SET refused_at = refused_at - interval '3 minutes' WHERE key = '{self.name}'")
        self.postgres.sql("SELECT bus.forget_refusals ()", user="probe")
        self.assertEqual(self.postgres.number(f"SELECT count(*) FROM bus.refusal WHERE key = '{self.name}'"), 0)

    def test_sql_error_is_told_once_and_has_no_effect(self):
        before = len(self.log_of("request.failed"))
        answer = self.put(wrong="sql", events=1)
        self.assertEqual((answer["status"], answer["body"]["code"]), (500, "internal"))
        self.assertEqual(self.notes(), 0)
        lines = self.log_of("request.failed")[before:]
        self.assertEqual([line["sqlstate"] for line in lines], ["22012"])
        self.assertEqual(lines[0]["correlation"], answer["body"]["correlation"])

    def test_sql_error_that_the_handler_overlooks_has_no_effect(self):
        answer = self.put(wrong="sql_unnoticed", events=1)
        self.assertEqual((answer["status"], answer["body"]["code"]), (500, "internal"))
        self.assertEqual(self.notes(), 0)
        self.assertEqual(self.postgres.number(f"SELECT count(*) FROM bus.event WHERE key = '{self.name}'"), 0)

    def test_deadlock_is_tried_again(self):
        before = self.postgres.number("SELECT sum (amount) FROM probe.account")
        deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = 'paten'"
        seen = self.postgres.number(deadlocks)
        for turn in range(5):
            pair = [self.driver.send("probe.account.both", {"first": first, "second": second, "pause_ms": 300}, key=f"{self.name}{turn}{first}")
                    for first, second in (("a", "b"), ("b", "a"))]
            self.assertEqual([answer.get(timeout=PATIENCE)["status"] for answer in pair], [200, 200])
        self.assertEqual(self.postgres.number("SELECT sum (amount) FROM probe.account"), before + 20)
        wait_until(lambda: self.postgres.number(deadlocks) > seen, "PostgreSQL counts a deadlock: else this proved nothing")

    def test_unknown_and_malformed_are_refused(self):
        for method, body, status in (("probe.nothing.here", {}, 404), ("nobody.at.home", {}, 503), ("probe.note.put", "{", 400),
                                     ("probe.note.put", '{"name":"x","name":"y"}', 400), ("probe.note.put", {"name": "x", "more": 1}, 422),
                                     ("probe.note.put", {}, 422), ("probe.note.put", "", 422), ("probe.note.put", "[" * 5000, 400)):
            answer = self.driver.ask(method, body, key=self.name)
            self.assertEqual(answer["status"], status, (method, body, answer))
        self.assertEqual(self.notes("x"), 0)

    def test_late_commands_are_not_executed_and_cost_no_credit(self):
        busy = [self.driver.send("probe.note.put", {"name": self.name + "s", "pause_ms": 1500}, key=f"{self.name}{i}") for i in range(6)]
        late = [self.driver.send("probe.note.put", {"name": self.name}, key=f"{self.name}late{i}", within_ms=300) for i in range(60)]
        self.assertEqual({answer.get(timeout=PATIENCE)["status"] for answer in late}, {504})
        self.assertEqual({answer.get(timeout=PATIENCE)["status"] for answer in busy}, {201})
        after = [self.driver.send("probe.note.put", {"name": self.name + "a"}, key=f"{self.name}after{i}") for i in range(30)]
        self.assertEqual({answer.get(timeout=PATIENCE)["status"] for answer in after}, {201})
        self.assertEqual(self.notes(), 0)

    def test_one_service_asks_another(self):
        self.put()
        answer = self.driver.ask("probe.note.ask", {"name": self.name})
        self.assertEqual((answer["status"], answer["body"]), (200, {"count": 1}))

    def test_answers_up_to_the_limit(self):
        self.assertEqual(self.driver.ask("probe.bytes.get", {"size": 6000000})["size"], 6000000)
        answer = self.driver.ask("probe.bytes.get", {"size": 10000000})
        self.assertEqual((answer["status"], answer["body"]["code"]), (500, "internal"))
        self.assertEqual(len(self.driver.replicas()), 2)


class Events(Case):
    def test_each_once_and_in_order(self):
        self.assertEqual(self.put(events=120)["status"], 201)
        self.until_handled(120)
        self.assertEqual(self.handled(), list(range(120)))
        correlations = self.postgres.sql(f"SELECT DISTINCT correlation FROM probe.handled WHERE key = '{self.name}'")
        self.assertEqual(len(correlations), 1)
        self.assertTrue(correlations[0][0].startswith("driver-"))

    def publish(self, keys, count):
        for turn, name in itertools.product(range(0, count, 20), keys):
            self.assertEqual(self.put(name=name, key=f"{name}-{turn}", events=20, first=turn, pause_ms=3)["status"], 201)

    def all_in_order(self, keys, count):
        for name in keys:
            self.until_handled(count, name)
            self.assertEqual(self.handled(name), list(range(count)))

    def test_killed_replica_loses_and_repeats_nothing(self):
        keys = [f"{self.name}{i}" for i in range(8)]
        self.publish(keys, 60)
        for victim in (0, 1, 0):
            World.replicas[victim].kill()
            World.replicas[victim] = World.start_replica()
            time.sleep(0.2)  # some work between the blows; nothing is judged by it
        self.all_in_order(keys, 60)
        World.settled()

    def test_killed_broker_costs_no_event(self):
        keys = [f"{self.name}{i}" for i in range(4)]
        self.publish(keys, 40)
        World.broker.kill()
        self.all_in_order(keys, 40)  # without any broker
        World.start_broker()
        World.settled()
        self.assertEqual(self.put()["status"], 201)

    def test_broker_restarted_at_once_is_told_to_those_who_wait(self):
        """The new broker knows nothing of the question: it must end as 503, long before its deadline of two minutes."""
        waiting = self.driver.send("probe.note.put", {"name": self.name, "pause_ms": 3000}, key=self.name, within_ms=120000)
        wait_until(lambda: self.postgres.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"), "the command runs")
        World.broker.kill()
        World.start_broker()
        self.assertEqual(waiting.get(timeout=PATIENCE)["status"], 503)
        World.settled()
        wait_until(lambda: self.notes() == 1, "the command ended all the same")
        self.assertEqual(self.put(pause_ms=3000)["status"], 201)  # the same key: the stored reply
        self.assertEqual(self.notes(), 1)

    def poison(self, how):
        for body in ({"events": 30}, {"events": 1, "first": 30, "poison": how}, {"events": 30, "first": 31}):
            self.assertEqual(self.put(key=f"{self.name}{body.get('first')}", **body)["status"], 201)
        self.until_handled(60)
        self.assertEqual(self.handled(), [n for n in range(61) if n != 30])
        buried = self.postgres.sql("SELECT d.error, e.body->>'n' FROM bus.dead_letter d JOIN bus.event e USING (partition, seq)"
                                   f" WHERE e.key = '{self.name}' AND d.group_name = 'probe'")
        self.assertEqual([row[1] for row in buried], ["30"])
        return buried[0][0]

    def test_poison_is_buried(self):
        before = len(self.log_of("event.buried")), len(self.log_of("event.failed"))
        self.assertIn("not_found", self.poison("refuse"))
        self.assertEqual(len(self.log_of("event.buried")) - before[0], 1)
        self.assertEqual(len(self.log_of("event.failed")) - before[1], 4)

    def test_poison_of_sql_is_buried(self):
        self.assertIn("22012", self.poison("sql"))

    def test_poison_that_fails_at_the_commit_is_buried(self):
        self.assertIn("23514", self.poison("publish"))

    def test_earlier_failure_is_not_taken_for_the_next(self):
        """A worker that once ran into the environment must still tell a bug from it afterwards."""
        World.postgres.sql("SELECT pg_terminate_backend (pid, 10000) FROM pg_stat_activity WHERE usename = 'probe'")
        for turn in range(12):
            answer = self.put(key=f"{self.name}{turn}", wrong="sql")
            self.assertEqual((answer["status"], answer["body"]["code"]), (500, "internal"))
        self.assertIn("not_found", self.poison("refuse"))

    def backlog(self, count, poison="NULL"):
        """Nobody is there while `count` events come into each of 20 partitions; then the replicas start."""
        for replica in World.replicas:
            self.assertEqual(replica.end(), 0)
        self.postgres.sql("SELECT bus.publish ((k * 7 % 64)::smallint, '{}', jsonb_agg (jsonb_build_object ("
                          f" 'topic', 'probe.noted', 'key', '{self.name}' || k, 'correlation', 'backlog',"
                          f" 'body', jsonb_strip_nulls (jsonb_build_object ('n', n, 'poison', {poison}))) ORDER BY n))"
                          f" FROM generate_series (0, {count - 1}) n, generate_series (0, 19) k GROUP BY k", user="probe")
        World.replicas = [World.start_replica(), World.start_replica()]
        return [f"{self.name}{k}" for k in range(20)]

    def test_backlog_of_two_thousand(self):
        keys = self.backlog(100)
        self.all_in_order(keys, 100)
        together = self.postgres.number("SELECT max (n) FROM (SELECT count (DISTINCT key) AS n FROM probe.handled"
                                        f" WHERE key LIKE '{self.name}%' GROUP BY xmin::text) t")
        self.assertGreater(together, 1, "no transaction held events of two partitions")
        World.settled()

    def test_poison_among_partitions_that_share_a_transaction(self):
        keys = self.backlog(5, poison="CASE WHEN k = 3 AND n = 2 THEN 'sql' END")
        spoilt = keys.pop(3)
        self.all_in_order(keys, 5)
        self.until_handled(4, spoilt)
        self.assertEqual(self.handled(spoilt), [0, 1, 3, 4])
        World.settled()

    def test_events_that_nobody_waits_for_come_in_their_order(self):
        for first, soon in ((0, True), (3, False), (6, True)):
            self.assertEqual(self.put(key=f"{self.name}{first}", events=3, first=first, soon=soon)["status"], 201)
        self.until_handled(9)
        self.assertEqual(self.handled(), list(range(9)))


class Brokers(Case):
    def test_one_of_two_is_killed(self):
        spare = World.broker_at(World.endpoints[1])
        try:
            pids = sorted(replica.popen.pid for replica in World.replicas)
            wait_until(lambda: all(self.driver.replicas() == pids for _ in range(6)), "both brokers, asked in turn, know the replicas")
            keys = [f"{self.name}{i}" for i in range(40)]
            answers = {}
            for i, key in enumerate(keys):
                if i == 20:
                    World.broker.kill()
                answers[key] = self.driver.send("probe.note.put", {"name": key, "events": 1}, key=key)
            statuses = {key: answer.get(timeout=PATIENCE)["status"] for key, answer in answers.items()}
            self.assertLessEqual(set(statuses.values()), {201, 503})
            for key in keys:  # the other one carries on; whoever was told 503 repeats
                if statuses[key] == 503:
                    wait_until(lambda key=key: self.put(name=key, events=1)["status"] == 201, "the repeated command is done")
                self.assertEqual(self.notes(key), 1)
                self.until_handled(1, key)
                self.assertEqual(self.handled(key), [0])
        finally:
            World.start_broker()
            spare.kill()
        World.settled()


class Jobs(Case):
    def add(self, kind):
        answer = self.driver.ask("probe.work.add", {"kind": kind, "key": self.name}, key=self.name)
        if kind == "deadly" and answer["status"] == 503:  # it took its replica down before the answer was out
            answer = self.driver.ask("probe.work.add", {"kind": kind, "key": self.name}, key=self.name)
        self.assertEqual(answer["status"], 202)
        return wait_until(lambda: self.postgres.sql("SELECT state, attempts, note FROM probe.job WHERE key = '" + self.name +
                                                    "' AND state <> 'due'"), "the job ends")[0]

    def worked(self):
        return [row[0] for row in self.postgres.sql(f"SELECT what FROM probe.worked WHERE key = '{self.name}' ORDER BY ctid")]

    def test_flaky_is_tried_again(self):
        self.assertEqual(self.add("flaky"), ["done", "3", "attempt 3"])
        self.assertEqual(self.worked(), ["tried", "tried", "tried", "concluded"])

    def test_hopeless_ends_with_its_note(self):
        self.assertEqual(self.add("hopeless"), ["failed", "2", "no such thing"])
        self.assertEqual(self.worked(), ["tried", "tried", "given up"])

    def test_unending_conclusion_ends(self):
        state, attempts, note = self.add("unending")
        self.assertEqual((state, attempts), ("failed", "2"))
        self.assertIn("22012", note)
        self.assertEqual(self.worked(), ["given up"])

    def test_unknown_kind_fails(self):
        self.assertEqual(self.add("unheard_of")[0], "failed")

    def test_job_that_takes_its_worker_down_ends(self):
        """Its last attempt was leased and never ended: as after a crash."""
        self.postgres.sql("INSERT INTO probe.job (kind, key, payload, due_at, attempts, actor, correlation)"
                          f" VALUES ('hopeless', '{self.name}', '{{}}', now (), 2, '{{}}', '-')")
        wait_until(lambda: self.postgres.sql(f"SELECT 1 FROM probe.job WHERE key = '{self.name}' AND state = 'failed'"), "the job ends")
        self.assertEqual(self.worked(), ["given up"])


    def test_job_of_a_killed_worker_is_taken_over(self):
        """At once, not when its lease of a minute has run out."""
        self.assertEqual(self.add("deadly")[:2], ["done", "2"])
        self.assertEqual(self.worked(), ["tried", "tried"])
        self.assertEqual(self.postgres.sql(f"SELECT ended_at < created_at + interval '55 s' FROM probe.job WHERE key = '{self.name}'"), [["t"]])
        World.replicas = [replica for replica in World.replicas if replica.popen.poll() is None]
        World.replicas.append(World.start_replica())
        World.settled()


class Storage(Case):
    def test_database_away_and_back(self):
        pids = [replica.popen.pid for replica in World.replicas]
        events = self.put(key=self.name + "e", name=self.name + "e", events=40, pause_ms=20)
        self.assertEqual(events["status"], 201)
        self.postgres.stop()
        try:
            for turn in range(6):  # 503, not 504: answered before the deadline
                answer = self.put(key=f"{self.name}{turn}", within_ms=20000)
                self.assertEqual((answer["status"], answer["body"]["code"]), (503, "storage_unavailable"))
        finally:
            self.postgres.start()
        for turn in range(20):  # not one of the workers still holds the old connection against anybody
            self.assertEqual(self.put(key=f"{self.name}{turn}")["status"], 201)
        self.until_handled(40, self.name + "e")
        self.assertEqual(self.handled(self.name + "e"), list(range(40)))
        self.assertEqual(pids, [replica.popen.pid for replica in World.replicas if replica.popen.poll() is None])

    def test_restart_between_two_requests_costs_none(self):
        self.put()
        self.postgres.stop("fast")
        self.postgres.start()
        for turn in range(20):
            self.assertEqual(self.put(key=f"{self.name}{turn}")["status"], 201)

    def test_connection_lost_in_the_middle(self):
        """The backend dies while the command sleeps in its transaction: 503, no effect, and the same key may try again."""
        waiting = self.driver.send("probe.note.put", {"name": self.name, "pause_ms": 5000}, key=self.name)
        wait_until(lambda: self.postgres.number(
            "SELECT count(*) FROM (SELECT pg_terminate_backend (pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep') t"), "it sleeps")
        answer = waiting.get(timeout=PATIENCE)
        self.assertEqual((answer["status"], answer["body"]["code"]), (503, "storage_unavailable"))
        self.assertEqual(self.notes(), 0)
        self.assertEqual(self.put()["status"], 201)

    def test_lock_timeout_is_unavailable(self):
        lock = subprocess.Popen(["psql", "-X", "-q", "-c", "BEGIN; UPDATE probe.account SET amount = amount; SELECT pg_sleep (20)"],
                                env={"PATH": "/usr/bin:/bin", "PGHOST": str(World.folder), "PGUSER": "postgres", "PGDATABASE": "paten"},
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: self.postgres.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"), "the lock is held")
            answer = self.driver.ask("probe.account.both", {"first": "a", "second": "b", "pause_ms": 0}, key=self.name)
            self.assertEqual((answer["status"], answer["body"]["code"]), (503, "storage_unavailable"))
        finally:
            self.postgres.sql("SELECT pg_terminate_backend (pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
            lock.wait()


class Stop(Case):
    def test_replica_that_stops_ends_its_work(self):
        waiting = [self.driver.send("probe.note.put", {"name": self.name, "pause_ms": 500}, key=f"{self.name}{i}") for i in range(8)]
        wait_until(lambda: self.postgres.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"), "they run")
        statuses = [replica.end() for replica in World.replicas]
        self.assertEqual([answer.get(timeout=PATIENCE)["status"] for answer in waiting], [201] * 8)
        self.assertEqual(statuses, [0, 0])
        World.replicas = [World.start_replica(), World.start_replica()]
        World.settled()

    def test_nobody_there_is_told_at_once(self):
        World.replicas[0].kill()
        World.replicas[1].kill()
        try:
            self.assertEqual([self.put(key=f"{self.name}{i}", within_ms=60000)["status"] for i in range(3)], [503] * 3)
        finally:
            World.replicas = [World.start_replica(), World.start_replica()]
        World.settled()


class ZLast(Case):
    def test_ends_in_order_and_logs_are_json(self):
        """Last: everything that still runs ends with status 0 (no leak, no report of a sanitizer), and every line ever written is JSON."""
        for process in [*World.replicas, World.broker]:
            self.assertEqual(process.end(), 0, process.name)
        self.driver.process.popen.stdin.close()
        self.assertEqual(self.driver.process.popen.wait(PATIENCE), 0)
        for line in World.log():
            self.assertLessEqual({"time", "level", "service", "event"}, line.keys())
            self.assertIn(line["level"], ("debug", "info", "warn", "error"))


def setUpModule():
    unittest.addModuleCleanup(World.close)
    World.open()


if __name__ == "__main__":
    unittest.main(verbosity=2)
