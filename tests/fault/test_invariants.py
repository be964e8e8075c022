#!/usr/bin/python3
"""The checks of tests/fault find what they are there for: a whole small world passes, and each way of breaking it is named."""
import copy
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "deploy" / "python"))
import invariants  # noqa: E402
from journal import Journal, recovery_ms  # noqa: E402

FILE, NIK = "01932d61-0000-7abc-8def-0123456789af", "3529224708900001"


def command(kind, key, reply, body=None, application=FILE, status=200):
    return {"user": "loket.raas", "kind": kind, "key": key, "body": body or {}, "application": application, "status": status,
            "reply": reply, "tries": 1, "first_try": 1.0, "last_try": 1.0, "answered": 2.0}


def visit(station, step, nth, is_open=False):
    return {"station": station, "application": FILE, "step": step, "attempt": 1, "open": is_open, "nth": nth}


def event(seq, topic, step=None, station=None, receipt=None, amount=None):
    return {"id": f"e{seq}", "partition": 7, "seq": seq, "topic": topic, "key": FILE, "step": step, "attempt": 1 if step else None, "station": station,
            "receipt": receipt, "amount": amount}


def a_world():
    """A file that was verified and paid for and now lies at the handover; and what its clients know."""
    paid = {"receipt_number": "TBP-000001", "change_rupiah": 500}
    facts = {
        "applications": [{"id": FILE, "number": "35.29.22-2026-000001", "status": "registered", "step": "handover", "attempt": 1}],
        "steps": [{"application": FILE, "step": step, "attempt": 1, "position": position, "outcome": "ok"}
                  for position, step in enumerate(["verification", "payment"], 1)],
        "workflow": [{"step": "verification", "station": "verification"}, {"step": "payment", "station": "payment"},
                     {"step": "handover", "station": "intake"}, {"step": "finalizing", "station": "document"}],
        "tasks": [visit("verification", "verification", 1), visit("payment", "payment", 1)],
        "events": [event(1, "step.requested", "verification", "verification"), event(2, "step.completed", "verification"),
                   event(3, "step.requested", "payment", "payment"), event(4, "payment.received", receipt="TBP-000001", amount=1500),
                   event(5, "step.completed", "payment"), event(6, "step.requested", "handover", "intake"), event(7, "application.registered")],
        "counters": [{"partition": 7, "last_seq": 7}, {"partition": 8, "last_seq": 0}],
        "cursors": [{"group": "intake", "partition": 7, "seq": 6}],
        "unhandled": [], "dead_letters": [], "failed_jobs": [], "open_jobs": [],
        "numbers": {"application": [{"series": "35.29.22/2026", "last": 1, "given": [1]}],
                    "legal": [{"series": "35.29.22/SKTM/2026", "last": 2, "given": [2, 1]}]},
        "void": [{"number": "400/001", "reason": "dikembalikan Camat"}],
        "allocated": [{"number": "400/002", "application": FILE, "state": "used", "status": "registered"}],
        "receipts": [{"number": "TBP-000001", "amount": 1500, "taken": 1500}],
        "deposits": [{"number": "STS-000001", "amount": 1500, "taken": 1500}], "deposited": 1500,
        "cash": 0, "owed": 0, "bills_due": 0,
        "idem": [{"service": "intake", "user": "loket.raas", "key": "k1", "status": 200, "reply": '{"application": "a"}'},
                 {"service": "payment", "user": "loket.raas", "key": "k2", "status": 200, "reply": str(paid).replace("'", '"')},
                 {"service": "payment", "user": "loket.raas", "key": "k4", "status": 200, "reply": '{"deposit_number": "STS-000001"}'}],
        "effects": {("register", NIK): 1, ("pay", FILE): 1, ("deposit", "BPD/1"): 1},
        "files": [{"file": "f1", "sha256": "aa", "what": "signed"}],
        "stored": {"f1": {"id": "f1", "sha256": "aa"}, "f2": {"id": "f2", "sha256": "bb"}}, "contents": {"aa": "aa", "bb": "bb"},
        "messages": [{"id": "m1", "event": "e6", "state": "sent"}, {"id": "m2", "event": "e7", "state": "skipped"}],
    }
    clients = {
        "journal": [command("register", "k1", {"application": "a"}, {"applicant": {"nik": NIK}}),
                    command("pay", "k2", paid, {"received_rupiah": 2000}),
                    command("deposit", "k4", {"deposit_number": "STS-000001"}, {"bank_reference": "BPD/1"}),
                    command("deposit", "k5", {"code": "deposit_differs"}, {"bank_reference": "BPD/2"}, status=422),
                    command("submit", "k3", {"code": "task_unknown"}, status=404)],
        "surprises": [], "unfinished": [], "files": {"f2": "bb"}, "mail": {"m1": 2}, "parse": __import__("json").loads,
        "unanswered_payments": 0,
    }
    return copy.deepcopy(facts), copy.deepcopy(clients)


