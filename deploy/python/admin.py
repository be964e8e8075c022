"""deploy/admin: dead letters and failed jobs, seen and decided; the story of an application or a request (trace_story.py).  Expects PG* in the environment, as the owner of the cluster.

What may be decided, and the audit of it, is bus.decide_letter () and bus.decide_job () (common/sql/deploy/log.sql); here are
arguments and tables.  A refusal is one sentence and exit status 1.
"""
import argparse
import json
import re
import shutil
import subprocess
import sys

import trace_story

LATER_EVENTS_MOST = 20


class Refusal(Exception):
    pass


def ask(statement, **values):
    """The one JSON value that the statement selects.  values: named in it as :'name'."""
    settings = [f"--set={name}={value}" for name, value in {"ON_ERROR_STOP": 1, "VERBOSITY": "terse", **values}.items()]
    done = subprocess.run(["psql", "-X", "-q", "-A", "-t", *settings], input=statement, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refusal(re.sub(r"^(ERROR|FATAL): +", "", done.stderr.strip()))
    return json.loads(done.stdout)


def rows(source, **values):
    return ask(f"SELECT coalesce (jsonb_agg (r), '[]') FROM ({source}) r", **values)


# ---- what is printed --------------------------------------------------------------------------------------------------------

def clean(text):
    """Whatever an event or a server said must not steer the terminal."""
    return "".join(c if c.isprintable() else " " for c in str(text))


def moment(stamp):
    return stamp[:19].replace("T", " ") if stamp else "-"


def first_line(text):
    """What fits into the terminal; all of it when something else reads."""
    line = clean((text or "-").strip().split("\n")[0])
    width = shutil.get_terminal_size().columns - 4
    return line if not sys.stdout.isatty() or len(line) <= width else line[:width - 1] + "…"


def table(head, entries):
    """For each a line of columns, and below it what was said about it."""
    grid = [head] + [[clean(cell) for cell in cells] for cells, *_ in entries]
    widths = [max(map(len, column)) for column in zip(*grid)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(cells, widths)).rstrip() for cells in grid]
    print(lines[0])
    for line, (_, *sentences) in zip(lines[1:], entries):
        print(line)
        for sentence in filter(None, sentences):
            print("    " + first_line(sentence))


def fields(**values):
    for name, value in values.items():
        print(f"  {name:<12} {clean(value)}")


def text_below(name, text):
    print(f"  {name}")
    for line in text.split("\n"):
        print("    " + clean(line))


def json_below(name, value):
    text_below(name, json.dumps(value, indent=2, ensure_ascii=False))


def decision(row):
    print()
    fields(decision=f"{row['action']} by {row['by_whom']} on {moment(row['decided_at'])} UTC (database role {row['db_role']})")
    text_below("why", row["why"])


def verdict(row):
    """Of what was decided, for the list."""
    if not row["action"]:
        return None
    return f"{row['action']} by {row['by_whom']}: {row['why']}" + (f" [{row['outcome']}]" if row.get("outcome") else "")


# ---- dead letters -----------------------------------------------------------------------------------------------------------

def letters_list(wanted):
    groups = ask("SELECT coalesce (jsonb_agg (DISTINCT group_name), '[]') FROM bus.cursor")
    if wanted.group and wanted.group not in groups:
        raise Refusal(f"there is no group {wanted.group}; there are: {', '.join(sorted(groups))}")
    found = rows("""SELECT * FROM bus.dead_letters WHERE (:'all'::boolean OR action IS NULL) AND :'group' IN ('', group_name)
                     ORDER BY id""", all=wanted.all, group=wanted.group or "")
    if not found:
        print(f"There is no {'' if wanted.all else 'open '}dead letter{' of ' + wanted.group if wanted.group else ''}.")
        return
    table(["id", "when (UTC)", "group", "topic", "application"],
          [((row["id"], moment(row["buried_at"])[:16], row["group_name"], row["topic"], row["key"]),
            f"{row['partition']}/{row['seq']}  {again(row)}{row['error']}", verdict(row)) for row in found])


def again(row):
    return f"(replay of {row['replay_of']} failed again) " if row["replay_of"] else ""


