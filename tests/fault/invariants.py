"""What must hold after the faults, as pure functions of what was read (facts.py) and what the clients know (journal.py).

Each check returns findings: ("lost" | "doubled" | "stuck", words).  lost: something acknowledged or published is not there,
or not as it was said.  doubled: it is there more than once, or nobody asked for it.  stuck: nobody will go on with it.
"""
from collections import Counter, defaultdict

from paten import NOT_YET

WITHOUT_KEY = {"session", "upload"}  # these keep no reply under a key: a session is new each time, a file is its bytes
TOLD = {"application.registered", "application.incomplete", "application.closed", "bill.issued"}  # notification's triggers


# A replica whose clock is behind writes a receipt among the older ones: the sum that was looked up is none of their sums any more.
# A document of yesterday, by a replica's clock, is dated anew before it is signed.
ANOTHER_TIME = {"deposit_differs", "deposit_day_wrong", "document_being_renewed"}


def whose_is(entry):
    """By what the effect of a command is found."""
    if entry["kind"] == "register":
        return entry["body"]["applicant"]["nik"]
    return entry["body"]["bank_reference"] if entry["kind"] == "deposit" else entry["application"]


def effects_match(facts, clients):
    """Every acknowledged command's effect exists exactly once; what was never answered took effect once at most."""
    asked, acknowledged, findings = Counter(), Counter(), []
    for entry in clients["journal"]:
        if entry["kind"] in WITHOUT_KEY or (entry["status"] and entry["status"] >= 300):
            continue
        whose = whose_is(entry)
        asked[entry["kind"], whose] += 1
        acknowledged[entry["kind"], whose] += 1 if entry["status"] else 0
    for what in set(asked) | set(facts["effects"]):
        times = facts["effects"].get(what, 0)
        if times < acknowledged[what]:
            findings.append(("lost", f"{what[0]} of {what[1]}: acknowledged {acknowledged[what]} times, took effect {times} times"))
        elif times > asked[what]:
            findings.append(("doubled", f"{what[0]} of {what[1]}: asked {asked[what]} times, took effect {times} times"))
    return findings


def replies_are_kept(facts, clients):
    """Under each acknowledged key lies the very reply that the client got, in one place."""
    kept, findings = defaultdict(list), []
    for row in facts["idem"]:
        kept[row["user"], row["key"]].append(row)
    for entry in clients["journal"]:
        if entry["kind"] in WITHOUT_KEY or not entry["status"] or entry["status"] >= 300:
            continue
        found = kept[entry["user"], entry["key"]]
        if not found:
            findings.append(("lost", f"no reply is kept for {entry['kind']} {entry['key']}"))
        elif len(found) > 1:
            findings.append(("doubled", f"replies are kept by {[row['service'] for row in found]} for {entry['kind']} {entry['key']}"))
        elif (found[0]["status"], clients["parse"](found[0]["reply"])) != (entry["status"], entry["reply"]):
            findings.append(("lost", f"another reply is kept than was given for {entry['kind']} {entry['key']}"))
    return findings


def no_surprises(facts, clients):
    """A client that is alone at its file is refused nothing but what has not come yet; nothing answers 500."""
    return [("lost", f"unexpected answer: {words}") for words in clients["surprises"]] + [
        ("lost", f"unexpected refusal: {entry['kind']} {entry['key']} {entry['reply']}") for entry in clients["journal"]
        if entry["status"] and entry["status"] >= 300 and entry["reply"].get("code") not in NOT_YET | ANOTHER_TIME]


def log_has_no_gap(facts, clients):
    """In each partition: 1, 2, 3 … up to the counter; and no cursor beyond it."""
    seqs, findings = defaultdict(list), []
    for event in facts["events"]:
        seqs[event["partition"]].append(event["seq"])
    last = {counter["partition"]: counter["last_seq"] for counter in facts["counters"]}
    for partition, top in last.items():
        if sorted(seqs[partition]) != list(range(1, top + 1)):
            findings.append(("lost", f"partition {partition}: {len(seqs[partition])} events, the counter says {top}"))
    for cursor in facts["cursors"]:
        if cursor["seq"] > last[cursor["partition"]]:
            findings.append(("lost", f"{cursor['group']} is at {cursor['seq']} of partition {cursor['partition']}, which ends at {last[cursor['partition']]}"))
    return findings


