#!/usr/bin/python3
"""What docker-compose.yml promises of a deployment that stands: who may do what, how much it takes, and what the edge answers."""
import http.client
import json
import socket
import ssl
import subprocess
import sys
import time
import warnings
from pathlib import Path

import fleet
from engine import IMAGE_MOST_MB, images
from fleet import containers, docker, inspected, paten

IDLE_MOST_MB, IDLE_S = 400, 10
JOBS = {"prepare", "migrate", "demo_admin", "demo"}
OWNERS = {"demo_admin": "identity", "backup": "postgres"}  # whose keys these see
failures = []


def check(what, holds, details=""):
    if not holds:
        failures.append(what)
        print(f"FAIL {what} {details}", flush=True)


def name_of(one):
    return one["Config"]["Labels"]["com.docker.compose.service"]


def closed_in(one):
    """The container has no more than it needs."""
    name, host = name_of(one), one["HostConfig"]
    check(f"{name}: is not root", one["Config"]["User"] not in ("", "0", "root"))
    check(f"{name}: cannot write to its image", host["ReadonlyRootfs"])
    check(f"{name}: has no capabilities", host["CapDrop"] == ["ALL"] and not host["CapAdd"])
    check(f"{name}: gains no privileges", any(option.startswith("no-new-privileges") for option in host["SecurityOpt"] or []))
    check(f"{name}: is bounded", host["Memory"] > 0 and (host["PidsLimit"] or 0) > 0)
    check(f"{name}: its log is rotated", {"max-size", "max-file"} <= set(host["LogConfig"]["Config"]))
    check(f"{name}: comes back", name in JOBS or host["RestartPolicy"]["Name"] in ("unless-stopped", "on-failure"))
    networks = {network.removeprefix(fleet.PROJECT + "_") for network in one["NetworkSettings"]["Networks"]}
    check(f"{name}: only the edge leaves the closed network", networks <= ({"inside", "outside"} if name == "edge" else {"inside"}) or
          (name in JOBS | {"backup"} and networks == {"nowhere"}), networks)
    volumes = {mount.get("Name", mount["Destination"]).removeprefix(fleet.PROJECT + "_") for mount in one["Mounts"]}
    check(f"{name}: sees not everybody's keys, nor what the office brought", not volumes & {"keys", "/secrets"} or name in JOBS | {"backup"}, volumes)
    check(f"{name}: does not reach the superuser", "postgres_socket" not in volumes or name in ("postgres", "migrate", "backup"), volumes)
    keys = {mount["Name"].removeprefix(fleet.PROJECT + "_") for mount in one["Mounts"] if mount.get("Destination") == "/run/keys"}
    check(f"{name}: sees its own keys alone", keys <= {f"keys_{OWNERS.get(name, name)}"}, keys)


def standing():
    running = inspected(containers())
    count = {}
    for one in running:
        closed_in(one)
        count[name_of(one)] = count.get(name_of(one), 0) + 1
        health = one["State"].get("Health", {}).get("Status")
        check(f"{name_of(one)}: is ready", health == "healthy" or name_of(one) == "mailbox", health)
    for one in inspected(containers(state="exited")):
        closed_in(one)
        check(f"{name_of(one)}: ended well", name_of(one) in JOBS and one["State"]["ExitCode"] == 0, one["State"]["ExitCode"])
    expected = {"postgres": 1, "backup": 1, "broker": 2, "gateway": 1, "edge": 1, "mailbox": 1, **{name: 1 for name in fleet.SERVICES}}
    check("everything runs", count == expected, count)
    internal = json.loads(docker("network", "inspect", f"{fleet.PROJECT}_inside"))[0]["Internal"]
    check("the network inside leads nowhere", internal)
    return running


def memory_mb(running):
    """Resident in all processes of the deployment: shared pages counted once, and as the sum of RSS; the demo's mailbox left out."""
    pss = rss = 0
    for one in running:
        if name_of(one) == "mailbox":
            continue
        for process in docker("top", one["Id"], "-eo", "pid").split()[1:]:
            try:
                rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            numbers = {line.split(":")[0]: int(line.split()[1]) for line in rollup.splitlines()[1:]}
            pss, rss = pss + numbers["Pss"], rss + numbers["Rss"]
    return round(pss / 1024), round(rss / 1024)


