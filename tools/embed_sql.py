#!/usr/bin/env python3
"""Turns sql/queries.sql into a C header: embed_sql.py SERVICE queries.sql OUT.h

A statement starts with "-- name: bill_lock"; comment lines below it become its comment.  The header declares
    static const struct db_statement SQL_BILL_LOCK = {"bill_lock", "SELECT ..."};
and the NULL-ended list SERVICE_statements for app_service.statements.
"""
import json
import re
import sys

service, source, out = sys.argv[1:4]
statements = []
for line in open(source, encoding="utf-8"):
    named = re.match(r"--\s*name:\s*([a-z][a-z0-9_]*)\s*$", line)
    if named:
        statements.append((named.group(1), []))
    elif statements and not line.lstrip().startswith("--"):
        statements[-1][1].append(line.rstrip())
names = [name for name, _ in statements]
if len(names) != len(set(names)):
    sys.exit(f"{source}: a statement's name stands twice")
with open(out, "w", encoding="utf-8") as header:
    header.write(f"/* Made from {service}/sql/queries.sql by tools/embed_sql.py. */\n#pragma once\n#include \"common/db.h\"\n\n")
    for name, lines in statements:
        sql = "\n".join(lines).strip().rstrip(";")
        if not sql:
            sys.exit(f"{source}: {name} is empty")
        text = "\n    ".join(json.dumps(part + "\n", ensure_ascii=False) for part in sql.split("\n") if part.strip())
        header.write(f"static const struct db_statement SQL_{name.upper()} = {{\"{name}\",\n    {text}}};\n\n")
    header.write(f"static const struct db_statement *const {service}_statements[] = {{\n")
    for name in names:
        header.write(f"    &SQL_{name.upper()},\n")
    header.write("    NULL};\n")
