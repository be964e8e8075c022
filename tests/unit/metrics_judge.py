#!/usr/bin/python3
"""metrics_judge.py COMMAND...: the text that test_metrics --sample prints, read by a parser that is not ours."""
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from openmetrics import judge, total  # noqa: E402

text = subprocess.run(sys.argv[1:], check=True, capture_output=True, text=True).stdout
families = judge(text)
assert total(families, "paten_requests", "_total", method='a."odd"\\\n', status="5xx", service="trial") == 1
assert total(families, "paten_requests", "_total") == 4
assert total(families, "paten_request_seconds", "_bucket", method="a.get", le="0.01") == 2
assert total(families, "paten_oldest_seconds", status="2xx") == 1.5
assert total(families, "process_threads") == 1
assert total(families, "process_open_fds") >= 3
assert total(families, "process_resident_memory_bytes") > 100000
try:
    judge(text.replace("# EOF\n", ""))
except ValueError:
    pass
else:
    sys.exit("the judge takes a text without its end")
