"""People behind an edge: a plain HTTP/1.1 client in front of several gateways, which keeps its connections and forgives nothing.

What it may do by the rules (RFC 9110, 9112), and counts: take the next gateway where nobody listens; repeat a request whose connection
was closed before a byte of the answer came, if it is a GET or carries an Idempotency-Key (or only makes another session or file).
Everything else that is no answer of the office is a failed request: 429, 5xx, silence, half an answer.
"""
import http.client
import os
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


def gather(kind, concurrency, smtp_port):
    """A crowd of that kind, at work on the system that was brought up; its journal, and the mail server that hears from it."""
    paten.WAIT_S = 10 * SETTLE_S  # of the courses: they wait as long as the system takes
    first = int(URL.rsplit(":", 1)[1])
    journal, smtp = Journal(Path(os.environ["PATEN_FAULT_JOURNAL"])), SmtpStub(smtp_port)
    crowd = kind([f"http://127.0.0.1:{first + n}" for n in range(GATEWAYS)], password(), 1, journal, concurrency)
    wait_for(everybody_runs, "every process", 60)
    crowd.prepare()
    crowd.start()
    return crowd, journal, smtp
