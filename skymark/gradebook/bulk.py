"""Many decisions at once: what is so of many students is waived for all of them, or taken back again."""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final, TypeVar

from msgspec.structs import replace

from skymark.cause import Cause
from skymark.errors import UsageError
from skymark.evidence import Struct
from skymark.gradebook.asking import all_of, decider, decision, points_of, said
from skymark.gradebook.book import Gradebook
from skymark.gradebook.standing import Record, Standing, decided
from skymark.outcome import Outcome
from skymark.result import Criterion
from skymark.suggest import did_you_mean, one_of

OPEN: Final = (Outcome.UNVERIFIED, Outcome.PENDING, Outcome.FAILED, Outcome.BLOCKED)
"""What can be waived in bulk: neither what has passed nor what was decided by itself."""
WILD: Final = frozenset("*?[")
Word = TypeVar("Word", bound=StrEnum)


class Choice(Struct, frozen=True):
    """About what is decided: ids or shell patterns of criteria, and of students or accounts (none: everybody).

    Of those, only criteria of these outcomes and for these causes (none: any). `among` are the students of a class,
    None for no class.
    """

    criteria: tuple[str, ...]
    students: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    causes: tuple[Cause, ...] = ()
    among: frozenset[str] | None = None

    def has(self, one: Record) -> bool:
        """Whether this student is meant."""
        is_of_class = self.among is None or one.student in self.among
        return is_of_class and (not self.students or any(_is_called(one, name) for name in self.students))

    def names(self, id: str) -> bool:
        """Whether a criterion of this id is meant."""
        return any(fits(id, pattern) for pattern in self.criteria)


class Change(Struct, frozen=True):
    """What was decided about one criterion of one student: how it stood, and how it stands now."""

    who: str
    before: Criterion
    after: Criterion

    @property
    def gain(self) -> Decimal:
        """By how many points it counts more."""
        return (self.after.points or Decimal(0)) - (self.before.points or Decimal(0))


class Bulk(Struct, frozen=True):
    """Many decisions with one reason.

    `opened` are the criteria, by student, that hang on what was decided and are unverified for that now.
    """

    reason: str
    by: str
    changes: tuple[Change, ...] = ()
    opened: tuple[tuple[str, str], ...] = ()


def choice(
    criteria: Sequence[str],
    *,
    students: Sequence[str] = (),
    outcome: Sequence[str] = (),
    cause: Sequence[str] = (),
    everybody: bool = False,
    among: Iterable[str] | None = None,
) -> Choice:
    """About what is decided, as somebody wrote it: outcomes and causes may be several, with commas between.

    Raises:
        UsageError: there is no such outcome or cause; what has passed or was decided is meant; or nothing says whom.
    """
    outcomes, causes = _words("outcome", outcome, Outcome), _words("cause", cause, Cause)
    if closed := [one for one in outcomes if one not in OPEN]:
        raise UsageError(
            f'--outcome "{closed[0]}": what has passed or was decided is not decided in bulk. Use `gradebook override`.'
        )
    if everybody and students:
        raise UsageError("--everybody and --students: give one of them.")
    if not (students or outcomes or causes or everybody):
        raise UsageError("Say whom you mean: --students, --outcome or --cause, or --everybody.")
    return Choice(tuple(criteria), tuple(students), outcomes, causes, None if among is None else frozenset(among))


def waive(
    book: Gradebook,
    chosen: Choice,
    *,
    reason: str,
    points: str | None = None,
    by: str | None = None,
    rubric: str | None = None,
    keep: bool = True,
) -> Bulk:
    """Waive every criterion that is meant, with so many points each (None: all of its points).

    What is blocked by one of them is decided with it, if its id is meant too. What has passed, what was decided by
    itself, and advice are left alone. All of it is written down, or nothing; without `keep` nothing is.

    Raises:
        UsageError: nobody or no criterion is called so, the points do not fit, or they are of several rubrics.
        GradebookError: the book cannot be read or written.
    """
    done = Bulk(said("reason", reason), decider(by))
    with book.writing(keep=keep):
        found = meant(book, chosen, rubric)
        taken = [one for one in found if _taken(one.standing, chosen)]
        _refuse_several_rubrics(taken)
        before = [one.standing for one in taken]
        for standing in before:
            for one in _taken(standing, chosen):
                book.decide(decision(standing, one, done.reason, done.by, points=points_of(points, one)))
        return _told(done, book, taken, before)


