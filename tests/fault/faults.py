"""What goes wrong, when and to whom: all of it follows from the seed, the machine only adds its own delays.

plan () yields (pause before, kind, parameters); Faults carries it out beside the crowd and notes what it hit.  Each kind is
one method of Faults with the same name.
"""
import os
import random
import re
import signal
import subprocess
import threading
import time
from collections import Counter

from options import WEIGHTS
from system import ROOT, SERVICES, VAR, pid_of

# Programs whose code knows a point, by the folder in which the point stands.
POINTS_IN = {"common": SERVICES, "services/broker": ["broker"], "services/gateway": ["gateway"]}


def kill_points():
    """Every named point of the code, as PROGRAM.POINT."""
    found = set()
    for folder, programs in POINTS_IN.items():
        for path in (ROOT / folder).glob("*.c"):
            here = ["gateway"] if path.name == "client.c" else programs
            for point in re.findall(r'KILL_POINT \("([a-z.]+)"\)', path.read_text()):
                found.update(f"{program}.{point}" for program in here)
    return sorted(found)


def plan(given, surroundings):
    """Endless.  What these surroundings cannot do is left out.  given: seed, pause (seconds), only (kinds, or none for all) and
    the numbers of replicas, brokers, gateways."""
    able = {"jump_clock": surroundings.clock, "fill_disk": surroundings.disk, "spoil_link": surroundings.far}
    weights = {kind: weight for kind, weight in WEIGHTS.items() if able.get(kind, True) and (not given.only or kind in given.only)}
    rng, points = random.Random(f"faults {given.seed}"), kill_points()
    names = [f"{service}-{n}" for service in SERVICES for n in range(1, given.replicas + 1)]
    names += [f"broker-{n}" for n in range(1, given.brokers + 1)] + [f"gateway-{n}" for n in range(1, given.gateways + 1)]
    names += [surroundings.far.NAME] if surroundings.far else []
    while True:
        kind = rng.choices(list(weights), list(weights.values()))[0]
        parameters = {
            "kill": lambda: {"process": rng.choice(names)},
            "freeze": lambda: {"process": rng.choice(names), "seconds": rng.uniform(0.3, 4)},
            "kill_point": lambda: {"point": rng.choice(points), "passes": rng.randint(1, 12)},
            "kill_backend": lambda: {"nth": rng.randint(0, 999)},
            "freeze_backend": lambda: {"nth": rng.randint(0, 999), "seconds": rng.uniform(0.5, 5)},
            "kill_postmaster": lambda: {},
            "ail_smtp": lambda: {"mode": rng.choice(["hangs", "refuses", "defers", "dies"]), "seconds": rng.uniform(1, 6)},
            "jump_clock": lambda: {"offset_s": rng.choice([-1, 1]) * rng.choice([0.5, 3, 20, 240]), "seconds": rng.uniform(1, 6)},
            "fill_disk": lambda: {"seconds": rng.uniform(0.5, 3)},
            "spoil_link": lambda: {"how": rng.choice(["cut", "narrow", "lossy"]), "seconds": rng.uniform(0.5, 6)},
        }[kind]()
        yield rng.uniform(0.2, 1.8) * given.pause, kind, parameters


