"""A client of the public HTTP interface, for deploy/load, deploy/demo and the tests.  Standard library only.

Commands carry an Idempotency-Key made here; an answer that says "try again" (503, 504, a broken connection) is tried again
with the same key, so a command that has been done already is not done twice.
"""
import http.client
import json
import os
import ssl
import time
import urllib.parse
import uuid

RETRY_S = 30
KEPT_S = 10  # a connection that was not used for so long may be about to be closed by the gateway (after 15)
WAIT_S = 30  # for an event to arrive; who disturbs the system on purpose gives it more


# Refusals that only mean that the step before has not been heard of yet.
NOT_YET = {"task_unknown", "application_unknown", "step_out_of_order", "document_not_ready", "bill_not_due"}


class Problem(Exception):
    """An answer of 400 or more: application/problem+json."""

    def __init__(self, status, problem, request):
        self.status, self.problem, self.request = status, problem, request
        self.code = problem.get("code") if isinstance(problem, dict) else None
        super().__init__(f"{request}: {status} {json.dumps(problem, ensure_ascii=False)}")


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body) if self.body else None


class Paten:
    """One user at one address.  token: of a session, or None for the public part."""
    timeout_s = 40  # without a byte from the gateway

    def __init__(self, url, token=None):
        self.url = url
        parts = urllib.parse.urlsplit(url)
        self.is_secure = parts.scheme == "https"
        self.host, self.port = parts.hostname, parts.port or (443 if self.is_secure else 80)
        self.token = token
        self.connection, self.used = None, 0

    def send(self, method, path, body=None, query=None, key=None, headers=None, media_type=None):
        """One exchange, no second try, no judgement.  body: bytes, or anything that becomes JSON."""
        fields = dict(headers or {})
        if self.token:
            fields.setdefault("Authorization", f"Bearer {self.token}")
        if key:
            fields.setdefault("Idempotency-Key", key)
        if body is not None and not isinstance(body, (bytes, bytearray)):
            body = json.dumps(body, ensure_ascii=False).encode()
            media_type = media_type or "application/json"
        if media_type:
            fields.setdefault("Content-Type", media_type)
        if query:
            path += "?" + urllib.parse.urlencode({name: value for name, value in query.items() if value is not None})
        if time.monotonic() - self.used > KEPT_S:
            self.close()
        if self.connection is None:
            self.connection = self.connect()
        try:
            try:
                self.connection.request(method, path, body=body, headers=fields)
            except BrokenPipeError:
                pass  # refused before the whole body was sent: the answer says why
            response = self.connection.getresponse()
            try:
                content = response.read()
            except OSError as why:  # half an answer is not a connection that was closed before one
                raise http.client.IncompleteRead(b"") from why
            answer = Answer(response.status, response.headers, content)
            self.used = time.monotonic()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if answer.headers.get("Connection", "").lower() == "close":
            self.close()
        return answer

    def connect(self):
        """PATEN_TLS_CA: a file with the certificate that an https:// address is held against, where the machine does not know it."""
        if not self.is_secure:
            return http.client.HTTPConnection(self.host, self.port, timeout=self.timeout_s)
        context = ssl.create_default_context(cafile=os.environ.get("PATEN_TLS_CA"))
        return http.client.HTTPSConnection(self.host, self.port, timeout=self.timeout_s, context=context)

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    __del__ = close

    def call(self, method, path, body=None, query=None, key=None, headers=None, media_type=None, retry_s=RETRY_S):
        """An exchange that must succeed: tries again while the system says so, raises Problem for a refusal."""
        if method in ("POST", "PUT") and key is None:
            key = str(uuid.uuid4())
        end = time.monotonic() + retry_s
        while True:
            try:
                answer = self.send(method, path, body, query, key, headers, media_type)
                if answer.status not in (503, 504) or time.monotonic() > end:
                    break
            except (OSError, http.client.HTTPException):
                if time.monotonic() > end:
                    raise
            time.sleep(0.2)
        if answer.status >= 400:
            try:
                problem = answer.json
            except ValueError:
                problem = answer.body[:300].decode("utf-8", "replace")
            raise Problem(answer.status, problem, f"{method} {path}")
        return answer

    def get(self, path, **query):
        return self.call("GET", path, query=query).json

    def fetch(self, path, **query):
        """The bytes of a file, a PDF for instance."""
        return self.call("GET", path, query=query).body

    def post(self, path, body=None, key=None):
        return self.call("POST", path, body if body is not None else {}, key=key).json

    def put(self, path, body, key=None):
        return self.call("PUT", path, body, key=key).json

    def upload(self, content, name, purpose, kecamatan=None, media_type="application/octet-stream"):
        return self.call("POST", "/v1/files", content, {"purpose": purpose, "kecamatan": kecamatan, "name": name},
                         media_type=media_type).json

    def sign_in(self, username, password):
        """A new client of this address with that account's session."""
        answer = Paten(self.url).call("POST", "/v1/sessions", {"username": username, "password": password}).json
        return Paten(self.url, answer["token"])


def wait_for(question, what, limit_s=None):
    """Asks until the answer is true; stations hear of an application by an event, a moment after the former step."""
    limit_s = limit_s or WAIT_S
    end = time.monotonic() + limit_s
    pause = 0.005
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > end:
            raise TimeoutError(f"waited {limit_s} s in vain for {what}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)


def when_there(question, limit_s=None):
    """Repeats a request that is refused only because the step has not come yet."""
    end = time.monotonic() + (limit_s or WAIT_S)
    while True:
        try:
            return question()
        except Problem as problem:
            if problem.code not in NOT_YET or time.monotonic() > end:
                raise
        time.sleep(0.01)
