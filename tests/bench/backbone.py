#!/usr/bin/python3
"""tests/bench/backbone's second half: brings the rig up, measures the rows, prints them as a table and writes backbone.json.

    backbone.py BUILD [--seconds N] [--quick] [--rows commands,events,catch_up,path,scaling,growth]

It decides nothing: the exit code is 1 only when a row could not be measured.
"""
import argparse
import datetime
import json
import os
import platform
import re
import signal
import sys
from pathlib import Path

import rows
from growth import growth
from rig import Failed, Rig

ROWS = ("commands", "events", "catch_up", "path", "scaling", "growth")
SUSTAINED_TURNS = 2


def say(text):
    print(text, file=sys.stderr, flush=True)


def tell(what, found, *members):
    """A result as soon as it is there."""
    say(f"    {what}: " + ", ".join(f"{member} {found[member]}" for member in members))
    return found


def machine():
    models = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) / 1048576
    return {"cpu": f"{len(models)} x {models[0]}" if models else platform.processor(), "memory_gib": round(memory, 1),
            "kernel": platform.release(), "load_before": os.getloadavg()[0]}


def measure_events(rig, ways, plan):
    """Sustained rates of all; then the latency of all at the same rate, a quarter of what the slowest can bear."""
    found = {way.name: {} for way in ways}
    for events in (1, 20):
        turns = {way.name: [] for way in ways}
        for turn in range(SUSTAINED_TURNS):  # in turns, so that a neighbour's load falls on all alike
            for way in ways:
                say(f"  {way.name}: sustained, {events} events in a command, turn {turn + 1}")
                turns[way.name].append(tell(way.name, rows.sustained(rig, way, plan.seconds, events), "events_per_second"))
        for name, figures in turns.items():
            mean = sum(figure["events_per_second"] for figure in figures) / SUSTAINED_TURNS
            found[name][f"sustained_{events}"] = {**figures[-1], "events_per_second": round(mean, 1),
                                                  "turns": [figure["events_per_second"] for figure in figures]}
    rate = rows.SHARE * min(entry["sustained_1"]["events_per_second"] for entry in found.values())
    for way in ways:
        say(f"  {way.name}: latency at {rate:.0f} a second")
        found[way.name]["latency"] = tell(way.name, rows.latency(rig, way, rate, plan.seconds), "p50_ms", "p99_ms")
    return found


def measure_catch_up(rig, ways, plan):
    found = {}
    for way in ways:
        count = plan.slept // way.catch_up_part
        say(f"  {way.name}: catch-up of {count:,}")
        found[way.name] = tell(way.name, rows.catch_up(rig, way, count), "seconds", "events_per_second")
    return found


def make_ways(rig):
    rabbit, nats = rig.start_rabbit(), rig.start_nats()
    if not rig.nats_flushes:
        say("  this file system cannot make NATS flush before it acknowledges: its figures are those of a weaker promise")
    return [rows.Ours(rig)] + [rows.Outbox(rig, kind, address, batch) for kind, address in (("rabbit", rabbit), ("nats", nats))
                               for batch in (rows.CONSUMER_BATCH, 1)]


def measure(plan):
    result = {}
    if set(plan.rows) - {"growth"}:
        rig = Rig(plan.build, lambda text: say("    " + text))
        try:
            say(f"bringing up a cluster, a broker and bench_echo in {rig.folder}")
            rig.start_postgres()
            rig.make_keys()
            rig.start_brokers(1)
            if "commands" in plan.rows:
                say("commands, and pgbench with the same SQL")
                result["commands"] = rows.commands(rig, 2 * plan.seconds)
            if "path" in plan.rows:
                say("the request path")
                result["path"] = rows.request_path(rig, plan.looks)
            if "scaling" in plan.rows:
                say("replicas and brokers")
                result["scaling"] = rows.scaling(rig, plan.seconds / 2)
            if {"events", "catch_up"} & set(plan.rows):
                say("bringing up RabbitMQ and NATS")
                ways = make_ways(rig)
                if "events" in plan.rows:
                    say("  the command without an event")
                    result["without_event"] = tell("nobody is told", rows.without_event(rig, plan.seconds), "commands_per_second")
                    result["events"] = measure_events(rig, ways, plan)
                if "catch_up" in plan.rows:
                    result["catch_up"] = measure_catch_up(rig, ways, plan)
        finally:
            rig.close()
    if "growth" in plan.rows:
        say("cost per command as the database grows")
        result["growth"] = growth(plan.build, plan.sizes, plan.seconds, say)
    return result


# ---- the table ---------------------------------------------------------------------------------------------------------------


def processor(figure, member="cpu_us_per_event"):
    """What all processes together used for one."""
    return sum(figure[member].values())


def rate_line(what, rate, ours, us):
    return f"  {what}", f"{rate:.0f}", f"{ours['events_per_second'] / rate:.2f}", f"processor {us} us, {processor(ours) / us:.2f}"


