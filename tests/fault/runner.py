#!/usr/bin/python3
"""The inner half of tests/fault/run, with its arguments: disturbs the system at PATEN_TEST_VAR while a crowd uses it, then judges."""
import json
import os
import signal
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import URL, VAR, Paten, paten, password, pid_of, wait_for  # noqa: E402

import facts as database  # noqa: E402
from clients import Crowd  # noqa: E402
from faults import Faults, plan  # noqa: E402
from invariants import check_all  # noqa: E402
from journal import Journal, recovery_ms  # noqa: E402
from options import arguments  # noqa: E402
from smtp_stub import SmtpStub  # noqa: E402
from surroundings import Surroundings  # noqa: E402

SETTLE_S = 150
SHOWN = 12  # findings of one check


def everybody_runs():
    try:
        return Paten(URL).send("GET", "/v1/health").status == 200 and all(
            pid_of(path.name) for path in (VAR / "service").iterdir() if not path.name.startswith("."))
    except OSError:
        return False


def at_rest():
    try:
        if database.unhandled():
            return False
        jobs = database.open_jobs()
        if jobs:
            database.hasten_mail()
        return not jobs
    except RuntimeError:  # PostgreSQL is not back yet
        return False


def settle(crowd):
    """Until all courses are at their end and nothing waits any more.  What does not come to rest shows in the checks."""
    wait_for(everybody_runs, "every process", 60)
    crowd.end(SETTLE_S)
    try:
        wait_for(at_rest, "the last events and jobs", 90)
    except TimeoutError:
        pass


def clients_view(crowd, journal, mail):
    return {"journal": journal.entries, "surprises": crowd.surprises, "unfinished": crowd.unfinished, "files": crowd.files,
            "mail": mail, "parse": json.loads,
            "unanswered_payments": sum(1 for e in journal.entries if e["kind"] == "pay" and not e["status"])}


def table(title, rows):
    print(f"\n{title}")
    for name, value in rows:
        print(f"  {name:<34} {value}")


def show(verdicts):
    """Prints each check and what it found; returns how much was lost, doubled, stuck."""
    total = Counter()
    for name, words, findings in verdicts:
        print(f"  {'ok  ' if not findings else 'FAIL'} {name:<28} {words}")
        for category, what in findings[:SHOWN]:
            print(f"         {category}: {what}")
        if len(findings) > SHOWN:
            print(f"         … and {len(findings) - SHOWN} more")
        total.update(category for category, _ in findings)
    return total


def report(faults, crowd, journal, verdicts, seconds):
    table("faults", sorted(faults.done.items()) or [("none", "")])
    acknowledged = Counter(entry["kind"] for entry in journal.acknowledged())
    tried = sum(entry["tries"] for entry in journal.entries)
    table("acknowledged", sorted(acknowledged.items()))
    table("courses", [("to their end", crowd.courses), ("given up", len(crowd.unfinished)),
                      ("tries for each command", f"{tried / max(1, len(journal.entries)):.2f}")])
    recovery = {}
    for hit in faults.hits:
        took = recovery_ms(journal, hit)
        if took is not None:
            name = f"{hit['service']}, {hit['what']}"
            recovery[name] = max(took, recovery.get(name, 0))
    table("ten longest recoveries, ms", sorted(recovery.items(), key=lambda item: -item[1])[:10])
    print("\ninvariants")
    total = show(verdicts)
    print(f"\nfaults: seconds={seconds} kills={faults.kills} acknowledged={sum(acknowledged.values())} lost={total['lost']} "
          f"doubled={total['doubled']} stuck={total['stuck']} worst_recovery_ms={max(recovery.values(), default=0)}")
    if total["lost"] or total["doubled"] or total["stuck"]:
        return 1
    for what in faults.trouble:
        print(f"this fault could not be made: {what}", file=sys.stderr)
    return 2 if faults.trouble else 0


def break_it(crowd, faults, seconds):
    """The crowd at work, the faults among it, and then rest."""
    crowd.prepare()
    crowd.start()
    faults.thread.start()
    time.sleep(seconds)
    faults.end()
    began = time.monotonic()
    print(f"{crowd.courses} courses so far; settling", flush=True)
    settle(crowd)
    print(f"settled after {time.monotonic() - began:.1f} s", flush=True)


def main():
    given = arguments("run")
    paten.WAIT_S = 10 * SETTLE_S  # of the courses: they wait as long as the system takes
    first = int(URL.rsplit(":", 1)[1])
    journal = Journal(Path(os.environ["PATEN_FAULT_JOURNAL"]))
    crowd = Crowd([f"http://127.0.0.1:{first + n}" for n in range(given.gateways)], password(), given.seed, journal, given.concurrency)
    crowd.deposits = True
    smtp, surroundings = SmtpStub(given.smtp_port), Surroundings(given.replicas, given.gateways)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # by way of finally
    try:
        wait_for(everybody_runs, "every process", 60)
        print(f"{given.concurrency} courses at once, {given.replicas} replicas; faults for {given.seconds} s, seed {given.seed}"
              + "".join(f"; not possible here: {name}" for name in surroundings.absent()), flush=True)
        faults = Faults(plan(given, surroundings), smtp, surroundings)
        break_it(crowd, faults, given.seconds)
        verdicts = check_all(database.facts(), clients_view(crowd, journal, smtp.taken))
        sys.exit(report(faults, crowd, journal, verdicts, given.seconds))
    finally:
        surroundings.end()


if __name__ == "__main__":
    main()
