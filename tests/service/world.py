"""What the tests of this folder run: the runtime of common/ by way of the probe, a broker with real keys, a PostgreSQL cluster of their
own.  CTest names the programs (PATEN_TEST_BROKER …); by hand: PATEN_TEST_LOG=1 keeps the folder.

What is waited for is always a state, with a bound; a wait that runs out fails the test.  No speed is judged.
"""
import itertools
import json
import os
import pwd
import queue
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PG_BIN = Path("/usr/lib/postgresql/15/bin")
PATIENCE = 60  # seconds; longest wait for what must come


def wait_until(question, what):
    """The first true answer of question ()."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"not within {PATIENCE} s: {what}")


class Postgres:
    """A scratch cluster; initdb refuses to run as root, so root lends it to the user postgres."""

    def __init__(self, folder):
        self.folder, self.data = folder, folder / "pg"
        self.drop = []
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
            self.drop = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        self.run("initdb", "-D", self.data, "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "-N")
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write(f"listen_addresses = ''\nunix_socket_directories = '{folder}'\nfsync = off\ndeadlock_timeout = '100ms'\n"
                       "max_connections = 60\nshared_buffers = '16MB'\n")
        self.start()
        self.migrate()

    def run(self, program, *arguments):
        done = subprocess.run([*self.drop, PG_BIN / program, *map(str, arguments)], cwd="/", capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")

    def start(self):
        subprocess.run([*self.drop, PG_BIN / "pg_ctl", "-D", self.data, "-w", "-l", self.folder / "pg.log", "start"], cwd="/", check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self, mode="immediate"):
        self.run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    def psql(self, *arguments, script=None, user="postgres", database="paten"):
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-F", "|", "-v", "ON_ERROR_STOP=1", *arguments], input=script, text=True,
                              capture_output=True, check=False,
                              env={"PATH": "/usr/bin:/bin", "PGHOST": str(self.folder), "PGUSER": user, "PGDATABASE": database})
        if done.returncode:
            raise RuntimeError(done.stderr)
        return [line.split("|") for line in done.stdout.splitlines()]

    def sql(self, query, user="postgres"):
        return self.psql("-c", query, user=user)

    def number(self, query):
        return int(self.sql(query)[0][0])

    def migrate(self):
        roles = "\\set logins '{\"probe\": \"not used: trust\"}'\n\\i " + str(ROOT / "deploy" / "roles.sql") + "\n"
        self.psql(script=roles, database="postgres")
        changes = re.findall(r"^([a-z_]+) ", (ROOT / "common/sql/sqitch.plan").read_text(), re.MULTILINE)
        for file in [*(ROOT / f"common/sql/deploy/{change}.sql" for change in changes), ROOT / "tests/service/probe/sql/tables.sql"]:
            self.psql("-c", "SET ROLE paten_owner", "-f", str(file))


class Process:
    """A program under test; what it says on stderr is kept and judged at the end."""

    every = []

    def __init__(self, name, program, environment, **pipes):
        self.name = name
        self.log = open(World.folder / f"{name}.log", "ab")
        Process.every.append(self)
        self.popen = subprocess.Popen([program], env={**World.environment, **environment}, stderr=self.log, **pipes)

    def kill(self):
        self.popen.kill()
        self.popen.wait()

    def end(self):
        """In order: SIGTERM and exit status 0 (a leak that a sanitizer found is another status)."""
        self.popen.terminate()
        return self.popen.wait(PATIENCE)


class Driver:
    """Questions through common/client.h; see probe_driver.c."""

    def __init__(self):
        self.process = Process("driver", World.program("DRIVER"), {"PATEN_CURVE_SECRET_FILE": str(World.folder / "gateway_secret")},
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.numbers, self.waiting, self.lock = itertools.count(1), {}, threading.Lock()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.popen.stdout:
            answer = json.loads(line)
            self.waiting.pop(answer["id"]).put(answer)

    def send(self, method, body=None, key=None, within_ms=20000):
        number, answers = next(self.numbers), queue.Queue()
        self.waiting[number] = answers
        question = {"id": number, "method": method, "body": {} if body is None else body, "key": key, "within_ms": within_ms}
        with self.lock:
            self.process.popen.stdin.write(json.dumps(question) + "\n")
            self.process.popen.stdin.flush()
        return answers

    def ask(self, *arguments, **options):
        return self.send(*arguments, **options).get(timeout=PATIENCE)

    def replicas(self):
        """Process ids of the probes that the broker believes in."""
        answer = self.ask("broker.services", within_ms=1000)
        return sorted(answer["body"].get("probe", {}).get("pids", [])) if answer["status"] in (200, 202) else []


class World:
    """Everything that runs, once for all tests."""

    @classmethod
    def program(cls, name):
        return os.environ["PATEN_TEST_" + name]

    @classmethod
    def open(cls, endpoints=None):
        """endpoints: of PATEN_BROKERS, where not those of two brokers by IPC; then no process but PostgreSQL is started."""
        cls.folder = Path(tempfile.mkdtemp(prefix="paten_service."))
        cls.folder.chmod(0o755)
        cls.postgres = Postgres(cls.folder)
        (cls.folder / "clients").mkdir()
        for name in ("broker", "gateway", "probe"):
            subprocess.run([cls.program("KEYGEN"), name, cls.folder / name], check=True)
            if name != "broker":
                shutil.copy(cls.folder / name, cls.folder / "clients")
        # everybody knows of a second broker, which is not there but for the tests of class Brokers
        cls.endpoints = endpoints or [f"ipc://{cls.folder}/broker.ipc", f"ipc://{cls.folder}/spare.ipc"]
        cls.environment = {"PATEN_BROKERS": ",".join(cls.endpoints),
                           "PATEN_BROKER_CLIENTS_DIR": str(cls.folder / "clients"),
                           "PATEN_BROKER_PUBLIC_KEY_FILE": str(cls.folder / "broker"),
                           "PATEN_DB": f"host={cls.folder} user=probe dbname=paten", "PATEN_WORKERS": "3",
                           **{name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}}
        if not endpoints:
            cls.start_broker()
            cls.start_clients()
            cls.settled()

    @classmethod
    def start_clients(cls):
        cls.replicas = [cls.start_replica(), cls.start_replica()]
        cls.driver = Driver()

    @classmethod
    def start_broker(cls):
        cls.broker = cls.broker_at(cls.endpoints[0])

    @classmethod
    def broker_at(cls, endpoint):
        return Process("broker", cls.program("BROKER"), {"PATEN_CURVE_SECRET_FILE": str(cls.folder / "broker_secret"),
                                                         "PATEN_BROKER_BIND": endpoint})

    @classmethod
    def start_replica(cls):
        return Process("probe", cls.program("PROBE"), {"PATEN_CURVE_SECRET_FILE": str(cls.folder / "probe_secret")})

    @classmethod
    def settled(cls):
        pids = sorted(replica.popen.pid for replica in cls.replicas)
        wait_until(lambda: cls.driver.replicas() == pids, "the broker knows both replicas of the probe and no other")

    @classmethod
    def close(cls):
        for process in Process.every:
            if process.popen.poll() is None:
                process.kill()
        cls.postgres.stop()
        if not os.environ.get("PATEN_TEST_LOG"):
            shutil.rmtree(cls.folder)

    @classmethod
    def log(cls):
        """Every line of every process."""
        return [json.loads(line) for file in cls.folder.glob("*.log") if file.name != "pg.log" for line in file.read_text().splitlines()]