def undo(
    book: Gradebook,
    chosen: Choice,
    *,
    because: str,
    reason: str,
    by: str | None = None,
    rubric: str | None = None,
    keep: bool = True,
) -> Bulk:
    """Take back every override in force that is meant and was decided for the reason `because`.

    Raises:
        UsageError: there is none.
        GradebookError: the book cannot be read or written.
    """
    done, why = Bulk(said("reason", reason), decider(by)), said("decided", because)
    with book.writing(keep=keep):
        found = meant(book, chosen, rubric)
        before = [one.standing for one in found]
        named = [(one, each) for one in before for each in one.overrides if chosen.names(each.criterion)]
        # One about an account may be in force for several students.
        taken = {each.id: (one, each) for one, each in named if each.reason == why}
        if not taken:
            reasons = dict.fromkeys(f'"{each.reason}"' for _, each in named)
            raise UsageError(f'--decided "{why}": no override in force has this reason. There are: {one_of(reasons)}.')
        for standing, override in taken.values():
            if one := standing.criterion(override.criterion):
                book.decide(decision(standing, one, done.reason, done.by, undoes=override.id))
        return _told(done, book, found, before)


def undo_lines(chosen: Choice, done: Bulk, more: Sequence[str] = ()) -> Iterator[str]:
    """The commands that take a bulk decision back; `more` is what they need besides."""
    for who in chosen.students or ("*",):
        for what in chosen.criteria:
            words = ("grade.py", "gradebook", "undo", who, what, "--decided", done.reason, "--reason", "TEXT", *more)
            yield shlex.join(words)


def fits(id: str, pattern: str) -> bool:
    """Whether somebody or something is called so, or by a shell pattern."""
    return id == pattern or (is_pattern(pattern) and fnmatchcase(id, pattern))


def is_pattern(word: str) -> bool:
    """Whether a word stands for many."""
    return bool(WILD & set(word))


def _is_called(one: Record, name: str) -> bool:
    return fits(one.account, name.replace("-", "") if name[:1].isdigit() else name) or fits(one.who, name)


def meant(book: Gradebook, chosen: Choice, rubric: str | None) -> tuple[Record, ...]:
    """Those of whom something may be decided, as somebody called them.

    Raises:
        UsageError: nobody, or no criterion, is called so.
        GradebookError: the book cannot be read.
    """
    everybody = all_of(book, rubric)
    for name in chosen.students:
        if not any(_is_called(one, name) for one in everybody):
            near = did_you_mean(name, [one.who for one in everybody])
            raise UsageError(f'{book.file}: nobody is called "{name}". {near or "`gradebook show` lists everybody."}')
    ids = list(dict.fromkeys(each.id for one in everybody for each in one.attempts[-1].result.criteria))
    for pattern in chosen.criteria:
        if not any(fits(id, pattern) for id in ids):
            near = did_you_mean(pattern, ids) or f"There are: {one_of(ids)}."
            raise UsageError(f'No criterion is called "{pattern}". {near}')
    return tuple(one for one in everybody if chosen.has(one))


def _taken(standing: Standing, chosen: Choice) -> tuple[Criterion, ...]:
    """The criteria of one student that are decided: those that are meant, and what is blocked by them."""
    named = [one for one in standing.criteria if chosen.names(one.id) and one.outcome in OPEN and one.possible > 0]
    taken = {one.id for one in named if _is_so(one, chosen)}
    while more := {one.id for one in named if one.outcome is Outcome.BLOCKED and one.blocked_by in taken} - taken:
        taken |= more
    return tuple(one for one in named if one.id in taken)


def _is_so(one: Criterion, chosen: Choice) -> bool:
    is_of_outcome = not chosen.outcomes or one.outcome in chosen.outcomes
    return is_of_outcome and (not chosen.causes or one.cause in chosen.causes)


def _refuse_several_rubrics(taken: Iterable[Record]) -> None:
    rubrics = sorted({one.rubric for one in taken})
    if len(rubrics) > 1:
        raise UsageError(f"These are of several rubrics: {one_of(rubrics)}. Name one with --rubric.")


def _told(done: Bulk, book: Gradebook, found: Sequence[Record], before: Sequence[Standing]) -> Bulk:
    """What was done, by how everybody stood before and stands now."""
    changes: list[Change] = []
    opened: list[tuple[str, str]] = []
    for record, was in zip(decided(found, book.decisions()), before, strict=True):
        pairs = zip(was.criteria, record.standing.criteria, strict=True)
        for then, now in ((then, now) for then, now in pairs if then != now):
            if Outcome.WAIVED in (then.outcome, now.outcome):
                changes.append(Change(record.who, then, now))
            elif now.outcome is Outcome.UNVERIFIED:
                opened.append((record.who, now.id))
    return replace(done, changes=tuple(changes), opened=tuple(opened))


def _words(option: str, given: Iterable[str], words: type[Word]) -> tuple[Word, ...]:
    found = [word.strip() for text in given for word in text.split(",")]
    known = [str(one) for one in words]
    for word in found:
        if word not in known:
            near = did_you_mean(word, known) or f"There are: {one_of(known)}."
            raise UsageError(f'--{option} "{word}": there is no such {option}. {near}')
    return tuple(dict.fromkeys(words(word) for word in found))
