#!/usr/bin/env python3
"""Two validators, one answer: random schemas and values through schema_judge (C) and python3-jsonschema.

schema_crosscheck.py SCHEMA_JUDGE [COUNT [SEED]].  Leaves out what the two mean to treat differently: items as a list
(2020-12 dropped it) and the formats for which Debian's Python has no checker (date-time, uri).
"""
import json
import random
import subprocess
import sys

import jsonschema

NAMES = ["a", "b", "c", "x1", "x"]
WORDS = ["", "a", "ab", "abc", "é😀", "2026-01-01", "2026-02-30", "a@b.id", "x1", "0191e7c8-0000-7000-8000-000000000000"]
NUMBERS = [0, 1, 2, 3, -1, 10, 2**53 + 1, 0.5, 1.0, 2.5, -0.1, 3.0]
TYPES = ["object", "array", "string", "integer", "number", "boolean", "null", ["string", "object"], ["array", "integer"]]
DEFINITIONS = {"p": {"type": ["string", "object"]}, "q": {"items": {"minimum": 1}, "minProperties": 1}}


def make_value(rng, depth=0):
    kind = rng.randrange(6 if depth < 3 else 4)
    if kind == 0:
        return rng.choice([None, True, False])
    if kind == 1:
        return rng.choice(NUMBERS)
    if kind in (2, 3):
        return rng.choice(WORDS)
    if kind == 4:
        return [make_value(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {rng.choice(NAMES): make_value(rng, depth + 1) for _ in range(rng.randrange(4))}


def argument_makers(rng, depth):
    """keyword -> a function that makes an argument for it"""

    def schema():
        return make_schema(rng, depth + 1)

    def names():
        return rng.sample(NAMES, rng.randrange(3))

    def some(make):
        return lambda: [make() for _ in range(rng.randrange(1, 3))]

    def members(make):
        return lambda: {name: make() for name in rng.sample(NAMES, rng.randrange(1, 3))}

    def one_of(choices):
        return lambda: rng.choice(choices)

    makers = {
        "type": one_of(TYPES),
        "const": lambda: make_value(rng, 2),
        "enum": some(lambda: make_value(rng, 2)),
        "multipleOf": one_of([1, 2, 0.5, 3]),
        "pattern": one_of(["^a", "b$", "^.{2}$", "[0-9]"]),
        "format": one_of(["date", "uuid"]),
        "uniqueItems": one_of([True, False]),
        "required": names,
        "dependentRequired": members(names),
        "patternProperties": lambda: {rng.choice(["^a", "1$", "x"]): schema()},
        "$ref": one_of(["#/$defs/p", "#/$defs/q"]),
    }
    makers |= dict.fromkeys(["maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"], one_of([0, 1, 2.5, 2**53]))
    counts = ["Length", "Items", "Properties", "Contains"]
    makers |= dict.fromkeys([side + what for side in ("min", "max") for what in counts], one_of([0, 1, 2, 3.0]))
    makers |= dict.fromkeys(["prefixItems", "allOf", "anyOf", "oneOf"], some(schema))
    makers |= dict.fromkeys(["properties", "dependentSchemas"], members(schema))
    single = ["items", "contains", "propertyNames", "additionalProperties", "not", "if", "then", "else"]
    return makers | dict.fromkeys(single, schema)


def make_schema(rng, depth=0):
    if depth > 3 or rng.random() < 0.06:
        return rng.choice([True, False, {"type": "string"}, {"minimum": 1}])
    makers = argument_makers(rng, depth)
    return {keyword: makers[keyword]() for keyword in rng.sample(sorted(makers), rng.randrange(1, 4))}


def main():
    judge, count, seed = sys.argv[1], int((sys.argv[2:] or ["5000"])[0]), int((sys.argv[3:] or ["1"])[0])
    rng = random.Random(seed)
    cases = [({"allOf": [make_schema(rng)], "$defs": DEFINITIONS}, make_value(rng)) for _ in range(count)]
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    answers = subprocess.run([judge], input=lines, text=True, capture_output=True, check=True).stdout.splitlines()
    wanted = [
        str(int(jsonschema.Draft202012Validator(schema, format_checker=jsonschema.draft202012_format_checker).is_valid(value)))
        for schema, value in cases
    ]
    if len(answers) != count or not 0 < wanted.count("1") < count:
        sys.exit(f"{len(answers)} answers to {count} cases, {wanted.count('1')} of them valid")
    for case, got, want in zip(cases, answers, wanted):
        if got != want:
            sys.exit(f"{json.dumps(case, ensure_ascii=False)}: {got}, python3-jsonschema says {want}")
    print(f"{count} cases, {wanted.count('1')} valid, no difference")


main()
