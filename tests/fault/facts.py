"""Reads from the database what the checks need, as plain lists: facts () once everything has come to rest, news () meanwhile."""
import json
import re

from system import ROOT, SERVICES, sql

STATIONS = {"verification": "verification.task", "inspection": "inspection.visit", "document": "document.task",
            "signing": "signing.task", "payment": "payment.bill"}
PERIODIC = "('sweep', 'renew')"  # jobs with a day of their own, not part of a course


def subscriptions():
    """Which topics each group handles: from the one place where it stands, the services' tables."""
    found = {}
    for service in SERVICES:
        text = (ROOT / "services" / service / "main.c").read_text()
        topics = re.findall(r'\{"([a-z_]+\.[a-z_]+)", \w+, EVENT_', text)
        if topics:
            found[service] = topics
    return found


def rows(query):
    lines = sql(f"SELECT coalesce (json_agg (q), '[]') FROM ({query}) q")
    return json.loads("\n".join(line[0] for line in lines))


def unhandled():
    """Events between a group's cursor and the end of the log that concern that group."""
    concerned = " OR ".join("(c.group_name = '%s' AND e.topic IN (%s))" % (group, ", ".join(f"'{topic}'" for topic in topics))
                            for group, topics in subscriptions().items())
    return rows(f"""SELECT c.group_name AS "group", e.partition, e.seq, e.topic FROM bus.cursor c
                    JOIN bus.event e ON e.partition = c.partition AND e.seq > c.seq
                     AND (e.addressee IS NULL OR e.addressee = c.group_name) WHERE {concerned}""")


def jobs(where):
    return rows(" UNION ALL ".join(f"""SELECT '{service}' AS service, kind, key, attempts, note, due_at <= now () AS is_due
                                       FROM {service}.job WHERE {where}""" for service in SERVICES))


def open_jobs():
    return jobs(f"state = 'due' AND kind NOT IN {PERIODIC}")


def hasten_mail():
    """A mail server that was away for a minute has earned pauses of as much; nobody here waits for them."""
    sql("UPDATE notification.job SET due_at = now () WHERE state = 'due' AND note IS NOT NULL AND due_at > now () + interval '2 s'",
        "notification")


def tasks():
    """A row for each visit of a file at a station; "open": it lies there."""
    is_open = {"verification": "state = 'open'", "inspection": "state IN ('requested', 'scheduled')", "document": "state = 'open'",
               "signing": "state = 'open'", "payment": "state = 'due'"}
    order = {"payment": "row_number () OVER (ORDER BY issued_at, bill)"}
    return rows(" UNION ALL ".join(
        f"""SELECT '{station}' AS station, application, step, attempt, {is_open[station]} AS open, {order.get(station, 'id')} AS nth
            FROM {table}""" for station, table in STATIONS.items()) + """
        UNION ALL SELECT 'document', application, step, attempt, state = 'requested', NULL FROM document.final""")


def numbers():
    """Every register of numbers: how far it was counted, which numbers are there, which of them are void and why."""
    return {
        "application": rows("""SELECT c.kecamatan || '/' || c.year AS series, c.last,
            (SELECT coalesce (json_agg (right (a.number, 6)::int), '[]') FROM intake.application a
              WHERE a.number LIKE c.kecamatan || '-' || c.year || '-%') AS given FROM intake.number_counter c"""),
        "legal": rows("""SELECT c.kecamatan || '/' || c.series || '/' || c.year AS series, c.last,
            (SELECT coalesce (json_agg (n.seq), '[]') FROM document.number n
              WHERE (n.kecamatan, n.series, n.year) = (c.kecamatan, c.series, c.year)) AS given FROM document.number_counter c"""),
        "receipt": counted("TBP", "SELECT receipt_number AS number FROM payment.receipt"),
        "deposit": counted("STS", "SELECT deposit_number AS number FROM payment.deposit"),
        "bill": counted("SKRD", "SELECT bill_number AS number FROM payment.bill"),
        "letter": rows("""SELECT c.kecamatan || '/' || c.year AS series, c.last,
            (SELECT coalesce (json_agg (substring (l.letter_number FROM '^ST-([0-9]+)/')::int), '[]') FROM inspection.letter l
              WHERE l.letter_number LIKE '%/' || c.kecamatan || '/' || c.year) AS given FROM inspection.letter_counter c"""),
    }


def counted(kind, source):
    return rows(f"""SELECT c.kecamatan || '/' || c.year AS series, c.last,
        (SELECT coalesce (json_agg (substring (n.number FROM '[0-9]+')::int), '[]') FROM ({source}) n
          WHERE n.number LIKE '{kind}%' AND n.number LIKE '%/' || c.kecamatan || '/' || c.year) AS given
        FROM payment.counter c WHERE c.kind = '{kind}'""")


