#!/usr/bin/python3
"""No personal data where it does not belong: after a whole course neither the logs nor the event log hold a NIK, a name, an
address, a telephone number or an e-mail address of any applicant."""
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from system import VAR, Case, applicant, as_owner, course, main, office, sql, wait_for, when_there  # noqa: E402

PERSON = {"name": "Zulaikha Ningrumsari Uji", "address": "Dusun Rahasia Uji RT 099", "email": "zulaikha.uji@rahasia.example",
          "phone": "081298765432"}


class Privacy(Case):
    @classmethod
    def setUpClass(cls):
        raas = office()
        cls.person = applicant(**PERSON)
        application = raas.register("sktm", {**course.FORMS["sktm"]}, cls.person)["application"]
        raas.verify(application)
        raas.issue(application)
        raas.hand_over(application)
        loket = raas.officer("loket")  # notification hears of a case within a second, which may be after its end
        wait_for(lambda: [m for m in when_there(lambda: loket.get("/v1/notifications", application=application))["messages"]
                          if m["state"] == "sent"], "the messages")
        bad = {**cls.person, "nik": cls.person["nik"][:-4] + "0000"}
        try:
            raas.register("sktm", course.FORMS["sktm"], bad)
        except Exception:
            pass

    def secrets(self):
        return [self.person["nik"], *PERSON.values()]

    def test_the_logs(self):
        logs = subprocess.run(as_owner(["sh", "-c", f"cat {VAR}/log/*/current"]), capture_output=True, text=True).stdout
        self.assertIn("service.started", logs)
        for secret in self.secrets():
            self.assertNotIn(secret, logs)

    def test_the_event_log(self):
        for secret in self.secrets():
            self.assertEqual(sql(f"SELECT topic FROM bus.event WHERE body::text || actor::text LIKE '%{secret}%'"), [], secret)

    def test_jobs_and_stations_hold_ids_only(self):
        for table in ("verification.task", "signing.task", "payment.bill", "notification.job", "intake.job", "document.job"):
            for secret in self.secrets():
                self.assertEqual(sql(f"SELECT 1 FROM {table} t WHERE t::text LIKE '%{secret}%'"), [], (table, secret))

    def test_who_was_told_is_written_down(self):
        told = {row[0] for row in sql("SELECT DISTINCT asked_by FROM intake.disclosure")}
        self.assertLessEqual({"document", "notification"}, told)


if __name__ == "__main__":
    main()
