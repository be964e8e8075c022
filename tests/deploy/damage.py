"""What a hand that slipped does to a database, and whether a restored one has what was there before: every table, byte for byte."""

DAMAGE = """
SET session_replication_role = replica;
DELETE FROM intake.application_step; DELETE FROM payment.receipt; DELETE FROM identity.account;
UPDATE archive.object_chunk SET bytes = '\\x00';
"""
# What a restore ends or holds, and what beats while nobody works.
RESTLESS = ("identity.session", "identity.login", "bus.member", "bus.refusal")
RESTLESS_SUFFIXES = (".job", ".idem")


def contents(psql, everything=False):
    """{table: [rows, digest of all of them]}.  psql: a query to its rows, as lists of text.  everything: the restless tables, too."""
    tables = [row[0] for row in psql("SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")]
    if not everything:
        tables = [table for table in tables if table not in RESTLESS and not table.endswith(RESTLESS_SUFFIXES)]
    return {row[0]: row[1:] for row in psql(" UNION ALL ".join(
        f"SELECT '{table}', count (*)::text, coalesce (md5 (string_agg (md5 (t::text), '' ORDER BY md5 (t::text))), '-') FROM {table} t" for table in tables))}


def different(kept, found):
    """How many tables are not what they were; says which."""
    wrong = [table for table in kept if found.get(table) != kept[table]]
    for table in wrong:
        print(f"FAIL {table}: {kept[table]} rows and digest before, {found.get(table)} after")
    return len(wrong)
