"""The rows of tests/bench/backbone: each function measures one and returns what goes into the JSON.  README.md explains them."""
import json
import re
import signal
import subprocess
import time

from rig import PG_BIN, ROOT, Failed, free_port, listens, statements, wait_until

CONNECTIONS = 8       # of row 1, on both sides
CONSUMER_BATCH = 500  # most events in one transaction of the reference, as in ours (WORKER_EVENT_BATCH)
BACKLOG = 2000        # most events on their way while the sustained rate is measured
SHARE = 0.25          # of the load that saturates, for the latency


# ---- commands against pgbench ------------------------------------------------------------------------------------------------


def bound(sql, *values):
    """The statement with pgbench's variables and constants in place of its parameters."""
    if {int(n) for n in re.findall(r"\$(\d+)", sql)} != set(range(1, len(values) + 1)):
        raise Failed(f"rows.py does not know the parameters of: {sql}")
    return re.sub(r"\$(\d+)", lambda match: values[int(match[1]) - 1], sql) + ";"


def pgbench_script(pipelined):
    """What bench_echo sends for one command, from the same files."""
    runtime, echo = statements(ROOT / "common/sql/queries.sql"), statements(ROOT / "tests/bench/echo/sql/queries.sql")
    digest, correlation = f"'{'0123456789abcdef' * 4}'", "'01a20236-df0a-7c9b-afb6-63777aa36464'"
    event = json.dumps([{"topic": "echo.moved", "key": "1234", "correlation": correlation.strip("'"),
                         "body": {"n": 4611686018427387904, "item": "1234"}}])
    lock = bound(echo["item_lock"], ":item")
    return "\n".join([
        r"\set item random(1, 10000)", r"\set partition random(0, 63)", r"\set n random(1, 9000000000000000000)", r"\set amount 17",
        r"\startpipeline" if pipelined else "", "BEGIN;",
        bound(runtime["idem_begin"], "'gateway'", ":n", digest),
        lock if pipelined else lock.rstrip(";") + r" \gset",
        "" if pipelined else r"\set amount :amount + 1",
        bound(echo["item_move"], ":item", ":amount"),
        bound(echo["audit_add"], ":n", ":item", ":amount", ":amount", correlation),
        bound(runtime["idem_store"], "'gateway'", ":n", digest, "200", "'{\"amount\":\"17\"}'"),
        bound(runtime["bus_publish"], ":partition", "'{\"service\":\"echo\"}'", f"'{event}'"),
        "COMMIT;", r"\endpipeline" if pipelined else ""]) + "\n"


def pgbench(rig, seconds, pipelined):
    script = rig.folder / "command.sql"
    script.write_text(pgbench_script(pipelined))
    out = rig.run([PG_BIN / "pgbench", "-n", "-M", "prepared", "-c", CONNECTIONS, "-j", 2, "-T", int(max(seconds, 2)), "-f", script, "paten"],
                  env={"PGHOST": str(rig.folder), "PGUSER": "echo", "PATH": "/usr/bin:/bin"})
    return float(re.search(r"tps = ([\d.]+)", out)[1])


def used(before, after, count):
    """Microseconds of processor for each command, by process."""
    return {name: round((seconds - before.get(name, 0)) * 1e6 / count) for name, seconds in after.items() if seconds > before.get(name, 0)}


def commands(rig, seconds):
    """In turns, so that a neighbour's load falls on all alike."""
    ours, plain, pipelined, latency, cost, errors = [], [], [], [], [], 0
    for _ in range(3):
        rig.clean()
        echo = rig.start_echo(1, CONNECTIONS)
        before = rig.cpu()
        load = rig.spawn_ask("--seconds", seconds / 3, "--in-flight", 2 * CONNECTIONS)
        time.sleep(seconds / 3)
        cpu = rig.cpu()
        measured = rig.finish_ask(load)
        ours.append(measured["per_second"])
        latency.append(measured["command"])
        errors += measured["errors"]
        cost.append(used(before, cpu, measured["command"]["count"]))
        rig.stop(*echo)
        rig.clean()
        plain.append(pgbench(rig, seconds / 3, False))
        rig.clean()
        pipelined.append(pgbench(rig, seconds / 3, True))
    rig.sql("SELECT pg_stat_statements_reset ()")
    mean = {name: round(sum(values) / len(values), 1) for name, values in
            (("per_second", ours), ("pgbench_per_second", plain), ("pgbench_pipelined_per_second", pipelined))}
    return {**mean, "rounds": {"ours": ours, "pgbench": plain, "pgbench_pipelined": pipelined},
            "command": latency[-1], "errors": errors, "cpu_us_per_command": cost[-1],
            "ratio": round(mean["per_second"] / mean["pgbench_per_second"], 3),
            "ratio_pipelined": round(mean["per_second"] / mean["pgbench_pipelined_per_second"], 3)}


# ---- the ways of an event ----------------------------------------------------------------------------------------------------


class Ours:
    """The log: bench_echo publishes, bench_echo as sink consumes."""

    name, catch_up_part = "ours", 1

    def __init__(self, rig):
        self.rig = rig

    def start(self, quick_relay):
        del quick_relay
        return [self.rig.start_service("sink", workers=2)]

    def purge(self):
        pass

    def way(self, quick_relay):
        del quick_relay
        return "log"

    def fill(self, count):
        """As bus.publish () would have written them, in one statement."""
        self.rig.sql(f"""
            INSERT INTO bus.event (partition, seq, topic, key, producer, actor, correlation, body)
            SELECT n % 64, 1 + n / 64, 'echo.moved', (1 + n % 10000)::text, 'echo', '{{"service":"echo"}}', gen_random_uuid ()::text,
                   jsonb_build_object ('n', n, 'item', (1 + n % 10000)::text)
              FROM generate_series (0, {count} - 1) n""")
        self.rig.sql("UPDATE bus.counter c SET last_seq = (SELECT coalesce (max (seq), 0) FROM bus.event e WHERE e.partition = c.partition)")

    def deliver(self, count):
        pass


class Outbox:
    """Outbox table, relay, RabbitMQ or NATS, inbox table."""

    def __init__(self, rig, kind, address, batch):
        self.rig, self.kind, self.address, self.batch = rig, kind, address, batch
        self.name = f"{kind}, {batch} events in a transaction" if batch > 1 else f"{kind}, a transaction for each event"
        self.catch_up_part = 1 if batch > 1 else 20  # a commit for each event: its speed shows in a twentieth
        self.conninfo = rig.conninfo + " user=postgres"
        self.purge()

    def program(self, role, *options):
        return self.rig.spawn(role, [self.rig.program("bench_outbox"), role, self.kind, self.address, self.conninfo, *options])

    def start_relay(self, quick_relay):
        return self.program("relay", *(["--listen"] if quick_relay else []))

    def start_consumer(self):
        return self.program("consume", "--batch", self.batch)

    def start(self, quick_relay):
        return [self.start_consumer(), self.start_relay(quick_relay)]

    def purge(self):
        self.rig.finish(self.program("purge"))

    def way(self, quick_relay):
        return "outbox_notify" if quick_relay else "outbox"

    def fill(self, count):
        self.rig.sql(f"""
            INSERT INTO echo.outbox (topic, key, actor, correlation, body)
            SELECT 'echo.moved', (1 + n % 10000)::text, '{{"service":"echo"}}', gen_random_uuid ()::text,
                   jsonb_build_object ('n', n, 'item', (1 + n % 10000)::text)
              FROM generate_series (0, {count} - 1) n""")

    def deliver(self, count):
        """The relay was awake while the group slept: the messages lie in the server."""
        relay = self.start_relay(False)
        wait_until(lambda: not self.rig.number("SELECT count (*) FROM (SELECT FROM echo.outbox WHERE sent_at IS NULL LIMIT 1) t"),
                   f"{count} messages in the server", 3600)
        self.rig.stop(relay)


HANDLED = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM sink.effect_id_seq"


def sustained(rig, way, seconds, events):
    """Events a second that come out at the end while producers push as hard as the bounded backlog lets them."""
    rig.clean()
    echo = rig.start_echo(1, CONNECTIONS)
    others = way.start(False)
    wait_until(lambda: way.name != "ours" or rig.number(HANDLED) > 0, "the first event was handled")
    time.sleep(0.5)
    rig.sql("SELECT pg_stat_statements_reset ()")
    before = rig.cpu()
    load = rig.spawn_ask("--seconds", seconds + 1, "--in-flight", 2 * CONNECTIONS, "--events", events, "--way", way.way(False),
                         "--backlog", BACKLOG, "--database", rig.conninfo + " user=postgres", "--consumed",
                         f"{HANDLED[:7]} {int(rig.number(HANDLED))} * -1 + ({HANDLED})")
    time.sleep(1)
    first, began = rig.number(HANDLED), time.monotonic()
    time.sleep(seconds)
    rate = (rig.number(HANDLED) - first) / (time.monotonic() - began)
    cpu = rig.cpu()
    measured = rig.finish_ask(load)
    result = {"events_per_second": round(rate, 1), "commands_per_second": round(measured["per_second"], 1), "errors": measured["errors"],
              "cpu_us_per_event": used(before, cpu, rate * (seconds + 1)), "statements": rig.top_statements(rate * (seconds + 1))}
    rig.stop(*others, *echo)
    way.purge()
    return result


def without_event(rig, seconds):
    """The same command when it tells nobody: with one event in each, no way of an event can be faster."""
    rig.clean()
    echo = rig.start_echo(1, CONNECTIONS)
    before = rig.cpu()
    load = rig.spawn_ask("--seconds", seconds, "--in-flight", 2 * CONNECTIONS, "--way", "none")
    time.sleep(seconds)
    cpu = rig.cpu()
    measured = rig.finish_ask(load)
    rig.stop(*echo)
    return {"commands_per_second": round(measured["per_second"], 1), "errors": measured["errors"],
            "cpu_us_per_command": used(before, cpu, measured["command"]["count"])}


