#!/usr/bin/python3
"""The inner half of tests/fault/rolling: a crowd at work, deploy/restart over everything, and the verdict."""
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import ROOT, VAR, pid_of  # noqa: E402

import facts as database  # noqa: E402
from edge import WatchedCrowd, gather  # noqa: E402
from invariants import check_all  # noqa: E402
from runner import clients_view, settle, table  # noqa: E402
from options import arguments  # noqa: E402

WARM_S = 4
SHOWN = 12


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


def judge(command, crowd, journal, mail, restarts):
    """Prints the verdict over all that the crowd met; its exit code."""
    took = sorted(crowd.took)
    table("requests", sorted(crowd.counts.items()))
    table("their time, ms", [(f"p{share}", round(1000 * took[min(len(took) - 1, len(took) * share // 100)])) for share in (50, 95, 99, 100)])
    verdicts = check_all(database.facts(), clients_view(crowd, journal, mail))
    failures = crowd.end_of_failures()
    broken = 0
    for name, _, findings in verdicts:
        broken += len(findings)
        for category, what in findings[:SHOWN]:
            print(f"FAIL {name}: {category}: {what}")
    for at, took_s, request, why in failures[:SHOWN]:
        print(f"FAILED {time.strftime('%H:%M:%S', time.gmtime(at))}.{int(at * 1000) % 1000:03d} after {took_s} s: {request}: {why}")
    repeated = sum(count for what, count in crowd.counts.items() if what.startswith("repeated"))
    print(f"\n{command}: restarts={restarts} requests={crowd.counts['requests']} failed={len(failures)} excused={len(crowd.failures) - len(failures)} repeated={repeated} "
          f"turned={crowd.counts['turned']} broken={broken}")
    return 1 if failures or broken or not crowd.counts["requests"] else 0


def main():
    given = arguments("rolling")
    crowd, journal, smtp = gather(WatchedCrowd, given.concurrency, given.smtp_port)
    time.sleep(WARM_S)
    began, restarts = time.monotonic(), 0
    for _ in range(given.rounds):
        restarts += len(restart(given.only))
    print(f"{restarts} restarts in {time.monotonic() - began:.0f} s, {crowd.courses} courses meanwhile; settling", flush=True)
    settle(crowd)
    sys.exit(judge("rolling", crowd, journal, smtp.taken, restarts))


if __name__ == "__main__":
    main()