def effects():
    """How often each kind of command took effect, by application (a deposit: by the bank's slip), counted where the effect is and not where it was asked."""
    counts = {
        "complete": "SELECT application FROM intake.application_step WHERE step = 'completion' AND outcome = 'ok'",
        "withdraw": "SELECT id FROM intake.application WHERE status = 'withdrawn'",
        "hand_over": "SELECT id FROM intake.application WHERE handed_to IS NOT NULL",
        "decide": "SELECT application FROM verification.task WHERE state = 'decided'",
        "schedule": "SELECT application FROM inspection.letter l JOIN inspection.visit v ON v.id = l.visit",
        "record": "SELECT application FROM inspection.visit WHERE state = 'recorded'",
        "submit": "SELECT application FROM document.draft",
        "paraf": "SELECT application FROM signing.paraf",
        "send_back": "SELECT application FROM signing.task WHERE state = 'returned' AND level <> 'camat'",
        "sign": "SELECT application FROM signing.document",
        "return": "SELECT application FROM signing.task WHERE state = 'returned' AND level = 'camat'",
        "pay": "SELECT application FROM payment.receipt r JOIN payment.bill b USING (bill)",
        "deposit": "SELECT bank_reference FROM payment.deposit",
    }
    found = {}
    for kind, query in counts.items():
        for row in rows(f"SELECT q.application, count (*) AS times FROM ({query}) q (application) GROUP BY 1"):
            found[kind, row["application"]] = row["times"]
    for row in rows("SELECT nik, count (*) AS times, min (application::text) AS application FROM intake.applicant GROUP BY nik"):
        found["register", row["nik"]] = row["times"]
    return found


def balance(account):
    return rows(f"SELECT coalesce (sum (debit_rupiah - credit_rupiah), 0) AS rupiah FROM payment.ledger WHERE account = '{account}'")[0]["rupiah"]


def facts():
    stored = {row["id"]: row for row in rows("SELECT id, sha256 FROM archive.file")}
    contents = {row["sha256"]: row["content"] for row in rows("""
        SELECT sha256, encode (sha256 (string_agg (bytes, ''::bytea ORDER BY position)), 'hex') AS content
          FROM archive.object_chunk GROUP BY sha256""")}
    return {
        "applications": rows("SELECT id, number, status, step, attempt FROM intake.application"),
        "steps": rows("SELECT application, step, attempt, position, outcome FROM intake.application_step"),
        "workflow": rows("SELECT DISTINCT step, station FROM intake.workflow_step"),
        "tasks": tasks(),
        "events": rows("""SELECT id, partition, seq, topic, key, body->>'step' AS step, (body->>'attempt')::int AS attempt,
            body->>'station' AS station, body->>'receipt_number' AS receipt, (body->>'amount_rupiah')::bigint AS amount FROM bus.event"""),
        "counters": rows("SELECT partition, last_seq FROM bus.counter"),
        "cursors": rows('SELECT group_name AS "group", partition, seq FROM bus.cursor'),
        "unhandled": unhandled(),
        "dead_letters": rows('SELECT group_name AS "group", partition, seq, error FROM bus.dead_letter'),
        "failed_jobs": jobs("state = 'failed'"),
        "open_jobs": open_jobs(),
        "numbers": numbers(),
        "void": rows("SELECT number, reason FROM document.number WHERE state = 'void'"),
        "allocated": rows("""SELECT n.number, n.application, n.state, a.status FROM document.number n
                              JOIN intake.application a ON a.id = n.application WHERE n.state <> 'void'"""),
        "receipts": rows("SELECT receipt_number AS number, amount_rupiah AS amount, received_rupiah - change_rupiah AS taken FROM payment.receipt"),
        "cash": balance("kas"),
        "deposited": balance("kas_daerah"),
        "deposits": rows("""SELECT d.deposit_number AS number, d.amount_rupiah AS amount, coalesce (sum (r.amount_rupiah), 0) AS taken
            FROM payment.deposit d LEFT JOIN payment.receipt r USING (deposit_number) GROUP BY 1, 2"""),
        "owed": balance("piutang_retribusi"),
        "bills_due": rows("SELECT coalesce (sum (amount_rupiah), 0) AS rupiah FROM payment.bill WHERE state = 'due'")[0]["rupiah"],
        "idem": rows(" UNION ALL ".join(f"""SELECT '{service}' AS service, a.username AS "user", i.key, i.status, i.reply
            FROM {service}.idem i LEFT JOIN identity.account a ON a.id::text = i.caller""" for service in SERVICES)),
        "effects": effects(),
        "files": rows("""SELECT file, sha256, 'final of ' || application AS what FROM document.final WHERE state IN ('ready', 'signed')
                         UNION ALL SELECT file, sha256, 'signed of ' || application FROM signing.document"""),
        "stored": stored,
        "contents": contents,
        "messages": rows("SELECT id, event, state FROM notification.message"),
    }
