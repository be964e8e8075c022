#!/usr/bin/python3
"""The inner half of tests/deploy/failover: a crowd at work behind the edge of the stack, while hosts of it die or are cut off.

A host is what carries one label of deploy/stack.yml: a database host is postgresN and etcdN; the two service hosts have one replica
each of everything else.  On the one engine of the test a host is its containers: killed with -9 together, cut off by the packet
filters of their network namespaces.
"""
import argparse
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import swarm
from swarm import HOSTS, ROOT, addresses, backup, container, containers, database, inspected, on_host, primary, runner, sql, stack_status, stack_up
from swarm import recipe, settle, typed, wait_heard, wait_missed, wait_told, wait_whole
from system import URL, paten, password, ready, wait_for
import damage
from clients import Crowd
from engine import IMAGE_MOST_MB, docker, images
from invariants import check_all
from journal import Journal
from smtp_stub import SmtpStub

AWAY_S = 40  # a host stays away that long: longer than a lock lives
AIM_MS = 30000


# ---- faults: each returns what brings the host back

class Filter:
    """Packets between some containers and some addresses are dropped, both ways."""

    def __init__(self, ones, addresses):
        self.rules = [(pid, way, other) for pid in (inspected(one, "{{.State.Pid}}") for one in ones)
                      for other in addresses for way in (("INPUT", "-i", "-s"), ("OUTPUT", "-o", "-d"))]
        self.change("-I")

    def change(self, action):
        for pid, (chain, way, side), other in self.rules:
            done = subprocess.run(["nsenter", "--target", pid, "--net", "iptables", "-w", action, chain, "!", way, "lo", side, other, "-j", "DROP"],
                                  capture_output=True, text=True)
            if done.returncode and Path(f"/proc/{pid}").exists():
                raise RuntimeError(f"iptables: {done.stderr.strip()}")

    def end(self):
        self.change("-D")


class Probe(threading.Thread):
    """Somebody who still reaches the old primary and writes there, all the time that it is cut off."""

    def __init__(self, host):
        super().__init__(daemon=True)
        self.one, self.acknowledged, self.over = container(f"postgres{host}"), [], threading.Event()
        self.start()
        wait_for(lambda: self.acknowledged, "the probe's first row", 30)  # before the cut

    def run(self):
        number = 0
        while not self.over.is_set():
            number += 1
            try:
                docker("exec", self.one, "psql", "-X", "-q", "-h", "/tmp", "-U", "postgres", "-d", "paten", "-c",
                       f"INSERT INTO public.failover_probe VALUES ('{self.one[:12]}', {number})", timeout=5)
            except (RuntimeError, subprocess.TimeoutExpired):
                time.sleep(0.2)
            else:
                self.acknowledged.append(number)

    def lost(self):
        """Of what it was told is written, how much is not."""
        self.over.set()
        self.join()
        kept = {int(row[0]) for row in sql(f"SELECT number FROM public.failover_probe WHERE side = '{self.one[:12]}'")}
        return len(set(self.acknowledged) - kept)


def kill_away(*services):
    """-9 of those, which stay away until told."""
    docker("kill", "--signal", "KILL", *map(container, services))

    def scale(count):
        docker("service", "scale", "--detach", *(f"{swarm.STACK}_{service}={count}" for service in services))
    def are_gone():
        """Whom the Swarm has started again before it heard that nobody is wanted, it may forget to end ("update out of sequence")."""
        rest = [one for service in services for one in containers(service)]
        if rest:
            subprocess.run(["docker", "kill", "--signal", "KILL", *rest], capture_output=True)
        return not rest
    scale(0)
    wait_for(are_gone, f"the end of {services}", 30)
    return lambda: scale(1)


def kill_primary():
    """Everything on the primary's machine; it comes back with its old data."""
    host = primary()
    return kill_away(f"postgres{host}", f"etcd{host}")


def split_brain():
    """The primary's machine loses the other database hosts; everybody else still reaches it."""
    host = primary()
    others = [address for other in HOSTS if other != host for one in on_host(other) for address in addresses(one)]
    probe, cut = Probe(host), Filter(on_host(host), others)

    def back():
        cut.end()
        return probe
    return back


