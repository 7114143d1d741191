"""What people are shown as the program's name, and as the lesson that they named."""

import sys

import pytest

from skymark import program


@pytest.mark.parametrize(
    ("ran", "name"),
    [
        ("/home/ada/skymark/grade.py", "grade.py"),
        ("./grade.py", "grade.py"),
        ("/home/ada/.local/bin/skymark", "skymark"),
        ("skymark.exe", "skymark"),
        ("/site-packages/skymark/__main__.py", "python -m skymark"),
        ("/site-packages/pytest/__main__.py", "grade.py"),
        ("", "grade.py"),
    ],
)
def test_the_name_is_that_of_what_was_run(monkeypatch: pytest.MonkeyPatch, ran: str, name: str) -> None:
    """In anybody else's program it is the checkout's."""
    monkeypatch.setattr(sys, "argv", [ran, "check"])

    assert program.name() == name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Grant it (`grade.py policy` prints it).", "Grant it (`skymark policy` prints it)."),
        ("<code>grade.py cleanup --all</code>", "<code>skymark cleanup --all</code>"),
        ("wrapped: grade.py\n  policy", "wrapped: skymark\n  policy"),
        ("/home/ada/grade.py is no survey", "/home/ada/grade.py is no survey"),
        (r"C:\ada\grade.py is no survey", r"C:\ada\grade.py is no survey"),
        ("regrade.py again", "regrade.py again"),
        ("grade.py.json: no such file", "grade.py.json: no such file"),
    ],
)
def test_commands_are_named_as_called_and_files_as_they_are(
    monkeypatch: pytest.MonkeyPatch, text: str, shown: str
) -> None:
    """A path is somebody's file, whatever it is called."""
    monkeypatch.setattr(sys, "argv", ["skymark"])

    assert program.as_called(text) == shown


@pytest.mark.parametrize(
    ("ran", "shown"),
    [
        ("grade.py", "pip install '.[lab]'"),
        ("skymark", "pip install 'skymark[lab] @ WHEEL', with the address of Skymark's wheel in place of WHEEL"),
    ],
)
def test_an_extra_is_installed_from_where_skymark_is(monkeypatch: pytest.MonkeyPatch, ran: str, shown: str) -> None:
    """In a checkout from there, otherwise from the wheel. Nobody is told to take what an index has by that name."""
    monkeypatch.setattr(sys, "argv", [ran])

    assert program.to_install("lab") == shown


@pytest.fixture
def typed(monkeypatch):
    """Type a command."""
    return lambda *words: monkeypatch.setattr(sys, "argv", ["./grade.py", *words])


TEXT = "`grade.py explain bucket.name`, `grade.py policy --lesson DIR`, grade.py gradebook waive, see ./grade.py"


def test_without_another_lesson_commands_stay_as_they_are(typed):
    """The first one needs no name."""
    typed("check", "--final")

    assert program.as_called(TEXT) == TEXT


@pytest.mark.parametrize("words", [("--lesson", "my site"), ("--lesson=my site",)])
def test_whoever_named_a_lesson_is_shown_commands_that_name_it(typed, words):
    """Those that know lessons; nothing is named twice."""
    typed("check", *words)

    assert program.as_called(TEXT) == (
        "`grade.py explain --lesson 'my site' bucket.name`, `grade.py policy --lesson 'my site'`, "
        "grade.py gradebook waive, see ./grade.py"
    )
    assert program.as_called("grade.py check --lesson elsewhere") == "grade.py check --lesson elsewhere"


def test_in_a_page_the_lessons_name_is_text(typed):
    """Whatever its folder is called."""
    typed("check", "--lesson", "R&D <2>")

    shown = program.as_called("<code>grade.py cleanup --all</code>", is_html=True)

    assert shown == "<code>grade.py cleanup --lesson &#x27;R&amp;D &lt;2&gt;&#x27; --all</code>"


def test_of_several_lessons_the_last_one_is_named(typed):
    """As it is the one that counts."""
    typed("check", "--lesson", "first", "--lesson=second")

    assert program.as_called("grade.py watch") == "grade.py watch --lesson second"


def test_an_installed_program_is_called_by_its_own_name(monkeypatch):
    """With the lesson, too."""
    monkeypatch.setattr(sys, "argv", ["/usr/bin/skymark", "check", "--lesson", "my-site"])

    assert program.as_called("grade.py cleanup --all prints the commands.") == (
        "skymark cleanup --lesson my-site --all prints the commands."
    )
