"""The figures that processes tell whoever watches them (/metrics), as a test reads them."""
import urllib.request

import system  # not VAR from it: the restore goes over to another system
from openmetrics import judge, total
from system import sql, wait_for

MEDIA_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def processes():
    return sorted(folder.parent.name for folder in (system.VAR / "env").glob("*/PATEN_MONITOR_LISTEN"))


def listens(process):
    return (system.VAR / "env" / process / "PATEN_MONITOR_LISTEN").read_text().strip()


def scrape(process):
    with urllib.request.urlopen(f"http://{listens(process)}/metrics", timeout=10) as answer:
        assert answer.headers["Content-Type"] == MEDIA_TYPE, answer.headers
        return judge(answer.read().decode())


def everywhere(service, name, suffix="", **labels):
    """The sum over the service's replicas."""
    return sum(total(scrape(process), name, suffix, **labels) for process in processes() if process.rsplit("-", 1)[0] == service)


def measured(service, name, wanted=lambda value: True, **labels):
    """A figure that every replica reads from the database now and then, while it is asked: once it is as wanted."""
    def look():
        families = scrape(f"{service}-1")
        return name in families and wanted(total(families, name, **labels))
    wait_for(look, f"{name} {labels} of {service}-1")
    return total(scrape(f"{service}-1"), name, **labels)


def measures(service, name, query, **labels):
    """The figure comes to be what the query says at that time."""
    measured(service, name, lambda value: value == int(sql(query)[0][0]), **labels)
