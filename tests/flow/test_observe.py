#!/usr/bin/python3
"""What the processes tell whoever watches them: every one its figures and whether it is ready."""
import subprocess
import sys
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from openmetrics import judge, total  # noqa: E402
from system import SERVICES, VAR, Case, main, pid_of, ready, supervise, wait_for  # noqa: E402

MEDIA_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def processes():
    return sorted(folder.parent.name for folder in (VAR / "env").glob("*/PATEN_MONITOR_LISTEN"))


def listens(process):
    return (VAR / "env" / process / "PATEN_MONITOR_LISTEN").read_text().strip()


def scrape(process):
    with urllib.request.urlopen(f"http://{listens(process)}/metrics", timeout=10) as answer:
        assert answer.headers["Content-Type"] == MEDIA_TYPE, answer.headers
        return judge(answer.read().decode())


def asked(process):
    """Exit status and words of the health check."""
    done = subprocess.run([VAR / "app" / "bin" / "paten_ready", listens(process)], capture_output=True, text=True)
    return done.returncode, done.stdout.strip()


class Observe(Case):
    def test_every_process_tells_its_figures(self):
        self.assertLessEqual({f"{name}-1" for name in ["broker", "gateway", *SERVICES]}, set(processes()))
        for process in processes():
            families = scrape(process)
            self.assertEqual(total(families, "process_open_fds", service=process.rsplit("-", 1)[0]) > 3, True, process)
            with open(f"/proc/{pid_of(process)}/status") as status:
                threads = next(int(line.split()[1]) for line in status if line.startswith("Threads:"))
            self.assertEqual(total(families, "process_threads"), threads, process)

    def test_ready_is_what_the_process_needs(self):
        ready()
        for process in processes():
            wait_for(lambda: asked(process) == (0, "ready"), f"{process} ready")
        brokers = [process for process in processes() if process.startswith("broker-")]
        supervise("stop", *brokers)
        try:
            for process in set(processes()) - set(brokers):
                wait_for(lambda: asked(process) == (1, "no broker is alive"), f"{process} without a broker")
            for broker in brokers:
                self.assertEqual(asked(broker), (1, f"{listens(broker)} does not answer"))
        finally:
            supervise("start", *brokers)
        ready()
        for process in processes():
            wait_for(lambda: asked(process) == (0, "ready"), f"{process} ready again")


if __name__ == "__main__":
    main()
