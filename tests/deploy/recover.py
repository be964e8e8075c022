#!/usr/bin/python3
"""Backups of docker-compose.yml: rows are damaged, the deployment is gone, and a new one is made of what it was the second before.
recover.py SECRETS PROJECT: the folder of what the office brought, and the name of the new deployment.

Everything is at rest while it is compared: each table's content before the damage and after the restore, byte for byte.
"""
import datetime
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import fleet
from damage import DAMAGE, contents, different
from fleet import compose, containers, docker, inspected, wait_for

WIB = datetime.timezone(datetime.timedelta(hours=7))


def psql(query):
    """Its rows, as lists of text."""
    done = subprocess.run(["docker", "exec", "-i", containers("postgres")[0], "psql", "-XAtq", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-h", "/paten/run",
                           "-U", "postgres", "-d", "paten"], input=query, text=True, capture_output=True)
    if done.returncode:
        sys.exit(f"recover: psql: {done.stderr}")
    return [line.split("\x1f") for line in done.stdout.splitlines()]


def at_rest():
    """The same twice, a while apart."""
    def same():
        before = contents(psql)
        time.sleep(2)
        return before == contents(psql)
    wait_for(same, "rest", 120)
    return contents(psql)


def backup(*words):
    return docker("exec", containers("backup")[0], "/paten/app/deploy/backup", *words)


def restore(*words):
    """docker compose run --rm restore, as the operator types it: what it said, and whether it ended well."""
    done = subprocess.run([*os.environ["COMPOSE"].split(), "run", "--rm", "-T", "restore", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout, done.returncode == 0


def refused(why, *words):
    said, went_well = restore(*words)
    if went_well or why not in said:
        sys.exit(f"recover: a restore with {words} should have said '{why}': {said}")


def turn_to(project, secrets, **settings):
    """From here on another deployment is meant; the environment goes before .env."""
    fleet.PROJECT = project
    os.environ.update(COMPOSE_PROJECT_NAME=project, PATEN_SECRETS=str(secrets), **settings)


def main():
    brought, new_project = Path(sys.argv[1]), sys.argv[2]
    wait_for(lambda: " full " in backup("list"), "the first backup, by the container that does it every night", 120)
    print("  " + backup("incr").strip())
    backup("check")
    wait_for(lambda: inspected(containers("backup"))[0]["State"]["Health"]["Status"] == "healthy", "the health of the backups", 90)
    passphrase = compose("run", "--rm", "-T", "prepare", "cat", "/paten/keys/backup/passphrase")
    repository = docker("volume", "inspect", "--format", "{{.Mountpoint}}", f"{fleet.PROJECT}_backup").strip()
    psql("CREATE TABLE public.behind_the_backup AS SELECT number FROM generate_series (1, 1000) number")  # is in the WAL alone
    kept = at_rest()
    moment = datetime.datetime.now(WIB).strftime("%Y-%m-%d %H:%M:%S.%f+07")
    time.sleep(1)
    psql(DAMAGE)
    if contents(psql) == kept:
        sys.exit("recover: the damage is not seen, the comparison proves nothing")
    compose("down")

    began = time.monotonic()
    secrets = brought.with_name("secrets_of_the_new")
    shutil.rmtree(secrets, ignore_errors=True)
    secrets.mkdir()
    Path(secrets, "backup_passphrase").write_text("not the passphrase\n")
    for path in (secrets, *secrets.iterdir()):
        os.chown(path, 5000, 5000)
    turn_to(new_project, secrets, PATEN_RESTORE_FROM=repository)
    refused("does not open the repository", "--at", moment)
    Path(secrets, "backup_passphrase").write_text(passphrase)
    refused("no backup in", "--at", "2001-01-01 00:00:00+07")
    refused("say the zone", "--at", "2026-11-22 13:00:00")
    said, went_well = restore("--at", moment)
    if not went_well:
        sys.exit(f"recover: {said}")
    print("".join(f"  {line}\n" for line in said.splitlines() if line.startswith(("backup ", "WAL ", "archive:", "messages ", "restored "))), end="")
    refused("there is a database already", "--at", moment)
    for file in brought.iterdir():
        if Path(secrets, file.name).read_bytes() != file.read_bytes():
            sys.exit(f"recover: {file.name}, which the office had brought, is not what it was")
    compose("up", "-d", "--no-build")
    fleet.ready(120)
    took = time.monotonic() - began
    wrong = different(kept, contents(psql))
    wait_for(lambda: " full " in backup("list"), "the first backup of the new deployment", 120)
    print(f"recover: tables={len(kept)} rows={sum(int(rows) for rows, _ in kept.values())} wrong={wrong} back_s={took:.0f}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
