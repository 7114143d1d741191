"""The time log: every event is on the disk at once, and the lesson goes on after a crash."""

import csv
import datetime as dt
import io
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skymark.board.timelog import HEAD_LINE, Course, Event, Tick, TimeLog, line_of
from skymark.board.timetable import Action, NotNow, Phase, new_lesson, read
from skymark.errors import UsageError
from skymark.rubric import TimetableStep

from .conftest import NOON, minutes

STEPS = (TimetableStep("Welcome", 5), TimetableStep('=Bucket, "big"', 10))
STUDENTS = ("s1", "=s2", "@ü")


def written(file: Path, *events: tuple[Action | Tick, float, str | None]) -> Course:
    """Write events down, each so many minutes after noon; what was followed by then."""
    log = TimeLog(file)
    course = log.read(STEPS, STUDENTS)
    for action, at, student in events:
        event = Event(NOON + minutes(at), action, student)
        log.append(event, course)
        course = course.followed(event)
    return course


def rows(file: Path) -> list[dict[str, str]]:
    """The log as a spreadsheet reads it."""
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))


def test_each_event_is_a_line_with_planned_and_real_minutes(file):
    """In UTC; the step is the one that was current."""
    written(file, (Action.START, 0, None), (Action.SKIP, 6.5, None), (Tick.CANNOT_LOG_IN, 7, "s1"))

    assert [tuple(row.values()) for row in rows(file)] == [
        ("2026-11-24T12:00:00.000000Z", "start", "1", "Welcome", "5.00", "0.00", ""),
        ("2026-11-24T12:06:30.000000Z", "skip", "1", "Welcome", "5.00", "6.50", ""),
        ("2026-11-24T12:07:00.000000Z", "cannot-log-in", "", "", "", "", "s1"),
    ]


def test_no_cell_is_run_by_a_spreadsheet(file):
    """Neither a step nor a student; and both are known again."""
    course = written(
        file, (Action.START, 0, None), (Action.SKIP, 1, None), (Action.SKIP, 2, None), (Tick.CANNOT_LOG_IN, 3, "=s2")
    )

    assert [(row["step"], row["student"]) for row in rows(file)[2:]] == [('\'=Bucket, "big"', ""), ("", "'=s2")]
    assert TimeLog(file).read(STEPS, STUDENTS) == course


@given(
    st.lists(
        st.tuples(st.sampled_from([*Action, *Tick]), st.integers(0, 10_000_000_000), st.sampled_from(STUDENTS)),
        max_size=20,
    )
)
def test_whatever_happened_the_log_tells_it_all(tmp_path_factory, presses):
    """A new process knows what the old one knew, to the microsecond."""
    file = tmp_path_factory.mktemp("log") / "board.csv"
    log = TimeLog(file)
    course, now = log.read(STEPS, STUDENTS), NOON
    for action, microseconds, student in presses:
        now += dt.timedelta(microseconds=microseconds)
        event = Event(now, action, student if isinstance(action, Tick) else None)
        try:
            followed = course.followed(event)
        except NotNow:
            continue
        log.append(event, course)
        course = followed

    assert TimeLog(file).read(STEPS, STUDENTS) == course


def test_a_line_that_a_crash_cut_off_is_dropped(file):
    """Wherever it was cut: the event did not happen, and the next one has a line of its own."""
    course = written(file, (Action.START, 0, None))
    whole = file.read_bytes()
    line = line_of(Event(NOON + minutes(2), Action.PAUSE), course).encode()
    for end in range(len(line)):
        file.write_bytes(whole + line[:end])

        assert TimeLog(file).read(STEPS, STUDENTS) == course
        assert file.read_bytes() == whole


