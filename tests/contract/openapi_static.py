#!/usr/bin/python3
"""The contracts agree with each other, without a running system: openapi_static.py GATEWAY

- the gateway's route table (GATEWAY --routes) and openapi.yaml list the same operations, with the same rights;
- every reference leads somewhere, and parameters and bodies are those of the method's request file;
- every example conforms to its schema, every invalid one does not: requests, events, templates and openapi.yaml itself.
"""
import re
import subprocess
import sys
import unittest
from pathlib import Path

import jsonschema

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from contracts import PROBLEM, faults, follow, load, names, read_operations, resolved  # noqa: E402

GATEWAY = sys.argv[1]
UPLOADED = {"upload", "offset", "size"}  # set by the gateway, not by the client


def walk(value, at="#"):
    """Every object of a document with its place."""
    if isinstance(value, dict):
        yield at, value
        for key, member in value.items():
            yield from walk(member, f"{at}/{key}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from walk(member, f"{at}/{index}")


def read_routes():
    lines = subprocess.run([GATEWAY, "--routes"], check=True, capture_output=True, text=True).stdout.splitlines()
    routes = {}
    for line in lines:
        method, path, ask, flags = line.split("\t")
        routes[method, path] = (ask, set(filter(None, flags.split(","))))
    return routes


OPENAPI = load("openapi.yaml")
ROUTES = read_routes()
OPERATIONS = read_operations(OPENAPI)


class Routes(unittest.TestCase):
    def each(self, check):
        """Calls check (path, service method, flags, operation) for every operation."""
        for key in sorted(ROUTES.keys() & OPERATIONS.keys()):
            with self.subTest(operation=" ".join(key)):
                check(key[1], *ROUTES[key], OPERATIONS[key])

    def test_same_operations(self):
        self.assertGreater(len(ROUTES), 50)
        self.assertEqual(sorted(ROUTES.keys() - OPERATIONS.keys()), [], "served, not described")
        self.assertEqual(sorted(OPERATIONS.keys() - ROUTES.keys()), [], "described, not served")

    def test_described_for_people(self):
        tags = {tag["name"] for tag in OPENAPI["tags"]}
        seen = set()

        def check(_path, ask, flags, operation):
            if "page" in flags:
                self.assertEqual(operation["operationId"].split(".")[0], "page")
            else:
                self.assertEqual(operation["operationId"], ask or ("web" if "asset" in flags else "changes" if "live" in flags else "health"))
            self.assertNotIn(operation["operationId"], seen)
            seen.add(operation["operationId"])
            self.assertTrue(set(operation["tags"]) <= tags and operation["tags"])
            self.assertTrue(operation["summary"].strip() and operation["description"].strip())

        self.each(check)

    def test_rights(self):
        def check(_path, _ask, flags, operation):
            self.assertEqual("public" in flags, operation.get("security") == [])
            if "public" not in flags:
                self.assertIn("401", operation["responses"])
            if "rated" in flags:
                self.assertIn("429", operation["responses"])

        self.each(check)

    def test_parameters(self):
        def check(path, ask, flags, operation):
            given = [resolved(p, OPENAPI) for p in operation.get("parameters", [])]
            keys = {p["name"] for p in given if p["in"] == "header"}
            self.assertEqual(keys, {"Idempotency-Key"} if "command" in flags else set())
            in_path = {p["name"] for p in given if p["in"] == "path"}
            self.assertEqual(in_path, set(re.findall(r"{(\w+)}", path)))
            self.assertTrue(all(p["required"] for p in given if p["in"] == "path"))
            in_query = {p["name"]: p.get("required", False) for p in given if p["in"] == "query"}
            params = load(f"requests/{ask}.json").get("params", {}) if ask else {}
            expected = {
                name: name in params.get("required", []) and "page" not in flags  # without any: the form
                for name in params.get("properties", {})
                if name not in in_path and not ("upload" in flags and ("public" in flags or name in UPLOADED))
            }
            self.assertEqual(in_query, expected)
            for parameter in given:
                if parameter["in"] != "header" and "asset" not in flags:  # a file's name is no service's parameter
                    reference = f"requests/{ask}.json#/params/properties/{parameter['name']}"
                    self.assertEqual(parameter["schema"], {"$ref": reference})

        self.each(check)

    def test_bodies(self):
        def check(_path, ask, flags, operation):
            body = operation.get("requestBody")
            self.assertEqual(body is not None, bool(flags & {"json", "upload"}))
            if "json" in flags:
                self.assertEqual(list(body["content"]), ["application/json"])
                media = body["content"]["application/json"]
                self.assertEqual(media["schema"], {"$ref": f"requests/{ask}.json#/body"})
                self.assertTrue(media["examples"])
            elif ask and "sign_out" not in flags:
                self.assertNotIn("body", load(f"requests/{ask}.json"), "a body that no client can send")

        self.each(check)

    def test_replies(self):
        def check(_path, ask, flags, operation):
            good = {code: reply for code, reply in operation["responses"].items() if code[0] == "2"}
            self.assertEqual(len(good), 1)
            (reply,) = good.values()
            if not ask:
                return
            if "page" in flags:
                for response in operation["responses"].values():
                    self.assertEqual(list(response["content"]), ["text/html"])
                return
            if "reply" in load(f"requests/{ask}.json"):
                media = reply["content"]["application/json"]
                self.assertEqual(media["schema"], {"$ref": f"requests/{ask}.json#/reply"})
                self.assertTrue(media["examples"])
            else:
                self.assertNotIn("application/json", reply["content"])

        self.each(check)

    def test_refusals(self):
        registry = {error["code"]: error for error in load("errors.json")["errors"]}
        for name, response in OPENAPI["components"]["responses"].items():
            with self.subTest(response=name):
                example = response["content"][PROBLEM]["example"]
                self.assertEqual(name, f"Problem{example['status']}")
                self.assertEqual(registry[example["code"]]["status"], example["status"])
        def check(_path, _ask, _flags, operation):
            for code, response in operation["responses"].items():
                if "$ref" in response:
                    self.assertEqual(response["$ref"], f"#/components/responses/Problem{code}")

        self.each(check)


class References(unittest.TestCase):
    def test_every_reference_leads_somewhere(self):
        for at, value in walk(OPENAPI):
            for key in ("$ref", "externalValue"):
                if key in value:
                    with self.subTest(at=at, reference=value[key]):
                        self.assertIsNotNone(follow(value[key], OPENAPI))

    def test_nothing_is_left_over(self):
        used = {value["$ref"] for _, value in walk(OPENAPI) if isinstance(value.get("$ref"), str)}
        for kind in ("parameters", "headers", "schemas", "responses"):
            for name in OPENAPI["components"][kind]:
                self.assertIn(f"#/components/{kind}/{name}", used)

    def test_schemas_mean_the_same_from_everywhere(self):
        """openapi.yaml and the services read the same schema from different roots: no references within it."""
        for method in sorted(names("requests")):
            with self.subTest(method=method):
                inner = [at for at, value in walk(load(f"requests/{method}.json")) if isinstance(value.get("$ref"), str)]
                self.assertEqual(inner, [])


class Examples(unittest.TestCase):
    def test_openapi(self):
        """An example stands beside its schema, inline or in the request file that externalValue names."""
        count = 0
        for at, media in walk(OPENAPI):
            if "schema" not in media:
                continue
            schema = resolved(media["schema"], OPENAPI)
            values = [media["example"]] if "example" in media else []
            values += [follow(example["externalValue"], OPENAPI) for example in media.get("examples", {}).values()]
            for value in values:
                count += 1
                with self.subTest(at=at):
                    self.assertEqual(faults(schema, value), [])
        self.assertGreater(count, 50)

    def test_requests(self):
        self.assertTrue(names("requests"))
        for method in sorted(names("requests")):
            with self.subTest(method=method):
                self.check_request(load(f"requests/{method}.json"))

    def check_request(self, request):
        schemas = {part: request[part] for part in ("params", "body", "reply") if part in request}
        for schema in schemas.values():
            jsonschema.Draft202012Validator.check_schema(schema)
        for part in ("params", "body"):
            if part in schemas:
                self.assertIs(schemas[part].get("additionalProperties"), False, f"{part} accepts unknown members")
        self.assertGreaterEqual(len(request["examples"]), 1)
        self.assertGreaterEqual(len(request["invalid"]) if schemas.keys() & {"params", "body"} else 2, 2)
        for example in request["examples"]:
            for part in example.keys() & {"params", "body", "reply"}:
                self.assertIn(part, schemas, f"an example of {part} without a schema")
            for part, schema in schemas.items():
                self.assertEqual(faults(schema, example.get(part, {})), [], part)
        for example in request.get("invalid", []):
            self.assertTrue(example["why"])
            wrong = [p for p in ("params", "body") if p in schemas and faults(schemas[p], example.get(p, {}))]
            unasked = [p for p in ("params", "body") if p not in schemas and example.get(p)]
            self.assertTrue(wrong or unasked, f"should be invalid: {example['why']}")

    def test_events(self):
        self.assertTrue(names("events"))
        for topic in sorted(names("events")):
            event = load(f"events/{topic}.json")
            with self.subTest(topic=topic):
                jsonschema.Draft202012Validator.check_schema(event["body"])
                self.assertGreaterEqual(len(event["examples"]), 1)
                self.assertGreaterEqual(len(event["invalid"]), 2)
                for example in event["examples"]:
                    self.assertEqual(faults(event["body"], example), [])
                for example in event["invalid"]:
                    self.assertTrue(example["why"])
                    self.assertTrue(faults(event["body"], example["body"]), f"should be invalid: {example['why']}")

    def test_template(self):
        """A schema that brings its own examples; template_schema.py holds the demo's templates against it."""
        schema = load("template.json")
        jsonschema.Draft202012Validator.check_schema(schema)
        self.assertGreaterEqual(len(schema["invalid"]), 2)
        for index, template in enumerate(schema["examples"]):
            self.assertEqual(faults(schema, template), [], f"examples/{index}")
        for index, template in enumerate(schema["invalid"]):
            self.assertTrue(faults(schema, template), f"invalid/{index} was accepted")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
