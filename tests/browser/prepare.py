#!/usr/bin/python3
"""Brings an application to a desk, so that a browser test begins where it means to: JSON of the case on standard output.

prepare.py SERVICE STEP [CHANGES]   STEP: "verification", "inspection", … "handover", "done"; CHANGES: JSON of the applicant's members
The system is told by PATEN_TEST_URL and PATEN_TEST_VAR, as for every test.
"""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import applicant, course, office  # noqa: E402
import datetime  # noqa: E402

WIB = datetime.timezone(datetime.timedelta(hours=7))


def walk(raas, service, until, person):
    """Each officer's act in turn until the case stands at that step."""
    case = raas.register(service, course.FORMS[service], person)
    application = case["application"]
    acts = {
        "verification": lambda: raas.verify(application, "ok"),
        "inspection": lambda: visit(raas, service, application),
        "drafting": lambda: raas.draft(application),
        "paraf_kasi": lambda: raas.paraf(application, "kasi"),
        "paraf_sekcam": lambda: raas.paraf(application, "sekcam"),
        "signing": lambda: raas.sign(application),
        "payment": lambda: raas.pay(application),
        "handover": lambda: raas.hand_over(application),
    }
    steps = [step for step in acts if service != "sktm" or step not in ("inspection", "payment")]
    for step in steps:
        if step == until:
            raas.wait_step(application, step)
            break
        acts[step]()
    return {**case, "name": person["name"], "nik": person["nik"]}


def visit(raas, service, application):
    now = datetime.datetime.now(WIB)
    raas.schedule(application, now.date().isoformat())
    raas.inspect(application, course.FINDINGS[service], now.isoformat(timespec="seconds"))


if __name__ == "__main__":
    service, until = sys.argv[1:3]
    changes = json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}
    json.dump(walk(office(), service, until, applicant(**changes)), sys.stdout)
