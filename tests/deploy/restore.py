#!/usr/bin/python3
"""The inner half of tests/deploy/restore: people at work, backups meanwhile, damage, deploy/restore, and the verdict.

Two losses.  Rows are damaged by a superuser while people work on: restored is the second before.  Then that restored system, at
work again with backups of its own, loses its whole database folder: restored is all that had reached the repository.
"""
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "lib"), str(TESTS / "fault")]
import system  # noqa: E402
from figures import scrape  # noqa: E402
from openmetrics import total  # noqa: E402
from system import ROOT, course, paten, password, sql, wait_for  # noqa: E402

import facts as database  # noqa: E402
from clients import Crowd  # noqa: E402
from invariants import check_all  # noqa: E402
from journal import Journal  # noqa: E402
from options import arguments  # noqa: E402
from runner import at_rest, show, table  # noqa: E402
from smtp_stub import SmtpStub  # noqa: E402

PROVEN_MOST = 12  # signed documents before pdfsig; the hash of every one is looked at anyway
BESIDE = Path(os.environ["PATEN_TEST_BESIDE"])
WIB = datetime.timezone(datetime.timedelta(hours=7))
AGE, WAITING = "paten_backup_age_seconds", "paten_wal_waiting_seconds"

# What a hand that slipped, or a program gone wrong, may do.
DAMAGE = """
SET session_replication_role = replica;
DELETE FROM intake.application_step WHERE position > 1;
DELETE FROM payment.receipt;
DELETE FROM signing.paraf;
DELETE FROM intake.idem;
"""
DAMAGED_BYTES = "UPDATE archive.object_chunk SET bytes = '\\x00' WHERE get_byte (bytes, 0) = 37"  # of every PDF


class Failed(Exception):
    pass


