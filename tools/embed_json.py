#!/usr/bin/env python3
"""Embeds JSON files as C strings: embed_json.py SYMBOL OUT.h FILE.json...

The header declares the list  static const struct embedded_json SYMBOL[] = {{"stem of the file", "text"}, {0}};
"examples" of a schema are left out: the program does not need them.
"""
import json
import os
import sys

symbol, out, files = sys.argv[1], sys.argv[2], sys.argv[3:]
with open(out, "w", encoding="utf-8") as header:
    header.write("/* Made by tools/embed_json.py. */\n#pragma once\n#include \"common/json.h\"\n\n")
    header.write('#pragma GCC diagnostic ignored "-Woverlength-strings" /* ISO C promises 4,095 bytes; GCC and Clang have no limit */\n\n')
    header.write(f"static const struct embedded_json {symbol}[] = {{\n")
    for path in sorted(files):
        with open(path, encoding="utf-8") as source:
            value = json.load(source)
        if isinstance(value, dict):
            for key in ("examples", "invalid"):
                value.pop(key, None)
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        stem = os.path.basename(path)[: -len(".json")]
        parts = [text[i : i + 100] for i in range(0, len(text), 100)]
        header.write(f"    {{{json.dumps(stem)},\n")
        header.write("\n".join("     " + json.dumps(part, ensure_ascii=False) for part in parts))
        header.write("},\n")
    header.write("    {0}};\n")
