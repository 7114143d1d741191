"""What a board knows, what is done to it, and what its pages are told."""

import json
import os

import pytest

from skymark.board.timetable import Action, NotNow

from .conftest import minutes


def test_a_board_that_was_killed_goes_on_where_it_was(board, make_board, clock):
    """The clock went on meanwhile."""
    board.act(Action.START, 0)
    clock.pass_by(5)
    board.act(Action.SKIP, 0)
    board.tick("=s3", out=True)
    clock.pass_by(3)

    assert make_board().state(for_assistants=True) == board.state(for_assistants=True)
    assert [step["spent"] for step in make_board().state()["steps"]] == [300_000, 180_000, 0, 0]


def test_two_assistants_who_go_on_at_once_go_on_by_one_step(board):
    """Both saw the first step."""
    board.act(Action.START, 0)
    board.act(Action.SKIP, 0)

    with pytest.raises(NotNow):
        board.act(Action.SKIP, 0)
    assert board.state()["step"] == 1


def test_what_was_refused_is_not_written_down(board, file):
    """Nothing happened."""
    before = file.read_bytes()

    with pytest.raises(NotNow):
        board.act(Action.PAUSE, 0)
    with pytest.raises(NotNow):
        board.tick("nobody", out=True)

    assert file.read_bytes() == before


def test_looks_are_wanted_only_while_the_clock_runs(board):
    """Not before, not in a pause, not after."""
    wanted = [board.is_watching()]
    for action in (Action.START, Action.PAUSE, Action.RESUME, Action.END):
        board.act(action, 0)
        wanted.append(board.is_watching())

    assert wanted == [False, True, False, True, False]


def test_a_look_is_light_and_whoever_is_at_the_end_needs_none(board, graded, torn_down):
    """One region, no prediction, and what was seen before counts."""
    board.act(Action.START, 0)
    first = board.task("s1")
    board.note(graded("s1", torn_down))

    assert (first.rubric.regions, first.terms.predict, first.proved) == (("us-east-1",), False, frozenset())
    assert board.task("s1") is None
    assert board.task("s2") is not None


def test_what_was_seen_passed_is_told_to_the_next_look(board, graded, only_bucket):
    """So that nothing hangs on it again."""
    board.act(Action.START, 0)
    board.note(graded("s1", only_bucket))

    assert "bucket.name" in board.task("s1").proved


def test_a_new_lesson_begins_with_nobody_anywhere(board, graded, good):
    """And who could not log in may try again."""
    board.act(Action.START, 0)
    board.note(graded("s1", good))
    board.tick("s2", out=True)
    board.act(Action.END, 0)
    assert board.act(Action.START, 0)

    state = board.state()
    assert [step["done"] for step in state["steps"]] == [None, 0, 0, 0]
    assert state["class"]["out"] == 0


def test_the_projector_is_told_no_name(board, graded, only_bucket, good, trouble, clock):
    """Whatever happens: how many is enough."""
    stuck_in_the_bucket(board, graded, only_bucket, good, clock)
    board.tick("=s3", out=True)
    board.note(trouble("s2"))

    told = json.dumps(board.state())

    assert not [one for one in board.info.entries if one.name in told or f'"{one.student}"' in told]


def test_names_are_told_where_they_are_asked_for(make_board, graded, only_bucket, good, clock):
    """Only of those who are stuck; who cannot log in stays among assistants."""
    board = make_board(names=True)
    stuck_in_the_bucket(board, graded, only_bucket, good, clock)

    state = board.state()

    assert [step["names"] for step in state["steps"]] == [[], [], ["Ada Lovelace"], []]
    assert "students" not in state


def stuck_in_the_bucket(board, graded, only_bucket, good, clock):
    """Ada has made her bucket and nothing more; the two others are further."""
    board.act(Action.START, 0)
    board.note(graded("s1", only_bucket))
    clock.pass_by(11)
    board.note(graded("s2", good))
    board.note(graded("=s3", good))


def test_assistants_are_told_everything_of_each_student(board, graded, only_bucket, good, trouble, clock):
    """In the roster's order."""
    stuck_in_the_bucket(board, graded, only_bucket, good, clock)
    board.note(trouble("s2"))

    told = board.state(for_assistants=True)["students"]

    assert [(one["id"], one["place"], one["done"], one["stuck"], one["unseen"], one["out"]) for one in told] == [
        ("s1", 2, [1], minutes(11).total_seconds() * 1000, None, False),
        ("s2", 3, [1, 2], None, "The role cannot be assumed.", False),
        ("=s3", 3, [1, 2], None, None, False),
    ]


def test_assistants_are_told_who_cannot_log_in(board):
    """Until that is taken back."""
    told = []
    for out in (True, False):
        board.tick("=s3", out=out)
        told.append([one["id"] for one in board.state(for_assistants=True)["students"] if one["out"]])

    assert told == [["=s3"], []]


def test_a_full_disk_stops_no_clock(board, make_board, monkeypatch):
    """It is said until it can be written; then everything is."""
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        board.act(Action.START, 0)
        assert (board.state()["phase"], board.state()["unwritten"]) == ("running", "No space left on device")

    board.act(Action.PAUSE, 0)

    assert board.state()["unwritten"] is None
    assert make_board().state() == board.state()


def full(_: int) -> None:
    """As a disk that is full answers."""
    raise OSError(28, "No space left on device")


def test_every_change_is_told(board, graded, good):
    """Each once, whoever made it."""
    told = []
    board.changed.append(lambda: told.append(1))

    board.act(Action.START, 0)
    board.tick("s2", out=True)
    board.note(graded("s1", good))

    assert len(told) == 3