def letters_show(wanted):
    found = rows("SELECT * FROM bus.dead_letters WHERE id = :'id'", id=wanted.id)
    if not found:
        raise Refusal(f"there is no dead letter {wanted.id}")
    row = found[0]
    print(f"Dead letter {row['id']} of {row['group_name']}" + ("" if row["action"] else ": waits for a decision"))
    if row["replay_of"]:
        fields(again=f"the replay of dead letter {row['replay_of']} failed as well")
    fields(buried=moment(row["buried_at"]) + " UTC")
    text_below("error", row["error"])
    print()
    fields(event=f"{row['partition']}/{row['seq']}, id {row['event']}", topic=row["topic"], application=row["key"],
           producer=row["producer"], actor=json.dumps(row["actor"], ensure_ascii=False), correlation=row["correlation"],
           time=moment(row["occurred_at"]) + " UTC")
    json_below("body", row["body"])
    letters_later(row)
    if row["action"]:
        decision(row)
    if row["outcome"]:
        fields(copy=f"{row['partition']}/{row['replayed_seq']}: {row['outcome']}")


def letters_later(row):
    """A replayed event comes after these: whether it still makes sense is the operator's question."""
    later = rows("""SELECT partition, seq, topic, producer, addressee, occurred_at FROM bus.event
                     WHERE key = :'key' AND partition = :'partition' AND seq > :'seq' AND id <> :'event'
                     ORDER BY seq LIMIT :'most'""",
                 key=row["key"], partition=row["partition"], seq=row["seq"], event=row["event"], most=LATER_EVENTS_MOST)
    if later:
        text_below("later events of the same application" + (f", the first {len(later)}" if len(later) == LATER_EVENTS_MOST else ""),
                   "\n".join(f"{moment(e['occurred_at'])}  {e['partition']}/{e['seq']}  {e['topic']} of {e['producer']}"
                             + (f" to {e['addressee']}" if e["addressee"] else "") for e in later))


def letters_decide(wanted):
    seq = ask("SELECT coalesce (to_jsonb (bus.decide_letter (:'id', :'action', :'by', :'why')), 'null')",
              id=wanted.id, action=wanted.action, by=wanted.by, why=wanted.why)
    if seq is None:
        print(f"Dead letter {wanted.id} is discarded.")
        return
    row = rows("SELECT group_name, partition FROM bus.dead_letters WHERE id = :'id'", id=wanted.id)[0]
    print(f"{row['group_name']} is given the event once more, as {row['partition']}/{seq}; what becomes of it:")
    print(f"    deploy/admin dead-letters show {wanted.id}")


# ---- jobs -------------------------------------------------------------------------------------------------------------------

# A job with the last decision about it; "retry" of a job that failed again later is history, not the answer to this failure.
JOBS = """SELECT j.*, d.action, d.by_whom, d.why, d.at AS decided_at, d.db_role FROM bus.failed_jobs (true) j
            LEFT JOIN LATERAL (SELECT * FROM bus.decision WHERE (service, job) = (j.service, j.id) ORDER BY id DESC LIMIT 1) d
              ON j.state <> 'failed'"""


def jobs_list(wanted):
    services = ask("SELECT jsonb_agg (s) FROM bus.services () s")
    if wanted.service and wanted.service not in services:
        raise Refusal(f"there is no service {wanted.service} with jobs; there are: {', '.join(services)}")
    source = JOBS if wanted.all else "SELECT *, NULL AS action FROM bus.failed_jobs ()"
    found = rows(f"SELECT * FROM ({source}) j WHERE :'service' IN ('', service) ORDER BY coalesce (ended_at, created_at), service, id",
                 service=wanted.service or "")
    if not found:
        print(f"There is no failed {'or decided ' if wanted.all else ''}job{' of ' + wanted.service if wanted.service else ''}.")
        return
    table(["service", "id", "when (UTC)", "kind", "key", "state"],
          [((row["service"], row["id"], moment(row["ended_at"] or row["created_at"])[:16], row["kind"], row["key"], row["state"]),
            row["error"] or ("" if row["action"] else "-"), verdict(row)) for row in found])


def jobs_show(wanted):
    found = rows("SELECT * FROM bus.failed_jobs (true) WHERE service = :'service' AND id = :'id'", service=wanted.service, id=wanted.id)
    if not found:
        raise Refusal(f"there is no job {wanted.id} of {wanted.service} that failed for good")
    row = found[0]
    print(f"Job {row['id']} of {row['service']}: " + ("waits for a decision" if row["state"] == "failed" else row["state"]))
    fields(kind=row["kind"], key=row["key"], attempts=row["attempts"], created=moment(row["created_at"]) + " UTC",
           ended=moment(row["ended_at"]) + (" UTC" if row["ended_at"] else ""),
           actor=json.dumps(row["actor"], ensure_ascii=False), correlation=row["correlation"])
    text_below("error", row["error"] or "-")
    json_below("payload", row["payload"])
    for past in rows("""SELECT action, by_whom, why, error, db_role, at AS decided_at FROM bus.decision
                         WHERE service = :'service' AND job = :'id' ORDER BY id""", service=wanted.service, id=wanted.id):
        decision(past)
        text_below("the error then", past["error"])


