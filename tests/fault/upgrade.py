#!/usr/bin/python3
"""The inner half of tests/fault/upgrade: a crowd at work, deploy/upgrade to this clone's version and back, and the verdict."""
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import ROOT, VAR, pid_of  # noqa: E402

from edge import WatchedCrowd, gather  # noqa: E402
from options import arguments  # noqa: E402
from rolling import WARM_S, judge  # noqa: E402
from runner import settle  # noqa: E402


def old_processes():
    """Of those that come from app/bin, the ones whose program is not the file that lies there."""
    old = []
    for process in VAR.joinpath("service").iterdir():
        program = VAR / "app/bin" / process.name.rsplit("-", 1)[0]
        if program.exists() and not Path(f"/proc/{pid_of(process.name)}/exe").samefile(program):
            old.append(process.name)
    return old


def upgrade(*options):
    """How many processes were restarted."""
    began = time.monotonic()
    done = subprocess.run([ROOT / "deploy" / "upgrade", *options], env={**os.environ, "PATEN_VAR": str(VAR)}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"deploy/upgrade {' '.join(options)} failed: {done.stdout}{done.stderr}")
    if old := old_processes():
        sys.exit(f"deploy/upgrade {' '.join(options)} left old programs running: {old}")
    restarts = sum(line.startswith("restarted ") for line in done.stdout.splitlines())
    print(f"deploy/upgrade {' '.join(options)}: {restarts} restarts in {time.monotonic() - began:.0f} s", flush=True)
    return restarts


def main():
    given = arguments("upgrade")
    crowd, journal, smtp = gather(WatchedCrowd, given.concurrency, given.smtp_port)
    time.sleep(WARM_S)
    restarts = upgrade() + upgrade("--back")
    settle(crowd)
    sys.exit(judge("upgrade", crowd, journal, smtp.taken, restarts))


if __name__ == "__main__":
    main()