def test_only_its_owner_reads_it(file):
    """It says who could not log in."""
    written(file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() == HEAD_LINE


def test_yesterdays_lesson_does_not_run_on():
    """Twelve hours without an event."""
    course = Course(new_lesson(STEPS)).followed(Event(NOON, Action.START))

    assert course.current(NOON + dt.timedelta(hours=12)).lesson.phase is Phase.RUNNING
    assert course.current(NOON + dt.timedelta(hours=12, seconds=1)) == Course(new_lesson(STEPS))


def test_who_cannot_log_in_before_the_start_still_cannot_after_it(file):
    """But a second lesson begins with everybody."""
    before = written(file, (Tick.CANNOT_LOG_IN, 0, "s1"), (Tick.CANNOT_LOG_IN, 1, "@ü"), (Tick.CAN_LOG_IN, 2, "@ü"))
    started = before.followed(Event(NOON + minutes(3), Action.START))
    ended = started.followed(Event(NOON + minutes(4), Action.END))

    assert (before.out, started.out, ended.out) == ({"s1"}, {"s1"}, {"s1"})
    assert ended.followed(Event(NOON + minutes(5), Action.START)).out == frozenset()


LINE = "2026-11-24T12:00:00.000000Z,{}\r\n"


@pytest.mark.parametrize(
    "written",
    [
        b"student,name\ns1,Ada\n",
        b"no line end",
        HEAD_LINE.removeprefix(b"\xef\xbb\xbf"),
        HEAD_LINE + LINE.format("start,1,Another step,5.00,0.00,").encode(),
        HEAD_LINE + LINE.format("start,9,Welcome,5.00,0.00,").encode(),
        HEAD_LINE + LINE.format("dance,1,Welcome,5.00,0.00,").encode(),
        HEAD_LINE + LINE.format("pause,1,Welcome,5.00,0.00,").encode(),
        HEAD_LINE + b"yesterday,start,1,Welcome,5.00,0.00,\r\n",
        HEAD_LINE + b"short\r\n",
        HEAD_LINE + b'"open\r\n',
        HEAD_LINE + b"\xff\r\n",
    ],
)
def test_another_file_is_not_taken_for_a_log_and_not_changed(file, written):
    """Whatever it is, somebody may need it."""
    file.parent.mkdir(parents=True)
    file.write_bytes(written)

    with pytest.raises(UsageError, match=r"Name another file with --log\."):
        TimeLog(file).read(STEPS, STUDENTS)
    assert file.read_bytes() == written


@pytest.mark.parametrize("end", range(len(HEAD_LINE)))
def test_a_head_that_a_crash_cut_off_is_made_whole(file, end):
    """Nothing is lost by it."""
    file.parent.mkdir(parents=True)
    file.write_bytes(HEAD_LINE[:end])

    assert TimeLog(file).read(STEPS, STUDENTS) == Course(new_lesson(STEPS))
    assert file.read_bytes() == HEAD_LINE


def test_a_file_that_cannot_be_made_is_named(tmp_path):
    """Before anybody is asked anything."""
    (tmp_path / "taken").write_text("")

    with pytest.raises(UsageError, match="taken"):
        TimeLog(tmp_path / "taken" / "board.csv").read(STEPS, STUDENTS)


def test_what_a_full_disk_refuses_is_written_with_the_next_event(file, monkeypatch):
    """Nothing half-written is left behind."""
    course = written(file, (Action.START, 0, None))
    log = TimeLog(file)
    whole = file.read_bytes()
    pause, resume = Event(NOON + minutes(1), Action.PAUSE), Event(NOON + minutes(2), Action.RESUME)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _full)
        with pytest.raises(OSError, match="No space left"):
            log.append(pause, course)
    assert file.read_bytes() == whole

    log.append(resume, course.followed(pause))

    again = TimeLog(file).read(STEPS, STUDENTS)
    assert [row["event"] for row in rows(file)] == ["start", "pause", "resume"]
    assert read(again.lesson, NOON + minutes(3)).paused == minutes(1)


def _full(_: int) -> None:
    raise OSError(28, "No space left on device")
