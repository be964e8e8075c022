"""Answers about a backup repository, from pgBackRest's "info --output=json" on standard input:

    list               every backup, and from when to when a moment may be chosen
    newest [TYPE...]   when the newest good backup (of these types) began, in seconds of the epoch; nothing when there is none
    newest_or_held     the same of all types; "held" while a backup is being made
    last               what the newest backup did, in one sentence
    set_for MOMENT     the newest backup that was complete before that moment (seconds of the epoch; "latest": of all); nothing if none
    earliest           the first moment that can be restored
"""
import datetime
import json
import sys

WIB = datetime.timezone(datetime.timedelta(hours=7))


def wib(seconds):
    return datetime.datetime.fromtimestamp(seconds, WIB).strftime("%Y-%m-%d %H:%M:%S+07")


def size(count):
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000


def good(stanza, types=()):
    """Complete backups without a damaged page, oldest first."""
    return [b for b in stanza.get("backup", []) if not b.get("error") and (not types or b["type"] in types)]


def stored(backup):
    return backup["info"]["repository"]["delta"]


def show_list(stanza):
    backups = stanza.get("backup", [])
    if not backups:
        print("There is no backup yet.")
        return
    print(f"{'backup':<34} {'type':<5} {'began':<23} {'took':>7} {'database':>10} {'stored':>10}  WAL")
    for b in backups:
        when, data = b["timestamp"], b["info"]
        print(f"{b['label']:<34} {b['type']:<5} {wib(when['start']):<23} {when['stop'] - when['start']:>5} s {size(data['size']):>10} "
              f"{size(stored(b)):>10}  {b['archive']['start']} … {b['archive']['stop']}" + ("  HAS DAMAGED PAGES" if b.get("error") else ""))
    archive = stanza["archive"][-1]
    print(f"Every moment after {earliest(stanza)} can be restored, as far as the WAL goes (to {archive['max']})." if good(stanza) else
          "None of them is good.")


def earliest(stanza):
    return wib(good(stanza)[0]["timestamp"]["stop"] + 1)


def last(stanza):
    b = stanza["backup"][-1]
    return (f"{b['type']} backup {b['label']}: {size(b['info']['size'])} of database, {size(stored(b))} stored, "
            f"{b['timestamp']['stop'] - b['timestamp']['start']} s" + ("; IT HAS DAMAGED PAGES" if b.get("error") else ""))


def main():
    question, *more = sys.argv[1:]
    # a wrong passphrase makes noise of what should be text, and pgBackRest quotes it
    found = json.loads(sys.stdin.buffer.read().decode(errors="replace"), strict=False)
    stanza = found[0] if found else {}
    status = stanza.get("status", {"code": 1, "message": "there is nothing of PATEN in it"})
    if status["code"] not in (0, 2):  # 2: no backup yet
        print(*[repository["status"]["message"] for repository in stanza.get("repo", [])] or [status["message"]], sep="; ")
        sys.exit(1)
    backups = good(stanza)
    if question == "list":
        show_list(stanza)
    elif question == "newest_or_held" and status.get("lock", {}).get("backup", {}).get("held"):
        print("held")
    elif question in ("newest", "newest_or_held"):
        print(*[b["timestamp"]["start"] for b in good(stanza, more)][-1:])
    elif question == "last":
        print(last(stanza))
    elif question == "set_for":
        # pgBackRest counts whole seconds: the second in which a backup ended is not surely after its end.
        print(*[b["label"] for b in backups if more[0] == "latest" or b["timestamp"]["stop"] + 1 <= float(more[0])][-1:])
    elif question == "earliest":
        print(earliest(stanza) if backups else "")


if __name__ == "__main__":
    main()
