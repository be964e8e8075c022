"""deploy/admin trace: the story of one application or one request, in order of time.

Its sources: the event log, the jobs, dead letters and decisions, intake's steps and its book of disclosures, messages sent,
stored replies, and the JSON logs of all processes.  Of persons only officers' user names are told: no applicant, no address.
"""
import json
import os
import re
import sys
from pathlib import Path

PARTITIONS = 64


def partition(key):
    """The same as id_partition () in common/id.c."""
    value = 0xCBF29CE484222325
    for byte in key.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return (value ^ value >> 32) % PARTITIONS


def actor(value):
    if not isinstance(value, dict):
        return "-"
    if "username" in value:
        return f"{value['username']} ({value.get('role', '-')} {value.get('place', '-')})"
    return value.get("service", "-")


def instant(stamp):
    """"2026-11-22T13:42:59.7+00:00" or "…Z", in UTC as everything here, as "2026-11-22 13:42:59.700"."""
    whole, _, fraction = stamp.partition(".")
    return whole[:19].replace("T", " ") + "." + (re.match("[0-9]*", fraction).group() + "000")[:3]


# ---- what the database remembers --------------------------------------------------------------------------------------------

EVENTS = """SELECT partition, seq, topic, key, producer, addressee, actor, correlation, occurred_at FROM bus.event
             WHERE {which} ORDER BY partition, seq"""
LETTERS = """SELECT id, group_name, topic, correlation, error, buried_at, action, by_whom, why, decided_at FROM bus.dead_letters
              WHERE {which}"""
JOBS = """SELECT '{service}' AS service, id, kind, state, attempts, note, correlation, created_at, ended_at FROM {service}.job
           WHERE {which}"""


def database(rows, application, correlation):
    """Entries (time, where, what, correlation) of that application, or of that correlation id."""
    key = {"key": application or "", "correlation": correlation or "", "partition": partition(application or "")}
    mine = "(partition = :'partition' AND key = :'key')" if application else "correlation = :'correlation'"
    for row in rows(EVENTS.format(which=mine), **key):
        to = f" to {row['addressee']}" if row["addressee"] else ""
        about = "" if application else f", application {row['key']}"
        yield (row["occurred_at"], row["producer"],
               f"event {row['topic']}{to} ({row['partition']}/{row['seq']}) by {actor(row['actor'])}{about}", row["correlation"])
    for row in rows(LETTERS.format(which="key = :'key'" if application else "correlation = :'correlation'"), **key):
        yield row["buried_at"], row["group_name"], f"dead letter {row['id']}: {row['topic']}: {row['error']}", row["correlation"]
        if row["action"]:
            yield row["decided_at"], row["by_whom"], f"dead letter {row['id']}: {row['action']}: {row['why']}", row["correlation"]
    yield from work(rows, application, key)
    disclosed = "application::text = :'key'" if application else "correlation = :'correlation'"
    for row in rows(f"SELECT asked_by, username, correlation, disclosed_at FROM intake.disclosure WHERE {disclosed}", **key):
        yield (row["disclosed_at"], "intake", f"personal data told to {row['asked_by']}" + (f" for {row['username']}" if row["username"] else ""),
               row["correlation"])
    if application:
        yield from steps(rows, key)


def work(rows, application, key):
    """Jobs and stored replies of every service."""
    for service in [row["s"] for row in rows("SELECT s::text FROM bus.services () s")]:
        which = "key LIKE '%' || :'key' || '%' OR payload::text LIKE '%' || :'key' || '%'" if application else "correlation = :'correlation'"
        for row in rows(JOBS.format(service=service, which=which), **key):
            name = f"job {row['id']} {row['kind']}"
            yield row["created_at"], service, f"{name} is to be done", row["correlation"]
            if row["ended_at"]:
                yield (row["ended_at"], service, f"{name} {row['state']} after {row['attempts']} attempts" +
                       (f": {row['note']}" if row["note"] else ""), row["correlation"])
        if application:
            for row in rows(f"SELECT key AS idempotency_key, status, created_at FROM {service}.idem WHERE reply LIKE '%' || :'key' || '%'", **key):
                yield row["created_at"], service, f"reply {row['status']} kept under key {row['idempotency_key']}", None


