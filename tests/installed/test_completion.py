"""Completion, as a shell asks for it: the real bash, and what the other shells read."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import python

SLOW = ("boto3", "botocore", "pytest", "jinja2", "jsonschema", "yaml", "msgspec", "nbformat", "moto", "pydantic")
TAB = """
source <(skymark --show-completion)
COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
set -- $(complete -p skymark)
while [ "$1" != -F ]; do shift; done
"$2" skymark
printf '%s\\n' "${{COMPREPLY[@]}}"
"""

Tab = Callable[[str], list[str]]


@pytest.fixture
def at(environment: Path, folder: Path) -> dict[str, str]:
    """The environment of a terminal in which `skymark` can be typed."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return clean | {"PATH": f"{python(environment).parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder)}


@pytest.fixture
def tab(at: dict[str, str], folder: Path) -> Tab:
    """What bash offers when Tab is pressed at the end of a line, once it has read what `--show-completion` prints."""
    bash = shutil.which("bash")
    assert bash

    def pressed(line: str) -> list[str]:
        words = line.split(" ")
        script = TAB.format(words=" ".join(shlex.quote(word) for word in words))
        ended = subprocess.run(
            [bash, "--norc", "-c", script], env=at, cwd=folder, capture_output=True, text=True, timeout=30, check=True
        )
        assert ended.stderr == ""
        return ended.stdout.split()

    return pressed


def test_commands_and_options(tab: Tab) -> None:
    """By how they begin."""
    assert tab("skymark c") == ["check", "cleanup", "class"]
    assert tab("skymark gradebook un") == ["undo", "unverified"]
    assert tab("skymark check --no-g") == ["--no-gradebook"]


def test_criteria_of_the_lesson(tab: Tab) -> None:
    """Where an id is asked for; what is there already changes nothing."""
    assert tab("skymark check --final --only bucket.") == ["bucket.name", "bucket.region", "bucket.private"]
    assert tab("skymark check --only bucket.name --only endpoint.p") == ["endpoint.prediction"]
    assert tab("skymark gradebook override 123456789012 role.") == ["role.trust", "role.scoped"]


def test_rubrics_of_the_lesson(tab: Tab) -> None:
    """By name; bash itself completes files where no name fits."""
    assert tab("skymark check --rubric l") == ["learner-lab"]
    assert tab("skymark rubric validate ") == ["learner-lab", "sagemaker-intro"]
    assert tab("skymark check --rubric ./my") == []


def test_those_of_another_lesson_where_the_line_names_it(tab: Tab, folder: Path) -> None:
    """Each lesson has its own."""
    for name in ("checks", "rubrics"):
        (folder / "week2" / name).mkdir(parents=True)
    (folder / "week2" / "checks" / "site.py").write_text("def check_public(): ...\n")
    (folder / "week2" / "rubrics" / "site.yaml").touch()

    assert tab("skymark check --lesson week2 --only ") == ["site.public"]
    assert tab("skymark check --lesson week2 --rubric ") == ["site"]


def test_nothing_is_offered_and_nothing_said_where_something_is_wrong(tab: Tab, folder: Path) -> None:
    """A traceback in the middle of a line that somebody types helps nobody."""
    for name in ("checks", "rubrics"):
        (folder / "broken" / name).mkdir(parents=True)
    (folder / "broken" / "checks" / "site.py").write_text("def check_public(: ...\n")

    assert tab("skymark check --lesson nowhere --only ") == []
    assert tab("skymark check --lesson broken --only ") == []


def test_nothing_slow_is_imported(environment: Path, at: dict[str, str], folder: Path) -> None:
    """Somebody waits for the answer with a finger on the key."""
    asked = {"COMP_WORDS": "skymark check --only bucket.n", "COMP_CWORD": "3", "_SKYMARK_COMPLETE": "complete_bash"}
    code = """import atexit, sys
sys.argv = ['skymark']
atexit.register(lambda: print(*sys.modules))
from skymark.command_line import main
main()"""

    ended = subprocess.run(
        [python(environment), "-P", "-c", code], env=at | asked, cwd=folder, capture_output=True, text=True, check=True
    )

    offered, *modules = ended.stdout.split()
    assert offered == "bucket.name"
    assert set(SLOW) & set(modules) == set()


@pytest.mark.parametrize(
    ("shell", "asked", "line"),
    [
        ("zsh", {"_TYPER_COMPLETE_ARGS": "skymark check --only bucket.r"}, '"bucket.region":"The bucket lives in '),
        (
            "fish",
            {"_TYPER_COMPLETE_ARGS": "skymark check --only bucket.r", "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
            "bucket.region\tThe bucket lives in ",
        ),
        (
            "powershell",
            {
                "_TYPER_COMPLETE_ARGS": "skymark check --only bucket.r",
                "_TYPER_COMPLETE_WORD_TO_COMPLETE": "bucket.r",
            },
            "bucket.region:::The bucket lives in ",
        ),
    ],
)
def test_other_shells_are_told_what_a_criterion_asks(
    environment: Path, at: dict[str, str], shell: str, asked: dict[str, str], line: str
) -> None:
    """They show it beside the id."""
    ended = subprocess.run(
        [python(environment).with_name("skymark")],
        env=at | asked | {"_SKYMARK_COMPLETE": f"complete_{shell}"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert line in ended.stdout


def test_of_a_long_docstring_only_the_first_line_is_told(environment: Path, at: dict[str, str], folder: Path) -> None:
    """Each line is an offer of its own to a shell."""
    for name in ("checks", "rubrics"):
        (folder / "week3" / name).mkdir(parents=True)
    (folder / "week3" / "checks" / "site.py").write_text('def check_public():\n    """It is open.\n\n    To all."""\n')
    asked = {"_TYPER_COMPLETE_ARGS": "skymark check --lesson week3 --only ", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}

    ended = subprocess.run(
        [python(environment).with_name("skymark")],
        env=at | asked | {"_SKYMARK_COMPLETE": "complete_fish"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout.splitlines() == ["site.public\tIt is open."]
