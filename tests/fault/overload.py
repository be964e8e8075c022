#!/usr/bin/python3
"""The inner half of tests/fault/overload: the load (flood.c), somebody who looks at the answers from beside, the memory, the verdict."""
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import ROOT, URL, Paten, password, wait_for  # noqa: E402

from options import arguments  # noqa: E402
from runner import everybody_runs, table  # noqa: E402
from watch import Watch  # noqa: E402

GATEWAYS = 2
AT_ONCE = 64       # of the load that saturates
USUAL = 0.5        # before and after, times the saturation
AFTER_S = 60       # in which the times must be usual again
KEPT = 0.7         # of the saturated throughput, also while the rest is refused
LATE = 0.02        # of all, at most, without an answer within their deadline
REFUSED_MS = 1000  # 95 of 100 refusals are there by then, on a machine that the generator shares
PEAK_MB = {"gateway": 128, "broker": 128, "postgres": 1024, "": 96}  # resident, whatever is offered; "": every other process
PATIENCE_S = 15


class Onlooker:
    """One request after the other during the spike, each over a new connection: an answer, or 503 with Retry-After."""

    def __init__(self, token):
        self.token, self.answers, self.ended = token, [], threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.ended.wait(0.1):
            client, began = Paten(URL, self.token), time.monotonic()
            client.timeout_s = PATIENCE_S
            try:
                answer = client.send("GET", "/v1/applications", query={"limit": "1"})
                self.answers.append((answer.status, answer.headers.get("Retry-After"), time.monotonic() - began))
            except (OSError, http.client.HTTPException) as why:
                self.answers.append((0, repr(why), time.monotonic() - began))
            client.close()

    def end(self):
        self.ended.set()
        self.thread.join()

    def findings(self):
        return [f"beside the load: {status} {more} after {took:.1f} s" for status, more, took in self.answers
                if not (200 <= status < 300 or status == 504 or (status == 503 and more))]


def pour(given, watch, token):
    """Runs the load; its lines, in order."""
    first, lines, onlooker = int(URL.rsplit(":", 1)[1]), [], None
    addresses = ",".join(f"127.0.0.1:{first + n}" for n in range(GATEWAYS))
    saturated_s, after_s = (8, 10) if given.untimed else (15, AFTER_S)
    phases = [f"warm:full:{AT_ONCE}:5", f"saturated:full:{AT_ONCE}:{saturated_s}", f"usual:times:{USUAL}:10",
              f"spike:times:{given.times}:{given.seconds}", f"after:times:{USUAL}:{after_s}"]
    names = [phase.split(":")[0] for phase in phases]
    watch.mark = names[0]
    flood = subprocess.Popen([ROOT / "build/release/tests/fault/fault_flood", addresses, *phases], stdout=subprocess.PIPE, text=True,
                             env={**os.environ, "PATEN_DEMO_PASSWORD": password()})
    for line in flood.stdout:
        lines.append(json.loads(line))
        if lines[-1]["whole"] and lines[-1]["phase"] in names:
            watch.mark = (names + ["end"])[names.index(lines[-1]["phase"]) + 1]
            if watch.mark == "spike":
                onlooker = Onlooker(token)
            elif onlooker:
                onlooker.end()
    if flood.wait():
        sys.exit("the load could not be made")
    return lines, onlooker


def recovery_s(seconds, usual_p95):
    """Seconds after the spike from which on the times are usual; None: not within the phase."""
    limit, at, since = 2 * usual_p95 + 50, 0, 0
    for second in seconds:
        at += second["seconds"]
        if second["done"]["p95_ms"] > limit or second["refused"]["count"] or second["late"]:
            since = at
    return None if since >= at - 5 else round(since, 1)


def peaks_mb(watch):
    return {name: max(watch.values(name, "rss_kb")) / 1024 for name in watch.names() if name != "mailbox"}


def memory_findings(peaks):
    bounds = {name: PEAK_MB.get(name.rsplit("-", 1)[0], PEAK_MB[""]) for name in peaks}
    return [f"{name} grew to {peak:.0f} MB, {bounds[name]} are its bound" for name, peak in peaks.items() if peak > bounds[name]]


