#!/usr/bin/python3
"""The inner half of tests/fault/soak: finds out what saturates the system, offers half of it for long, and looks for what grows."""
import json
import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import facts as database  # noqa: E402
from edge import WatchedCrowd, gather  # noqa: E402
from invariants import check_all  # noqa: E402
from options import arguments  # noqa: E402
from runner import clients_view, settle, table  # noqa: E402
from watch import Watch  # noqa: E402

CONCURRENCY = 24
FULL_S = 45
EVERY_S = 5
WARM = 0.2  # of the samples: caches, pools and threads that come with the first use
# What may be more at the end than at the beginning, noise and all: (so much, and this share of the beginning).  PostgreSQL fills 64 MB of
# shared buffers and the catalogue caches of its connections before it comes to rest.
SLACK = {"rss_kb": (3072, 0.05), "threads": (1, 0), "fds": (4, 0), "connections": (4, 0), "lag": (50, 0), "jobs": (50, 0)}
SLACK_POSTGRES = {"rss_kb": (40960, 0.15)}


class PacedCrowd(WatchedCrowd):
    """Courses begin on a timetable, once one is set; without, as fast as they go."""
    gap_s = due = 0

    def next_person(self):
        with self.count_lock:
            due = self.due = max(self.due + self.gap_s, time.monotonic() - 1)
        while self.gap_s and time.monotonic() < due and not self.ending:
            time.sleep(max(0, min(0.2, due - time.monotonic())))
        return super().next_person()


def waiting():
    """Events that a group has not handled yet, and jobs that are due."""
    return {"events": {"lag": len(database.unhandled())},
            "jobs": {"jobs": sum(job["is_due"] for job in database.open_jobs())}}


def trend(values):
    """Medians of the first and of the last third after the warm-up."""
    kept = values[int(len(values) * WARM):]
    third = max(1, len(kept) // 3)
    return statistics.median(kept[:third]), statistics.median(kept[-third:])


def growing(watch):
    """All trends as rows of a table, and those that are more than noise."""
    rows, findings = [], []
    for name in watch.names():
        for measure, slack in SLACK.items():
            values = watch.values(name, measure, {"half"})
            if len(values) < 6:
                continue
            first, last = trend(values)
            most, share = SLACK_POSTGRES.get(measure, slack) if name == "postgres" else slack
            rows.append((f"{name} {measure}", f"{first:9.0f} {last:9.0f} {max(values):9.0f}"))
            if last > first + most + share * first:
                findings.append(f"{name}: {measure} grew from {first:.0f} to {last:.0f}")
    return rows, findings


def saturate_and_halve(crowd, rate):
    """Courses a second for the long part."""
    time.sleep(10)
    before = crowd.courses
    time.sleep(FULL_S - 10)
    full = (crowd.courses - before) / (FULL_S - 10)
    print(f"saturated: {full:.1f} courses a second, {CONCURRENCY} at once", flush=True)
    return rate or full / 2


def main():
    given = arguments("soak")
    crowd, journal, smtp = gather(PacedCrowd, CONCURRENCY, given.smtp_port)
    rate = saturate_and_halve(crowd, given.rate)
    crowd.gap_s = 1 / rate
    watch = Watch(EVERY_S, waiting)
    watch.mark, before, began = "half", crowd.courses, time.monotonic()
    time.sleep(60 * given.minutes)
    took = time.monotonic() - began
    done = (crowd.courses - before) / took
    watch.end()
    print(f"{rate:.1f} courses a second were wanted for {took / 60:.1f} minutes, {done:.1f} were done; settling", flush=True)
    settle(crowd)
    Path(os.environ["PATEN_SOAK_SAMPLES"]).write_text("".join(json.dumps(sample) + "\n" for sample in watch.samples))
    rows, findings = growing(watch)
    failures = crowd.end_of_failures()
    if not rows:
        findings.append("too short: fewer than six samples")
    table("median of the first third, of the last third, maximum", rows)
    for name, _, broken in check_all(database.facts(), clients_view(crowd, journal, smtp.taken)):
        findings += [f"{name}: {category}: {what}" for category, what in broken]
    findings += [f"failed: {request}: {why}" for _, _, request, why in failures]
    for words in findings[:30]:
        print(f"FAIL {words}")
    print(f"\nsoak: minutes={given.minutes:g} courses={crowd.courses} requests={crowd.counts['requests']} failed={len(failures)} "
          f"findings={len(findings)}")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
