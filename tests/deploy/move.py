#!/usr/bin/python3
"""The inner half of tests/deploy/move: people at work behind the edge of docker-compose.yml, while the deployment moves to deploy/stack.yml by
the recipe of deploy/ha/README.md.  They find the door closed, ask again under the same keys, and go on when it opens.

Everything is at rest while it is compared: each table's content on the one machine and on the three, byte for byte.
"""
import argparse
import os
import re
import sys
import time
from collections import Counter
from pathlib import Path

import fleet
import swarm
from swarm import database, recipe, runner, settle, typed, wait_whole
from system import URL, Paten, paten, password, ready, wait_for
import recover
from clients import Crowd
from damage import contents, different
from engine import docker
from invariants import check_all
from journal import Journal
from smtp_stub import SmtpStub

OTHER_DOOR = "https://localhost:8443"  # of the recipe


def arguments():
    parser = argparse.ArgumentParser(prog="tests/deploy/move", description="From docker-compose.yml to deploy/stack.yml while people work.")
    parser.add_argument("--seconds", type=int, default=15, help="of work before it and after it")
    parser.add_argument("--concurrency", type=int, default=12, help="courses at once")
    return parser.parse_args()


def on_one_machine():
    """Every table of the one machine's database, as docker compose down has left it in its volume; and the mail that has left it."""
    fleet.compose("up", "-d", "--no-build", "postgres")
    fleet.wait_ready("postgres", 1)
    tables = contents(recover.psql, everything=True)
    fleet.compose("down")
    letters = docker("run", "--rm", "-v", f"{fleet.PROJECT}_mail:/mail:ro", f"paten/tools:{os.environ['PATEN_VERSION']}",
                     "grep", "-rhim1", "^Message-ID:", "/mail/new")
    return tables, Counter(re.findall(r"<([^@>]+)@", letters))


class Move:
    """The recipe, step by step.  closed, opened: when the last door was shut, and when the next one was about to be opened."""

    def __init__(self):
        stop, keys, fill, open_door = recipe("move")
        dump, settings = os.environ["PATEN_TEST_DUMP"], os.environ["PATEN_ENV_FILE"]
        began = time.monotonic()
        typed(stop, **{"docker compose": os.environ["COMPOSE"], "/root/paten.dump": dump})
        self.closed = time.monotonic()
        kept, self.sent = on_one_machine()
        self.tables, self.rows = len(kept), sum(int(rows) for rows, _ in kept.values())
        typed(keys, **{"PROYEK": fleet.PROJECT, "2026.11": os.environ["PATEN_VERSION"]})
        filling = time.monotonic()
        *fill, restart, end = fill.splitlines(keepends=True)  # nobody writes before the services come back: here it is compared
        typed("".join([*fill, end]), **{"/root/paten.dump": dump, ".env.stack": settings})
        self.wrong = different(kept, contents(swarm.sql, everything=True))
        typed(restart)
        looking = time.monotonic()
        wait_whole()
        self.look()
        self.opened = time.monotonic()
        typed(open_door, **{".env.stack": settings})
        ready(120)
        self.seconds = [int(self.closed - began), int(looking - filling), int(time.monotonic() - self.opened)]

    @staticmethod
    def look():
        """At the other door an officer signs in; all is where it shall be."""
        def signs_in():
            try:
                return Paten(OTHER_DOOR).sign_in("loket.raas", password())
            except (OSError, paten.Problem):
                return False
        wait_for(signs_in, "the other door", 120)
        swarm.stack_status(True)


def main():
    given = arguments()
    paten.WAIT_S = 10 * runner.SETTLE_S  # of the courses: they wait as long as the move takes
    host, port = os.environ["PATEN_TEST_MAIL"].rsplit(":", 1)
    smtp = SmtpStub(int(port), host)
    ready(120)
    journal = Journal(Path(os.environ["PATEN_FAULT_JOURNAL"]))
    crowd = Crowd([URL], password(), 1, journal, given.concurrency)
    crowd.prepare()
    crowd.start()
    time.sleep(given.seconds)
    move = Move()
    swarm.wait_heard()
    time.sleep(given.seconds)
    database.sql = swarm.sql
    settle(crowd)
    sent = move.sent + Counter(smtp.taken)
    total = runner.show(check_all(database.facts(), runner.clients_view(crowd, journal, sent)))
    entries = journal.acknowledged()
    before = sum(entry["answered"] <= move.closed for entry in entries)
    after = sum(entry["answered"] > move.opened for entry in entries)
    waited = sum(entry["first_try"] < move.closed and entry["answered"] > move.opened for entry in entries)
    wrong = ["answered while all doors were closed"] if before + after != len(entries) else []
    wrong += [f"nothing {what}" for what, number in (("answered before", before), ("answered after", after), ("waited at the door", waited),
                                                     ("mailed before", move.sent.total()), ("mailed after", len(smtp.taken))) if not number]
    wrong += [f"message {letter} was sent {count} times" for letter, count in sent.items() if count > 1]
    for words in wrong:
        print(f"FAIL {words}")
    stopped, filled, opened = move.seconds
    print(f"\nmove: tables={move.tables} rows={move.rows} wrong={move.wrong} dump_mb={Path(os.environ['PATEN_TEST_DUMP']).stat().st_size / 1e6:.1f} "
          f"stop_and_dump_s={stopped} stack_and_fill_s={filled} open_s={opened} courses={crowd.courses} acknowledged={before}+{after} waited={waited} "
          f"mailed={move.sent.total()}+{sum(smtp.taken.values())} lost={total['lost']} doubled={total['doubled']} stuck={total['stuck']}")
    sys.exit(1 if wrong or move.wrong or sum(total.values()) else 0)


if __name__ == "__main__":
    main()
