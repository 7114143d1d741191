"""A rubric of a stranger's is only data: nothing in it is run, looked up or filled in but by name."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

import grade as program
from skymark import survey_file
from skymark.errors import RubricError
from skymark.grading import grade
from skymark.lesson import Lesson
from skymark.rubric_file import load_rubric
from tests.conftest import GOOD

from . import parsed
from .everything import assert_result
from .texts import HOSTILE

LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + at)}: &{chr(98 + at)} [*{chr(97 + at)}, *{chr(97 + at)}]\n" for at in range(20)
)
REFUSED = (
    "!!python/object/apply:os.system ['touch owned']",
    "!!python/object/new:subprocess.Popen [['touch', 'owned']]",
    "!!python/name:os.system",
    "!!python/module:os",
    "!!binary aGk=",
    "!!set {a, b}",
    "!include /etc/passwd",
    "!ENV ${HOME}",
    "&x [*x]",
    "*nobody",
    "[" * 30 + "]" * 30,
    "[" * 100_000,
    "{" * 100_000,
    '"\\x00"',
    '"\\ud800"',
    ".inf",
    ".nan",
    "1.0e+999",
    "0x10",
    "9" * 5000,
)
DATA = (
    "{{7*7}} {% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}",
    "${7*7} $(touch owned) `touch owned`",
    "{0.__class__} {region.__class__.__mro__} {bucket!r} {self} {__import__('os')}",
    "%s %(title)s %n",
    "<%= 7*7 %> #{7*7} @{7*7}",
    "\\N{BULLET} \\x41 \\u0041",
)


def rubric(folder: Path, **texts: str) -> Path:
    """A rubric of one criterion with these parts, each as it stands in the file."""
    parts = {"title": "T", "stage": "S", "hint": "H.", "points": "6", "command": "aws x", "expected": "E."} | texts
    lines = (f"    {name}: {text}" for name, text in parts.items() if name != "rubric")
    head = ("schema: skymark/rubric/v1", "id: week", 'version: "1"', f"title: {texts.get('rubric', 'W')}", "criteria:")
    file = folder / "week.yaml"
    file.write_text("\n".join((*head, "  - id: bucket.name", *lines)) + "\n", encoding="utf-8")
    return file


def quoted(text: str) -> str:
    """The text between YAML's single quotes."""
    return "'" + text.replace("'", "''") + "'"


@pytest.fixture(autouse=True)
def _nothing_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No command in it was run."""
    monkeypatch.chdir(tmp_path)
    yield
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize("part", ["hint", "points"])
@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:30])
def test_what_yaml_could_do_is_refused_with_its_line(lesson: Lesson, tmp_path: Path, text: str, part: str) -> None:
    """Whatever it is written into; before anything is made of it."""
    file = rubric(tmp_path, **{part: text})

    with pytest.raises(RubricError) as raised:
        load_rubric(lesson, str(file))

    assert all(re.fullmatch(r"(\S*/)?week\.yaml:\d+: .{20,900}", one) for one in raised.value.mistakes)


def test_a_bomb_of_aliases_does_not_go_off(lesson: Lesson, tmp_path: Path) -> None:
    """A million from twenty lines."""
    file = tmp_path / "week.yaml"
    file.write_text(LAUGHS)

    with pytest.raises(RubricError, match="this is an anchor or alias"):
        load_rubric(lesson, str(file))


@pytest.mark.parametrize("text", DATA)
def test_what_looks_like_code_is_text_to_the_letter(lesson: Lesson, tmp_path: Path, text: str) -> None:
    """In a rubric and in every report by it."""
    parts = dict.fromkeys(("title", "stage", "hint", "expected", "rubric"), quoted(text))
    by = load_rubric(lesson, str(rubric(tmp_path, **parts)))

    found = grade(GOOD, by, lesson)

    assert (by.title, by.criteria[0].title, by.criteria[0].hint) == (text, text, text)
    assert (found.rubric.title, found.criteria[0].title, found.criteria[0].stage) == (text, text, text)
    assert_result(found, tmp_path / "ran")


@pytest.mark.parametrize(
    "place", ["{0}", "{7*7}", "{region.__class__}", "{bucket!r}", "{region[0]}", "{__import__}", "{{region}}"]
)
def test_a_command_is_filled_in_by_plain_names_alone(lesson: Lesson, tmp_path: Path, place: str) -> None:
    """Refused, or left as it stands: no attribute or item of anything is looked up."""
    file = rubric(tmp_path, command=quoted(f"aws {place} {{region}}"))
    nothing = replace(GOOD, buckets=(), training_jobs=())
    filled = f"aws {place.replace('{region}', 'us-east-1')} us-east-1"
    with contextlib.suppress(RubricError):
        assert grade(nothing, load_rubric(lesson, str(file)), lesson).criteria[0].command in (None, filled)


@pytest.mark.parametrize(
    "text", [text for text in HOSTILE if text.isprintable() and text.strip()] + ["a\u202eb", "a\u200bb"]
)
def test_commands_that_print_a_rubric_print_text(lesson: Lesson, tmp_path: Path, text: str) -> None:
    """`rubric show`, `rubric validate`, `explain`, `check`; a rubric is refused in text, too."""
    file = rubric(tmp_path, **dict.fromkeys(("title", "stage", "hint", "expected", "rubric"), quoted(text)))
    saved = tmp_path / "ada.json"
    survey_file.save(GOOD, saved)
    commands = (
        ["rubric", "show", str(file), "--full"],
        ["rubric", "validate", str(file)],
        ["explain", "bucket.name", "--rubric", str(file)],
        ["check", "--survey", str(saved), "--rubric", str(file), "--no-gradebook"],
    )
    for command in commands:
        ended = CliRunner().invoke(program.app, command)
        assert ended.exit_code in (0, 1, 2, 3), ended.output
        assert "Traceback" not in ended.output
        parsed.assert_terminal(ended.output)
