#!/usr/bin/python3
"""Turns what tests/bench/run measured into one table and courses.json: report.py FOLDER"""
import datetime
import json
import os
import platform
import re
import sys
from pathlib import Path

folder = Path(sys.argv[1])
load = json.loads((folder / "load.json").read_text())
document = json.loads((folder / "document.json").read_text())
memory = [line.split() for line in (folder / "memory.txt").read_text().splitlines()]
tps = float(re.search(r"tps = ([\d.]+)", (folder / "pgbench.txt").read_text())[1])
courses = load["courses"]
machine = courses["machine"]


def cpu():
    models = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return f"{len(models)} x {models[0]}" if models else platform.processor()


def memory_gib():
    return int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) / 1048576


result = {
    "date": datetime.date.today().isoformat(),
    "machine": {"cpu": cpu(), "memory_gib": round(memory_gib(), 1), "kernel": platform.release(), "load_before": os.getloadavg()[2]},
    "memory": {"resident_mb": round(sum(int(pss) for _, _, pss in memory) / 1024, 1),
               "sum_of_rss_mb": round(sum(int(rss) for _, rss, _ in memory) / 1024, 1),
               "processes": {name: {"rss_kb": int(rss), "pss_kb": int(pss)} for name, rss, pss in memory}},
    "pgbench_tps": tps,
    "load": load,
    "document": document,
    "ratios": {"commands_to_pgbench": round(courses["commands_per_second"] / tps, 3),
               "query_to_gateway_alone_p50": round(load["one_query"]["p50_ms"] / load["gateway_alone"]["p50_ms"], 2)},
}
(folder / "courses.json").write_text(json.dumps(result, indent=1) + "\n")

print()
print(f"{result['date']}, {result['machine']['cpu']}, {result['machine']['memory_gib']} GiB, Linux {result['machine']['kernel']}")
rows = [
    ("complete SKTM courses per second", f"{courses['courses_per_second']:.1f}", "aim: 20 or more, generator included"),
    ("  a whole course, p50 / p99", f"{courses['course']['p50_ms']:.0f} / {courses['course']['p99_ms']:.0f} ms",
     f"{courses['concurrency']} at once; {courses['errors']} errors"),
    ("  commands per second", f"{courses['commands_per_second']:.0f}", f"{result['ratios']['commands_to_pgbench']:.3f} x pgbench -N ({tps:.0f} tps, same cluster)"),
    ("  one command at the gateway, p50 / p99", f"{courses['command']['p50_ms']:.1f} / {courses['command']['p99_ms']:.1f} ms", "under this load"),
    ("  processor time for one course", f"{machine['cpu_ms_per_course']:.0f} ms",
     f"PostgreSQL and generator included; {1000 * os.cpu_count() / machine['cpu_ms_per_course']:.1f} courses/s would use all {os.cpu_count()} cores"),
    ("  the machine: used / disk / idle / stolen",
     " / ".join(f"{100 * machine[share]:.0f}" for share in ("used_share", "disk_wait_share", "idle_share", "stolen_share")) + " %",
     "stolen: given to others by the host"),
    ("  the generator's own share of a core", f"{courses['generator_cpu_share']:.2f}", ""),
    ("one query, alone, p50 / p99", f"{load['one_query']['p50_ms']:.2f} / {load['one_query']['p99_ms']:.2f} ms",
     f"{result['ratios']['query_to_gateway_alone_p50']:.1f} x an answer of the gateway alone"),
    ("all services idle, resident together", f"{result['memory']['resident_mb']:.0f} MB", "aim: under 150; shared pages counted once"),
    ("  the same as sum of RSS", f"{result['memory']['sum_of_rss_mb']:.0f} MB", "libraries counted in every process"),
]
for name, value in document.items():
    if isinstance(value, dict) and "p50_ms" in value:
        rows.append((f"document: {name}, p50 / p99", f"{value['p50_ms']:.2f} / {value['p99_ms']:.2f} ms", ""))
    elif isinstance(value, (int, float)):
        rows.append((f"document: {name}", f"{value:g}", ""))
for name, value, note in rows:
    print(f"{name:<44} {value:>18}   {note}")
print(f"\nJSON: {folder / 'courses.json'}")
