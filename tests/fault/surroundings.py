"""What surrounds the processes and can go wrong around them: the clock of a host, the disk, the link to another host.

Clock: the last replica of every service and the last gateway live on a host whose clock jumps (libfaketime; the offset stands in
a file).  Far broker: one more broker in a network namespace of its own, asked over TCP through a link that can be cut, narrow or
short of queue.  Disk: the scratch folder is a small file system of its own, which somebody fills.  Namespace and file system need
root; without it the test says so and goes on with what is left.
"""
import os
import shutil
import subprocess
import threading
from pathlib import Path

from system import SERVICES, VAR, as_owner

FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")


def put(path, text):
    """A file that the system's own user may read, whole at any moment."""
    new = path.with_name(path.name + ".new")
    new.write_text(text)
    os.chmod(new, 0o644)
    new.rename(path)


class Clock:
    """The offset of a host's clock, in seconds."""

    def __init__(self, processes):
        self.file = VAR / "clock"
        self.set(0)
        for process in processes:
            for name, value in {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": self.file, "FAKETIME_CACHE_DURATION": 1,
                                "FAKETIME_DONT_FAKE_MONOTONIC": 1}.items():
                put(VAR / "env" / process / name, f"{value}\n")

    def set(self, offset_s):
        put(self.file, f"{offset_s:+.1f}\n")


class Disk:
    """Full means that not a byte is left on the file system of the scratch folder."""

    def __init__(self):
        self.ballast = VAR / "ballast"

    def fill(self):
        free = os.statvfs(VAR)
        with open(self.ballast, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, free.f_bavail * free.f_frsize))

    def free(self):
        self.ballast.unlink(missing_ok=True)


class FarBroker:
    """A broker on another host, run again when it dies as runit does it for the others."""
    NAME = "broker-far"
    STATES = {"well": None, "narrow": "rate 1mbit burst 8kb latency 300ms", "lossy": "rate 2mbit burst 8kb limit 9kb"}

    def __init__(self):
        number = os.getpid()
        self.space, self.near, self.far = f"paten{number}", f"pn{number}", f"pf{number}"
        self.net = f"10.213.{number % 250}"
        self.endpoint = f"tcp://{self.net}.2:7002"
        self.process, self.ended = None, threading.Event()

    def build(self):
        ip("netns", "add", self.space)
        ip("link", "add", self.near, "type", "veth", "peer", "name", self.far, "netns", self.space)
        ip("addr", "add", f"{self.net}.1/30", "dev", self.near)
        ip("link", "set", self.near, "up")
        ip("-n", self.space, "addr", "add", f"{self.net}.2/30", "dev", self.far)
        ip("-n", self.space, "link", "set", self.far, "up")
        environment = VAR / "env" / self.NAME
        shutil.copytree(VAR / "env" / "broker-1", environment)
        put(environment / "PATEN_BROKER_BIND", f"{self.endpoint}\n")
        subprocess.run(["chown", "-R", f"--reference={VAR}", environment], check=True)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        command = ["ip", "netns", "exec", self.space, *as_owner(["chpst", "-e", str(VAR / "env" / self.NAME), str(VAR / "app/bin/broker")])]
        with open(VAR / "log" / "broker-far.log", "ab") as log:
            while not self.ended.is_set():
                self.process = subprocess.Popen(command, stdout=log, stderr=log)
                self.process.wait()
                self.ended.wait(1)

    def pid(self):
        return self.process.pid if self.process and self.process.poll() is None else 0

    def link(self, state):
        """Cut, or one of STATES."""
        subprocess.run(["tc", "qdisc", "del", "dev", self.near, "root"], capture_output=True, check=False)
        ip("link", "set", self.near, "down" if state == "cut" else "up")
        if self.STATES.get(state):
            subprocess.run(["tc", "qdisc", "add", "dev", self.near, "root", "tbf", *self.STATES[state].split()], check=True)

    def end(self):
        self.ended.set()
        if self.pid():
            self.process.kill()
        subprocess.run(["ip", "netns", "del", self.space], capture_output=True, check=False)


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


class Surroundings:
    """clock, disk, far: None where this machine does not let us."""

    def __init__(self, replicas, gateways):
        is_root = os.geteuid() == 0
        services = [f"{service}-{n}" for service in SERVICES for n in range(1, replicas + 1)]
        gates = [f"gateway-{n}" for n in range(1, gateways + 1)]
        self.clock = Clock([f"{service}-{replicas}" for service in SERVICES] + gates[-1:]) if FAKETIME.exists() else None
        self.disk = Disk() if os.path.ismount(VAR) else None
        self.far = FarBroker() if is_root and shutil.which("tc") else None
        if self.far:
            self.far.build()
            for process in services + gates:
                known = VAR / "env" / process / "PATEN_BROKERS"
                put(known, f"{known.read_text().strip()},{self.far.endpoint}\n")
        # everybody starts anew, with the clock and the brokers that it has now
        subprocess.run(["sv", "-w", "30", "restart", *(str(VAR / "service" / process) for process in services + gates)],
                       capture_output=True, check=True)

    def absent(self):
        return [name for name, there in (("clock", self.clock), ("full disk", self.disk), ("links", self.far)) if not there]

    def well(self):
        if self.clock:
            self.clock.set(0)
        if self.disk:
            self.disk.free()
        if self.far:
            self.far.link("well")

    def end(self):
        if self.far:
            self.far.end()
