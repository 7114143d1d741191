"""The gradebook itself: attempts and decisions in SQLite; never changed, and only a purge takes them out."""

import contextlib
import datetime as dt
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

import msgspec

from skymark.cause import Cause
from skymark.errors import GradebookError
from skymark.evidence import Struct, Survey
from skymark.gradebook.merge import Known, Override, proofs_of
from skymark.gradebook.opening import open_book, told, usual_place
from skymark.outcome import Outcome
from skymark.render import json as result_json
from skymark.render.words import no_surrogates
from skymark.result import Result

ATTEMPT = """SELECT id, student,
coalesce((SELECT look.recorded_at FROM attempt AS look WHERE look.id = attempt.regrades), recorded_at),
regrades, result, CASE WHEN regrades IS NOT NULL THEN recorded_at END FROM attempt"""
STANDS = """NOT EXISTS (SELECT 1 FROM attempt AS later WHERE later.regrades = attempt.id)
AND NOT EXISTS (SELECT 1 FROM attempt AS twin WHERE twin.regrades = attempt.regrades
                AND (twin.recorded_at, twin.id) > (attempt.recorded_at, attempt.id))"""
"""What holds of an attempt that was not graded again since, here or, in a book that was merged, elsewhere."""
DECISION = (
    "SELECT id, account, rubric, criterion, points, undoes, reason, decided_by, decided_at, replaced_outcome, "
    "replaced_points, student FROM decision"
)
LATEST = """SELECT max(decided_at) FROM (
SELECT decided_at FROM decision WHERE account = ? AND rubric = ? AND criterion = ?
UNION ALL SELECT decided_at FROM decision WHERE student = ? AND rubric = ? AND criterion = ?)"""
WHOSE = "SELECT DISTINCT account, student FROM attempt"
TROUBLE = "SELECT student, rubric, cause, reason, met_at FROM trouble"
EXPORTED = "SELECT target, student, rubric, digest, exported_at FROM exported"


class Attempt(Struct, frozen=True):
    """One check as it was recorded. `result` is what it judged by itself, without earlier checks and overrides.

    `regrades` is the check whose survey was graded again here, None for one that looked for itself; `recorded_at` is
    when that look was written down, `regraded_at` when it was graded again.
    """

    id: int
    student: str | None
    recorded_at: dt.datetime
    regrades: int | None
    result: Result
    regraded_at: dt.datetime | None = None


class Decision(Struct, frozen=True):
    """An override, or an undo of one: then `points` is None and `undoes` is the override's id.

    `replaced_outcome` and `replaced_points` (None: unverified) are what counted until then. `student` is whom it is
    about, None: whoever has the account.
    """

    id: int
    account: str
    rubric: str
    criterion: str
    points: Decimal | None
    undoes: int | None
    reason: str
    by: str
    at: dt.datetime
    replaced_outcome: Outcome
    replaced_points: Decimal | None
    student: str | None = None


class NewDecision(Struct, frozen=True):
    """A decision that is to be written down; `points` or `undoes` is set. See `Decision`."""

    account: str
    rubric: str
    criterion: str
    reason: str
    by: str
    replaced_outcome: Outcome
    replaced_points: Decimal | None
    points: Decimal | None = None
    undoes: int | None = None
    student: str | None = None


class Met(Struct, frozen=True):
    """That a student could not be graded, and why: it says nothing about them."""

    student: str
    rubric: str
    cause: Cause
    reason: str
    at: dt.datetime


class Exported(Struct, frozen=True):
    """What an export said of a student: `target` is whose format and where, `digest` stands for what was said."""

    target: str
    student: str
    rubric: str
    digest: str
    at: dt.datetime


