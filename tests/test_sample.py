"""The committed sample: a survey, and the report that it gives today."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "reports" / "sample"


def test_the_sample_is_what_report_makes_of_its_survey_today(tmp_path):
    """A year later, too: `grade.py report reports/sample/survey.json --html … --json …` makes it again."""
    outputs = ["--html", tmp_path / "report.html", "--json", tmp_path / "result.json"]
    command = [sys.executable, ROOT / "grade.py", "report", SAMPLE / "survey.json", *outputs, "--quiet"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 1, done.stderr
    for name in ("report.html", "result.json"):
        assert (tmp_path / name).read_text() == (SAMPLE / name).read_text(), f"{name} is stale: make the sample again"
