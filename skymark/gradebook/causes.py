"""What is unverified in a class, by cause, each with what settles it. Pure."""

import datetime as dt
import glob
import shlex
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import PurePath
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from skymark.cause import MEANING, Cause
from skymark.evidence import Struct
from skymark.gradebook.book import Met
from skymark.gradebook.standing import Record, Standing
from skymark.log import FILE
from skymark.outcome import Outcome
from skymark.result import Criterion
from skymark.roster.entry import Files

REFUSED: Final = (Cause.QUOTA, Cause.AWS)
"""What only a teaching assistant can settle, while it is pending, too."""
AT_WORK: Final = dt.timedelta(minutes=15)
"""After that AWS is done. Source: the typical times of SageMaker, and how late the event history may be."""
REASON: Final = {
    Cause.QUOTA: "a quota of the account refused it",
    Cause.AWS: "AWS refused it for reasons of its own",
    Cause.RECORDS: "the records of AWS do not show it",
}
"""What is written down where an assistant decides, unless they write another thing."""
NEVER: Final = "was not graded yet"
UNKNOWN: Final = "was graded by an older Skymark, which kept no cause"


Terms = tuple[str, ...]
"""Options of `grade.py class`."""


class Group(Struct, frozen=True):
    """What is open for one cause; None: nobody knows which, or nobody looked yet (`is_new`).

    `points` are what waits for it. `ungraded` are those of the `students` who could not be looked at at all, by
    reason in `reasons`; the points of whoever was never graded are not known and not in the sum. `looked_at` is the
    last look. `terms` are by student the options by which they were judged, or whoever was never graded is to be.
    """

    cause: Cause | None
    students: tuple[str, ...]
    criteria: tuple[str, ...] = ()
    points: Decimal = Decimal(0)
    ungraded: tuple[str, ...] = ()
    reasons: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    looked_at: dt.datetime | None = None
    terms: Mapping[str, Terms] = MappingProxyType({})
    is_new: bool = False

    @property
    def meaning(self) -> str:
        """The cause in words."""
        if self.cause is not None:
            return MEANING[self.cause]
        return NEVER if self.is_new else UNKNOWN


class Commands(Struct, frozen=True):
    """What commands that settle something have in common: the class's files, and what was named for this one, too."""

    files: Files | None = None
    gradebook: str | None = None
    rubric: str | None = None

    def settling(self, group: Group, now: dt.datetime) -> tuple[str, ...]:
        """What settles it: command lines, and what is to be done before."""
        match group.cause:
            case Cause.QUOTA | Cause.AWS | Cause.RECORDS as cause if group.criteria:
                return (self._waive(group, cause),)
            case Cause.AT_WORK:
                when = _not_before(group, now)
                return tuple(f"{line}{when}" for line in self._class(group))
            case Cause.DENIED | Cause.ACCESS:
                return (self._policy(), *self._class(group))
            case Cause.CREDENTIALS:
                return ("new keys for these students, or another way in in the roster; then", *self._class(group))
            case Cause.SKYMARK:
                return (f"{FILE} says what went wrong; then", *self._class(group))
            case _:
                return self._class(group)

    @property
    def _class_files(self) -> Files:
        return self.files or Files("ROSTER")

    def _class(self, group: Group) -> tuple[str, ...]:
        """Grade again what is open, by the same terms as before: one line where they are the same for all."""
        by_terms: dict[Terms, list[str]] = {}
        for student in group.students:
            by_terms.setdefault(group.terms.get(student, ()), []).append(student)
        only = () if group.is_new else ("--only-unverified",)
        named = {terms: _named(students) if len(by_terms) > 1 else () for terms, students in by_terms.items()}
        files = self._class_files.words
        return tuple(self._line("grade.py", "class", *files, *named[terms], *only, *terms) for terms in by_terms)

    def _policy(self) -> str:
        roster, access = self._class_files.roster, self._class_files.access
        out = str(PurePath(access).parent) if access else "access"
        words = ("--format", "cloudformation", "--grader", "ACCOUNT", "--students", roster, "--out", out)
        return shlex.join(("grade.py", "policy", *words))

    def _waive(self, group: Group, cause: Cause) -> str:
        among = ("--roster", self.files.roster) if self.files else ()
        why = ("--cause", str(cause), "--reason", REASON[cause])
        return self._line("grade.py", "gradebook", "waive", *group.criteria, *among, *why)

    def _line(self, *words: str) -> str:
        rubric = ("--rubric", self.rubric) if self.rubric else ()
        gradebook = ("--gradebook", self.gradebook) if self.gradebook else ()
        return shlex.join((*words, *rubric, *gradebook))