def events_are_handled(facts, clients):
    """Every group is at the end of what concerns it, and nothing was buried."""
    return ([("stuck", f"{e['group']} has not handled {e['topic']} {e['partition']}/{e['seq']}") for e in facts["unhandled"]]
            + [("lost", f"{d['group']} buried {d['partition']}/{d['seq']}: {d['error']}") for d in facts["dead_letters"]])


def requests_became_tasks(facts, clients):
    """Each step.requested lies, or lay, exactly once at its station, in the order of the log; and no task came from nowhere."""
    requested, findings = {}, []
    for event in sorted((e for e in facts["events"] if e["topic"] == "step.requested"), key=lambda e: (e["partition"], e["seq"])):
        visit = (event["station"], event["key"], event["step"], event["attempt"])
        if visit in requested:
            findings.append(("doubled", f"requested twice: {visit}"))
        requested[visit] = event["seq"]
    found = Counter((t["station"], t["application"], t["step"], t["attempt"]) for t in facts["tasks"])
    for visit in requested:
        if found[visit] == 0 and visit[0] != "intake":
            findings.append(("lost", f"no task came of {visit}"))
    for visit, times in found.items():
        if times > 1 or visit not in requested:
            findings.append(("doubled", f"{times} tasks, {'requested' if visit in requested else 'never requested'}: {visit}"))
    last = {}
    for task in sorted((t for t in facts["tasks"] if t["nth"] is not None), key=lambda t: t["nth"]):
        seq = requested.get((task["station"], task["application"], task["step"], task["attempt"]), 0)
        file = task["station"], task["application"]
        if seq < last.get(file, 0):
            findings.append(("lost", f"out of order: {task['step']} {task['attempt']} at {file}"))
        last[file] = seq
    return findings


def completions_moved_the_case(facts, clients):
    """Each step ended once, by one step.completed where a station ended it, in the order of the log."""
    completed = Counter((e["key"], e["step"], e["attempt"]) for e in facts["events"] if e["topic"] == "step.completed")
    findings = [("doubled", f"completed {times} times: {step}") for step, times in completed.items() if times > 1]
    ended = {(s["application"], s["step"], s["attempt"]): s["position"] for s in facts["steps"]}
    findings += [("lost", f"the case did not move by {step}") for step in completed if step not in ended]
    position = {}
    for event in sorted((e for e in facts["events"] if e["topic"] == "step.completed"), key=lambda e: (e["partition"], e["seq"])):
        here = ended.get((event["key"], event["step"], event["attempt"]), 0)
        if here < position.get(event["key"], 0):
            findings.append(("lost", f"out of order: {event['step']} {event['attempt']} of {event['key']}"))
        position[event["key"]] = here
    return findings


def nobody_is_stuck(facts, clients):
    """An application is at its end, and lies nowhere; or at a step, and lies open exactly there."""
    station = {row["step"]: row["station"] for row in facts["workflow"]}
    lies, findings = defaultdict(list), []
    for task in facts["tasks"]:
        if task["open"]:
            lies[task["application"]].append((task["station"], task["step"], task["attempt"]))
    for case in facts["applications"]:
        open_at = lies[case["id"]]
        if case["status"] != "registered":
            wanted = []
        elif station[case["step"]] == "intake":
            wanted = []  # its own desks are the case itself
        else:
            wanted = [(station[case["step"]], case["step"], case["attempt"])]
        if open_at != wanted:
            findings.append(("stuck", f"{case['id']} is {case['status']} at {case['step']} {case['attempt']}, lies at {open_at}"))
        if case["step"] == "finalizing":
            findings.append(("stuck", f"{case['id']} waits for its document"))
    return findings + [("stuck", f"a client gave up: {why}") for why in clients["unfinished"]]


def work_is_done(facts, clients):
    return ([("stuck", f"a job waits: {j['service']} {j['kind']} {j['key']}, {j['attempts']} attempts, {j['note']}") for j in facts["open_jobs"]]
            + [("lost", f"a job failed: {j['service']} {j['kind']} {j['key']}: {j['note']}") for j in facts["failed_jobs"]])


