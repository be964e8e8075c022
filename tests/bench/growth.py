"""The last row of tests/bench/backbone: what one command costs as the database grows.  A whole PATEN in a scratch folder (deploy/up),
complete courses through HTTP as tests/bench/run drives them, and between the measurements rows made by growth.sql."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from rig import ROOT, Failed, tree_cpu

CONCURRENCY = 8
IDLE_SECONDS = 5


class System:
    """deploy/up in a scratch folder."""

    def __init__(self, build):
        self.build = build
        self.var = Path(tempfile.mkdtemp(prefix="paten."))
        self.environment = {**os.environ, "PATEN_VAR": str(self.var)}

    def run(self, *command, script=None):
        done = subprocess.run([str(word) for word in command], env=self.environment, input=script, cwd=ROOT, capture_output=True, text=True,
                              check=False)
        if done.returncode:
            raise Failed(f"{command[0]}: {done.stdout[-1000:]}{done.stderr[-2000:]}")
        return done.stdout

    def psql(self, script, *options):
        return self.run("deploy/psql", "--", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *options, script=script)

    def up(self):
        self.run("deploy/up")
        settings = dict(line.split("=", 1) for line in (self.var / "settings").read_text().splitlines() if "=" in line)
        self.address = f"127.0.0.1:{settings['http_port']}"
        password = re.search(r"^demo_password=(\S+)", (ROOT / "deploy/lib.sh").read_text(), re.M)[1]
        self.environment["PATEN_DEMO_PASSWORD"] = password

    def cpu(self):
        """Seconds of processor: of PostgreSQL, and of everything else."""
        postgres = int((self.var / "service/postgres/supervise/pid").read_text())
        rest = int((self.var / "run/supervisor.pid").read_text())
        used = tree_cpu([postgres, rest])
        return used[postgres], used[rest]

    def commands(self):
        """How many were ever done: each has left its reply."""
        schemas = self.psql("SELECT schemaname FROM pg_tables WHERE tablename = 'idem'").split()
        return int(self.psql("SELECT " + " + ".join(f"(SELECT count (*) FROM {schema}.idem)" for schema in schemas)))

    def courses(self, seconds):
        return json.loads(self.run(self.build / "tests/bench/bench_courses", "--seconds", seconds, "--warm-up", 3, "--looks", 50,
                                   "--concurrency", CONCURRENCY, self.address))["courses"]

    def fill(self, have, size):
        """Copies until there are `size` applications."""
        self.psql(f"\\set from_g {have + 1}\n\\set to_g {size}\n\\i {ROOT}/tests/bench/growth.sql\n")
        self.psql("VACUUM ANALYZE")
        self.psql("CHECKPOINT")

    def close(self):
        subprocess.run(["deploy/down"], env=self.environment, cwd=ROOT, capture_output=True, check=False)
        shutil.rmtree(self.var, ignore_errors=True)


def measure(system, seconds):
    system.courses(3)  # plans and caches
    before = system.cpu()
    time.sleep(IDLE_SECONDS)
    idle = [(after - earlier) / IDLE_SECONDS for earlier, after in zip(before, system.cpu())]  # sweeps and beats go on beside
    done, before, began = system.commands(), system.cpu(), time.monotonic()
    found = system.courses(seconds)
    elapsed, after, done = time.monotonic() - began, system.cpu(), system.commands() - done
    postgres_us, rest_us = ((now - earlier - alone * elapsed) * 1e6 / done for earlier, now, alone in zip(before, after, idle))
    return {"cost_us": round(postgres_us + rest_us), "postgres_us": round(postgres_us), "idle_cpu_share": round(sum(idle), 3),
            "commands": done, "commands_per_second": round(found["commands_per_second"], 1), "command": found["command"],
            "by_act": {act: figures["p50_ms"] for act, figures in found["by_act"].items()}}


def growth(build, sizes, seconds, say):
    """One entry for each size."""
    system = System(build)
    found, have = [], 0
    try:
        say(f"  bringing up a system in {system.var}")
        system.up()
        system.courses(3)
        for size in sizes:
            say(f"  making {size:,} applications")
            system.fill(have, size)
            have = size
            size_mb = int(system.psql("SELECT pg_database_size ('paten') >> 20"))
            found.append({"applications": size, "database_mb": size_mb, **measure(system, max(seconds, 15))})
            say(f"    {size_mb} MB; one command {found[-1]['cost_us']} us of processor ({found[-1]['postgres_us']} in PostgreSQL), "
                f"p50 {found[-1]['command']['p50_ms']} ms")
    finally:
        system.close()
    return found
