"""Taking out of a gradebook what is not to be kept any longer: of some people, of before some time, or both."""

import datetime as dt
from collections.abc import Sequence

from skymark.errors import UsageError
from skymark.evidence import Struct
from skymark.gradebook.book import Gradebook
from skymark.suggest import did_you_mean

TIMES = {"attempt": "surveyed_at", "decision": "decided_at", "trouble": "met_at", "exported": "exported_at"}
"""The tables, and when what a row tells of was so."""
HANGS_ON = {"attempt": "regrades", "decision": "undoes"}
"""By which column a row of the table is about another one: it goes with that."""


class Purged(Struct, frozen=True):
    """How many rows went, or would go."""

    attempts: int
    decisions: int
    troubles: int
    exports: int

    @property
    def is_nothing(self) -> bool:
        """Whether there was nothing to take out."""
        return self == Purged(0, 0, 0, 0)


def purge(book: Gradebook, who: Sequence[str] = (), *, before: dt.datetime | None = None, keep: bool = False) -> Purged:
    """Take out what is told of students or accounts (none: of everybody), and of before this time.

    Of a student goes what names them, and what was found in an account that nobody but them has worked in. Of an
    account goes everything, whoever has it. With `keep` all stays, and is only counted. What is gone cannot be read out
    of the file any more.

    Raises:
        UsageError: somebody is not in the book; or neither `who` nor `before` says what is meant.
        GradebookError: the book cannot be read or written.
    """
    if not who and before is None:
        raise UsageError("Say what is meant: a student's id or an account, or --before TIME.")
    with book.writing(keep=not keep):
        names, accounts = _meant(book, who)
        counts = [
            book.erase(table, *_condition(table, names, accounts, before, everybody=not who), HANGS_ON.get(table))
            for table in TIMES
        ]
    if not keep:
        book.forget_erased()
    return Purged(*counts)


def _meant(book: Gradebook, who: Sequence[str]) -> tuple[list[str], list[str]]:
    """The students, and the accounts of which everything goes.

    Raises:
        UsageError: somebody is not in the book.
    """
    by_account = book.students()
    accounts = {one.result.subject.account for one in book.attempts()} | set(by_account)
    students = {name for names in by_account.values() for name in names} | {one.student for one in book.troubles()}
    names, whole = [], []
    for word in who:
        account = word.replace("-", "")
        if word in students:
            names.append(word)
            whole += [id for id, theirs in by_account.items() if theirs == (word,)]
        elif account in accounts:
            whole.append(account)
        else:
            near = did_you_mean(word, sorted(accounts | students))
            raise UsageError(f'{book.file}: there is no account or student "{word}". {near}'.strip())
    return names, whole


def _condition(
    table: str, names: Sequence[str], accounts: Sequence[str], before: dt.datetime | None, *, everybody: bool
) -> tuple[str, list[str]]:
    """Which rows of a table are meant, in SQL, and its values."""
    by_student, students = f"student IN ({', '.join('?' * len(names))})", list(names)
    by_account, ids = f"account IN ({', '.join('?' * len(accounts))})", list(accounts)
    parts = [] if everybody else [by_student]
    values = [] if everybody else students
    if not everybody and table in HANGS_ON:
        parts, values = [f"({by_student} OR {by_account})"], [*students, *ids]
    if before is not None:
        parts.append(f"{TIMES[table]} < ?")
        values = [*values, before.astimezone(dt.UTC).isoformat(timespec="microseconds")]
    return " AND ".join(parts), values