def unverified(
    records: Iterable[Record], troubles: Iterable[Met] = (), among: Collection[str] | None = None
) -> tuple[Group, ...]:
    """What is open, the most points and students first; whoever was not graded yet comes last.

    Counted are criteria that are unverified, those that AWS refused, and what is blocked by them. Of `troubles` count
    those that came after the last look. `among` are the students of a class: nobody else counts, and who of them was
    never graded is told.
    """
    found = [one for one in records if among is None or one.student in among]
    parts = [part for one in found for part in _of_record(one)]
    parts += _of_troubles(found, (one for one in troubles if among is None or one.student in among))
    causes = dict.fromkeys(one.cause for one in parts)
    groups = [_gathered(cause, [one for one in parts if one.cause is cause]) for cause in causes]
    groups.sort(key=lambda one: (-one.points, -len(one.students), str(one.cause)))
    known = {one.student for one in found} | {name for one in parts for name in one.students}
    new = tuple(name for name in among or () if name not in known)
    everybody = (*groups, Group(None, new, ungraded=new, is_new=True)) if new else tuple(groups)
    terms, usual = _terms(found)
    return tuple(replace(one, terms={name: terms.get(name, usual) for name in one.students}) for one in everybody)


def _terms(found: Iterable[Record]) -> tuple[dict[str, Terms], Terms]:
    """By what each was judged last, and by what most were: the class's own, if somebody was never graded."""
    last = {one.who: one.attempts[-1].result.terms for one in found}
    usual = Counter(last.values()).most_common(1)
    return last, usual[0][0] if usual else ()


def _named(students: Iterable[str]) -> tuple[str, ...]:
    """Each as one word, since an id may begin with a dash."""
    return tuple(f"--students={glob.escape(name)}" for name in students)


def _of_record(one: Record) -> Iterator[Group]:
    """By cause, what is open of one student."""
    standing = one.standing
    open_now = {each.id: each for each in standing.criteria if _is_open(each)}
    for cause in dict.fromkeys(each.cause for each in open_now.values()):
        of_cause = [each for each in open_now.values() if each.cause is cause]
        whole = (*of_cause, *_hanging(standing, {each.id for each in of_cause}))
        points = sum((each.possible for each in whole), Decimal(0))
        yield Group(cause, (one.who,), tuple(each.id for each in whole), points, looked_at=standing.surveyed_at)


def _is_open(one: Criterion) -> bool:
    refused = one.outcome is Outcome.PENDING and one.cause in REFUSED
    return one.possible > 0 and (one.outcome is Outcome.UNVERIFIED or refused)


def _hanging(standing: Standing, ids: set[str]) -> tuple[Criterion, ...]:
    """What is blocked by these, directly or not."""
    found: dict[str, Criterion] = {}
    blocked = [one for one in standing.criteria if one.outcome is Outcome.BLOCKED and one.possible > 0]
    while more := [one for one in blocked if one.id not in found and one.blocked_by in {*ids, *found}]:
        found |= {one.id: one for one in more}
    return tuple(found.values())


def _of_troubles(found: Iterable[Record], troubles: Iterable[Met]) -> Iterator[Group]:
    """By student and rubric, the last trouble, if nobody could look since."""
    looked: Mapping[tuple[str | None, str], dt.datetime] = {
        (one.student, one.rubric): max(each.recorded_at for each in one.attempts) for one in found
    }
    last = {(one.student, one.rubric): one for one in sorted(troubles, key=lambda one: one.at)}
    for key, one in last.items():
        if key not in looked or one.at > looked[key]:
            yield Group(
                one.cause,
                (one.student,),
                ungraded=(one.student,),
                reasons={one.reason: (one.student,)},
                looked_at=one.at,
            )


def _gathered(cause: Cause | None, parts: list[Group]) -> Group:
    return Group(
        cause,
        tuple(dict.fromkeys(name for one in parts for name in one.students)),
        tuple(dict.fromkeys(id for one in parts for id in one.criteria)),
        sum((one.points for one in parts), Decimal(0)),
        tuple(dict.fromkeys(name for one in parts for name in one.ungraded)),
        _by_reason(parts),
        max((one.looked_at for one in parts if one.looked_at), default=None),
    )


def _by_reason(parts: Iterable[Group]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for one in parts:
        for reason, students in one.reasons.items():
            found.setdefault(reason, {}).update(dict.fromkeys(students))
    return MappingProxyType({reason: tuple(students) for reason, students in found.items()})


def _not_before(group: Group, now: dt.datetime) -> str:
    ready = group.looked_at and group.looked_at + AT_WORK
    return f"  # after {ready.astimezone(dt.UTC):%H:%M} UTC" if ready and ready > now else ""