def cut_primary():
    """The primary's machine is off the network altogether: not a packet, nor a farewell."""
    host = primary()
    probe, cut = Probe(host), Filter(on_host(host), ["0.0.0.0/0"])

    def back():
        cut.end()
        return probe
    return back


def kill_haproxy():
    """One of the two ways to the primary, -9."""
    docker("kill", "--signal", "KILL", containers("database")[0])
    return lambda: None


def kill_etcd():
    """The etcd member on the primary's machine."""
    return kill_away(f"etcd{primary()}")


def lost_disk():
    """The machine of postgres2 and its disk: what deploy/ha/README.md says to do, as it stands there."""
    kill_away("postgres2", "etcd2")
    for commands in recipe("lost_disk"):
        typed(commands)

    def back():
        wait_whole()
        stack_up()
    return back


def kill_services():
    """A service host: one replica of everything but the database, -9."""
    doomed = [containers(service)[0] for service in ["broker", "gateway", "database", *database.SERVICES]]
    docker("kill", "--signal", "KILL", *doomed)
    return lambda: None


def update():
    """A new version of all programs, replica by replica; then one of intake that cannot start, which the Swarm takes back by itself."""
    version = os.environ["PATEN_VERSION"]
    for image in ("programs", "tools", "edge", "prometheus"):
        docker("tag", f"paten/{image}:{version}", f"paten/{image}:{version}-next")
    stack_up(f"{version}-next")
    running = {inspected(one, "{{.Config.Image}}") for service in ["broker", "gateway", *database.SERVICES] for one in containers(service)}
    docker("tag", f"paten/etcd:{version}", f"paten/programs:{version}-broken")
    docker("service", "update", "--detach", "--image", f"paten/programs:{version}-broken", f"{swarm.STACK}_intake")
    wait_for(lambda: "rollback_completed" in docker("service", "inspect", "--format", "{{.UpdateStatus.State}}", f"{swarm.STACK}_intake"),
             "the way back from a broken version", 180)
    running |= {inspected(one, "{{.Config.Image}}") for one in containers("intake")}
    if running != {f"paten/programs:{version}-next"}:
        raise RuntimeError(f"after an update and a broken one there run {running}")
    stack_up(f"{version}-next")  # again: nothing to do, and it says so
    os.environ["PATEN_VERSION"] = f"{version}-next"
    return lambda: None


FAULTS = {"kill_primary": kill_primary, "split_brain": split_brain, "cut_primary": cut_primary, "kill_haproxy": kill_haproxy,
          "kill_etcd": kill_etcd, "lost_disk": lost_disk, "kill_services": kill_services, "update": update}


# ---- the run

def longest_silence_ms(journal, since, until):
    """Between two acknowledged commands, from the fault until all is whole again."""
    moments = sorted(entry["answered"] for entry in journal.acknowledged() if since - 1 <= entry["answered"] <= until)
    moments = [since, *(moment for moment in moments if moment > since), until]
    return int(1000 * max(later - former for former, later in zip(moments, moments[1:])))


def disturb(name, crowd, journal, seconds):
    """One fault, from a whole cluster to a whole cluster.  {what the table shows}"""
    before = wait_whole()
    time.sleep(seconds)
    began = time.monotonic()
    back = FAULTS[name]()
    time.sleep(AWAY_S if name in ("kill_primary", "split_brain", "cut_primary", "kill_etcd") else seconds)
    if name in ("kill_primary", "cut_primary"):
        wait_missed(f"postgres{before}", f"etcd{before}")
    now, returned = primary(), time.monotonic()
    probe = back()
    after, until = wait_whole(), time.monotonic()
    lost = probe.lost() if probe else 0
    silence = longest_silence_ms(journal, began, until)
    is_moved = name in ("kill_primary", "split_brain", "cut_primary")
    wrong = [f"nobody took over from postgres{before}"] if is_moved and now in (None, before) else []
    print(f"failover: fault={name} primary={before}->{now or '-'}->{after} silence_ms={silence} whole_after_s={until - returned:.0f} since_the_fault_s={until - began:.0f}"
          + (f" written_on_the_lost_side={len(probe.acknowledged)} of_these_lost={lost}" if probe else ""), flush=True)
    return {"silence": silence, "lost": lost, "wrong": wrong}