def tell_phases(phases):
    rows = []
    for name, phase in phases.items():
        if phase["seconds"]:
            rows.append((name, f"{phase['sent'] / phase['seconds']:7.0f} {phase['done']['count'] / phase['seconds']:7.0f} "
                               f"{phase['refused']['count'] / phase['seconds']:8.0f} {phase['late']:6} {phase['broken']:6}   "
                               f"{phase['done']['p50_ms']:6.0f} {phase['done']['p95_ms']:6.0f} {phase['done']['max_ms']:6.0f}   "
                               f"{phase['refused']['p50_ms']:6.0f} {phase['refused']['p95_ms']:6.0f} {phase['refused']['max_ms']:6.0f}"))
    table("registrations", [("", "a second               in all          done, ms: p50 p95 max    refused: p50 p95 max"),
                            ("phase", "   sent    done  refused   late broken"), *rows])


def judge(given, lines, onlooker, watch):
    phases = {line["phase"]: line for line in lines if line["whole"]}
    after = [line for line in lines if line["phase"] == "after" and not line["whole"]]
    spike, saturation = phases["spike"], phases["saturated"]["done"]["count"] / phases["saturated"]["seconds"]
    kept = spike["done"]["count"] / spike["seconds"] / saturation
    recovered, peaks = recovery_s(after, phases["usual"]["done"]["p95_ms"]), peaks_mb(watch)
    tell_phases(phases)
    table("resident at most, MB", [(name, f"{peak:.0f}") for name, peak in peaks.items()])
    beside = [took for _, _, took in onlooker.answers]
    table("beside the load, new connections", [("answers", len(beside)), ("longest, s", f"{max(beside, default=0):.2f}")])
    answered = sum(p["done"]["count"] + p["refused"]["count"] + p["late"] + p["broken"] for p in phases.values())
    sent = sum(p["sent"] for p in phases.values())
    findings = onlooker.findings() + memory_findings(peaks)
    findings += [f"{what}: {count}" for what, count in (
        ("answers that are neither 201 nor 503 nor 504", sum(p["broken"] for p in phases.values())),
        ("requests without an answer", sent - answered)) if count]
    if not spike["refused"]["count"]:
        findings.append("nothing was refused: this was no overload")
    timed = [words for is_bad, words in (
        (kept < KEPT, f"{kept:.2f} of the saturated throughput was kept, {KEPT} are wanted"),
        (spike["unsent"] > 0, f"{spike['unsent']} requests of the timetable found all connections of the load taken: less was offered"),
        (spike["late"] > LATE * spike["sent"], f"{spike['late']} of {spike['sent']} requests ran into their deadline"),
        (spike["refused"]["p95_ms"] > REFUSED_MS, f"a refusal took {spike['refused']['p95_ms']:.0f} ms (p95)"),
        (recovered is None, f"not back to the usual times within {AFTER_S} s")) if is_bad]
    for words in findings + timed:
        print(f"{'FAIL' if words in findings or not given.untimed else 'note'} {words}")
    print(f"\noverload: saturation={saturation:.0f} offered={spike['sent'] / spike['seconds']:.0f} kept={kept:.2f} "
          f"refused={spike['refused']['count']} late={spike['late']} refused_p95_ms={spike['refused']['p95_ms']:.0f} "
          f"recovery_s={recovered} peak_mb={max(peaks.values()):.0f}")
    return 1 if findings or (timed and not given.untimed) else 0


def main():
    given = arguments("overload")
    wait_for(everybody_runs, "every process", 60)
    token = Paten(URL).sign_in("loket.raas", password()).token
    watch = Watch(0.5)
    lines, onlooker = pour(given, watch, token)
    watch.end()
    Path(os.environ["PATEN_OVERLOAD_LINES"]).write_text("\n".join(map(json.dumps, lines)) + "\n")
    sys.exit(judge(given, lines, onlooker, watch))


if __name__ == "__main__":
    main()
