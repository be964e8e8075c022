"""The arguments of tests/fault/run.  As a program it says how many replicas are to be brought up, or what is wrong with them."""
import argparse
import os

# How often each kind of fault comes, relative to each other.
WEIGHTS = {"kill": 26, "freeze": 14, "kill_point": 30, "kill_backend": 4, "freeze_backend": 5, "kill_postmaster": 2, "ail_smtp": 6,
           "jump_clock": 7, "fill_disk": 3, "spoil_link": 8}
PAUSE_S = 0.7  # on average


def arguments():
    parser = argparse.ArgumentParser(prog="tests/fault/run", description="Breaks a system of its own and judges what is left.")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    parser.add_argument("--replicas", type=int, default=2, help="of every service")
    parser.add_argument("--concurrency", type=int, default=50, help="courses at once")
    parser.add_argument("--only", nargs="+", choices=list(WEIGHTS), metavar="KIND", default=[],
                        help="these kinds of faults alone: " + ", ".join(WEIGHTS))
    parser.add_argument("--pause", type=float, default=PAUSE_S, help="seconds between two faults, on average")
    parser.add_argument("--smtp-port", type=int, default=0, help=argparse.SUPPRESS)
    parser.set_defaults(gateways=2, brokers=2)
    return parser.parse_args()


if __name__ == "__main__":
    print(arguments().replicas)
