"""The contracts of proto/ as Python sees them: files, references, and python3-jsonschema as an independent judge."""
import datetime
import json
import re
from pathlib import Path

import jsonschema
import yaml

PROTO = Path(__file__).resolve().parents[2] / "proto"
PROBLEM = "application/problem+json"
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
FORMATS = jsonschema.FormatChecker(("date", "uuid", "email"))


@FORMATS.checks("date-time")
def is_date_time(text):
    if not isinstance(text, str):
        return True
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text):
        return False
    try:
        return bool(datetime.datetime.fromisoformat(text))
    except ValueError:
        return False


@FORMATS.checks("uri")
def is_uri(text):
    return not isinstance(text, str) or bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", text))


def faults(schema, value):
    """What a Draft 2020-12 validator says against the value: a list of sentences."""
    validator = jsonschema.Draft202012Validator(schema, format_checker=FORMATS)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def load(path, kept={}):
    """A file of proto/, read once."""
    if path not in kept:
        text = (PROTO / path).read_text(encoding="utf-8")
        kept[path] = yaml.safe_load(text) if path.endswith(".yaml") else json.loads(text)
    return kept[path]


def names(folder):
    """The methods (folder "requests") or topics ("events") that have a file."""
    return {path.stem for path in (PROTO / folder).glob("*.json")}


def follow(reference, document):
    """The value that "file.json#/a/b" or "#/a/b" names; KeyError or FileNotFoundError when there is none."""
    path, _, pointer = reference.partition("#")
    value = load(path) if path else document
    for step in filter(None, pointer.split("/")):
        step = step.replace("~1", "/").replace("~0", "~")
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def resolved(value, document):
    """The value itself, or what its $ref names."""
    return follow(value["$ref"], document) if "$ref" in value else value


def read_operations(openapi):
    """(method, path) -> operation"""
    return {
        (method.upper(), path): operation
        for path, item in openapi["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }
