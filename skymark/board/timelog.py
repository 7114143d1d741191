"""The lesson's time log: a CSV file to which each event is appended at once, and from which the board is rebuilt."""

import contextlib
import csv
import datetime as dt
import enum
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from skymark.board.timetable import Action, Lesson, NotNow, after, new_lesson, planned, read
from skymark.errors import UsageError
from skymark.evidence import Struct
from skymark.export.cells import EXCELS_MARK, words
from skymark.rubric import TimetableStep

HEAD: Final = ("at", "event", "number", "step", "planned_minutes", "real_minutes", "student")
HEAD_LINE: Final = f"{EXCELS_MARK}{','.join(HEAD)}\r\n".encode()
ANOTHER_LESSON: Final = dt.timedelta(hours=12)
"""After so long without an event it is another lesson: nobody wants yesterday's clock to run on."""


class Tick(enum.StrEnum):
    """What an assistant says of a student."""

    CANNOT_LOG_IN = "cannot-log-in"
    CAN_LOG_IN = "can-log-in"


class Event(Struct, frozen=True):
    """One line of the log: what was done to the clock, or said of a student (roster id)."""

    at: dt.datetime
    action: Action | Tick
    student: str | None = None


class Course(Struct, frozen=True):
    """All that the log tells: the lesson, and who cannot log in."""

    lesson: Lesson
    out: frozenset[str] = frozenset()
    latest: dt.datetime | None = None

    def followed(self, event: Event) -> "Course":
        """With one more event.

        Raises:
            NotNow: it cannot be done where the lesson is.
        """
        course = self.current(event.at)
        at = max(event.at, course.latest or event.at)
        match event.action:
            case Tick.CANNOT_LOG_IN:
                return Course(course.lesson, course.out | {str(event.student)}, at)
            case Tick.CAN_LOG_IN:
                return Course(course.lesson, course.out - {str(event.student)}, at)
            case Action():
                is_anew = event.action is Action.START and course.lesson.started_at is not None
                return Course(after(course.lesson, event.action, at), frozenset() if is_anew else course.out, at)

    def current(self, now: dt.datetime) -> "Course":
        """The same, or a new lesson where nothing has happened for long."""
        if self.latest is None or now - self.latest <= ANOTHER_LESSON:
            return self
        return Course(new_lesson(self.lesson.steps))


class TimeLog:
    """The file. Only its owner can read it. What cannot be written waits for the next event: a clock must not stop."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.waiting: list[str] = []
        """Lines that are not written down yet; none where all is well."""

    def read(self, steps: Sequence[TimetableStep], students: Iterable[str]) -> Course:
        """Everything up to the latest event. A last line that a crash cut off is dropped.

        Raises:
            UsageError: it cannot be read or written, or is no time log, or that of another timetable.
        """
        try:
            self._open()
            text = self.file.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is no UTF-8"
            raise UsageError(f"{self.file}: cannot be used ({why}). Name another file with --log.") from error
        course = Course(new_lesson(steps))
        for number, row in _rows(self.file, text):
            try:
                course = course.followed(_event(row, steps, students))
            except (LookupError, ValueError, NotNow) as error:
                raise UsageError(
                    f"{self.file}:{number}: this is not of this lesson's timetable. Name another file with --log."
                ) from error
        return course

    def append(self, event: Event, before: Course) -> None:
        """Write an event down, and wait until the disk has it. `before` is the course without it.

        Raises:
            OSError: it cannot be written now. It is kept, and written with the next event.
        """
        self.waiting.append(line_of(event, before))
        text = "".join(self.waiting).encode("utf-8")
        with open(self._open(), "r+b") as file:
            end = file.seek(0, os.SEEK_END)
            try:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                # Without a half-written line the next event can still be written behind it.
                with contextlib.suppress(OSError):
                    os.truncate(self.file, end)
                raise
        self.waiting.clear()

    def bytes(self) -> bytes:
        """The file as it is, with what waits to be written."""
        return self.file.read_bytes() + "".join(self.waiting).encode("utf-8")

    def _open(self) -> Path:
        """The file, made with its head if there is none or it is empty, and without a line that was cut off.

        Raises:
            UsageError: it is something else. It is left as it is.
        """
        self.file.parent.mkdir(0o700, parents=True, exist_ok=True)
        with open(os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            written = file.read()
            if HEAD_LINE.startswith(written):
                file.seek(0)
                file.write(HEAD_LINE)
            elif not written.startswith(HEAD_LINE):
                raise UsageError(f"{self.file}: is no time log. Name another file with --log.")
            else:
                file.truncate(written.rfind(b"\n") + 1)
        return self.file


def line_of(event: Event, before: Course) -> str:
    """An event as a line: times in UTC, minutes with two decimals; the step is the one that was current."""
    lesson = before.current(event.at).lesson
    step = lesson.steps[lesson.step]
    is_of_clock = isinstance(event.action, Action)
    spent = read(lesson, event.at).spent[lesson.step]
    return _line(
        (
            event.at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            event.action,
            str(lesson.step + 1) if is_of_clock else "",
            words(step.step) if is_of_clock else "",
            f"{planned(step) / dt.timedelta(minutes=1):.2f}" if is_of_clock else "",
            f"{spent / dt.timedelta(minutes=1):.2f}" if is_of_clock else "",
            words(event.student or ""),
        )
    )


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _rows(file: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    rows = csv.DictReader(io.StringIO(text), restval="", strict=True)
    try:
        yield from ((rows.line_num, row) for row in rows)
    except csv.Error as error:
        raise UsageError(f"{file}:{rows.line_num}: is no time log ({error}). Name another file with --log.") from error


def _event(row: dict[str, Any], steps: Sequence[TimetableStep], students: Iterable[str]) -> Event:
    """Raises LookupError or ValueError where it is none of this timetable's. A student may have left the class."""
    at = dt.datetime.strptime(row["at"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=dt.UTC)
    if row["event"] in set(Tick):
        names = {words(one): one for one in students}
        return Event(at, Tick(row["event"]), names.get(row["student"], row["student"]))
    if row["step"] != words(steps[int(row["number"]) - 1 : int(row["number"])][0].step):
        raise ValueError(row["step"])
    return Event(at, Action(row["event"]))
