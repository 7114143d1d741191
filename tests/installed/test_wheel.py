"""Skymark as a student installs it: a wheel, in an environment that knows nothing of this repository."""

import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.account import SimulatedAccount
from simulator.server import PracticeServer
from simulator.students import CLASS

from .conftest import ROOT, Run, python, run

SAMPLE = ROOT / "reports" / "sample" / "survey.json"
PROMISED = "checks", "fixtures", "rubrics"
BY_THE_CLOCK = {"surveyed_at", "cost_so_far_usd"}
"""What two checks of one account differ in, since one was a few seconds later."""


@pytest.fixture
def ada(practice_cloud: PracticeServer, practice_account: SimulatedAccount) -> Iterator[dict[str, str]]:
    """The environment of a student who did everything right and is about to clean up."""
    next(one for one in CLASS if one.name == "ada").build(practice_account)
    yield practice_cloud.environment(practice_cloud.credentials(practice_account.number))
    practice_cloud.reset()


def timeless(value: Any) -> Any:
    """A result without what the clock changes."""
    match value:
        case dict():
            return {key: timeless(part) for key, part in value.items() if key not in BY_THE_CLOCK}
        case list():
            return [timeless(part) for part in value]
        case _:
            return value


def test_a_wheel_brings_no_name_that_others_may_have(wheel: Path) -> None:
    """In site-packages only Skymark and its practice cloud stand; the lesson lies inside."""
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"skymark", "simulator"}


@pytest.mark.parametrize("name", PROMISED)
def test_a_wheel_carries_the_lesson(wheel: Path, name: str) -> None:
    """Every file of it, as it is here."""
    inside = zipfile.ZipFile(wheel)
    at = f"skymark/first_lesson/{name}/"

    carried = {entry.removeprefix(at): inside.read(entry) for entry in inside.namelist() if entry.startswith(at)}

    here = {file.name: file.read_bytes() for file in (ROOT / name).iterdir() if file.is_file()}
    assert carried == here


def test_nothing_of_the_repository_is_known(environment: Path, folder: Path) -> None:
    """Else these tests would prove nothing."""
    code = "import sys, skymark, simulator; print(skymark.__file__, simulator.__file__, *sys.path, sep='\\n')"

    told = run([python(environment), "-I", "-c", code], folder, os.environ).stdout.splitlines()

    assert all(Path(one).is_relative_to(environment) for one in told[:2])
    assert str(ROOT) not in told


def test_an_account_gets_the_same_result_as_from_the_checkout(skymark: Run, grade: Run, ada: dict[str, str]) -> None:
    """Over HTTP, from a folder that has nothing to do with either."""
    installed = skymark("check", "--json", "-", env=ada)
    checkout = grade("check", "--json", "-", "--no-gradebook", env=ada)

    assert (installed.returncode, checkout.returncode) == (1, 1), installed.stderr
    result = json.loads(installed.stdout)
    assert timeless(result) == timeless(json.loads(checkout.stdout))
    assert (result["score"]["earned"], result["score"]["complete"]) == (90, True)


def test_a_saved_survey_gets_the_very_same_result(skymark: Run, grade: Run, folder: Path) -> None:
    """Byte by byte, in every form that another program reads."""
    forms = {"--json": "result.json", "--junit": "result.xml", "--gradescope": "results.json"}
    made = {}
    for program in (skymark, grade):
        program("report", SAMPLE, *(word for pair in forms.items() for word in pair))
        made[program] = [(folder / name).read_bytes() for name in forms.values()]

    assert made[skymark] == made[grade]


@pytest.mark.parametrize(
    "arguments",
    [("report", SAMPLE), ("report", "nothing.json"), ("cleanup", "--survey", SAMPLE)],
    ids=["a result", "a mistake", "a script"],
)
def test_people_read_the_command_that_they_can_type(
    skymark: Run, grade: Run, arguments: tuple[str | Path, ...]
) -> None:
    """Nothing else differs."""
    installed, checkout = skymark(*arguments), grade(*arguments)

    meant = checkout.stdout + checkout.stderr
    assert "grade.py" in meant
    assert installed.stdout + installed.stderr == meant.replace("grade.py", "skymark")


def test_the_report_names_that_command_too(skymark: Run, grade: Run, folder: Path) -> None:
    """Whoever made the page has it open beside the terminal."""
    skymark("report", SAMPLE, "--html", "installed.html")
    grade("report", SAMPLE, "--html", "checkout.html")

    installed, checkout = (folder / name for name in ("installed.html", "checkout.html"))
    assert installed.read_text("utf-8") == checkout.read_text("utf-8").replace("grade.py", "skymark")


def test_the_lessons_rubrics_are_there(skymark: Run) -> None:
    """By their names."""
    shown, valid = skymark("rubric", "show"), skymark("rubric", "validate", "sagemaker-intro", "learner-lab")

    assert "bucket.region" in shown.stdout
    assert (
        valid.stdout == "sagemaker-intro: valid, 23 criteria, 100 points\nlearner-lab: valid, 20 criteria, 100 points\n"
    )


def test_it_is_a_module_too(environment: Path, folder: Path) -> None:
    """Where the folder of commands is not on the path, as often on Windows."""
    ended = run([python(environment), "-P", "-m", "skymark", "report", "nothing.json"], folder, os.environ)

    assert "`python -m skymark check --save-survey FILE`" in ended.stderr


def test_grading_writes_nothing_where_it_is_installed(skymark: Run, environment: Path) -> None:
    """It may be a folder of the system's, which nobody may write."""
    before = {file: file.stat().st_mtime_ns for file in environment.rglob("*")}

    skymark("report", SAMPLE)

    assert {file: file.stat().st_mtime_ns for file in environment.rglob("*")} == before


def test_the_practice_cloud_is_in_it(environment: Path, folder: Path) -> None:
    """The demo grades with the command line that is installed, not with a file of the repository."""
    code = (
        "from pathlib import Path; from simulator.demo import run; from simulator.students import CLASS\n"
        "run(Path('demo'), [one for one in CLASS if one.name == 'ada'])"
    )

    ended = run([python(environment), "-P", "-c", code], folder, os.environ)

    assert ended.stdout.splitlines()[-1:] == ["ada       90/100  did everything right and is about to clean up"], (
        ended.stderr
    )
