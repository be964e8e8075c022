#!/usr/bin/python3
"""No role can read another's tables, nor write the bus but through its functions."""
import itertools
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import SERVICES, Case, main, sql  # noqa: E402


def tables(schema):
    return [row[0] for row in sql(f"SELECT tablename FROM pg_tables WHERE schemaname = '{schema}' ORDER BY 1")]


class Isolation(Case):
    def test_every_service_has_tables_of_its_own(self):
        for service in SERVICES:
            self.assertIn("job", tables(service), service)
            for table in tables(service):
                sql(f"SELECT * FROM {service}.{table} LIMIT 0", role=service)

    def test_no_role_reads_or_writes_a_foreign_table(self):
        for owner, stranger in itertools.permutations(SERVICES, 2):
            rights = sql(f"""SELECT tablename, has_schema_privilege ('{stranger}', '{owner}', 'USAGE')
                               FROM pg_tables WHERE schemaname = '{owner}'""")
            self.assertTrue(rights)
            self.assertTrue(all(right == "f" for _, right in rights), (owner, stranger))
            table = rights[0][0]
            for statement in (f"SELECT 1 FROM {owner}.{table} LIMIT 0", f"DELETE FROM {owner}.{table} WHERE false"):
                with self.assertRaisesRegex(RuntimeError, "permission denied"):
                    sql(statement, role=stranger)

    def test_the_bus_is_reached_by_functions_only(self):
        for service in SERVICES:
            for table in tables("bus"):
                with self.assertRaisesRegex(RuntimeError, "permission denied"):
                    sql(f"SELECT 1 FROM bus.{table} LIMIT 0", role=service)
            sql("SELECT bus.behind ('{}')", role=service)

    def test_the_operators_functions_are_not_the_services(self):
        """Who may decide about dead letters may publish under another's name."""
        statements = ("SELECT bus.decide_letter (1, 'replay', 'me', 'because')", "SELECT bus.decide_job ('archive', 1, 'retry', 'me', 'because')",
                      "SELECT bus.failed_jobs (true)", "SELECT bus.services ()", "SELECT * FROM bus.dead_letters", "SELECT * FROM bus.decision",
                      "INSERT INTO bus.decision DEFAULT VALUES", "SELECT bus.install ('x')", "SET ROLE paten_owner")
        attempts = "".join(f"BEGIN EXECUTE $s${statement}$s$; RAISE 'allowed: %', $s${statement}$s$; EXCEPTION WHEN insufficient_privilege THEN NULL; END;"
                           for statement in statements)
        for service in SERVICES:
            sql(f"DO $do$ BEGIN {attempts} END $do$", role=service)
        self.addCleanup(sql, "REVOKE ALL ON FUNCTION bus.services () FROM archive")
        sql("GRANT EXECUTE ON FUNCTION bus.services () TO archive")
        with self.assertRaisesRegex(RuntimeError, "allowed: SELECT bus.services"):  # else the attempts above proved nothing
            sql(f"DO $do$ BEGIN {attempts} END $do$", role="archive")

    def test_an_addressed_event_is_seen_by_its_addressee_alone(self):
        def seen(reader, addressee):
            """In a transaction that is rolled back: the reader publishes itself, then takes."""
            event = json.dumps([{"topic": "probe.addressed", "key": "k", "correlation": "-", "body": {}, "addressee": addressee}])
            return sql(f"""BEGIN;
                SELECT bus.publish (p::smallint, '{{}}', '{event}') * 0 FROM generate_series (0, 7) p;
                SELECT count (t.seq) FROM generate_series (0, 7) p, bus.take (ARRAY[p::smallint], '{{probe.addressed}}', 1000) t;
                ROLLBACK""", role=reader)[-1]
        self.assertEqual(seen("payment", "signing"), ["0"])
        # a partition that a live member holds at this moment is skipped: some of the eight must be free
        self.assertGreater(int(seen("payment", "payment")[0]), 0)
        self.assertGreater(int(seen("payment", None)[0]), 0)

    def test_no_role_makes_tables(self):
        for service in SERVICES:
            with self.assertRaisesRegex(RuntimeError, "permission denied"):
                sql(f"CREATE TABLE {service}.smuggled (i integer)", role=service)
            with self.assertRaisesRegex(RuntimeError, "permission denied"):
                sql("CREATE TABLE public.smuggled (i integer)", role=service)


if __name__ == "__main__":
    main()