# How to break it, what must be said, and by which check.
BREAKS = [
    ("lost", "effects_match", lambda f, c: f["effects"].pop(("pay", FILE))),
    ("doubled", "effects_match", lambda f, c: f["effects"].update({("register", NIK): 2})),
    ("doubled", "effects_match", lambda f, c: f["effects"].update({("sign", FILE): 1})),
    ("lost", "effects_match", lambda f, c: f["effects"].pop(("deposit", "BPD/1"))),
    ("doubled", "effects_match", lambda f, c: f["effects"].update({("deposit", "BPD/2"): 1})),
    ("lost", "replies_are_kept", lambda f, c: f["idem"].pop()),
    ("lost", "replies_are_kept", lambda f, c: f["idem"][0].update(reply='{"application": "b"}')),
    ("doubled", "replies_are_kept", lambda f, c: f["idem"].append({**f["idem"][0], "service": "archive"})),
    ("lost", "no_surprises", lambda f, c: c["surprises"].append("GET /v1/health: 500")),
    ("lost", "no_surprises", lambda f, c: c["journal"].append(command("sign", "k4", {"code": "task_decided"}, status=409))),
    ("lost", "log_has_no_gap", lambda f, c: f["events"].pop(3)),
    ("lost", "log_has_no_gap", lambda f, c: f["cursors"][0].update(seq=8)),
    ("stuck", "events_are_handled", lambda f, c: f["unhandled"].append({"group": "intake", "partition": 7, "seq": 5, "topic": "step.completed"})),
    ("lost", "events_are_handled", lambda f, c: f["dead_letters"].append({"group": "intake", "partition": 7, "seq": 5, "error": "x"})),
    ("lost", "requests_became_tasks", lambda f, c: f["tasks"].pop(0)),
    ("doubled", "requests_became_tasks", lambda f, c: f["tasks"].append(visit("verification", "verification", 2))),
    ("doubled", "requests_became_tasks", lambda f, c: f["tasks"].append(visit("signing", "paraf_kasi", 1))),
    ("doubled", "requests_became_tasks", lambda f, c: f["events"].append(event(8, "step.requested", "payment", "payment"))),
    ("doubled", "completions_moved_the_case", lambda f, c: f["events"].append(event(8, "step.completed", "payment"))),
    ("lost", "completions_moved_the_case", lambda f, c: f["steps"].pop()),
    ("lost", "completions_moved_the_case", lambda f, c: f["steps"][0].update(position=3)),
    ("stuck", "nobody_is_stuck", lambda f, c: f["applications"][0].update(step="payment")),
    ("stuck", "nobody_is_stuck", lambda f, c: f["applications"][0].update(step="finalizing")),
    ("stuck", "nobody_is_stuck", lambda f, c: f["tasks"][1].update(open=True)),
    ("stuck", "nobody_is_stuck", lambda f, c: c["unfinished"].append("GET /v1/x")),
    ("stuck", "work_is_done", lambda f, c: f["open_jobs"].append({"service": "document", "kind": "finalize", "key": "1", "attempts": 1, "note": None})),
    ("lost", "work_is_done", lambda f, c: f["failed_jobs"].append({"service": "document", "kind": "finalize", "key": "1", "note": "x"})),
    ("lost", "numbers_have_no_gap", lambda f, c: f["numbers"]["legal"][0]["given"].remove(1)),
    ("doubled", "numbers_have_no_gap", lambda f, c: f["numbers"]["legal"][0]["given"].append(2)),
    ("doubled", "numbers_have_no_gap", lambda f, c: f["numbers"]["legal"][0]["given"].append(3)),
    ("lost", "numbers_have_no_gap", lambda f, c: f["void"][0].update(reason=None)),
    ("stuck", "numbers_have_no_gap", lambda f, c: f["allocated"][0].update(state="allocated", status="done")),
    ("lost", "money_adds_up", lambda f, c: f["receipts"].clear()),
    ("lost", "money_adds_up", lambda f, c: f["receipts"][0].update(taken=1499)),
    ("lost", "money_adds_up", lambda f, c: f.update(cash=3000)),
    ("lost", "money_adds_up", lambda f, c: f["deposits"][0].update(taken=1000)),
    ("lost", "money_adds_up", lambda f, c: f["deposits"].append({"number": "STS-000002", "amount": 500, "taken": 500})),
    ("lost", "money_adds_up", lambda f, c: f.update(owed=1500)),
    ("lost", "files_are_whole", lambda f, c: f["stored"].pop("f2")),
    ("lost", "files_are_whole", lambda f, c: f["contents"].update(aa="ab")),
    ("lost", "mail_went_out", lambda f, c: c["mail"].clear()),
    ("stuck", "mail_went_out", lambda f, c: f["messages"].append({"id": "m3", "event": "e7", "state": "queued"})),
    ("lost", "citizens_are_told", lambda f, c: f["messages"].pop()),
    ("doubled", "citizens_are_told", lambda f, c: f["messages"].append({"id": "m3", "event": "e7", "state": "skipped"})),
    ("doubled", "citizens_are_told", lambda f, c: f["messages"].append({"id": "m3", "event": "e2", "state": "skipped"})),
]