def latency(rig, way, rate, seconds):
    """Commit of the producer to commit of the consumer, by PostgreSQL's own record of both."""
    rig.clean()
    echo = rig.start_echo(1, CONNECTIONS)
    others = way.start(True)
    time.sleep(2)
    load = rig.ask("--seconds", seconds + 1, "--rate", rate, "--way", way.way(True))
    time.sleep(2)
    rig.stop(*others, *echo)
    p50, p99, count, missing = rig.sql(f"""
        WITH pair AS (
            SELECT extract (epoch FROM pg_xact_commit_timestamp (e.xmin) - pg_xact_commit_timestamp (a.xmin)) * 1000 AS ms
              FROM echo.audit a LEFT JOIN sink.effect e USING (n) WHERE a.n BETWEEN {int(rate) + 1} AND {10**12})
        SELECT percentile_disc (0.5) WITHIN GROUP (ORDER BY ms), percentile_disc (0.99) WITHIN GROUP (ORDER BY ms),
               count (ms), count (*) - count (ms) FROM pair""")[0]
    if int(missing):
        raise Failed(f"{way.name}: {missing} events were not handled")
    way.purge()
    return {"p50_ms": round(float(p50), 3), "p99_ms": round(float(p99), 3), "events": int(count), "rate": round(rate, 1),
            "command": load["command"]}


def catch_up(rig, way, count):
    """From the start of the consumer until the last of `count` events is handled."""
    rig.clean()
    way.fill(count)
    way.deliver(count)
    rig.sql("VACUUM ANALYZE")
    rig.sql("CHECKPOINT")
    rig.sql("SELECT pg_stat_statements_reset ()")
    before, began = rig.cpu(), time.monotonic()
    consumer = rig.start_service("sink", workers=2) if way.name == "ours" else way.start_consumer()
    wait_until(lambda: rig.number(HANDLED) >= count, f"{way.name}: {count} events handled", 3600)
    seconds = time.monotonic() - began
    cpu = rig.cpu()
    wait_until(lambda: rig.number("SELECT count (*) FROM sink.effect") == count, f"{way.name}: exactly {count} effects")
    result = {"seconds": round(seconds, 2), "events_per_second": round(count / seconds, 1), "events": count,
              "cpu_us_per_event": used(before, cpu, count), "statements": rig.top_statements(count)}
    rig.stop(consumer)
    way.purge()
    return result


# ---- the request path --------------------------------------------------------------------------------------------------------


def request_path(rig, looks):
    """A question through gateway, broker and runtime whose handler does nothing, against libmicrohttpd alone; in turns."""
    port, alone_port = free_port(), free_port()
    intake = rig.start_service("intake")
    gateway = rig.spawn("gateway", [rig.program("gateway")], rig.environment("gateway", PATEN_HTTP_LISTEN=f"127.0.0.1:{port}"))
    alone = rig.spawn("httpd", [rig.program("bench_httpd"), alone_port], stdin=subprocess.PIPE)
    wait_until(lambda: listens(port) and listens(alone_port), "gateway and libmicrohttpd")
    time.sleep(2)
    found = {"gateway": [], "libmicrohttpd": []}
    before = rig.cpu()
    for _ in range(3):
        for name, where in (("gateway", port), ("libmicrohttpd", alone_port)):
            found[name].append(rig.measure([rig.program("bench_looks"), f"127.0.0.1:{where}", "/v1/services", looks // 3]))
    cost = used(before, rig.cpu(), looks * 1.1)
    alone.stdin.close()
    rig.stop(gateway, intake, alone, number=signal.SIGTERM)
    middle = {name: {share: sorted(turn[share] for turn in turns)[1] for share in ("p50_ms", "p99_ms")} for name, turns in found.items()}
    return {**middle, "cpu_us_per_request": cost,
            "overhead_p50_ms": round(middle["gateway"]["p50_ms"] - middle["libmicrohttpd"]["p50_ms"], 3),
            "overhead_p99_ms": round(middle["gateway"]["p99_ms"] - middle["libmicrohttpd"]["p99_ms"], 3)}


def scaling(rig, seconds):
    """The commands of the first row with 1, 2 and 4 replicas of two workers, and with a second broker."""
    found = []
    for replicas, brokers in ((1, 1), (2, 1), (4, 1), (1, 2), (4, 2)):
        rig.clean()
        rig.stop(*[process for process in rig.started if process.name.startswith("broker")])
        rig.start_brokers(brokers)
        echo = rig.start_echo(replicas, 2)
        measured = rig.ask("--seconds", seconds, "--in-flight", 16)
        found.append({"replicas": replicas, "brokers": brokers, "per_second": round(measured["per_second"], 1), "errors": measured["errors"],
                      "command": measured["command"]})
        rig.stop(*echo)
    rig.stop(*[process for process in rig.started if process.name.startswith("broker")])
    rig.start_brokers(1)
    return found