def steps(rows, key):
    for row in rows("""SELECT step, attempt, station, outcome, actor, started_at, ended_at FROM intake.application_step
                        WHERE application::text = :'key'""", **key):
        again = f", attempt {row['attempt']}" if row["attempt"] > 1 else ""
        yield row["started_at"], "intake", f"step {row['step']} begins at {row['station']}{again}", None
        yield row["ended_at"], "intake", f"step {row['step']} ends: {row['outcome']}, by {actor(row['actor'])}", None
    for row in rows("""SELECT kind, channel, state, error, created_at, sent_at FROM notification.message
                        WHERE application::text = :'key'""", **key):
        yield row["created_at"], "notification", f"message {row['kind']} by {row['channel']}", None
        if row["sent_at"]:
            yield row["sent_at"], "notification", f"message {row['kind']} {row['state']}", None
        elif row["error"]:
            yield row["created_at"], "notification", f"message {row['kind']} {row['state']}: {row['error']}", None


# ---- what the logs remember -------------------------------------------------------------------------------------------------

def log_files(extra):
    """(process, its lines): all that svlogd keeps, and files that were named; "-" is standard input."""
    for path in sorted(Path(os.environ["PATEN_VAR"], "log").glob("*/*")):
        if path.name == "current" or path.name.startswith("@"):
            with open(path, encoding="utf-8", errors="replace") as lines:
                yield path.parent.name, lines
    for name in extra:
        if name == "-":
            yield "-", sys.stdin
        else:
            with open(name, encoding="utf-8", errors="replace") as lines:
                yield Path(name).name, lines


def logged(marks, correlations, extra):
    """Entries of lines with one of these correlations; marks: texts of which a line must hold one to be looked at."""
    search = re.compile("|".join(map(re.escape, marks))).search
    for process, lines in log_files(extra):
        for line in lines:
            if not search(line):
                continue
            try:
                said = json.loads(line[line.index("{"):])
                time, event = said.pop("time"), said.pop("event")
            except (ValueError, KeyError, AttributeError):
                continue
            correlation = said.pop("correlation", None)
            if correlation not in correlations:
                continue
            level, service = said.pop("level", ""), said.pop("service", "-")
            where = service if process == "-" else process
            rest = " ".join(f"{name}={value}" for name, value in said.items() if value not in (None, ""))
            yield time, where, f"{event}{' ' + level.upper() if level in ('warn', 'error') else ''} {rest}".rstrip(), correlation


# ---- the story --------------------------------------------------------------------------------------------------------------

def find_application(rows, name):
    """By id, number or the short code that is printed on the receipt."""
    found = rows("""SELECT id, number, service, kecamatan, status, step, due_on FROM intake.application
                     WHERE id::text = lower (:'name') OR number = :'name'
                        OR short_code = translate (upper (:'name'), 'OIL -', '011')""", name=name)
    return found[0] if found else None


def story(rows, name, extra):
    """(headline, entries in order of time); entries: (time, where, what, correlation or None).  None: nothing is known."""
    application = find_application(rows, name)
    if application:
        key = application["id"]
        entries = list(database(rows, key, None))
        correlations = {entry[3] for entry in entries} - {None, "-"}
        status = application["status"] + (f" at {application['step']}, promised for {application['due_on']}" if application["step"] else "")
        headline = f"Application {application['number'] or key} ({application['service']}, kecamatan {application['kecamatan']}): {status}"
    else:
        entries = list(database(rows, None, name))
        correlations = {name}
        headline = f"Request {name}"
    if correlations:
        entries += logged(correlations, correlations, extra)
    entries = sorted(((instant(time), *rest) for time, *rest in entries), key=lambda entry: entry[0])
    return (headline, entries) if entries else None