class Gradebook:
    """An open gradebook; a context manager.

    Every method raises GradebookError where the file cannot be read or written (any more). Several programs may use
    one book at once: each sees what was written whole before it asked, and waits for its turn to write.

    Attributes:
        file: where it is.
        note: what was found damaged when it was opened, and where it is kept; None if all was well.
    """

    def __init__(self, file: Path | None = None, *, begin: bool = False) -> None:
        self.file = file or usual_place()
        self._connection, self.note = open_book(self.file, begin=begin)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        with told(self.file):
            self._connection.close()

    @contextlib.contextmanager
    def writing(self, *, keep: bool = True) -> Iterator[None]:
        """What is read and written inside is one transaction: all of it, or nothing; nobody else writes meanwhile.

        Inside another one it is a part of that. Without `keep` all is as before in the end, to see what would be.
        """
        if self._connection.in_transaction:
            yield
            return
        with told(self.file):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT" if keep else "ROLLBACK")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def record(
        self,
        result: Result,
        survey: Survey,
        *,
        student: str | None = None,
        at: dt.datetime | None = None,
        regrades: int | None = None,
    ) -> int:
        """Write down a check; `result` is what it judged by itself, `at` the time of writing, otherwise now.

        `regrades` is the check whose survey this is, which looked for itself: it counts no more, nor does any earlier
        regrade of it.

        Returns:
            The attempt's id.
        """
        row = {
            "account": result.subject.account,
            "rubric": result.rubric.id,
            "rubric_version": result.rubric.version,
            "student": student or result.subject.student,
            "final": result.final,
            "surveyed_at": _text(result.surveyed_at),
            "recorded_at": _text(at or dt.datetime.now(dt.UTC)),
            "survey": zlib.compress(_survey_json(survey)),
            "result": result_json.render(result),
            "regrades": regrades,
        }
        with self.writing():
            return self._insert("attempt", row)

    def attempts(
        self,
        account: str | None = None,
        rubric: str | None = None,
        *,
        student: str | None = None,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
    ) -> tuple[Attempt, ...]:
        """The checks, by the time at which they looked into the account; `since` and `until` are such times, inclusive.

        What is None does not narrow it down. Those that were graded again are left out.
        """
        narrowed = {
            "account = ?": account,
            "rubric = ?": rubric,
            "student = ?": student,
            "surveyed_at >= ?": since and _text(since),
            "surveyed_at <= ?": until and _text(until),
        }
        return tuple(_attempt(row, self.file) for row in self._select(ATTEMPT, narrowed, "surveyed_at, id", STANDS))

    def decisions(
        self, account: str | None = None, rubric: str | None = None, *, student: str | None = None
    ) -> tuple[Decision, ...]:
        """Overrides and undos, in the order in which they were decided."""
        narrowed = {"account = ?": account, "rubric = ?": rubric, "student = ?": student}
        return tuple(_decision(row) for row in self._select(DECISION, narrowed, "decided_at, id"))

    def students(self, account: str | None = None) -> dict[str, tuple[str, ...]]:
        """By account, the students whose checks looked into it, whichever rubric they were for."""
        found: dict[str, list[str]] = {}
        for one, student in self._select(WHOSE, {"account = ?": account}, "account, student", "student IS NOT NULL"):
            found.setdefault(one, []).append(student)
        return {one: tuple(students) for one, students in found.items()}

    def meet(self, trouble: Met) -> None:
        """Write down that a student could not be graded."""
        row = {
            "student": trouble.student,
            "rubric": trouble.rubric,
            "cause": str(trouble.cause),
            "reason": trouble.reason,
            "met_at": _text(trouble.at),
        }
        with self.writing():
            self._insert("trouble", row)

    def troubles(self, rubric: str | None = None, *, student: str | None = None) -> tuple[Met, ...]:
        """When students could not be graded, oldest first; a check that came later stands apart."""
        rows = self._select(TROUBLE, {"rubric = ?": rubric, "student = ?": student}, "met_at, id")
        return tuple(Met(who, by, Cause(cause), reason, _time(at)) for who, by, cause, reason, at in rows)

    def note_exported(self, said: Iterable[Exported]) -> None:
        """Write down what an export said of students: all of it, or nothing."""
        with self.writing():
            for one in said:
                row = {"target": one.target, "student": one.student, "rubric": one.rubric, "digest": one.digest}
                self._insert("exported", row | {"exported_at": _text(one.at)})

    def exported(self, target: str, rubric: str | None = None) -> tuple[Exported, ...]:
        """What was said by exports to this target, oldest first."""
        rows = self._select(EXPORTED, {"target = ?": target, "rubric = ?": rubric}, "id")
        return tuple(Exported(to, who, by, digest, _time(at)) for to, who, by, digest, at in rows)

    def decide(self, decision: NewDecision, *, at: dt.datetime | None = None) -> int:
        """Write down a decision; `at` otherwise now. To be called inside `writing()`, with what it is based on.

        It is never said to be earlier than another one about the same: the clocks of several assistants differ, and
        the later counts.

        Returns:
            Its id.
        """
        same = (decision.rubric, decision.criterion)
        with told(self.file):
            latest = self._connection.execute(LATEST, (decision.account, *same, decision.student, *same)).fetchone()[0]
        row = {
            "account": decision.account,
            "rubric": decision.rubric,
            "criterion": decision.criterion,
            "points": _decimal_text(decision.points),
            "undoes": decision.undoes,
            "reason": decision.reason,
            "decided_by": decision.by,
            "decided_at": max(_text(at or dt.datetime.now(dt.UTC)), latest or ""),
            "replaced_outcome": str(decision.replaced_outcome),
            "replaced_points": _decimal_text(decision.replaced_points),
            "student": decision.student,
        }
        return self._insert("decision", row)

    def known(
        self,
        account: str,
        rubric: str,
        *,
        student: str | None = None,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
    ) -> Known:
        """What is known of one account by one rubric; proofs only from checks of this time (see `attempts`).

        With `student`, only what is about them; what was found without asking whose account it is is about whoever
        alone has it.
        """
        checks = self.checks(account, rubric, student=student, since=since, until=until)
        return Known(proofs_of(one.result for one in checks), in_force(self._decided(account, rubric, student)))

    def _decided(self, account: str, rubric: str, student: str | None) -> tuple[Decision, ...]:
        """What was decided about whoever has the account, and about the student, or else the only one in it."""
        names = (student,) if student else self.students(account).get(account, ())
        theirs = self.decisions(rubric=rubric, student=names[0]) if len(names) == 1 else ()
        return (*(one for one in self.decisions(account, rubric) if one.student is None), *theirs)

    def checks(
        self,
        account: str,
        rubric: str,
        *,
        student: str | None = None,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
    ) -> tuple[Attempt, ...]:
        """The attempts that say something of a student in this account; None: of whoever has it. See `attempts`."""
        found = self.attempts(account, rubric, since=since, until=until)
        if student is None:
            return found
        is_alone = set(self.students(account).get(account, ())) <= {student}
        return tuple(one for one in found if one.student == student or (one.student is None and is_alone))

    def has(self, table: str, row: dict[str, Any]) -> bool:
        """Whether a row of another book is here, too."""
        return self._same(table, row) is not None

    def take(self, table: str, row: dict[str, Any]) -> tuple[int, bool]:
        """Write down a row of another book; the same row is never there twice.

        Returns:
            Its id, and whether it is new.
        """
        known = self._same(table, row)
        return (self._insert(table, row), True) if known is None else (known, False)

    def erase(self, table: str, condition: str, values: Sequence[str], hangs_on: str | None = None) -> int:
        """Delete the rows of which a condition in SQL holds, and those that by a column hang on one of them.

        Returns:
            How many there were.
        """
        meant = f"SELECT id FROM {table} WHERE {condition}"  # noqa: S608 - names of the schema; values are bound
        with self.writing(), told(self.file):
            hanging = f"DELETE FROM {table} WHERE {hangs_on} IN ({meant})"  # noqa: S608
            first = self._connection.execute(hanging, values).rowcount if hangs_on else 0
            return first + self._connection.execute(f"DELETE FROM {table} WHERE id IN ({meant})", values).rowcount  # noqa: S608

    def forget_erased(self) -> None:
        """Write the file anew without what was deleted, which SQLite leaves there unseen until it needs the room."""
        with told(self.file):
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _same(self, table: str, row: dict[str, Any]) -> int | None:
        same = " AND ".join(f"{name} IS :{name}" for name in row)
        with told(self.file):
            # The names are those of the schema; what comes from outside is bound.
            known = self._connection.execute(f"SELECT id FROM {table} WHERE {same}", row).fetchone()  # noqa: S608
        return None if known is None else int(known[0])

    def survey(self, attempt: int) -> Survey:
        """What an attempt found, as it was then.

        Raises:
            GradebookError: there is no such attempt, or its survey is of another version.
        """
        with told(self.file):
            row = self._connection.execute("SELECT survey FROM attempt WHERE id = ?", (attempt,)).fetchone()
        if row is None:
            raise GradebookError(f"{self.file}: there is no attempt {attempt}.")
        try:
            return msgspec.json.decode(zlib.decompress(row[0]), type=Survey)
        except (msgspec.DecodeError, zlib.error) as error:
            raise GradebookError(f"{self.file}: the survey of attempt {attempt} cannot be read ({error}).") from error

    def _select(self, query: str, narrowed: dict[str, Any], order: str, *always: str) -> list[tuple[Any, ...]]:
        used = {condition: value for condition, value in narrowed.items() if value is not None}
        where = f" WHERE {' AND '.join((*used, *always))}" if used or always else ""
        with told(self.file):
            values = tuple(map(_writable, used.values()))
            return self._connection.execute(f"{query}{where} ORDER BY {order}", values).fetchall()

    def _insert(self, table: str, row: dict[str, Any]) -> int:
        places = ", ".join(f":{name}" for name in row)
        # The names are those above; what comes from outside is bound.
        statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"  # noqa: S608
        with told(self.file):
            written = self._connection.execute(statement, {name: _writable(value) for name, value in row.items()})
            return int(written.lastrowid or 0)


