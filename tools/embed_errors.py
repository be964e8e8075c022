#!/usr/bin/env python3
"""Turns proto/errors.json into the C registry: embed_errors.py errors.json OUT.h"""
import json
import sys

source, out = sys.argv[1:3]
with open(source, encoding="utf-8") as file:
    errors = json.load(file)["errors"]
codes = [error["code"] for error in errors]
if codes != sorted(set(codes)):
    sys.exit(f"{source}: codes must be unique and sorted")
with open(out, "w", encoding="utf-8") as header:
    header.write("/* Made from proto/errors.json by tools/embed_errors.py. */\n#pragma once\n\nenum error_code {\n    ERR_NONE,\n")
    for error in errors:
        header.write(f"    ERR_{error['code'].upper()},\n")
    header.write("    ERR_COUNT\n};\n\n")
    header.write("struct error_entry {\n    const char *code;\n    int status; /* HTTP */\n    const char *detail; /* Indonesian; {name} is filled in by the refusal */\n};\n\n")
    header.write("static const struct error_entry error_registry[ERR_COUNT] = {\n    [ERR_NONE] = {\"none\", 200, \"\"},\n")
    for error in errors:
        header.write(f"    [ERR_{error['code'].upper()}] = {{{json.dumps(error['code'])}, {error['status']}, {json.dumps(error['detail'], ensure_ascii=False)}}},\n")
    header.write("};\n")
