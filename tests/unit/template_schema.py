#!/usr/bin/env python3
"""Judges templates by proto/template.json with an independent validator: template_schema.py SCHEMA FILE...
Each file holds one template or an array of them; prints a line of 1 (valid) and 0 (invalid) per file."""
import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as source:
    schema = json.load(source)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as source:
        found = json.load(source)
    templates = found if isinstance(found, list) else [found]
    print("".join("1" if validator.is_valid(template) else "0" for template in templates))
