#!/usr/bin/python3
"""What the sources name and what proto/ describes are the same: methods, topics, error codes, and who asks whom.

Reads the tables in services/*/main.c and the calls in the C files; nothing runs.
"""
import re
import sys
import unittest
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from contracts import PROTO, load, names  # noqa: E402

SERVICES = PROTO.parent / "services"
NAME = r'"([a-z_]+(?:\.[a-z_]+)+)"'


def sources(*folders):
    for folder in folders:
        for path in sorted((PROTO.parent / folder).rglob("*.[ch]")):
            yield path, path.read_text(encoding="utf-8")


def table(text, kind):
    """The rows of "static const struct KIND name[] = { ... };"."""
    found = re.search(rf"static const struct {kind} \w+\[\] = {{(.*?)\n}};", text, re.S)
    return re.findall(r"{(.*?)}", found[1], re.S) if found else []


def read_methods():
    """method -> the services that may call it"""
    methods = {}
    for path in sorted(SERVICES.glob("*/main.c")):
        for row in table(path.read_text(encoding="utf-8"), "method"):
            if row.strip() != "0":
                method, rest = re.match(rf"\s*{NAME}(.*)", row, re.S).groups()
                callers = [set(text.split(",")) for text in re.findall(r'"([a-z_,]+)"', rest)]
                methods[method] = callers[-1]  # after the roles
                assert method.split(".")[0] == path.parent.name, f"{path}: {method}"
    return methods


def read_subscriptions():
    found = defaultdict(set)
    for path in sorted(SERVICES.glob("*/main.c")):
        for row in table(path.read_text(encoding="utf-8"), "subscription"):
            if row.strip() != "0":
                found[re.match(rf"\s*{NAME}", row)[1]].add(path.parent.name)
    return found


def read_publications():
    """topic -> the services that publish it; SQL publishes what belongs to no request"""
    found = defaultdict(set)
    for path, text in sources("services"):
        for topic in re.findall(r"\bpublish(?:_to)? \(\s*call,\s*([^;]*?),", text):
            literals = re.findall(NAME, topic)  # two when the call chooses
            assert literals, f"{path}: a topic that is no literal: {topic}"
            for literal in literals:
                found[literal].add(path.parent.name)
    for path in sorted(SERVICES.glob("*/sql/queries.sql")):
        for topic in re.findall(r"bus\.publish[^;]*?'([a-z_]+\.[a-z_]+)'", path.read_text(encoding="utf-8"), re.S):
            found[topic].add(path.parent.parent.name)
    return found


class Registry(unittest.TestCase):
    maxDiff = None

    def test_methods(self):
        self.assertGreater(len(read_methods()), 50)
        self.assertEqual(set(read_methods()), names("requests"))

    def test_topics(self):
        published, subscribed = read_publications(), read_subscriptions()
        self.assertGreater(len(published), 20)
        self.assertEqual(set(published), names("events"))
        self.assertEqual(set(subscribed) - set(published), set(), "waited for in vain")

    def test_every_request_finds_a_method_that_lets_it_in(self):
        methods, asked = read_methods(), defaultdict(set)
        for path, text in sources("services"):
            service = path.relative_to(SERVICES).parts[0]
            if path.name == "main.c":
                continue
            for method in re.findall(NAME, text):
                if method in methods:
                    asked[method].add(service)
        for method, askers in sorted(asked.items()):
            with self.subTest(method=method):
                self.assertEqual(askers - methods[method], set(), "asks, but is not let in")
        for method, callers in sorted(methods.items()):
            with self.subTest(method=method):
                self.assertEqual(callers - asked[method], set(), "is let in, but never asks")

    def test_error_codes(self):
        used = {code for _, text in sources("common", "services") for code in re.findall(r"\bERR_([A-Z0-9_]+)\b", text)}
        registered = {error["code"].upper() for error in load("errors.json")["errors"]}
        self.assertEqual(sorted(registered - used), [], "never given")

    def test_sentences(self):
        """Every error has a sentence, and nobody else has the same."""
        sentences = [error["detail"] for error in load("errors.json")["errors"]]
        self.assertEqual(len(sentences), len(set(sentences)))
        for sentence in sentences:
            self.assertRegex(sentence, r"\S.*[.!?}]$")


if __name__ == "__main__":
    unittest.main()
