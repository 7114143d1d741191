"""What the board knows, and what is done to it: safe for the threads that look and for those who press buttons."""

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from skymark.board.progress import Progress, Seen, noted, nothing_seen, progress
from skymark.board.timelog import Course, Event, Tick, TimeLog
from skymark.board.timetable import Action, NotNow, Phase, can_do, planned, read
from skymark.board.watching import narrowed
from skymark.cause import MEANING
from skymark.cohort.task import Graded, Task, Terms, Trouble
from skymark.evidence import Struct
from skymark.render.words import clean
from skymark.roster.entry import Entry
from skymark.rubric import Rubric, TimetableStep

MS: Final = dt.timedelta(milliseconds=1)


class ClassInfo(Struct, frozen=True):
    """Whom the board is for. `rubrics` are the students' own where they have one, `region` is where to look first."""

    rubric: Rubric
    entries: tuple[Entry, ...]
    terms: Terms
    rubrics: Mapping[str, Rubric]
    region: str
    stuck_after: dt.timedelta
    names: bool = False

    @property
    def steps(self) -> tuple[TimetableStep, ...]:
        """The timetable."""
        return self.rubric.timetable


class Board:
    """The lesson and the class, now. `changed` is called after each change, in whichever thread it was made."""

    def __init__(self, info: ClassInfo, log: TimeLog, now: Callable[[], dt.datetime]) -> None:
        """Take up the lesson where its log ends.

        Raises:
            UsageError: the log cannot be used.
        """
        self.info = info
        self.log = log
        self.changed: list[Callable[[], object]] = []
        self._now = now
        self._lock = threading.RLock()
        self._course = log.read(info.steps, [one.student for one in info.entries]).current(now())
        self._seen = self._unseen()
        self._looks = dict.fromkeys(self._seen, 0)
        self._unwritten: str | None = None

    def act(self, action: Action, step: int) -> bool:
        """Do something to the clock, and write it down; True where that began a new lesson.

        `step` is what whoever pressed the button saw as the current one: two who go on at once go on by one step.

        Raises:
            NotNow: it cannot be done any more.
        """
        with self._lock:
            course = self._course.current(self._now())
            if step != course.lesson.step:
                raise NotNow(f"step {step + 1} is not the current one any more")
            self._follow(Event(self._now(), action))
            is_anew = action is Action.START
            if is_anew:
                self._seen = self._unseen()
        self._tell()
        return is_anew

    def tick(self, student: str, *, out: bool) -> None:
        """Tick off who cannot log in, or take that back.

        Raises:
            NotNow: the class has no such student.
        """
        with self._lock:
            if student not in self._seen:
                raise NotNow("the class has no such student")
            if out != (student in self._course.out):
                self._follow(Event(self._now(), Tick.CANNOT_LOG_IN if out else Tick.CAN_LOG_IN, student))
        self._tell()

    def is_watching(self) -> bool:
        """Whether looks are wanted: only while the clock runs."""
        return self._course.lesson.phase is Phase.RUNNING

    def task(self, student: str) -> Task | None:
        """A student's next look; None for who has done the last step."""
        with self._lock:
            seen, entry = self._seen[student], self._entry(student)
            if seen.place is None and seen.done:
                return None
            looks = self._looks[student]
            self._looks[student] += 1
            rubric = self.info.rubrics.get(entry.rubric or "", self.info.rubric)
            by = narrowed(rubric, entry, seen, self.info.region, looks)
            return Task(replace(entry, due=None), by, self.info.terms, seen.passed)

    def note(self, found: Graded | Trouble) -> None:
        """Take in what a look found."""
        with self._lock:
            run = read(self._course.lesson, self._now()).run
            self._seen[found.student] = noted(self._seen[found.student], found, self.info.steps, run)
        self._tell()

    def state(self, *, for_assistants: bool = False) -> dict[str, Any]:
        """All that a page shows, as JSON has it; times in milliseconds. Names only where they may be seen."""
        with self._lock:
            now = self._now()
            course = self._course.current(now)
            clock = read(course.lesson, now)
            found = progress(self.info.steps, self._seen, course.out, clock.run, self.info.stuck_after)
            return {
                **_clock(course, now),
                "steps": [
                    {
                        "name": clean(step.step),
                        "planned": planned(step) / MS,
                        "spent": spent / MS,
                        "done": count.done,
                        "here": count.here,
                        "stuck": count.stuck,
                        "names": self._stuck_names(found, number) if self.info.names or for_assistants else [],
                    }
                    for number, (step, spent, count) in enumerate(
                        zip(self.info.steps, clock.spent, found.steps, strict=True)
                    )
                ],
                "class": {
                    "size": len(self._seen),
                    "finished": len(found.finished),
                    "stuck": len(found.stuck),
                    "waiting": len(found.waiting),
                    "unseen": len(found.unseen),
                    "out": len(course.out & self._seen.keys()),
                },
                "unwritten": self._unwritten,
                **({"students": self._students(course, found, clock.run)} if for_assistants else {}),
            }

    def _follow(self, event: Event) -> None:
        """Raises NotNow before anything is written."""
        before = self._course
        self._course = before.followed(event)
        try:
            self.log.append(event, before)
            self._unwritten = None
        except OSError as error:
            self._unwritten = error.strerror or "it cannot be written"

    def _unseen(self) -> dict[str, Seen]:
        return {one.student: nothing_seen(self.info.steps) for one in self.info.entries}

    def _entry(self, student: str) -> Entry:
        return next(one for one in self.info.entries if one.student == student)

    def _stuck_names(self, found: Progress, step: int) -> list[str]:
        return [_name(self._entry(one.student)) for one in found.stuck if one.step == step]

    def _students(self, course: Course, found: Progress, run: dt.timedelta) -> list[dict[str, Any]]:
        stuck = {one.student: one.since / MS for one in found.stuck}
        return [
            {
                "id": one.student,
                "name": _name(one),
                "place": seen.place,
                "done": sorted(seen.done),
                "finished": one.student in found.finished,
                "out": one.student in course.out,
                "stuck": stuck.get(one.student),
                "waiting": MEANING[seen.in_the_way] if seen.in_the_way else None,
                "unseen": seen.unseen and clean(seen.unseen),
                "looked": seen.looked_at and _epoch(seen.looked_at),
            }
            for one in self.info.entries
            for seen in (self._seen[one.student],)
        ]

    def _tell(self) -> None:
        for told in tuple(self.changed):
            told()


def _clock(course: Course, now: dt.datetime) -> dict[str, Any]:
    lesson = course.lesson
    clock = read(lesson, now)
    return {
        "now": _epoch(now),
        "phase": lesson.phase,
        "step": lesson.step,
        "can": can_do(lesson),
        "started": lesson.started_at and _epoch(lesson.started_at),
        "ends": clock.ends_at and _epoch(clock.ends_at),
        "behind": None if clock.behind is None else clock.behind / MS,
    }


def _epoch(at: dt.datetime) -> float:
    return at.timestamp() * 1000


def _name(entry: Entry) -> str:
    return clean(entry.name or entry.student)
