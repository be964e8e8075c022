#!/usr/bin/python3
"""Brokers behind one name whose addresses come and go: what `docker compose --scale broker=N` and Swarm do.  In a mount and network
namespace of its own, where /etc/hosts is the test's; where that cannot be had (it takes root) the test is skipped (exit code 77)."""
import os
import subprocess
import sys
import unittest

from world import World, wait_until

NAME, PORT = "brokers.paten.test", 7000
ROUNDS = 9  # more addresses, one after the other, than a link has ends (NAMES_MOST)


def name(*addresses):
    """These are the name's addresses from now on."""
    with open("/etc/hosts", "w", encoding="ascii") as hosts:
        hosts.writelines(f"{address} {NAME}\n" for address in addresses)


def address(number):
    return f"127.0.0.{number + 2}"


def broker(number):
    return World.broker_at(f"tcp://{address(number)}:{PORT}")


class Names(unittest.TestCase):
    def logged(self, event):
        return [line for line in World.log() if line["event"] == event]

    def put(self, key):
        return World.driver.ask("probe.note.put", {"name": key}, key=key)["status"]

    def test_brokers_come_and_go(self):
        name()
        World.start_clients()
        wait_until(lambda: len(self.logged("link.name_unknown")) == 3, "everybody asked for a name that nobody knows")
        old = broker(0)
        name(address(0))
        World.settled()
        self.assertEqual(len(self.logged("link.name_known")), 3)
        self.assertEqual(self.put("first"), 201)
        for number in range(1, ROUNDS + 1):
            new = broker(number)
            name(address(number - 1), address(number))
            wait_until(lambda: self.put("first") == 201, "the old one serves on")
            self.assertEqual(old.end(), 0)
            name(address(number))
            World.settled()  # nobody but the new one can say so
            self.assertEqual(self.put(f"round {number}"), 201)
            old = new
        for process in (*World.replicas, old):
            self.assertEqual(process.end(), 0, process.name)


def in_own_namespaces():
    """Starts this program once more, with its own /etc/hosts and network."""
    if os.environ.get("PATEN_TEST_NAMESPACE"):
        return
    unshare = ["unshare", "--mount", "--net"]
    if subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode:
        print("no namespaces can be made here (root is needed): skipped")
        sys.exit(77)
    os.environ["PATEN_TEST_NAMESPACE"] = "yes"
    os.execvp(unshare[0], [*unshare, sys.executable, *sys.argv])


def setUpModule():
    unittest.addModuleCleanup(World.close)
    World.open([f"tcp://{NAME}:{PORT}"])
    hosts = World.folder / "hosts"
    hosts.touch()
    subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


if __name__ == "__main__":
    in_own_namespaces()
    unittest.main(verbosity=2)