def in_force(decisions: Iterable[Decision]) -> tuple[Override, ...]:
    """The overrides of one account and rubric that count: of each criterion the latest that was not undone."""
    in_time = sorted(decisions, key=lambda one: (one.at, one.id))
    undone = {one.undoes for one in in_time}
    latest = {one.criterion: one for one in in_time if one.points is not None and one.id not in undone}
    return tuple(_override(one, one.points) for one in latest.values() if one.points is not None)


def _override(one: Decision, points: Decimal) -> Override:
    return Override(
        one.id, one.criterion, points, one.reason, one.by, one.at, one.replaced_outcome, one.replaced_points
    )


def _attempt(row: tuple[Any, ...], file: Path) -> Attempt:
    id, student, recorded_at, regrades, text, regraded_at = row
    try:
        again = None if regraded_at is None else _time(regraded_at)
        return Attempt(id, student, _time(recorded_at), regrades, read_result(text), again)
    except ValueError as error:
        raise GradebookError(f"{file}: the result of attempt {id} cannot be read ({error}).") from error


def read_result(text: str) -> Result:
    """A result as it was written down: straight away, which is thirty times as fast; with care where that fails.

    A newer Skymark may have written keys that are not known.

    Raises:
        ValueError: it is no result.
    """
    try:
        return msgspec.json.decode(text, type=Result)
    except msgspec.ValidationError:
        return result_json.loads(text)


def _decision(row: tuple[Any, ...]) -> Decision:
    id, account, rubric, criterion, points, undoes, reason, by, at, outcome, replaced, student = row
    decided = (_decimal(points), undoes, reason, by, _time(at))
    return Decision(id, account, rubric, criterion, *decided, Outcome(outcome), _decimal(replaced), student)


def _survey_json(survey: Survey) -> bytes:
    try:
        return msgspec.json.encode(survey)
    except UnicodeEncodeError:
        return no_surrogates(json.dumps(msgspec.to_builtins(survey), ensure_ascii=False)).encode()


def _writable(value: Any) -> Any:
    """SQLite takes no lone surrogates, which arguments of a command line may hold."""
    return no_surrogates(value) if isinstance(value, str) else value


def _text(time: dt.datetime) -> str:
    return time.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _decimal_text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
