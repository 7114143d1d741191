"""What people are shown as the program's name, and as the lesson that they named."""

import sys

import pytest

from skymark.program import as_called


@pytest.fixture
def typed(monkeypatch):
    """Type a command."""
    return lambda *words: monkeypatch.setattr(sys, "argv", ["./grade.py", *words])


TEXT = "`grade.py explain bucket.name`, `grade.py policy --lesson DIR`, grade.py gradebook waive, see ./grade.py"


def test_without_another_lesson_commands_stay_as_they_are(typed):
    """The first one needs no name."""
    typed("check", "--final")

    assert as_called(TEXT) == TEXT


@pytest.mark.parametrize("words", [("--lesson", "my site"), ("--lesson=my site",)])
def test_whoever_named_a_lesson_is_shown_commands_that_name_it(typed, words):
    """Those that know lessons; nothing is named twice."""
    typed("check", *words)

    assert as_called(TEXT) == (
        "`grade.py explain --lesson 'my site' bucket.name`, `grade.py policy --lesson 'my site'`, "
        "grade.py gradebook waive, see ./grade.py"
    )
    assert as_called("grade.py check --lesson elsewhere") == "grade.py check --lesson elsewhere"


def test_an_installed_program_is_called_by_its_own_name(monkeypatch):
    """With the lesson, too."""
    monkeypatch.setattr(sys, "argv", ["/usr/bin/skymark", "check", "--lesson", "my-site"])

    assert as_called("grade.py cleanup --all prints the commands.") == (
        "skymark cleanup --lesson my-site --all prints the commands."
    )