# ---- the backups

def failing_archive_shows():
    """A repository that the primary cannot write to is seen by deploy/stack status, wherever that runs; and its recovery as well."""
    archive = Path(os.environ["PATEN_TEST_BACKUPS"], "archive")
    archive.rename(archive.with_name("away"))
    archive.write_text("")
    sql("SELECT pg_switch_wal ()")
    wait_for(lambda: sql("SELECT count (*) FROM pg_stat_archiver WHERE last_failed_time > last_archived_time")[0][0] == "1", "a failing archiver", 60)
    wait_told("paten:wal_waiting_seconds", lambda found: found.get("", 0) > 0, "that WAL waits")
    if "WAL is not archived" not in stack_status(False):
        raise RuntimeError("deploy/stack status does not say that WAL is not archived")
    archive.unlink()
    archive.with_name("away").rename(archive)
    wait_for(lambda: sql("SELECT count (*) FROM pg_stat_archiver WHERE last_failed_time > last_archived_time")[0][0] == "0", "WAL in the repository again", 120)
    wait_told("paten:wal_waiting_seconds", lambda found: found.get("") == 0, "that none waits any more")


def restored():
    """After all faults: rows are damaged, the stack is put away, and a new one is made of the backups of the second before; whoever was
    the primary has made them.  How many tables are not what they were."""
    wait_whole()
    wait_missed()
    print(backup("list"), end="")
    stack_status(True)  # which knows of the backups, too
    failing_archive_shows()
    kept = damage.contents(sql)
    moment = sql("SELECT to_char (clock_timestamp () AT TIME ZONE 'Asia/Jakarta', 'YYYY-MM-DD HH24:MI:SS.US') || '+07'")[0][0]
    time.sleep(1)
    sql(damage.DAMAGE)
    if damage.contents(sql) == kept:
        raise RuntimeError("the damage is not seen, the comparison proves nothing")
    written = sql("SELECT pg_walfile_name (pg_switch_wal ())")[0][0]
    wait_for(lambda: sql("SELECT last_archived_wal FROM pg_stat_archiver")[0][0][:24] >= written, "the WAL in the repository", 60)
    began, old = time.monotonic(), swarm.STACK
    subprocess.run([ROOT / "deploy/stack", "down"], check=True, stdout=subprocess.DEVNULL)
    for kind in ("ps", "network ls"):
        wait_for(lambda: not docker(*kind.split(), "-q", "--filter", f"label=com.docker.stack.namespace={old}"), "the end of the old stack", 120)
    swarm.STACK = f"{old}2"
    place = os.environ["PATEN_TEST_BACKUPS"]
    os.environ.update(PATEN_STACK=swarm.STACK, PATEN_RESTORE_FROM=place, PATEN_BACKUP_DIR=f"{place}_of_the_new")
    docker("run", "--rm", "-u", "0", "-v", f"{old}_swarm_keys:/from:ro", "-v", f"{swarm.STACK}_swarm_keys:/to", f"paten/tools:{os.environ['PATEN_VERSION']}",
           "cp", "-a", "/from/.", "/to/")
    done = subprocess.run([ROOT / "deploy/stack", "restore", "--at", moment], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(done.stdout)
    print("".join(f"  {line}\n" for line in done.stdout.splitlines() if line.startswith(("backup ", "WAL ", "archive:", "restored "))), end="")
    subprocess.run([ROOT / "deploy/stack", "up"], check=True, stdout=subprocess.DEVNULL)
    wait_whole()
    wait_for(lambda: " full " in backup("list"), "the first backup of the new stack", 120)
    wait_heard()
    wrong = damage.different(kept, damage.contents(sql))
    print(f"failover: restored tables={len(kept)} wrong={wrong} back_s={time.monotonic() - began:.0f}", flush=True)
    return wrong


def populate():
    """The first administrator as an operator makes him, and the demo kabupaten."""
    admin = subprocess.run(["docker", "exec", "-i", container("identity"), "identity", "--create-admin", "admin", "--password-file", "/dev/stdin",
                            "--place", "35.29"], input=password() + "\n", text=True, capture_output=True)
    if admin.returncode:
        raise RuntimeError(admin.stderr)
    subprocess.run([sys.executable, "-B", ROOT / "deploy/python/load_demo.py", URL, ROOT / "deploy/demo.d"], check=True,
                   env={**os.environ, "PATEN_DEMO_PASSWORD": password()}, stdout=subprocess.DEVNULL)


def way_to_the_standbys():
    """t: a standby answers; None: HAProxy has not found one yet."""
    try:
        return docker("exec", container("admin"), "psql", "-XAt", "-h", "database", "-p", "5433", "-U", "postgres", "-d", "paten", "-c",
                      "SELECT pg_is_in_recovery ()").strip()
    except RuntimeError:
        return None


def arguments():
    parser = argparse.ArgumentParser(prog="tests/deploy/failover", description="Kills and cuts off hosts of the stack while people work.")
    parser.add_argument("--seconds", type=int, default=8, help="of undisturbed work before each fault")
    parser.add_argument("--concurrency", type=int, default=12, help="courses at once")
    parser.add_argument("--only", nargs="+", choices=[*FAULTS, "restore"], metavar="FAULT", default=[*FAULTS, "restore"],
                        help="of " + ", ".join(FAULTS) + "; restore: afterwards a new stack out of the backups")
    return parser.parse_args()


def main():
    given = arguments()
    database.sql = sql
    paten.WAIT_S = 10 * runner.SETTLE_S  # of the courses: they wait as long as the stack takes
    host, port = os.environ["PATEN_TEST_MAIL"].rsplit(":", 1)
    smtp = SmtpStub(int(port), host)
    ready(120)
    populate()
    sql("CREATE TABLE public.failover_probe (side text, number integer)")
    sizes = images("cluster", "etcd", "prometheus")
    print(f"images, MB above the base: {sizes}", flush=True)
    wait_whole()
    is_standby = wait_for(way_to_the_standbys, "somebody behind port 5433", 60) == "t"
    print(f"the way to the standbys leads to a {'standby' if is_standby else 'PRIMARY'}", flush=True)
    wait_heard()
    journal = Journal(Path(os.environ["PATEN_FAULT_JOURNAL"]))
    crowd = Crowd([URL], password(), 1, journal, given.concurrency)
    crowd.prepare()
    crowd.start()
    faults = [name for name in given.only if name != "restore"]
    if not faults:
        time.sleep(given.seconds)
    results = [disturb(name, crowd, journal, given.seconds) for name in faults]
    settle(crowd)
    total = runner.show(check_all(database.facts(), runner.clients_view(crowd, journal, smtp.taken)))
    total["lost"] += sum(result["lost"] for result in results)
    rto = max((result["silence"] for name, result in zip(faults, results) if name != "update"), default=0)  # that is no fault
    wrong = [words for result in results for words in result["wrong"]] + ([] if is_standby else ["port 5433 leads to the primary"])
    wrong += [f"the image {name} is {mb} MB above the base, {IMAGE_MOST_MB} are the most" for name, mb in sizes.items() if mb > IMAGE_MOST_MB]
    if "restore" in given.only and restored():
        wrong.append("the restored stack is not what it was")
    for words in wrong + ([f"writes were away for {rto} ms, the aim is {AIM_MS}"] if rto > AIM_MS else []):
        print(f"FAIL {words}")
    print(f"\nfailover: faults={len(results)} courses={crowd.courses} acknowledged={len(journal.acknowledged())} lost={total['lost']} "
          f"doubled={total['doubled']} stuck={total['stuck']} rto_ms={rto}")
    sys.exit(1 if wrong or sum(total.values()) or rto > AIM_MS or not journal.acknowledged() else 0)


if __name__ == "__main__":
    main()
