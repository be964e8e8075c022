"""People behind an edge: a plain HTTP/1.1 client in front of several gateways, which keeps its connections and forgives nothing.

What it may do by the rules (RFC 9110, 9112), and counts: take the next gateway where nobody listens; repeat a request whose connection
was closed before a byte of the answer came, if it is a GET or carries an Idempotency-Key (or only makes another session or file).
Everything else that is no answer of the office is a failed request: 429, 5xx, silence, half an answer.
"""
import http.client
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import paten
from clients import Crowd, GaveUp, Officer
from journal import Journal
from paten import Paten
from runner import SETTLE_S, everybody_runs
from smtp_stub import SmtpStub
from system import URL, password, wait_for

GATEWAYS = 2
SILENT_S = 15
CLOSED = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)


class Edge:
    """One person's connections: to each gateway one, in turn.  number: where the turns begin."""

    def __init__(self, urls, number):
        self.ways, self.number = [Paten(url) for url in urls], number
        for way in self.ways:
            way.timeout_s = SILENT_S

    def turn(self):
        self.number += 1

    def way(self):
        return self.ways[self.number % len(self.ways)]

    def send(self, *arguments):
        return self.way().send(*arguments)


class Watched(Officer):
    def until_answered(self, method, path, arguments, entry):
        crowd, line = self.walk.crowd, self.walk.line
        request = f"{method} {path}"
        while True:
            if entry:
                entry["last_try"] = time.monotonic()
                entry["tries"] += 1
            line.turn()
            is_kept = line.way().connection is not None
            began = time.monotonic()
            try:
                answer = self.send(method, path, *arguments)
            except ConnectionRefusedError:
                crowd.tally("turned")
            except CLOSED:
                crowd.tally("repeated, kept connection" if is_kept else "repeated, new connection")
            except (OSError, http.client.HTTPException) as why:
                crowd.failed(request, f"{type(why).__name__} {why}", began)
            else:
                crowd.answered(time.monotonic() - began)
                if answer.status != 429 and answer.status < 500:
                    return answer
                crowd.failed(request, f"{answer.status} {answer.body[:200].decode(errors='replace')}", began)
                time.sleep(0.2)
            if time.monotonic() > crowd.give_up_at:
                raise GaveUp(request)


class WatchedCrowd(Crowd):
    line, person = Edge, Watched

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.counts, self.failures, self.took = Counter(), [], []
        self.count_lock = threading.Lock()

    def live(self, walk):
        try:
            super().live(walk)
        except Exception as why:  # the client itself: a person who drops out must not make the verdict milder
            self.failed("a client", repr(why), time.monotonic())
            raise

    def end_of_failures(self):
        """Those that count; the others are printed, and what excuses them."""
        self.stillness.end()
        for begin, end in self.stillness.times:
            print(f"the machine stood still for {end - begin:.1f} s at {time.strftime('%H:%M:%S', time.gmtime(begin))}")
        excused = [failure for failure in self.failures if self.stillness.excuses(failure)]
        for _, took_s, request, why in excused:
            print(f"excused by that: after {took_s} s: {request}: {why}")
        return [failure for failure in self.failures if failure not in excused]

    def tally(self, what):
        with self.count_lock:
            self.counts[what] += 1

    def answered(self, seconds):
        with self.count_lock:
            self.counts["requests"] += 1
            self.took.append(seconds)

    def failed(self, request, why, began):
        with self.count_lock:
            self.failures.append((time.time(), round(time.monotonic() - began, 3), request, why))


class Stillness:
    """When the machine let nobody run: a virtual one is stopped by its host now and then.  A process that cannot run for 2 s counts as
    dead (WIRE_DEAD_MS), and what was asked through it gets 503; that says nothing about a restart.  A sleeper on each processor."""

    LONG_S, AFTER_S = 1.0, 3.0
    SLEEPER = """
import os, sys, time
os.sched_setaffinity(0, {int(sys.argv[1])})
before = time.monotonic()
while True:
    time.sleep(0.05)
    now = time.monotonic()
    if now - before > float(sys.argv[2]):
        print(time.time() - (now - before), time.time(), flush=True)
    before = now
"""

    def __init__(self):
        self.times = []
        self.sleepers = [subprocess.Popen([sys.executable, "-c", self.SLEEPER, str(cpu), str(self.LONG_S)], stdout=subprocess.PIPE, text=True)
                         for cpu in os.sched_getaffinity(0)]
        for sleeper in self.sleepers:
            threading.Thread(target=self.listen, args=(sleeper,), daemon=True).start()

    def listen(self, sleeper):
        for line in sleeper.stdout:
            self.times.append(tuple(map(float, line.split())))

    def end(self):
        for sleeper in self.sleepers:
            sleeper.terminate()
            sleeper.wait()

    def excuses(self, failure):
        """Did what failed happen while nobody ran, or so soon after it that the dead were not known to be alive yet?"""
        at, took = failure[:2]
        return any(at >= begin and at - took <= end + self.AFTER_S for begin, end in self.times)


def gather(kind, concurrency, smtp_port):
    """A crowd of that kind, at work on the system that was brought up; its journal, and the mail server that hears from it."""
    paten.WAIT_S = 10 * SETTLE_S  # of the courses: they wait as long as the system takes
    first = int(URL.rsplit(":", 1)[1])
    journal, smtp = Journal(Path(os.environ["PATEN_FAULT_JOURNAL"])), SmtpStub(smtp_port)
    crowd = kind([f"http://127.0.0.1:{first + n}" for n in range(GATEWAYS)], password(), 1, journal, concurrency)
    wait_for(everybody_runs, "every process", 60)
    crowd.prepare()
    crowd.stillness = Stillness()
    crowd.start()
    return crowd, journal, smtp
