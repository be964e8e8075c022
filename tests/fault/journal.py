"""What the clients asked and what was acknowledged: kept in memory for the checks and, line by line, in a file.

A command is asked under one key until it is answered for good.  Acknowledged is what came back with 2xx; from then on its
effect must exist, exactly once.  What was never answered may have happened or not, once at most.
"""
import json
import re
import threading
import time

# kind of command: address, and the services without which it cannot be acknowledged (gateway, broker, postgres are always needed)
COMMANDS = {
    "session":     (r"/v1/sessions", ["identity"]),
    "upload":      (r"/v1/files", ["archive"]),
    "register":    (r"/v1/applications", ["intake", "archive"]),
    "complete":    (r"/v1/applications/[^/]+/completion", ["intake"]),
    "withdraw":    (r"/v1/applications/[^/]+/withdrawal", ["intake"]),
    "hand_over":   (r"/v1/applications/[^/]+/handover", ["intake"]),
    "decide":      (r"/v1/verification/tasks/[^/]+/decision", ["verification"]),
    "schedule":    (r"/v1/inspection/tasks/[^/]+/schedule", ["inspection"]),
    "record":      (r"/v1/inspection/tasks/[^/]+/findings", ["inspection", "archive"]),
    "submit":      (r"/v1/drafting/tasks/[^/]+/submission", ["document", "intake"]),
    "paraf":       (r"/v1/paraf/tasks/[^/]+/paraf", ["signing"]),
    "send_back":   (r"/v1/paraf/tasks/[^/]+/return", ["signing"]),
    "sign":        (r"/v1/signing/tasks/[^/]+/signature", ["signing", "archive"]),
    "return":      (r"/v1/signing/tasks/[^/]+/return", ["signing"]),
    "pay":         (r"/v1/payment/bills/[^/]+/cash", ["payment"]),
    "deposit":     (r"/v1/payment/deposits", ["payment"]),
}
ALWAYS = ["gateway", "broker", "postgres"]


def kind_of(path):
    for kind, (pattern, _) in COMMANDS.items():
        if re.fullmatch(pattern, path):
            return kind
    raise LookupError(f"{path} is no command that the journal knows")


class Journal:
    def __init__(self, path):
        self.lock = threading.Lock()
        self.file = open(path, "w", buffering=1)
        self.entries = []

    def write(self, what, entry, fields):
        self.file.write(json.dumps({"at": round(time.time(), 4), "what": what, "key": entry["key"],
                                    **{name: entry[name] for name in fields}}, ensure_ascii=False) + "\n")

    def asked(self, user, path, body, key):
        """A command that is about to be tried for the first time."""
        entry = {"user": user, "kind": kind_of(path), "path": path, "key": key, "body": body if isinstance(body, dict) else None,
                 "first_try": time.monotonic(), "last_try": None, "answered": None, "status": None, "reply": None, "tries": 0}
        if entry["kind"] in ("register",):
            entry["application"] = None
        else:
            parts = path.split("/")
            entry["application"] = next((part for part in parts if len(part) == 36), None)
        with self.lock:
            self.entries.append(entry)
            self.write("asked", entry, ["user", "kind", "path", "body"] if entry["kind"] != "session" else ["user", "kind", "path"])
        return entry

    def answered(self, entry, status, reply):
        """The answer for good: acknowledged (2xx) or refused."""
        entry["answered"], entry["status"], entry["reply"] = time.monotonic(), status, reply
        if entry["kind"] == "register" and status < 300:
            entry["application"] = reply["application"]
        with self.lock:
            self.write("acknowledged" if status < 300 else "refused", entry,
                       ["status", "tries", "reply"] if entry["kind"] != "session" else ["status", "tries"])

    def acknowledged(self):
        with self.lock:
            return [entry for entry in self.entries if entry["status"] and entry["status"] < 300]

    def needing(self, service):
        """Acknowledged commands that cannot do without that service, in the order of their acknowledgement."""
        return sorted((entry for entry in self.acknowledged() if service in ALWAYS or service in COMMANDS[entry["kind"]][1]),
                      key=lambda entry: entry["answered"])


def recovery_ms(journal, fault):
    """From a fault to the next acknowledgement that needed what it hit; from the first question after it, when nobody had
    one open at that moment.  None: nobody needed it any more."""
    needing = journal.needing(fault["service"])
    after = [entry for entry in needing if entry["last_try"] > fault["at"]]
    if not after:
        return None
    since = max(fault["at"], min((entry["first_try"] for entry in needing if entry["answered"] > fault["at"])))
    return max(0, int((after[0]["answered"] - since) * 1000))
