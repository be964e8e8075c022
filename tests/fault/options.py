"""The arguments of this folder's commands.  As a program, with a command's name and what it was given, it says what is wrong with them
before a system is brought up, and prints the one that the shell must know (`told`)."""
import argparse
import os
import sys

# How often each kind of fault of tests/fault/run comes, relative to each other.
WEIGHTS = {"kill": 26, "freeze": 14, "kill_point": 30, "kill_backend": 4, "freeze_backend": 5, "kill_postmaster": 2, "ail_smtp": 6,
           "jump_clock": 7, "fill_disk": 3, "spoil_link": 8}
PAUSE_S = 0.7  # on average


def run(parser):
    parser.description = "Breaks a system of its own and judges what is left."
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    parser.add_argument("--replicas", type=int, default=2, help="of every service")
    parser.add_argument("--concurrency", type=int, default=50, help="courses at once")
    parser.add_argument("--only", nargs="+", choices=list(WEIGHTS), metavar="KIND", default=[],
                        help="these kinds of faults alone: " + ", ".join(WEIGHTS))
    parser.add_argument("--pause", type=float, default=PAUSE_S, help="seconds between two faults, on average")
    parser.set_defaults(gateways=2, brokers=2, told="replicas")


def rolling(parser):
    parser.description = "Restarts every program under load; no request may fail."
    parser.add_argument("--rounds", type=int, default=1, help="how often everything is restarted")
    parser.add_argument("--concurrency", type=int, default=24, help="courses at once")
    parser.add_argument("--only", nargs="+", metavar="NAME", default=[], help="these programs alone")


def overload(parser):
    parser.description = "Five times the load that saturates the system."
    parser.add_argument("--seconds", type=int, default=30, help="of the spike")
    parser.add_argument("--times", type=float, default=5, help="the saturating load")
    parser.add_argument("--untimed", action="store_true", help="a short one that judges what is no matter of speed, and prints the rest")


def soak(parser):
    parser.description = "Half load for long; nothing may grow."
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=0, help="courses a second, instead of half of what saturates")


def upgrade(parser):
    parser.description = "From an earlier version to this one and back under load; no request may fail."
    parser.add_argument("--from", dest="commit", default="HEAD^", help="the earlier version; without it the commit before this one")
    parser.add_argument("--concurrency", type=int, default=8, help="courses at once")
    parser.set_defaults(told="commit")


def restore(parser):
    parser.description = "Damages a system, restores it from its backups, and judges what came back."
    parser.add_argument("--seconds", type=int, default=10, help="that people are at work before the damage")
    parser.add_argument("--concurrency", type=int, default=8, help="courses at once")
    parser.add_argument("--late", action="store_true", help="restore to a moment after the damage: must fail")


def arguments(command, given=None):
    """given: without the command's name; None: those of the program."""
    parser = argparse.ArgumentParser(prog=f"tests/{'deploy' if command == 'restore' else 'fault'}/{command}")
    {"run": run, "rolling": rolling, "overload": overload, "soak": soak, "upgrade": upgrade, "restore": restore}[command](parser)
    parser.add_argument("--smtp-port", type=int, default=0, help=argparse.SUPPRESS)
    return parser.parse_args(given)


if __name__ == "__main__":
    found = vars(arguments(sys.argv[1], sys.argv[2:]))
    print(found.get(found.get("told"), ""))
