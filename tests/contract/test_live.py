#!/usr/bin/python3
"""The running system keeps its contracts: every answer of a walk is as openapi.yaml says, every operation answers, nothing else is
served, and every event in the log is as its file in proto/events says."""
import json
import sys
import unittest
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from contracts import PROBLEM, faults, load, names  # noqa: E402
from recorder import Recorder  # noqa: E402
from system import URL, Case, Paten, main, sql  # noqa: E402
from walk import walk  # noqa: E402

METHODS = ("GET", "PUT", "POST", "DELETE", "PATCH")


def listing(lines):
    return "\n  ".join(["", *lines])


class Live(Case):
    @classmethod
    def setUpClass(cls):
        cls.recorder = Recorder()
        cls.recorder.start()
        try:
            cls.stopped = walk()
        finally:
            cls.recorder.stop()

    def test_the_walk_arrives(self):
        self.assertFalse(self.stopped, listing(f"{part}: {why}" for part, why in self.stopped.items()))

    def test_every_answer_is_as_described(self):
        found = [f"{sentence}  ({count}x)" for sentence, count in sorted(self.recorder.faults.items())]
        self.assertFalse(found, listing(found))
        statuses = {status for *_, status in self.recorder.seen}
        print(f"\n{sum(self.recorder.seen.values())} exchanges, {len(self.recorder.operations)} operations, statuses {sorted(statuses)}")
        self.assertGreaterEqual(statuses, {200, 201, 400, 401, 403, 404, 409, 413, 415, 422, 429})

    def test_every_operation_succeeds(self):
        streams = {("GET", "/v1/changes")}  # walked by tests/flow/test_changes.py, for it lasts
        missed = sorted(self.recorder.operations.keys() - self.recorder.succeeded() - streams)
        self.assertFalse(missed, listing(" ".join(operation) for operation in missed))

    def test_nothing_else_is_served(self):
        client = Paten(URL)
        for path in ("/v1", "/v1/", "/v2/services", "/v1/services/sktm/form", "/v1//services", "/v1/services/", "/health", "/metrics",
                     "/v1/applications/x/y/z", *(f"/v1/{uuid.uuid4().hex}" for _ in range(20))):
            for method in METHODS:
                answer = client.send(method, path)
                self.assertEqual((answer.status, answer.headers["Content-Type"]), (404, PROBLEM), f"{method} {path}")
                self.assertEqual(answer.json["code"], "not_found")
                self.assertEqual(faults(load("openapi.yaml")["components"]["schemas"]["Problem"], answer.json), [])

    def test_other_methods_are_not_allowed(self):
        client = Paten(URL)
        described = {}
        for method, path in self.recorder.operations:
            described.setdefault(path, set()).add(method)
        for path, methods in sorted(described.items()):
            address = "/".join("x" if part.startswith("{") else part for part in path.split("/"))
            for method in set(METHODS) - methods:
                if self.recorder.path_of(address) != path:
                    continue
                answer = client.send(method, address)
                self.assertEqual((answer.status, answer.headers["Content-Type"]), (405, PROBLEM), f"{method} {path}")
                self.assertEqual(answer.json["code"], "method_not_allowed")
                allowed = set(answer.headers["Allow"].split(", "))
                self.assertEqual(allowed, methods | ({"HEAD"} if "GET" in methods else set()), path)

    def test_every_event_is_as_described(self):
        rows = sql("SELECT topic, producer, body FROM bus.event ORDER BY occurred_at")
        seen, found = {}, set()
        for topic, producer, body in rows:
            seen.setdefault(topic, set()).add(producer)
            if topic in names("events"):
                found |= {f"{topic} by {producer}: {fault}" for fault in faults(load(f"events/{topic}.json")["body"], json.loads(body))}
            else:
                found.add(f"{topic} by {producer}: there is no proto/events/{topic}.json")
        self.assertFalse(found, listing(sorted(found)))
        print(f"\n{len(rows)} events of {len(seen)} topics; never seen: {', '.join(sorted(names('events') - seen.keys())) or 'none'}")
        self.assertGreater(len(seen), 20)


if __name__ == "__main__":
    main()
