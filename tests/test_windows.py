"""What is different on Windows, as far as it can be had elsewhere. Windows itself is untried: see docs/install.md."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "reports" / "sample" / "survey.json"
MODULES = ("fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty")
CONSOLE = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0", "COLUMNS": "80"}
"""What a command's output is written in on Windows where it goes to a file or to another program."""
IMPORT_ALL = """
import importlib, pkgutil, sys
import simulator, skymark

found = (pkgutil.walk_packages(one.__path__, f"{one.__name__}.") for one in (skymark, simulator))
names = [one.name for some in found for one in some if not one.name.endswith("__main__")]
for name in names:
    importlib.import_module(name)
for name in names:
    sys.modules.pop(name)
sys.modules.update(dict.fromkeys(sys.argv[1:]))
for name in names:
    importlib.import_module(name)
print(len(names))
"""
WEEK = """\
schema: skymark/rubric/v1
id: week
version: "1"
title: Größe → ✓ 漢字
criteria:
  - {id: bucket.name, title: "Der Name → ✓", stage: Größe, points: 6, hint: "Nenne ihn „Größe“ → 漢字."}
"""


@pytest.fixture
def week(tmp_path: Path) -> Path:
    """A small lesson whose words are in more than one script, as no code page of Windows is."""
    for name in ("checks", "fixtures", "rubrics"):
        (tmp_path / "week" / name).mkdir(parents=True)
    (tmp_path / "week" / "fixtures" / "__init__.py").touch()
    (tmp_path / "week" / "checks" / "bucket.py").write_text(
        'def check_name():\n    """Größe → 漢字"""\n    assert False, "Größe → ✓ 漢字"\n', encoding="utf-8"
    )
    (tmp_path / "week" / "rubrics" / "week.yaml").write_text(WEEK, encoding="utf-8")
    return tmp_path / "week"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("rubric", "show"), 0),
        (("report", SAMPLE), 1),
        (("report", SAMPLE, "--quiet"), 1),
        (("cleanup", "--survey", SAMPLE), 0),
        (("report", "漢字 → ✓.json"), 2),
    ],
    ids=lambda value: " ".join(map(str, value[:1])) if isinstance(value, tuple) else "",
)
def test_what_a_code_page_lacks_stops_nothing(week: Path, arguments: tuple[str | Path, ...], status: int) -> None:
    """A mark that is only shown in part is still a mark."""
    command = [sys.executable, str(ROOT / "grade.py"), *map(str, arguments), "--lesson", str(week)]

    ended = subprocess.run(command, env=os.environ | CONSOLE, capture_output=True, timeout=60, check=False)

    assert ended.returncode == status, ended.stderr
    assert b"Traceback" not in ended.stderr
    assert status == 2 or ended.stdout.decode("utf-8" if arguments[0] == "cleanup" else "cp1252")


def test_every_module_can_be_imported_without_those_that_windows_lacks() -> None:
    """As far as it is ours; `mypy --platform win32` in tox finds what is used of them."""
    ended = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, *MODULES], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )

    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > 200