def jobs_decide(wanted):
    """All of them or none: one that cannot be decided refuses the rest."""
    ids = sorted(set(wanted.ids))
    ask("SELECT to_jsonb (count (*)) FROM unnest (:'ids'::bigint[]) AS job (id), LATERAL bus.decide_job (:'service', job.id, :'action', :'by', :'why')",
        service=wanted.service, ids="{" + ",".join(map(str, ids)) + "}", action=wanted.action, by=wanted.by, why=wanted.why)
    several = len(ids) > 1
    what = f"{len(ids)} jobs of {wanted.service} are" if several else f"Job {ids[0]} of {wanted.service} is"
    if wanted.action == "discard":
        print(f"{what} discarded.")
    else:
        print(f"{what} due again, with all {'their' if several else 'its'} attempts; what becomes of {'them' if several else 'it'}:")
        print("    deploy/admin jobs " + (f"list --all --service {wanted.service}" if several else f"show {wanted.service} {ids[0]}"))


# ---- trace ------------------------------------------------------------------------------------------------------------------

def trace_tell(wanted):
    told = trace_story.story(rows, wanted.id, wanted.log)
    if not told:
        raise Refusal(f"nothing is known of {wanted.id}: neither an application (number, short code or id) nor a request (correlation or trace id)")
    headline, entries = told
    print(clean(headline))
    width = max(len(where) for _, where, _, _ in entries)
    for time, where, what, correlation in entries:
        mark = f"  [{correlation}]" if correlation and correlation not in (wanted.id, "-") else ""
        print(f"  {time}  {clean(where):<{width}}  {clean(what)}{clean(mark)}")


# ---- arguments --------------------------------------------------------------------------------------------------------------

class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Refusal(f"{message}; see deploy/admin --help")


def number(text):
    if not re.fullmatch("[1-9][0-9]{0,17}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no id: a number is needed")
    return int(text)


def words(text):
    if not text.strip():
        raise argparse.ArgumentTypeError("it may not be empty")
    return text.strip()


def command(commands, name, run, about):
    parser = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
    parser.set_defaults(run=run, action=name)
    return parser


def deciding(parser):
    parser.add_argument("--by", required=True, type=words, metavar="WHO", help="who decides")
    parser.add_argument("--why", required=True, type=words, metavar="TEXT", help="for what reason; both are kept for ever")


def arguments():
    top = Parser(prog="deploy/admin", description="Work that failed for good, and what a person decides about it; what happened to an application or a request.")
    things = top.add_subparsers(required=True, metavar="dead-letters|jobs|trace")

    letters = things.add_parser("dead-letters", help="events that a service could not handle")
    commands = letters.add_subparsers(required=True, metavar="list|show|replay|discard")
    listing = command(commands, "list", letters_list, "those that wait for a decision")
    listing.add_argument("--group", help="of this service alone")
    listing.add_argument("--all", action="store_true", help="also those that are decided")
    command(commands, "show", letters_show, "everything about one").add_argument("id", type=number)
    for name, about in (("replay", "give the event to that service once more"), ("discard", "end it without effect")):
        parser = command(commands, name, letters_decide, about)
        parser.add_argument("id", type=number)
        deciding(parser)

    jobs = things.add_parser("jobs", help="jobs that used up their attempts or were refused")
    commands = jobs.add_subparsers(required=True, metavar="list|show|retry|discard")
    listing = command(commands, "list", jobs_list, "those that wait for a decision")
    listing.add_argument("--service", help="of this service alone")
    listing.add_argument("--all", action="store_true", help="also those that are decided")
    for name, run, about in (("show", jobs_show, "everything about one"), ("retry", jobs_decide, "make it due again"),
                             ("discard", jobs_decide, "end it without effect")):
        parser = command(commands, name, run, about)
        parser.add_argument("service")
        if name == "show":
            parser.add_argument("id", type=number)
        else:
            parser.add_argument("ids", type=number, nargs="+", metavar="id", help="several are decided together: all of them or none")
            deciding(parser)

    parser = command(things, "trace", trace_tell, "the story of one application or one request, in order of time (UTC)")
    parser.add_argument("id", type=words, help="an application's number, short code or id; or a correlation or trace id")
    parser.add_argument("--log", action="append", default=[], metavar="FILE", help="a log that lies elsewhere; - is standard input")
    return top.parse_args()


try:
    wanted = arguments()
    wanted.run(wanted)
except Refusal as refusal:
    sys.exit(f"paten: {refusal}")
