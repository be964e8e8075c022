"""Holds every exchange of a walk against proto/openapi.yaml: a Recorder stands in the way of Paten.send and judges what passes.

It judges and goes on; faults and the operations that were seen are read at the end.
"""
import json
import re
import urllib.parse
from collections import Counter

from contracts import PROBLEM, faults, load, read_operations, resolved
from system import Paten

REGISTRY = {error["code"]: error["status"] for error in load("errors.json")["errors"]}


class Recorder:
    def __init__(self):
        self.openapi = load("openapi.yaml")
        self.operations = read_operations(self.openapi)
        self.send = Paten.send
        self.faults = Counter()  # sentence -> how often
        self.seen = Counter()  # (method, path of openapi.yaml, status) -> how often

    def start(self):
        recorder = self

        def send(client, method, path, body=None, query=None, key=None, headers=None, media_type=None):
            answer = recorder.send(client, method, path, body, query, key, headers, media_type)
            recorder.judge(method, path, body, query, key, answer)
            return answer
        Paten.send = send

    def stop(self):
        Paten.send = self.send

    def path_of(self, address):
        """The described path that an address is one of: the one with the fewest parameters."""
        fitting = [path for path in self.openapi["paths"]
                   if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)), address)]
        return min(fitting, key=lambda path: path.count("{"), default=None)

    def judge(self, method, path, body, query, key, answer):
        address, _, more = path.partition("?")
        described = self.path_of(address)
        operation = self.operations.get((method, described))
        if not operation:
            self.faults[f"{method} {address}: not described, answered {answer.status}"] += 1
            return
        self.seen[method, described, answer.status] += 1
        query = {**dict(urllib.parse.parse_qsl(more)), **{name: value for name, value in (query or {}).items() if value is not None}}
        found = list(self.answer_faults(operation, answer))
        if answer.status < 300:
            found += self.request_faults(operation, described, address, body, query, key)
        for fault in found:
            self.faults[f"{method} {described} -> {answer.status}: {fault}"] += 1

    def answer_faults(self, operation, answer):
        response = operation["responses"].get(str(answer.status))
        if response is None:
            code = re.search(rb'"code":"(\w+)"', answer.body)
            yield f"the status is not described ({code[1].decode() if code else answer.body[:100]})"
            return
        response = resolved(response, self.openapi)
        for name, header in response.get("headers", {}).items():
            yield from self.header_faults(name, resolved(header, self.openapi), answer.headers.get(name))
        content = response.get("content", {})
        media_type = (answer.headers.get("Content-Type") or "").partition(";")[0]
        if media_type not in content:
            yield f"{media_type or 'no media type'}, described is {', '.join(content) or 'nothing'}"
        elif media_type in ("application/json", PROBLEM):
            try:
                value = json.loads(answer.body)
            except ValueError as error:
                yield f"no JSON: {error}"
                return
            schema = resolved(content[media_type]["schema"], self.openapi)
            yield from faults(closed(schema) if answer.status < 300 else schema, value)
            if media_type == PROBLEM:
                yield from problem_faults(value, answer)
        elif media_type == "application/pdf" and not (answer.body.startswith(b"%PDF-") and answer.body.rstrip().endswith(b"%%EOF")):
            yield "not a whole PDF"

    @staticmethod
    def header_faults(name, header, value):
        if value is None:
            yield f"the header {name} is missing"
            return
        if header["schema"]["type"] == "integer":
            value = int(value) if re.fullmatch("[0-9]+", value) else value
        for fault in faults(header["schema"], value):
            yield f"header {name}: {fault}"

    def request_faults(self, operation, described, address, body, query, key):
        """What was accepted must have been allowed: the services may not be milder than their description."""
        parameters = [resolved(parameter, self.openapi) for parameter in operation.get("parameters", [])]
        given = {"query": query, "header": {"Idempotency-Key": key} if key else {},
                 "path": {name[1:-1]: urllib.parse.unquote(value) for name, value in zip(described.split("/"), address.split("/"))
                          if name.startswith("{")}}
        for parameter in parameters:
            name, values = parameter["name"], given[parameter["in"]]
            if name in values:
                for fault in faults(resolved(parameter["schema"], self.openapi), values[name]):
                    yield f"accepted with {name}: {fault}"
            elif parameter.get("required"):
                yield f"accepted without {name}"
        unknown = query.keys() - {parameter["name"] for parameter in parameters if parameter["in"] == "query"}
        if unknown:
            yield f"accepted with {', '.join(sorted(unknown))}"
        media = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if media:
            for fault in faults(resolved(media["schema"], self.openapi), body):
                yield f"accepted a body with {fault}"

    def succeeded(self):
        """The operations that have answered with a success."""
        return {(method, path) for method, path, status in self.seen if status < 300}


def closed(schema):
    """The schema that also refuses what it does not describe: a reply may not say more than its contract."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    shut = {name: value if name in ("const", "enum", "default") else closed(value) for name, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        shut.setdefault("additionalProperties", False)
    return shut


def problem_faults(problem, answer):
    if not isinstance(problem, dict):
        return
    if REGISTRY.get(problem.get("code")) != answer.status or problem.get("status") != answer.status:
        yield f"code {problem.get('code')} and status {problem.get('status')} do not belong together"
    if problem.get("type") != f"/problems/{problem.get('code')}":
        yield f"type {problem.get('type')} for code {problem.get('code')}"
    if problem.get("correlation") != answer.headers.get("X-Correlation-Id"):
        yield "the correlation of the document is not that of the header"
    if re.search(r"\{\w+\}|\(null\)", problem.get("detail", "")):
        yield f"a hole in the sentence: {problem['detail']}"
    if answer.status == 401 and not answer.headers.get("WWW-Authenticate"):
        yield "401 without WWW-Authenticate"