def event_lines(found, without):
    ours = found["ours"]
    for key, what in (("sustained_1", "events a second, 1 in a command"), ("sustained_20", "events a second, 20 in a command")):
        yield what, f"{ours[key]['events_per_second']:.0f}", "", f"processor for each {processor(ours[key])} us; aim: 3 x or more"
        for name, theirs in found.items():
            if name != "ours":
                yield rate_line(name, theirs[key]["events_per_second"], ours[key], processor(theirs[key]))
        if key == "sustained_1":
            yield rate_line("the same commands without an event", without["commands_per_second"], ours[key], processor(without, "cpu_us_per_command"))
    mine = ours["latency"]
    yield (f"event, commit to commit, p50 / p99, at {mine['rate']:.0f}/s", f"{mine['p50_ms']:.2f} / {mine['p99_ms']:.2f} ms", "",
           "aim: 0.5 x or less, both")
    for name, theirs in found.items():
        if name != "ours":
            theirs = theirs["latency"]
            yield (f"  {name}", f"{theirs['p50_ms']:.2f} / {theirs['p99_ms']:.2f} ms",
                   f"{mine['p50_ms'] / theirs['p50_ms']:.2f} / {mine['p99_ms'] / theirs['p99_ms']:.2f}", "")


def catch_up_lines(found):
    ours = found["ours"]
    yield (f"catch-up of {ours['events']:,} events", f"{ours['seconds']:.1f} s", "",
           f"{ours['events_per_second']:.0f} a second; processor for each {processor(ours)} us; aim: 5 x or more")
    for name, theirs in found.items():
        if name != "ours":
            yield (f"  {name}", f"{theirs['seconds'] * ours['events'] / theirs['events']:.1f} s",
                   f"{ours['events_per_second'] / theirs['events_per_second']:.2f}",
                   f"processor {processor(theirs)} us, {processor(ours) / processor(theirs):.2f}"
                   + (f"; from {theirs['events']:,}" if theirs["events"] < ours["events"] else ""))


def lines(result):
    """(what, figure, ratio to the reference, note)"""
    if "commands" in result:
        row = result["commands"]
        yield "commands a second", f"{row['per_second']:.0f}", "", f"{rows.CONNECTIONS} connections; p50 {row['command']['p50_ms']:.1f} ms"
        yield "  pgbench, the same SQL", f"{row['pgbench_per_second']:.0f}", f"{row['ratio']:.2f}", "aim: 0.8 or more"
        yield "  pgbench, all in one round trip", f"{row['pgbench_pipelined_per_second']:.0f}", f"{row['ratio_pipelined']:.2f}", "what no handler that decides can do"
    if "events" in result:
        yield from event_lines(result["events"], result["without_event"])
    if "catch_up" in result:
        yield from catch_up_lines(result["catch_up"])
    if "path" in result:
        row = result["path"]
        yield "gateway, broker, empty service, p50 / p99", f"{row['gateway']['p50_ms']:.2f} / {row['gateway']['p99_ms']:.2f} ms", "", ""
        yield "  libmicrohttpd alone", f"{row['libmicrohttpd']['p50_ms']:.2f} / {row['libmicrohttpd']['p99_ms']:.2f} ms", "", ""
        yield "  overhead", f"{row['overhead_p50_ms']:.2f} / {row['overhead_p99_ms']:.2f} ms", "", "aim: p50 0.5 ms or less"
    for row in result.get("scaling", []):
        yield (f"commands a second, {row['replicas']} replicas, {row['brokers']} brokers", f"{row['per_second']:.0f}",
               f"{row['per_second'] / result['scaling'][0]['per_second']:.2f}", f"p50 {row['command']['p50_ms']:.1f} ms")
    for row in result.get("growth", []):
        first = result["growth"][0]
        yield (f"processor for a command at {row['applications']:,} cases", f"{row['cost_us']:.0f} us", f"{row['cost_us'] / first['cost_us']:.2f}",
               f"in PostgreSQL {row['postgres_us']} us, {row['postgres_us'] / first['postgres_us']:.2f}; p50 {row['command']['p50_ms']:.1f} ms; aim: 1.1 or less")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=lambda text: Path(text).resolve())
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rows", type=lambda text: text.split(","), default=list(ROWS))
    plan = parser.parse_args()
    if set(plan.rows) - set(ROWS):
        parser.error("rows: " + ",".join(ROWS))
    plan.slept = 100_000 if plan.quick else 1_000_000
    plan.sizes = (10_000, 100_000) if plan.quick else (10_000, 100_000, 1_000_000)
    plan.looks = 1500 if plan.quick else 6000
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))  # takes everything down on the way out
    head = {"date": datetime.date.today().isoformat(), "machine": machine()}
    try:
        result = {**head, **measure(plan)}
    except Failed as failure:
        say(f"tests/bench/backbone: {failure}")
        return 1
    folder = plan.build / "bench"
    folder.mkdir(exist_ok=True)
    (folder / "backbone.json").write_text(json.dumps(result, indent=1) + "\n")
    print(f"\n{result['date']}, {result['machine']['cpu']}, {result['machine']['memory_gib']} GiB, Linux {result['machine']['kernel']}, "
          f"load {result['machine']['load_before']:.1f}")
    print(f"{'':<52} {'':>20}  {'ratio':>11}")
    for what, figure, ratio, note in lines(result):
        print(f"{what:<52} {figure:>20}  {ratio:>11}  {note}".rstrip())
    print(f"\nJSON: {folder / 'backbone.json'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
