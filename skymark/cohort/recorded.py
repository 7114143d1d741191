"""A class as a gradebook has it."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from skymark.cohort.conflicts import accounts_of, reasons, shared_accounts
from skymark.cohort.standing_of_class import ClassView, class_view, since_then
from skymark.cohort.task import TOLD_APART
from skymark.evidence import Struct, Survey
from skymark.gradebook.asking import all_of
from skymark.gradebook.book import Attempt, Gradebook
from skymark.gradebook.standing import Record
from skymark.roster.entry import Roster
from skymark.rubric import Rubric


class Recorded(Struct, frozen=True):
    """How a class stands, and which check of each student was the last, by student."""

    view: ClassView
    last: Mapping[str, Attempt]

    def survey(self, student: str, book: Gradebook) -> Survey | None:
        """What the student's last check found; None where there was none.

        Raises:
            GradebookError: the book cannot be read, or what it holds of that is damaged.
        """
        attempt = self.last.get(student)
        return book.survey(attempt.id) if attempt else None


def recorded_class(
    book: Gradebook, roster: Roster, rubrics: Mapping[str, Rubric], *, rubric: str | None = None
) -> Recorded:
    """How everybody of a roster stands by a gradebook: by one rubric, or each by that of their last check.

    `rubrics` are those that are at hand, by id. Students of one account are withheld, unless all of them were told
    apart in it, or they are a pair.

    Raises:
        UsageError: nobody was ever graded by this rubric.
        GradebookError: the book cannot be read.
    """
    troubles = book.troubles(rubric)
    latest = _latest(all_of(book, rubric, or_nobody=rubric is None or bool(troubles)), roster)
    last = {student: one.attempts[-1] for student, one in latest.items()}
    standings = [one.standing for one in latest.values()]
    conflicts = shared_accounts(accounts_of(roster, standings), roster, _told_apart(last.values()) or None)
    view = class_view(
        roster,
        standings,
        {student: one.result for student, one in last.items()},
        rubrics,
        troubles=since_then(troubles, (replace(one, student=who) for who, one in last.items())),
        withheld=reasons(conflicts),
    )
    return Recorded(view, last)


def _latest(records: Iterable[Record], roster: Roster) -> dict[str, Record]:
    """By student of the roster, what there is by the rubric that they were looked at by last."""
    wanted = frozenset(one.student for one in roster.entries)
    found: dict[str, Record] = {}
    for one in sorted(records, key=lambda one: one.attempts[-1].result.surveyed_at):
        if one.student in wanted:
            found[one.student] = one
    return found


def _told_apart(last: Iterable[Attempt]) -> tuple[str, ...]:
    """The accounts in which everybody's last check was about one student alone."""
    apart: dict[str, bool] = {}
    for one in last:
        account = one.result.subject.account
        alone = any(text.startswith(TOLD_APART) for text in one.result.warnings)
        apart[account] = alone and apart.get(account, True)
    return tuple(account for account, is_apart in apart.items() if is_apart)