def edge():
    plain = http.client.HTTPConnection("localhost", 80, timeout=10)
    plain.request("GET", "/lacak?number=1")
    answer = plain.getresponse()
    check("http:// leads to https://", (answer.status, answer.headers["Location"]) == (308, f"{fleet.URL}/lacak?number=1"),
          f"{answer.status} {answer.headers['Location']}")
    answer = paten.Paten(fleet.URL).send("GET", "/")
    check("the citizens' page", answer.status == 200 and answer.headers["Strict-Transport-Security"], answer.status)
    check("the officers' page", paten.Paten(fleet.URL).send("GET", "/petugas/").status == 200)
    warnings.simplefilter("ignore", DeprecationWarning)  # old is what is meant
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("DEFAULT@SECLEVEL=0")
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        http.client.HTTPSConnection("localhost", 443, context=old, timeout=10).request("GET", "/")
        check("TLS of 2006 is refused", False)
    except (ssl.SSLError, ConnectionError):
        pass
    officer = paten.Paten(fleet.URL).sign_in("loket.raas", fleet.password())
    stream = officer.connect()
    stream.request("GET", "/v1/changes", headers={"Authorization": f"Bearer {officer.token}", "Accept": "text/event-stream"})
    answer = stream.getresponse()
    began = time.monotonic()
    check("a stream passes, and is not held back", answer.status == 200 and answer.read(1), answer.status)
    check("a stream speaks within its silence", time.monotonic() - began < 20)


def observed():
    """Prometheus, brought up as an operator does: it hears every program, knows every alarm, and reaches the machine's Alertmanager."""
    fleet.compose("--profile", "observe", "up", "-d", "--no-build", "prometheus")
    alarms = (fleet.ROOT / "deploy/observe/alerts.yml").read_text().count("- alert:")

    def asked(question):
        connection = http.client.HTTPConnection("10.211.7.3", 9090, timeout=10)
        connection.request("GET", f"/api/v1/{question}")
        return json.load(connection.getresponse())["data"]

    def hears_all():
        try:
            return sorted(target["health"] for target in asked("targets?state=active")["activeTargets"]) == ["up"] * (3 + len(fleet.SERVICES))
        except (OSError, http.client.HTTPException, ValueError):  # while it starts it says 503 in plain text
            return False
    fleet.wait_for(hears_all, "Prometheus to hear every program", 120)
    rules = [rule for group in asked("rules")["groups"] for rule in group["rules"] if rule["type"] == "alerting"]
    check("Prometheus knows every alarm", len(rules) == alarms and all(rule["health"] in ("ok", "unknown") for rule in rules), len(rules))
    check("Prometheus is heard by nobody outside", not inspected(containers("prometheus"))[0]["NetworkSettings"]["Ports"].get("9090/tcp"))
    with socket.create_server(("10.211.7.128", 9093)):
        reached = subprocess.run(["docker", "exec", containers("prometheus")[0], "bash", "-c", "exec 3<>/dev/tcp/10.211.7.128/9093"], capture_output=True)
        check("Prometheus reaches an Alertmanager of the machine", reached.returncode == 0, reached.stderr)
    for one in inspected(containers("prometheus")):
        closed_in(one)
    fleet.compose("--profile", "observe", "rm", "-s", "-f", "prometheus")


def main():
    fleet.ready(120)
    fleet.wait_for(lambda: all(one["State"].get("Health", {}).get("Status", "healthy") == "healthy" for one in inspected(containers())),
                   "everybody's readiness", 120)
    running = standing()
    edge()
    time.sleep(IDLE_S)
    pss, rss = memory_mb(running)
    check(f"idle, it takes less than {IDLE_MOST_MB} MB", pss < IDLE_MOST_MB, pss)
    observed()
    sizes = images("programs", "postgres", "tools", "edge", "prometheus")
    check(f"no image is more than {IMAGE_MOST_MB} MB above the base", max(sizes.values()) <= IMAGE_MOST_MB, sizes)
    print(f"standing: containers={len(running)} idle_mb={pss} idle_rss_sum_mb={rss} "
          f"{' '.join(f'image_{name}_mb={mb}' for name, mb in sizes.items())} failed={len(failures)}")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