def deploy(command, *given, fails=False, **environment):
    """A command of deploy/ on the system of system.VAR; what it said."""
    done = subprocess.run([ROOT / "deploy" / command, *given], env={**os.environ, "PATEN_VAR": str(system.VAR), **environment},
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if bool(done.returncode) != fails:
        raise Failed(f"deploy/{command} {' '.join(given)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def turn_to(folder):
    """From here on everything is asked of that system."""
    system.VAR = Path(folder)
    system.URL = f"http://127.0.0.1:{system.setting('http_port')}"
    course.Office.tokens.clear()  # a restored system knows no session


def backups():
    """Labels of what is in the repository, of the system that is asked."""
    return [line.split()[0] for line in deploy("backup", "list").splitlines() if line[:2] == "20"]


# ---- what the alarms are made of

def figures():
    """Of archive-1, {name: value}; those of the database are read at most every 15 s, while somebody asks."""
    families = scrape("archive-1")
    return {name: total(families, name) for name in families}


def age_is_told():
    """That of the newest backup, and no other's.  Only a value that has just changed is the age now: it stands for up to a minute."""
    began, seen = int(deploy("backup", "newest")), [figures().get(AGE)]

    def just_told():
        seen.append(figures().get(AGE))
        return None not in seen[-2:] and seen[-1] != seen[-2] and abs(time.time() - seen[-1] - began) < 5
    wait_for(just_told, "the age of the newest backup in the figures", 60)


def nothing_is_told():
    """Of a system without backups, which remembers nothing of those of another."""
    wait_for(lambda: "paten_jobs" in figures(), "figures of the database", 60)
    time.sleep(1)  # they are read one after the other
    told = sorted({AGE, WAITING} & set(figures()))
    told += [row[0] for row in sql("SELECT setting FROM pg_db_role_setting, unnest (setconfig) setting WHERE setting LIKE 'paten.%'")]
    if told:
        raise Failed(f"a restored system has no backups, but tells {told}")


# ---- people

class Moment:
    """What the clients know at one moment, by both clocks."""

    def __init__(self, crowd):
        self.wall, self.monotonic = time.time(), time.monotonic()
        self.surprises, self.unfinished, self.files = list(crowd.surprises), list(crowd.unfinished), dict(crowd.files)

    def __str__(self):
        return datetime.datetime.fromtimestamp(self.wall, WIB).strftime("%Y-%m-%d %H:%M:%S.%f+07")

    def knew(self, entry):
        """The entry as it was then; None: it was not asked yet."""
        if entry["first_try"] > self.monotonic:
            return None
        if entry["answered"] is None or entry["answered"] > self.monotonic:
            forgotten = {"answered": None, "status": None, "reply": None}
            return {**entry, **forgotten, "application": None if entry["kind"] == "register" else entry["application"]}
        return dict(entry)


def view(moments, mail):
    """The clients' side of the checks: for each crowd (its journal, its moment) what was known then."""
    journal = [entry for book, moment in moments for entry in map(moment.knew, list(book.entries)) if entry]
    return {"journal": journal, "surprises": [s for _, moment in moments for s in moment.surprises],
            "unfinished": [u for _, moment in moments for u in moment.unfinished],
            "files": {file: sha for _, moment in moments for file, sha in moment.files.items()}, "mail": mail, "parse": json.loads,
            "unanswered_payments": sum(1 for e in journal if e["kind"] == "pay" and not e["status"])}


def gather(seed, concurrency, former=None):
    journal = Journal(Path(f"{os.environ['PATEN_FAULT_JOURNAL']}.{seed}"))
    crowd = Crowd([system.URL], password(), seed, journal, concurrency)
    crowd.people = former.people if former else 0
    crowd.prepare()
    crowd.start()
    return crowd, journal


# ---- verdicts

def release_held_messages():
    """The operator decides that they shall go out."""
    held = [row[0] for row in sql("SELECT id FROM notification.job WHERE state = 'failed'")]
    if held:
        deploy("admin", "jobs", "retry", "notification", *held, "--by", "tests/deploy/restore", "--why", "the mail server knows what it took")
    return len(held)


def judge(clients):
    """Counts of lost, doubled, stuck, after everything has come to rest."""
    try:
        wait_for(at_rest, "the last events and jobs", 90)
    except TimeoutError:
        pass  # shows in the checks
    return show(check_all(database.facts(), clients))


def prove_documents():
    """Signed documents as a citizen gets them, before an independent judge.  How many, and what is wrong with them."""
    signed = sql("""SELECT d.application, a.kecamatan FROM signing.document d JOIN intake.application a ON a.id = d.application
                     WHERE a.status IN ('done', 'registered') ORDER BY d.application LIMIT %d""" % PROVEN_MOST)
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        run("certutil", "-N", "-d", f"sql:{folder}", "--empty-password")
        run("certutil", "-A", "-d", f"sql:{folder}", "-n", "root", "-t", "CT,C,C", "-i", system.VAR / "keys" / "ca" / "root.crt")
        for application, kecamatan in signed:
            office = course.Office(system.URL, kecamatan, {"35.29.22": "raas", "35.29.01": "kota_sumenep"}[kecamatan], password())
            path = Path(folder) / "signed.pdf"
            path.write_bytes(office.document(application))
            words = run("pdfsig", "-nssdir", f"sql:{folder}", path)
            wrong += [f"{application}: pdfsig does not say: {needed}" for needed in
                      ("Signature is Valid.", "Certificate is Trusted.", "Total document signed") if needed not in words]
    return len(signed), wrong


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, errors="replace").stdout


def restore(folder, *given):
    """deploy/restore; from here on the restored system is asked.  Its time in ms."""
    began = time.monotonic()
    said = deploy("restore", "--to", str(folder), *given)
    took = int(1000 * (time.monotonic() - began))
    for line in said.splitlines():
        if line.startswith(("backup ", "WAL ", "archive:", "messages ", "restored ")):
            print("  " + line)
    turn_to(folder)
    return took


# ---- the steps

def refusals(given):
    """What deploy/restore says when it cannot; it leaves nothing behind."""
    wrong = BESIDE / "wrong"
    wrong.write_text("not the passphrase\n")
    target = BESIDE / "nowhere"
    for words, arguments_ in [
            ("no backup in", ["--to", target, "--at", "2001-01-01 00:00:00+07"]),
            ("say the zone", ["--to", target, "--at", given.split("+")[0]]),
            ("is not empty", ["--to", BESIDE, "--at", given]),
            ("is the system itself", ["--to", system.VAR]),
            ("does not open the repository", ["--to", target, "--from", BESIDE / "repository", "--passphrase-file", wrong])]:
        said = deploy("restore", *map(str, arguments_), fails=True)
        if words not in said or (target.exists() and list(target.iterdir())):
            raise Failed(f"deploy/restore should have said '{words}' and left nothing behind: {said}")


def failing_archive_shows():
    """A repository that cannot be written to is seen in deploy/status and in the figures, and its recovery as well."""
    wait_for(lambda: figures().get(WAITING) == 0, "figures in which no WAL waits", 60)
    archive = BESIDE / "repository" / "archive"
    archive.rename(archive.with_name("away"))
    archive.write_text("")
    sql("SELECT pg_switch_wal ()")
    wait_for(lambda: "WAL is not archived" in status(), "the trouble in deploy/status", 30)
    wait_for(lambda: figures().get(WAITING, 0) > 0, "the trouble in the figures", 60)
    archive.unlink()
    archive.with_name("away").rename(archive)
    wait_for(lambda: "backup:" not in status(), "deploy/status without trouble", 90)
    wait_for(lambda: figures().get(WAITING) == 0, "figures without trouble", 60)


def damaged_repository_shows():
    """One byte of a stored file."""
    deploy("backup", "check")
    stored = max((BESIDE / "repository" / "backup" / "paten").glob("*F/**/*"), key=lambda path: path.stat().st_size)
    with open(stored, "r+b") as file:
        file.seek(stored.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))
    said = deploy("backup", "check", fails=True)
    if "missing or damaged" not in said:
        raise Failed(f"deploy/backup check did not see a changed byte in {stored.name}: {said}")


