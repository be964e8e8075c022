"""PATEN as a Swarm stack (deploy/stack.yml), as the tests of this folder see it: its containers, the database cluster, what Prometheus hears,
and the recipes of deploy/ha/README.md, which are done as they stand there."""
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
os.environ.setdefault("PATEN_TEST_URL", "https://localhost")
os.environ.setdefault("PATEN_TEST_VAR", "/nonexistent")
sys.path[:0] = [str(TESTS / "lib"), str(TESTS / "fault")]
from system import ROOT, wait_for  # noqa: E402

import facts as database  # noqa: E402
import runner  # noqa: E402
from engine import docker  # noqa: E402

STACK = os.environ.get("PATEN_STACK", "")
HOSTS = (1, 2, 3)


def containers(service):
    """Of its running tasks, the oldest first."""
    return docker("ps", "-q", "--no-trunc", "--filter", f"label=com.docker.swarm.service.name={STACK}_{service}").split()[::-1]


def container(service):
    found = containers(service)
    if not found:
        raise RuntimeError(f"no container of {service} runs")
    return found[0]


def inspected(one, template):
    return docker("inspect", "--format", template, one).strip()


def addresses(one):
    return inspected(one, "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}").split()


def sql(query, role="postgres"):
    """As system.sql, on the primary, by way of the operator's container; asks again while there is none."""
    end = time.monotonic() + 60
    while True:
        done = subprocess.run(["docker", "exec", container("admin"), "/paten/app/deploy/psql", *([role] if role != "postgres" else []), "--",
                               "-q", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-c", query], capture_output=True, text=True)
        if not done.returncode:
            return [line.split("\x1f") for line in done.stdout.splitlines()]
        if time.monotonic() > end:
            raise RuntimeError(done.stderr.strip())
        time.sleep(1)


# ---- the database cluster

def members():
    """What Patroni says of its members: {host: (role, state)}; asked of any that answers."""
    for host in HOSTS:
        try:
            said = docker("exec", container(f"postgres{host}"), "patronictl", "-c", "/tmp/patroni.yml", "list", "-f", "json", timeout=15)
            return {int(one["Member"][-1]): (one["Role"], one["State"]) for one in json.loads(said)}
        except (RuntimeError, ValueError, subprocess.TimeoutExpired):
            continue
    return {}


def primary():
    """The host to which the way to the primary leads; not what a member says, who may be behind a cut and know of nothing."""
    there = sql("SELECT host (inet_server_addr ())")[0][0]
    return next((host for host in HOSTS for one in containers(f"postgres{host}") if there in addresses(one)), None)


def is_whole():
    """A primary, a synchronous standby, and the third."""
    found = members()
    roles = Counter(role for role, _ in found.values())
    return roles == {"Leader": 1, "Sync Standby": 1, "Replica": 1} and all(state in ("running", "streaming") for _, state in found.values())


def wait_whole(limit_s=180):
    wait_for(is_whole, "three database hosts, one of them synchronous", limit_s)
    return primary()


def on_host(host):
    return [container(f"postgres{host}"), container(f"etcd{host}")]


# ---- what Prometheus hears and says, asked as an operator does

def told(question):
    """{instance, or "": value}"""
    said = docker("exec", container("prometheus"), "promtool", "query", "instant", "-o", "json", "http://127.0.0.1:9090", question, timeout=30)
    return {one["metric"].get("instance", ""): float(one["value"][1]) for one in json.loads(said)}


def wait_told(question, wanted, what):
    def look():
        try:
            return wanted(told(question))
        except (RuntimeError, subprocess.TimeoutExpired):
            return False
    wait_for(look, f"Prometheus to say {what}", 120)


def wait_heard():
    """Both replicas of everything, the databases, etcd; and the newest backup, wherever the primary is."""
    everybody = 2 * len(["broker", "gateway", *database.SERVICES]) + 2 * len(HOSTS)
    wait_told("up", lambda found: list(found.values()) == [1] * everybody, f"that it hears {everybody}")
    wait_told("sum(patroni_primary)", lambda found: found == {"": 1}, "that there is one primary")
    wait_told("sum(patroni_sync_standby)", lambda found: found == {"": 1}, "that there is one synchronous standby")
    wait_told("count(patroni_xlog_replayed_location > 0)", lambda found: found == {"": 2}, "how far both standbys are")
    wait_told("count(patroni_postgres_running == 1)", lambda found: found == {"": 3}, "that all three run")
    wait_told('count(ALERTS{alertname=~".*BasisData.*"}) or vector(0)', lambda found: found == {"": 0}, "nothing of the databases")
    wait_told("paten:backup_age_seconds", lambda found: 0 <= found.get("", -1) < 3600, "how old the newest backup is")


def wait_missed(*names):
    """An alarm begins to count for these; with none nobody is missed any more."""
    wait_told('ALERTS{alertname="AnggotaBasisDataHilang"}', lambda found: {one.split(":")[0] for one in found} == set(names), f"who is missing: {names}")


# ---- the stack as a whole

def stack_up(version=None):
    """deploy/stack up, of the version of the environment, else of that one."""
    subprocess.run([ROOT / "deploy/stack", "up"], check=True, env={**os.environ, **({"PATEN_VERSION": version} if version else {})},
                   stdout=subprocess.DEVNULL)


def stack_status(is_well):
    done = subprocess.run([ROOT / "deploy/stack", "status"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if (done.returncode == 0) != is_well:
        raise RuntimeError(f"deploy/stack status ended with {done.returncode}: {done.stdout}")
    return done.stdout


def backup(*words):
    """deploy/backup on the primary."""
    return docker("exec", container(f"postgres{primary()}"), "/paten/app/deploy/backup", *words)


def settle(crowd):
    crowd.end(runner.SETTLE_S)
    try:
        wait_for(runner.at_rest, "the last events and jobs", 120)
    except TimeoutError:
        pass  # shows in the checks


# ---- what the operator types

RECIPES = {"move": ("## Dari satu mesin ke tiga", 4), "lost_disk": ("**Disk satu mesin basis data rusak**", 3)}


def recipe(name):
    """Its commands as they stand in deploy/ha/README.md: the sh blocks up to the next title or bold line."""
    title, count = RECIPES[name]
    text = (ROOT / "deploy/ha/README.md").read_text()
    text = text[text.index(title) + len(title):]
    text = re.split(r"^(?:## |\*\*)", text, maxsplit=1, flags=re.MULTILINE)[0]
    blocks = [re.sub(r"^ +", "", block, flags=re.MULTILINE) for block in re.findall(r"^ *```sh\n(.*?)^ *```", text, flags=re.MULTILINE | re.DOTALL)]
    if len(blocks) != count:
        raise LookupError(f"deploy/ha/README.md, {title}: {len(blocks)} blocks of commands, the test knows {count}")
    return blocks


def typed(commands, **others):
    """Those commands in a shell, in the folder of the clone, with this test's names instead of the page's; others: {what stands there: what is meant}.
    What does not stand there is an error: the page is not what the test knows any more."""
    for there, meant in others.items():
        if there not in commands:
            raise LookupError(f"{there} is not in the recipe: {commands}")
        commands = commands.replace(there, meant)
    commands = re.sub(r"\bpaten_(?!owner\b)", f"{STACK}_", commands)
    done = subprocess.run(["bash", "-c", commands], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(f"{commands}\n{done.stdout[-3000:]}")
    return done.stdout


def check_recipes():
    """Without an engine: the page has what the tests type, and a shell can read it."""
    for name in RECIPES:
        for block in recipe(name):
            subprocess.run(["bash", "-n"], input=block, text=True, check=True)


if __name__ == "__main__":
    check_recipes()