def numbers_have_no_gap(facts, clients):
    """1, 2, 3 … up to the counter, each once; a legal number that is not in use says why."""
    findings = []
    for kind, registers in facts["numbers"].items():
        for register in registers:
            given = Counter(register["given"])
            name = f"{kind} numbers of {register['series']}"
            findings += [("doubled", f"{name}: {n} is there {times} times") for n, times in given.items() if times > 1]
            absent = set(range(1, register["last"] + 1)) - set(given)
            findings += [("lost", f"{name}: {n} is missing") for n in sorted(absent)]
            findings += [("doubled", f"{name}: {n} was never counted") for n in given if n > register["last"]]
    findings += [("lost", f"{v['number']} is void and does not say why") for v in facts["void"] if not v["reason"]]
    findings += [("stuck", f"{n['number']} is {n['state']}, the case {n['status']}") for n in facts["allocated"]
                 if (n["status"] == "done") != (n["state"] == "used") and n["status"] != "registered"]
    return findings


def money_adds_up(facts, clients):
    """What the clients paid = receipts = what was told = the till and the deposits; what is owed = bills that are due."""
    findings = []
    paid = {e["reply"]["receipt_number"]: e["body"]["received_rupiah"] - e["reply"]["change_rupiah"]
            for e in clients["journal"] if e["kind"] == "pay" and e["status"] and e["status"] < 300}
    receipts = {r["number"]: r["taken"] for r in facts["receipts"]}
    told = Counter({e["receipt"]: e["amount"] for e in facts["events"] if e["topic"] == "payment.received"})
    for number in set(paid) | set(receipts) | set(told):
        amounts = paid.get(number), receipts.get(number), told.get(number)
        if number in receipts and number not in paid and clients["unanswered_payments"]:
            amounts = amounts[1:]  # paid by who never heard
        if len(set(amounts)) > 1:
            findings.append(("lost", f"receipt {number}: paid, kept, told: {amounts}"))
    if sum(receipts.values()) != facts["cash"] + facts["deposited"]:
        findings.append(("lost", f"receipts of {sum(receipts.values())}, {facts['cash']} in the till, {facts['deposited']} deposited"))
    findings += [("lost", f"deposit {d['number']} of {d['amount']} has receipts of {d['taken']}") for d in facts["deposits"] if d["amount"] != d["taken"]]
    if sum(d["amount"] for d in facts["deposits"]) != facts["deposited"]:
        findings.append(("lost", f"{facts['deposited']} in the books as deposited, not what the deposits say"))
    if facts["owed"] != facts["bills_due"]:
        findings.append(("lost", f"{facts['owed']} in the books as owed, {facts['bills_due']} on bills"))
    return findings


def files_are_whole(facts, clients):
    """Every document and every acknowledged upload lies in the archive with the bytes that it had."""
    wanted = [(f["file"], f["sha256"], f["what"]) for f in facts["files"]]
    wanted += [(file, sha256, "upload") for file, sha256 in clients["files"].items()]
    findings = []
    for file, sha256, what in wanted:
        stored = facts["stored"].get(file)
        if not stored:
            findings.append(("lost", f"{what}: file {file} is not in the archive"))
        elif stored["sha256"] != sha256 or facts["contents"].get(sha256) != sha256:
            findings.append(("lost", f"{what}: file {file} has other bytes"))
    return findings


def citizens_are_told(facts, clients):
    """What concerns a citizen became one message, and nothing else did."""
    concerning = {e["id"] for e in facts["events"] if e["topic"] in TOLD or (e["topic"], e["step"]) == ("step.requested", "handover")}
    noted = Counter(m["event"] for m in facts["messages"])
    return ([("lost", f"nobody is told of event {event}") for event in concerning - set(noted)]
            + [("doubled", f"event {event} is told {times} times") for event, times in noted.items() if times > 1 or event not in concerning])


def mail_went_out(facts, clients):
    """What notification calls sent, the mail server took."""
    return ([("lost", f"message {m['id']} is called sent, the mail server never had it") for m in facts["messages"]
             if m["state"] == "sent" and m["id"] not in clients["mail"]]
            + [("stuck", f"message {m['id']} is still queued") for m in facts["messages"] if m["state"] == "queued"])


CHECKS = [effects_match, replies_are_kept, no_surprises, log_has_no_gap, events_are_handled, requests_became_tasks,
          completions_moved_the_case, nobody_is_stuck, work_is_done, numbers_have_no_gap, money_adds_up, files_are_whole,
          citizens_are_told, mail_went_out]


def check_all(facts, clients):
    """[(name, what it says, findings)]"""
    return [(check.__name__, (check.__doc__ or "No job waits and none has failed.").split("\n")[0], check(facts, clients))
            for check in CHECKS]