def status():
    return subprocess.run([ROOT / "deploy" / "status"], env={**os.environ, "PATEN_VAR": str(system.VAR)}, capture_output=True,
                          text=True).stdout


def rows_are_damaged(given, smtp):
    """First loss.  Returns what the second one builds on."""
    crowd, journal = gather(1, given.concurrency)
    wait_for(backups, "the first backup, by the process that does it every night", 600)
    failing_archive_shows()
    time.sleep(given.seconds / 2)
    print("  " + deploy("backup", "incr").strip())
    age_is_told()
    time.sleep(given.seconds / 2)
    moment = Moment(crowd)
    time.sleep(1)
    sql(DAMAGE)
    if not given.late:  # deploy/restore would see it before the checks do
        sql(DAMAGED_BYTES)
    time.sleep(0.1)
    late = Moment(crowd)
    crowd.end(1)
    clients = view([(journal, moment)], smtp.taken)
    seen = sum(len(findings) for _, _, findings in check_all(database.facts(), clients))
    print(f"\ndamaged: the checks find {seen} faults in it")
    if not seen:
        raise Failed("the damage is not seen: the checks prove nothing")
    refusals(str(moment))
    damaged = system.VAR
    took = restore(BESIDE / "first", "--at", str(late if given.late else moment))
    restored, system.VAR = system.VAR, damaged
    damaged_repository_shows()
    deploy("down")
    system.VAR = restored
    nothing_is_told()
    return crowd, (journal, moment), took, release_held_messages()


def folder_is_lost(given, former):
    """Second loss: of the restored system, with a repository of its own."""
    deploy("down")
    deploy("up", PATEN_BACKUP_DIR=str(BESIDE / "second_repository"))
    wait_for(backups, "the first backup of the restored system", 600)
    age_is_told()
    crowd, journal = gather(2, given.concurrency, former)
    time.sleep(given.seconds / 4)
    crowd.end(120)
    wait_for(at_rest, "the last events and jobs", 90)
    moment = Moment(crowd)
    written = sql("SELECT pg_walfile_name (pg_current_wal_insert_lsn ())")[0][0]
    wait_for(lambda: sql("SELECT last_archived_wal FROM pg_stat_archiver")[0][0][:24] >= written, "the WAL in the repository", 60)
    (system.VAR / "pg").rename(system.VAR / "pg.lost")  # PostgreSQL still runs and writes there
    shutil.rmtree(system.VAR / "pg.lost", ignore_errors=True)
    repository, passphrase = BESIDE / "second_repository", system.VAR / "keys" / "backup" / "passphrase"
    copy = BESIDE / "passphrase"  # that was kept elsewhere
    copy.write_text(passphrase.read_text())
    deploy("down")
    shutil.rmtree(system.VAR)
    took = restore(BESIDE / "third", "--from", str(repository), "--passphrase-file", str(copy))
    return (journal, moment), took, release_held_messages()


def megabytes(*folders):
    return round(sum(path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file()) / 1e6, 1)


def main():
    given = arguments("restore")
    paten.WAIT_S = 300
    began, smtp = time.monotonic(), SmtpStub(given.smtp_port)
    print("first loss: rows, while people are at work", flush=True)
    crowd, first, first_ms, held = rows_are_damaged(given, smtp)
    lost = judge(view([first], smtp.taken))
    signed, wrong = prove_documents()
    if not sum(lost.values()):
        print("\nsecond loss: the whole system, of which only the repository and the passphrase remain", flush=True)
        second, second_ms, held_again = folder_is_lost(given, crowd)
        lost = judge(view([first, second], smtp.taken))
        signed, wrong = prove_documents()
    else:
        second, second_ms, held_again = None, 0, 0
    acknowledged = [e for e in view([first] + [second] * bool(second), {})["journal"] if e["status"] and e["status"] < 300]
    table("figures", [("restored, ms", f"{first_ms}, {second_ms}"), ("messages held", held + held_again),
                      ("messages that went out twice", sum(1 for n in smtp.taken.values() if n > 1))])
    for words in wrong:
        print(f"FAIL {words}")
    print(f"\nrestore: seconds={time.monotonic() - began:.0f} restore_ms={max(first_ms, second_ms)} "
          f"database_mb={megabytes(system.VAR / 'pg' / 'base')} repository_mb={megabytes(BESIDE / 'repository')} "
          f"acknowledged={len(acknowledged)} signed={signed - len(wrong)}/{signed} lost={lost['lost'] + len(wrong)} "
          f"doubled={lost['doubled']} stuck={lost['stuck']}")
    sys.exit(1 if wrong or sum(lost.values()) or not signed else 0)


if __name__ == "__main__":
    try:
        main()
    except Failed as why:
        sys.exit(f"restore: {why}")
