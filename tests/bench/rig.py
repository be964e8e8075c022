"""What tests/bench/backbone needs, in a scratch folder: a PostgreSQL cluster with the settings of deploy/cluster.sh, brokers with real CURVE
keys, bench_echo in its roles, RabbitMQ and NATS by hand on loopback.  Nothing of the machine's own services is touched; close () ends
every process that was started here, by its id.
"""
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PG_BIN = Path("/usr/lib/postgresql/15/bin")
PATIENCE = 60  # seconds
STATEMENTS_TOLD = 8  # of pg_stat_statements, in the JSON
TICKS = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """It could not be measured."""


def wait_until(question, what, patience=PATIENCE):
    """The first true answer of question ()."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.02)
    raise Failed(f"not within {patience} s: {what}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def tree_cpu(roots):
    """{pid: seconds of processor} of these processes, each with all that descends from it and still lives."""
    own, parents, totals = {}, {}, dict.fromkeys(roots, 0.0)
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        own[int(folder.name)], parents[int(folder.name)] = (int(fields[11]) + int(fields[12])) / TICKS, int(fields[1])
    for pid, seconds in own.items():
        while pid and pid not in totals:
            pid = parents.get(pid, 0)
        if pid:
            totals[pid] += seconds
    return totals


def statements(file):
    """{name: SQL} of a queries.sql; the statements that the programs run, for pgbench."""
    found, name = {}, None
    for line in file.read_text().splitlines():
        named = re.match(r"--\s*name:\s*(\w+)", line)
        if named:
            name = named[1]
        elif name and not line.lstrip().startswith("--"):
            found[name] = (found.get(name, "") + " " + line).strip()
    return found


def planned(folder):
    """The deploy scripts of a sqitch project, in their order."""
    changes = re.findall(r"^(\w+)\b", (folder / "sqitch.plan").read_text(), re.M)
    return [folder / "deploy" / f"{change}.sql" for change in changes]


def cluster_settings():
    """The settings that deploy/cluster.sh gives to every cluster of PATEN, but for places and ports."""
    return subprocess.run(["bash", "-c", ". deploy/lib.sh && . deploy/cluster.sh && tuning"], cwd=ROOT, check=True, capture_output=True,
                          text=True).stdout.splitlines()


class Rig:
    """Everything that runs."""

    def __init__(self, build, complain):
        self.build, self.complain, self.started, self.numbers = build, complain, [], 10**15
        self.folder = Path(tempfile.mkdtemp(prefix="paten_bench."))
        self.folder.chmod(0o755)
        self.drop = []
        if os.geteuid() == 0:  # neither initdb nor RabbitMQ shall run as root
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.drop = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        self.conninfo = f"host={self.folder} dbname=paten"

    # ---- processes ---------------------------------------------------------------------------------------------------------

    def program(self, name):
        return next(path for path in self.build.rglob(name) if path.is_file() and os.access(path, os.X_OK) and "stage" not in path.parts)

    def spawn(self, name, command, environment=None, **pipes):
        """Starts a process in a session of its own; what it says goes to NAME.log."""
        with open(self.folder / f"{name}.log", "ab") as log:
            pipes.setdefault("stdout", log)
            process = subprocess.Popen([str(word) for word in command], cwd=self.folder, start_new_session=True, stderr=log,
                                       env={"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": str(self.folder), "LC_ALL": "C.UTF-8",
                                            **(environment or {})}, **pipes)
        process.name = name
        self.started.append(process)
        return process

    def stop(self, *processes, number=signal.SIGTERM):
        for process in processes:
            if process.poll() is None:
                process.send_signal(number)
        for process in processes:
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            self.started.remove(process)

    def close(self):
        self.stop(*reversed([process for process in self.started if process.name != "postgres"]))
        self.stop(*self.started, number=signal.SIGINT)  # fast shutdown
        shutil.rmtree(self.folder)

    def cpu(self):
        """{name: seconds of processor} of all that runs, with everything below it."""
        totals = {}
        used = tree_cpu([process.pid for process in self.started])
        for process in self.started:
            name = process.name.split("-")[0]
            totals[name] = totals.get(name, 0) + used[process.pid]
        return totals

    # ---- PostgreSQL --------------------------------------------------------------------------------------------------------

    def start_postgres(self):
        data = self.folder / "pg"
        self.run([*self.drop, PG_BIN / "initdb", "-D", data, "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--lc-collate=C",
                  "--data-checksums", "--auth=trust"])
        with open(data / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write("\n".join(cluster_settings()) + f"\nlisten_addresses = ''\nunix_socket_directories = '{self.folder}'\n"
                       "track_commit_timestamp = on\nshared_preload_libraries = 'pg_stat_statements'\n")
        self.spawn("postgres", [*self.drop, PG_BIN / "postgres", "-D", data])
        wait_until(lambda: subprocess.run([PG_BIN / "pg_isready", "-q", "-h", self.folder], check=False).returncode == 0, "PostgreSQL")
        roles = ("\\set logins '{\"echo\": \"trust\", \"sink\": \"trust\", \"intake\": \"trust\"}'\n\\i "
                 f"{ROOT}/deploy/roles.sql\n")
        self.psql("-d", "postgres", script=roles)
        self.sql("CREATE EXTENSION pg_stat_statements")
        for file in (*planned(ROOT / "common/sql"), ROOT / "tests/bench/echo/sql/tables.sql"):
            self.psql("-c", "SET ROLE paten_owner", "-f", str(file))

    def run(self, command, **options):
        done = subprocess.run([str(word) for word in command], cwd=self.folder, capture_output=True, text=True, check=False, **options)
        if done.returncode:
            raise Failed(f"{command[0]}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def psql(self, *arguments, script=None):
        out = self.run(["psql", "-X", "-q", "-A", "-t", "-F", "|", "-v", "ON_ERROR_STOP=1", *arguments], input=script,
                       env={"PATH": "/usr/bin:/bin", "PGHOST": str(self.folder), "PGUSER": "postgres", "PGDATABASE": "paten"})
        return [line.split("|") for line in out.splitlines()]

    def sql(self, query):
        return self.psql("-c", query)

    def number(self, query):
        return float(self.sql(query)[0][0])

    def top_statements(self, count):
        """Where PostgreSQL's own time went since the last reset: microseconds and calls for each of `count`."""
        rows = self.sql("SELECT total_exec_time * 1000, calls, regexp_replace (left (query, 70), E'[\\n|]+ *', ' ', 'g') "
                        f"FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT {STATEMENTS_TOLD}")
        return [{"us": round(float(us) / count, 1), "calls": round(int(calls) / count, 3), "statement": text} for us, calls, text in rows]

    def clean(self):
        """As at the beginning.  Nothing that writes may run."""
        self.sql("SET session_replication_role = replica; SET client_min_messages = warning; "  # no trigger that guards the log
                 "TRUNCATE echo.audit, echo.outbox, echo.idem, sink.effect, sink.inbox, bus.event RESTART IDENTITY CASCADE")
        self.sql("UPDATE bus.counter SET last_seq = 0; UPDATE bus.cursor SET seq = 0, failures = 0")
        self.sql("VACUUM ANALYZE")
        self.sql("CHECKPOINT")

    # ---- PATEN -------------------------------------------------------------------------------------------------------------

    def make_keys(self):
        (self.folder / "clients").mkdir()
        for name in ("broker", "gateway", "echo", "sink", "intake"):
            self.run([self.program("curve_keygen"), name, self.folder / name])
            if name != "broker":
                shutil.copy(self.folder / name, self.folder / "clients")

    def environment(self, name, **more):
        return {"PATEN_BROKERS": ",".join(self.endpoints), "PATEN_BROKER_PUBLIC_KEY_FILE": str(self.folder / "broker"),
                "PATEN_CURVE_SECRET_FILE": str(self.folder / f"{name}_secret"), "PATEN_LOG_LEVEL": "warn", **more}

    def start_brokers(self, count):
        self.endpoints = [f"ipc://{self.folder}/broker-{i}.ipc" for i in range(count)]
        return [self.spawn(f"broker-{i}", [self.program("broker")],
                           {"PATEN_BROKER_BIND": endpoint, "PATEN_BROKER_CLIENTS_DIR": str(self.folder / "clients"),
                            "PATEN_CURVE_SECRET_FILE": str(self.folder / "broker_secret")})
                for i, endpoint in enumerate(self.endpoints)]

    def start_service(self, name, number=1, workers=2):
        return self.spawn(f"{name}-{number}", [self.program("bench_echo"), name],
                          self.environment(name, PATEN_DB=f"{self.conninfo} user={name}", PATEN_WORKERS=str(workers)))

    def start_echo(self, replicas=1, workers=2):
        """Producers that answer, warmed up."""
        services = [self.start_service("echo", i, workers) for i in range(replicas)]
        wait_until(lambda: self.warm_up(replicas), "every command of the warm-up is answered by every broker")
        return services

    def warm_up(self, replicas):
        """False: a broker that was just started does not know everybody yet."""
        found = json.loads(self.finish(self.spawn_ask("--seconds", 0.5, "--replicas", replicas, "--in-flight", 4 * replicas, "--from",
                                                      self.fresh_number())))
        return not found["errors"]

    def fresh_number(self):
        """For commands that are not measured: rows of measured ones have smaller numbers."""
        self.numbers += 10**6
        return self.numbers

    def spawn_ask(self, *arguments):
        return self.spawn("driver", [self.program("bench_ask"), *arguments], self.environment("gateway"), stdout=subprocess.PIPE)

    def finish_ask(self, process):
        found = json.loads(self.finish(process))
        if found["errors"]:
            self.complain(f"{found['errors']} of {found['commands']} commands were refused (see errors in the JSON)")
        return found

    def ask(self, *arguments):
        return self.finish_ask(self.spawn_ask(*arguments))

    def measure(self, command):
        """The JSON that a measuring program prints."""
        return json.loads(self.finish(self.spawn("measure", command, stdout=subprocess.PIPE)))

    def finish(self, process):
        out = process.communicate()[0]
        self.started.remove(process)
        if process.returncode:
            raise Failed(f"{process.name}: exit {process.returncode}; {(self.folder / (process.name + '.log')).read_text()[-500:]}")
        return out

    # ---- the references' servers -------------------------------------------------------------------------------------------

    def start_rabbit(self):
        """Its own folders, ports and port mapper; the machine's own RabbitMQ, if any, is another node."""
        folder, epmd_port, port = self.folder / "rabbit", free_port(), free_port()
        folder.mkdir(mode=0o777)
        folder.chmod(0o777)
        (folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\nlog.console = true\nlog.file = false\n"
                                              "log.console.level = error\n")
        (folder / "plugins").write_text("[].\n")
        environment = {"ERL_EPMD_PORT": str(epmd_port), "ERL_EPMD_ADDRESS": "127.0.0.1", "RABBITMQ_NODENAME": "paten_bench@localhost",
                       "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"), "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
                       "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"), "RABBITMQ_LOG_BASE": str(folder / "log"),
                       "RABBITMQ_DIST_PORT": str(free_port()), "RABBITMQ_PID_FILE": str(folder / "pid"), "HOME": str(folder),
                       "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}"}
        self.spawn("epmd", [*self.drop, "/usr/bin/epmd", "-address", "127.0.0.1", "-port", epmd_port], environment)
        self.spawn("rabbit", [*self.drop, "/usr/lib/rabbitmq/bin/rabbitmq-server"], environment)
        wait_until(lambda: listens(port), "RabbitMQ")
        return f"127.0.0.1:{port}"

    def start_nats(self):
        folder, port = self.folder / "nats", free_port()
        folder.mkdir(mode=0o777)
        folder.chmod(0o777)
        # "sync always" came with nats-server 2.10; Debian's 2.9 writes each message before it acknowledges, and flushes every two
        # minutes.  In a folder with the attribute S every write is a flush (chattr(1); new files inherit it).
        self.nats_flushes = subprocess.run(["chattr", "+S", folder], capture_output=True).returncode == 0
        (self.folder / "nats.conf").write_text(f'listen: "127.0.0.1:{port}"\njetstream {{ store_dir: "{folder}" }}\n')
        self.spawn("nats", [*self.drop, "/usr/sbin/nats-server", "-c", self.folder / "nats.conf"])
        wait_until(lambda: listens(port), "nats-server")
        return f"127.0.0.1:{port}"