class Checks(unittest.TestCase):
    def test_a_whole_world_passes(self):
        self.assertEqual([finding for _, _, found in invariants.check_all(*a_world()) for finding in found], [])

    def test_every_break_is_found(self):
        for number, (category, check, damage) in enumerate(BREAKS):
            with self.subTest(number=number, check=check):
                facts, clients = a_world()
                damage(facts, clients)
                found = {name: findings for name, _, findings in invariants.check_all(facts, clients)}
                self.assertIn(category, [kind for kind, _ in found[check]], found)

    def test_every_check_is_tried(self):
        self.assertEqual({check for _, check, _ in BREAKS}, {check.__name__ for check in invariants.CHECKS})

    def test_recovery_counts_from_the_fault_to_the_next_acknowledgement(self):
        journal = Journal("/dev/null")
        journal.entries = [{**command("pay", "1", {}), "first_try": 9.0, "last_try": 12.5, "answered": 13.0},
                           {**command("pay", "2", {}), "first_try": 13.5, "last_try": 13.5, "answered": 13.75}]
        journal.file.close()
        self.assertEqual(recovery_ms(journal, {"at": 10.0, "service": "payment"}), 3000)   # open when it happened
        self.assertEqual(recovery_ms(journal, {"at": 13.1, "service": "payment"}), 250)    # nobody there before 13.5
        self.assertIsNone(recovery_ms(journal, {"at": 10.0, "service": "signing"}))


if __name__ == "__main__":
    unittest.main()
