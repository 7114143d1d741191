"""What instructors are told."""

import pytest

from skymark.autograder.grading import say


def test_what_instructors_are_told_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that a student handed in can be called anything; lines stay lines."""
    say("a\x1b[2J\u202e\ud800.json\nb")

    assert capsys.readouterr().out == "a\ufffd[2J\ufffd\ufffd.json\nb\n"