class Faults:
    def __init__(self, schedule, smtp, surroundings):
        self.schedule, self.smtp, self.surroundings = schedule, smtp, surroundings
        self.points = VAR / "kill_points"
        self.points.mkdir(exist_ok=True)
        os.chmod(self.points, 0o777)
        self.lock = threading.Lock()
        self.done = Counter()   # by kind
        self.hits = []          # {"at", "service", "what"}: what somebody may have had to wait for
        self.kills = 0
        self.trouble = []       # what this test could not do; then its result is none
        self.ending = threading.Event()
        self.helpers = []
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        for pause, kind, parameters in self.schedule:
            if self.ending.wait(pause):
                return
            try:
                getattr(self, kind)(**parameters)
            except (OSError, subprocess.CalledProcessError) as why:
                self.trouble.append(f"{kind} {parameters}: {why}")

    def end(self):
        """No more of it, and what was frozen goes on."""
        self.ending.set()
        self.thread.join()
        for helper in self.helpers:
            helper.join()
        for left in self.points.iterdir():
            left.unlink()
        self.smtp.mode = "well"
        self.surroundings.well()

    def pid(self, process):
        far = self.surroundings.far
        return far.pid() if far and process == far.NAME else pid_of(process)

    def note(self, kind, service, kill):
        with self.lock:
            self.done[kind] += 1
            self.kills += kill
            self.hits.append({"at": time.monotonic(), "service": service, "what": kind})

    def later(self, seconds, act):
        def wait():
            self.ending.wait(seconds)
            act()
        helper = threading.Thread(target=wait, daemon=True)
        self.helpers.append(helper)
        helper.start()

    def strike(self, kind, pid, number, service):
        """True: it was there to be hit."""
        try:
            os.kill(pid, number) if pid else None
        except ProcessLookupError:
            return False
        if pid:
            self.note(kind, service, number == signal.SIGKILL)
        return pid != 0

    # ---- kinds

    def kill(self, process):
        self.strike("kill", self.pid(process), signal.SIGKILL, process.rsplit("-", 1)[0])

    def freeze(self, process, seconds):
        pid = self.pid(process)
        if self.strike("freeze", pid, signal.SIGSTOP, process.rsplit("-", 1)[0]):
            self.later(seconds, lambda: wake(pid))

    def kill_postmaster(self):
        self.strike("kill_postmaster", pid_of("postgres"), signal.SIGKILL, "postgres")

    def kill_backend(self, nth):
        backends = children(pid_of("postgres"))
        if backends:
            self.strike("kill_backend", backends[nth % len(backends)], signal.SIGKILL, "postgres")

    def freeze_backend(self, nth, seconds):
        backends = children(pid_of("postgres"))
        if backends:
            pid = backends[nth % len(backends)]
            if self.strike("freeze_backend", pid, signal.SIGSTOP, "postgres"):
                self.later(seconds, lambda: wake(pid))

    def kill_point(self, point, passes):
        """Armed for a few seconds; whoever passes for the n-th time dies there."""
        path = self.points / point
        try:
            path.write_text(f"{passes}\n")
            os.chmod(path, 0o666)
        except OSError:  # the disk is full
            return

        def watch():
            end = time.monotonic() + 5
            while path.exists() and time.monotonic() < end and not self.ending.is_set():
                time.sleep(0.02)
            if path.exists():
                path.unlink(missing_ok=True)
            else:
                self.note(f"kill at {point.split('.', 1)[1]}", point.split(".")[0], True)
        helper = threading.Thread(target=watch, daemon=True)
        self.helpers.append(helper)
        helper.start()

    def smtp_is_well(self):
        self.smtp.mode = "well"

    def ail_smtp(self, mode, seconds):
        self.smtp.mode = mode
        self.note(f"smtp {mode}", "notification", False)
        self.later(seconds, self.smtp_is_well)


    def jump_clock(self, offset_s, seconds):
        try:
            self.surroundings.clock.set(offset_s)
        except OSError:  # the disk is full
            return
        self.note("clock jumps", "gateway", False)
        self.later(seconds, lambda: self.surroundings.clock.set(0))

    def fill_disk(self, seconds):
        try:
            self.surroundings.disk.fill()
        except OSError:  # it was filled before we could
            pass
        self.note("disk full", "postgres", False)
        self.later(seconds, self.surroundings.disk.free)

    def spoil_link(self, how, seconds):
        self.surroundings.far.link(how)
        self.note(f"link {how}", "broker", False)
        self.later(seconds, lambda: self.surroundings.far.link("well"))


def children(pid):
    """Backends, writers, whatever the postmaster runs."""
    if not pid:
        return []
    return sorted(int(child) for child in subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split())


def wake(pid):
    try:
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        pass
