#!/usr/bin/python3
"""The inner half of tests/deploy/scale: each service scaled while traffic flows, its load told by replica, and one replica killed."""
import argparse
import sys
import time

import fleet
from fleet import Person, compose, containers, docker, used_ms

ALL = ["gateway", "broker", *fleet.SERVICES]
LEAST = 0.1  # of an equal share: a replica that carries less takes no part


def shares(before, after):
    """What each replica did between the two, in percent of all."""
    done = [max(after[one] - before[one], 0) for one in before]
    return [round(100 * one / (sum(done) or 1)) for one in done]


def finish(crowd, courses, limit_s):
    """Until the crowd has ended that many more courses."""
    wanted = crowd.courses + courses
    fleet.wait_for(lambda: crowd.courses >= wanted or crowd.failures, f"{courses} more courses", limit_s)


def scale(crowd, service, replicas, seconds):
    failed, courses, repeated = len(crowd.failures), crowd.courses, Person.counts["repeated"]
    began = time.monotonic()
    compose("up", "-d", "--no-build", "--scale", f"{service}={replicas}")
    fleet.wait_ready(service, replicas)
    took = time.monotonic() - began
    time.sleep(3)
    before = {one: used_ms(one) for one in containers(service)}
    time.sleep(seconds)
    spread = shares(before, {one: used_ms(one) for one in before})
    lost, quiet = list(before)[0], Person.counts["repeated"] - repeated
    docker("kill", lost)
    killed = time.monotonic()
    finish(crowd, len(crowd.threads), 60)  # who waited for it in vain, and everybody else
    gap = time.monotonic() - killed
    failed = len(crowd.failures) - failed
    print(f"scale: service={service} replicas={replicas} up_s={took:.0f} spread={'/'.join(map(str, spread))}% killed=1 courses_after_s={gap:.1f} "
          f"courses={crowd.courses - courses} repeated={quiet}+{Person.counts['repeated'] - repeated - quiet} failed={failed}", flush=True)
    is_spread = len(spread) == replicas and min(spread) >= LEAST * 100 / replicas
    if not is_spread:
        print(f"FAIL {service}: a replica takes no part", flush=True)
    return is_spread and not failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("services", nargs="*", metavar="SERVICE", help=f"of {' '.join(ALL)}; all without one")
    parser.add_argument("--replicas", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=8, help="how long the spread is watched")
    given = parser.parse_args()
    services = given.services or ALL
    if set(services) - set(ALL):
        parser.error(f"there is no {', '.join(set(services) - set(ALL))}; there are: {', '.join(ALL)}")
    fleet.ready(120)
    crowd = fleet.Crowd()
    try:
        verdicts = [scale(crowd, service, given.replicas, given.seconds) for service in services]
    finally:
        crowd.end()
    for why in crowd.failures[:10]:
        print(f"FAILED {why}")
    print(f"scale: services={len(services)} replicas={given.replicas} killed={len(services)} courses={crowd.courses} begun={crowd.begun} "
          f"requests={Person.counts['requests']} repeated={Person.counts['repeated']} failed={len(crowd.failures)}")
    sys.exit(0 if all(verdicts) and not crowd.failures and crowd.courses else 1)


if __name__ == "__main__":
    main()
