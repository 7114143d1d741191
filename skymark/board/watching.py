"""Live looks in the background: each student about once in a while, and more rarely where AWS asks to go slower."""

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from msgspec.structs import replace

from skymark.board.progress import Seen
from skymark.cause import THROTTLED, Cause
from skymark.cohort.task import Graded, Task, Trouble
from skymark.log import LOG
from skymark.roster.entry import Entry, ProfileAccess, RoleAccess
from skymark.rubric import Rubric

Look = Callable[[Task], Graded | Trouble]

LONGEST_S: Final = 600.0
"""How long an account is left alone at most."""
SLOWER: Final = 2.0
FASTER: Final = 0.75
EVERYWHERE: Final = 5
"""While nothing of a student is found where it is looked for, each so-many-th look goes through all regions."""


@dataclass
class Rounds:
    """Whose turn it is. Not safe for threads; times are in seconds of a clock that is never set.

    `accounts` says whose accounts are the same, as far as that is known: AWS throttles an account, not a student.
    """

    accounts: dict[str, str]
    every_s: float
    due: dict[str, float] = field(default_factory=dict)
    waits: dict[str, float] = field(default_factory=dict)

    def begin(self, now: float) -> None:
        """Spread the first looks over one round."""
        apart = self.every_s / max(len(self.accounts), 1)
        self.due = {student: now + number * apart for number, student in enumerate(self.accounts)}

    def take(self, now: float) -> str | None:
        """The student who has waited longest for their turn, if it is anybody's; they are busy until `put_back`."""
        student = min(self.due, key=self.due.__getitem__, default=None)
        if student is None or self.due[student] > now:
            return None
        del self.due[student]
        return student

    def next_at(self) -> float | None:
        """When the next turn is, None where nobody waits for one."""
        return min(self.due.values(), default=None)

    def put_back(self, student: str, now: float, *, throttled: bool, account: str | None = None) -> None:
        """After a look. Where AWS asked to go slower, the account is left alone twice as long; else it recovers."""
        if account:
            self.accounts[student] = account
        key = self.accounts[student]
        wait = self.waits.get(key, self.every_s)
        slower = min(wait * SLOWER, max(LONGEST_S, self.every_s))
        self.waits[key] = slower if throttled else max(wait * FASTER, self.every_s)
        self.due[student] = now + self.waits[key]
        for other, at in self.due.items():
            if throttled and self.accounts[other] == key:
                self.due[other] = max(at, self.due[student])


class Watching:
    """The threads that look. Begun with `with`; when it ends, looks that are under way are not waited for.

    `task` makes a student's next task, None where they need no more looks; `took` gets what a look found; `is_wanted`
    says whether there is to be any look now.
    """

    def __init__(
        self,
        look: Look,
        task: Callable[[str], Task | None],
        took: Callable[[Graded | Trouble], None],
        is_wanted: Callable[[], bool],
        rounds: Rounds,
        *,
        at_once: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look, self._task, self._took, self._is_wanted = look, task, took, is_wanted
        self._rounds, self._clock = rounds, clock
        self._turn = threading.Condition()
        self._is_over = False
        self._has_begun = False
        # Daemons: an answer of AWS that takes a minute must not keep anybody from leaving.
        self._threads = [
            threading.Thread(target=self._work, name=f"look-{number + 1}", daemon=True) for number in range(at_once)
        ]

    def __enter__(self) -> "Watching":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._turn:
            self._is_over = True
            self._turn.notify_all()

    def wake(self, *, anew: bool = False) -> None:
        """Ask again whether looks are wanted. `anew`: everybody's turn comes again, as at the beginning."""
        with self._turn:
            self._has_begun = self._has_begun and not anew
            self._turn.notify_all()

    def _work(self) -> None:
        while student := self._wait_for_a_turn():
            task = self._task(student)
            if task is None:
                continue
            found = self._looked(task)
            self._took(found)
            with self._turn:
                account = found.result.subject.account if isinstance(found, Graded) else None
                self._rounds.put_back(student, self._clock(), throttled=is_throttled(found), account=account)
                self._turn.notify()

    def _wait_for_a_turn(self) -> str | None:
        """The next student; None when it is all over."""
        with self._turn:
            while not self._is_over:
                if not self._is_wanted():
                    self._turn.wait()
                    continue
                if not self._has_begun:
                    self._rounds.begin(self._clock())
                    self._has_begun = True
                if student := self._rounds.take(self._clock()):
                    return student
                at = self._rounds.next_at()
                self._turn.wait(None if at is None else max(at - self._clock(), 0.0))
        return None

    def _looked(self, task: Task) -> Graded | Trouble:
        try:
            return self._look(task)
        except Exception:  # noqa: BLE001 - a mistake of Skymark's ends nobody's watching
            LOG.exception("the look at %s went wrong", task.entry.student)
            text = "Skymark itself made a mistake. Its log says which."
            now = dt.datetime.now(dt.UTC)
            return Trouble(task.entry.student, task.rubric.id, Cause.SKYMARK, text, now)


def is_throttled(found: Graded | Trouble) -> bool:
    """Whether AWS asked to go slower."""
    if isinstance(found, Trouble):
        return found.cause is Cause.THROTTLED
    result = found.result
    causes = any(one.cause is Cause.THROTTLED for one in result.criteria)
    return causes or any(gap.code in THROTTLED for gap in result.gaps)


def accounts(entries: Iterable[Entry]) -> dict[str, str]:
    """By student, what their account is called until a look tells: its number, else their profile, else themselves."""
    return {one.student: _account(one) for one in entries}


def narrowed(rubric: Rubric, entry: Entry, seen: Seen, region: str, looks: int) -> Rubric:
    """The rubric for the next look after so many: one region, or the few where something of theirs was found.

    Buckets are listed for all regions at once, so whoever begins in another one is found there at the next look. Where
    nothing is found for long, everything is looked through once in a while. Nothing is judged as of when it was due:
    that would take a whole history, and the lesson is now.
    """
    by = replace(rubric, times=replace(rubric.times, due=None))
    if not seen.regions and looks % EVERYWHERE == EVERYWHERE - 1:
        return by
    wanted = seen.regions or (entry.region or region,)
    allowed = tuple(one for one in wanted if rubric.regions is None or one in rubric.regions)
    return replace(by, regions=allowed or rubric.regions)


def _account(entry: Entry) -> str:
    match entry.access:
        case RoleAccess() as role:
            return role.account
        case ProfileAccess(name):
            return f"profile {name}"
        case _:
            return f"student {entry.student}"
