#!/usr/bin/python3
"""The inner half of tests/fault/rolling: a crowd at work, deploy/restart over everything, and the verdict."""
import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import ROOT, URL, VAR, paten, password, pid_of, wait_for  # noqa: E402

import facts as database  # noqa: E402
from edge import WatchedCrowd  # noqa: E402
from invariants import check_all  # noqa: E402
from journal import Journal  # noqa: E402
from runner import SETTLE_S, clients_view, everybody_runs, settle, table  # noqa: E402
from smtp_stub import SmtpStub  # noqa: E402

GATEWAYS = 2
WARM_S = 4
SHOWN = 12


def arguments():
    parser = argparse.ArgumentParser(prog="tests/fault/rolling", description="Restarts every program under load; no request may fail.")
    parser.add_argument("--rounds", type=int, default=1, help="how often everything is restarted")
    parser.add_argument("--concurrency", type=int, default=24, help="courses at once")
    parser.add_argument("--only", nargs="+", metavar="NAME", default=[], help="these programs alone")
    parser.add_argument("--smtp-port", type=int, default=0, help=argparse.SUPPRESS)
    return parser.parse_args()


def processes():
    return {path.name: pid_of(path.name) for path in (VAR / "service").iterdir() if not path.name.startswith(".")}


def restart(names):
    """Names of those that were restarted, in order; each has another process id now."""
    before = processes()
    done = subprocess.run([ROOT / "deploy" / "restart", *names], env={**os.environ, "PATEN_VAR": str(VAR)}, capture_output=True,
                          text=True)
    if done.returncode:
        sys.exit(f"deploy/restart failed: {done.stdout}{done.stderr}")
    told = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("restarted ")]
    same = [name for name in told if processes()[name] == before[name]]
    if same:
        sys.exit(f"deploy/restart did not restart {same}")
    return told


def judge(crowd, journal, mail, restarts):
    took = sorted(crowd.took)
    table("requests", sorted(crowd.counts.items()))
    table("their time, ms", [(f"p{share}", round(1000 * took[min(len(took) - 1, len(took) * share // 100)])) for share in (50, 95, 99, 100)])
    verdicts = check_all(database.facts(), clients_view(crowd, journal, mail))
    broken = 0
    for name, _, findings in verdicts:
        broken += len(findings)
        for category, what in findings[:SHOWN]:
            print(f"FAIL {name}: {category}: {what}")
    for at, took_s, request, why in crowd.failures[:SHOWN]:
        print(f"FAILED {time.strftime('%H:%M:%S', time.gmtime(at))}.{int(at * 1000) % 1000:03d} after {took_s} s: {request}: {why}")
    repeated = sum(count for what, count in crowd.counts.items() if what.startswith("repeated"))
    print(f"\nrolling: restarts={restarts} requests={crowd.counts['requests']} failed={len(crowd.failures)} repeated={repeated} "
          f"turned={crowd.counts['turned']} broken={broken}")
    return 1 if crowd.failures or broken or not crowd.counts["requests"] else 0


def main():
    given = arguments()
    paten.WAIT_S = 10 * SETTLE_S
    first = int(URL.rsplit(":", 1)[1])
    journal = Journal(Path(os.environ["PATEN_FAULT_JOURNAL"]))
    urls = [f"http://127.0.0.1:{first + n}" for n in range(GATEWAYS)]
    crowd = WatchedCrowd(urls, password(), 1, journal, given.concurrency)
    smtp = SmtpStub(given.smtp_port)
    wait_for(everybody_runs, "every process", 60)
    crowd.prepare()
    crowd.start()
    time.sleep(WARM_S)
    began, restarts = time.monotonic(), 0
    for _ in range(given.rounds):
        restarts += len(restart(given.only))
    print(f"{restarts} restarts in {time.monotonic() - began:.0f} s, {crowd.courses} courses meanwhile; settling", flush=True)
    settle(crowd)
    sys.exit(judge(crowd, journal, smtp.taken, restarts))


if __name__ == "__main__":
    main()
