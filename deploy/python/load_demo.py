#!/usr/bin/python3
"""Loads the demo kabupaten: load_demo.py URL FOLDER (see deploy/load).  The password stands in PATEN_DEMO_PASSWORD.

Everything here is data that an administrator could type: places, holidays, workflow, templates, services, accounts, signers.
Keys of idempotency are made of the content, so a second run finds its first.
"""
import csv
import hashlib
import json
import os
import sys
from pathlib import Path

import paten

url, folder = sys.argv[1], Path(sys.argv[2])
password = os.environ["PATEN_DEMO_PASSWORD"]
admin = paten.Paten(url).sign_in("admin", password)


def send(method, path, body, accept=()):
    key = "load-" + hashlib.sha256(json.dumps([method, path, body], sort_keys=True).encode()).hexdigest()[:40]
    try:
        return admin.call(method, path, body, key=key).json
    except paten.Problem as problem:
        if problem.code not in accept:
            raise
        return None


def publish(path, *files):
    for file in files:
        send("POST", path, json.loads(file.read_text(encoding="utf-8")))
    return len(files)


def rows(name):
    with open(folder / name, encoding="utf-8") as file:
        yield from csv.reader((line for line in file if not line.startswith("#")), delimiter="\t")


def accounts():
    known = {}
    for username, name, roles, place in rows("accounts.tsv"):
        if username == "admin":
            continue
        known[username] = (name, place, [{"role": role, "place": place} for role in roles.split(",")])
    for kecamatan, username, name, *_ in rows("signers.tsv"):
        known.setdefault(username, (name, kecamatan, [{"role": "camat", "place": kecamatan}]))
    for username, (name, place, grants) in known.items():
        send("POST", "/v1/accounts",
             {"username": username, "name": name, "password": password, "place": place, "grants": grants},
             accept=("account_exists",))
    return len(known)


def account_ids():
    ids, after = {}, None
    while True:
        page = admin.get("/v1/accounts", limit="100", after=after)
        ids.update({account["username"]: account["account"] for account in page["accounts"]})
        after = page.get("next")
        if not after:
            return ids


def signers():
    ids, count = account_ids(), 0
    for kecamatan, username, name, nip, rank, position in rows("signers.tsv"):
        send("POST", "/v1/signers", {"account": ids[username], "kecamatan": kecamatan, "name": name, "nip": nip, "rank": rank,
                                     "position": position, "key": f"{username}.p12", "valid_from": "2026-01-01"})
        count += 1
    return count


def templates():
    files = sorted((folder / "templates").glob("*.json"))
    constants = {"emblem_svg": (folder / "emblem.svg").read_text(encoding="utf-8")}
    for file in files:
        send("POST", "/v1/templates", {"code": file.stem, "version": 1, "constants": constants,
                                       "template": json.loads(file.read_text(encoding="utf-8"))})
    return len(files)


print(f"  {publish('/v1/kecamatan', folder / 'kecamatan.json')} kabupaten with its kecamatan")
publish("/v1/holidays", folder / "holidays.json")
print(f"  {accounts()} accounts")
print(f"  {signers()} signers")
print(f"  {templates()} document templates")
print(f"  {publish('/v1/workflows', folder / 'workflow.json')} workflow")
print(f"  {publish('/v1/services', *sorted((folder / 'services').glob('*.json')))} services")
