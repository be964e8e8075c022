"""What the processes of the system use, sampled while something else goes on: memory, descriptors, threads, database connections.

PostgreSQL counts as one process: the proportional sets of its family, for they share most of their pages.
"""
import os
import subprocess
import threading
import time
from pathlib import Path

from system import VAR, pid_of


def status_of(pid):
    """{"rss_kb", "threads", "fds"}; None when it is gone."""
    try:
        fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
        return {"rss_kb": int(fields["VmRSS"].split()[0]), "threads": int(fields["Threads"]), "fds": len(os.listdir(f"/proc/{pid}/fd"))}
    except (OSError, KeyError):
        return None


def proportional_kb(pid):
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def postgres_now(pid):
    family = [pid, *map(int, subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split())]
    return {"rss_kb": sum(proportional_kb(member) for member in family), "connections": len(family)}


class Watch:
    """samples: [(monotonic time, mark, name, {measure: number})].  mark: whatever its user set at that moment.  more (): what
    else is to be sampled, as {name: {measure: number}}."""

    def __init__(self, every_s, more=dict):
        self.every_s, self.more, self.mark, self.samples, self.ended = every_s, more, "", [], threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.ended.wait(self.every_s):
            self.look()

    def look(self):
        now = time.monotonic()
        for path in sorted((VAR / "service").iterdir()):
            pid = 0 if path.name.startswith(".") else pid_of(path.name)
            measured = (postgres_now(pid) if path.name == "postgres" else status_of(pid)) if pid else None
            if measured:
                self.samples.append((now, self.mark, path.name, measured))
        self.samples += [(now, self.mark, name, measured) for name, measured in self.more().items()]

    def end(self):
        self.ended.set()
        self.thread.join()

    def names(self):
        return sorted({name for _, _, name, _ in self.samples})

    def values(self, name, measure, marks=None):
        return [measured[measure] for _, mark, process, measured in self.samples
                if process == name and measure in measured and (marks is None or mark in marks)]
