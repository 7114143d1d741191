"""The gradebook itself: attempts and decisions in SQLite, only ever added."""

import contextlib
import datetime as dt
import json
import zlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

import msgspec

from skymark.errors import GradebookError
from skymark.evidence import Struct, Survey
from skymark.gradebook.merge import Known, Override, proofs_of
from skymark.gradebook.opening import open_book, told, usual_place
from skymark.outcome import Outcome
from skymark.render import json as result_json
from skymark.render.words import no_surrogates
from skymark.result import Result

ATTEMPT = "SELECT id, student, recorded_at, result FROM attempt"
DECISION = (
    "SELECT id, account, rubric, criterion, points, undoes, reason, decided_by, decided_at, replaced_outcome, "
    "replaced_points FROM decision"
)


class Attempt(Struct, frozen=True):
    """One check as it was recorded. `result` is what it judged by itself, without earlier checks and overrides."""

    id: int
    student: str | None
    recorded_at: dt.datetime
    result: Result


class Decision(Struct, frozen=True):
    """An override, or an undo of one: then `points` is None and `undoes` is the override's id.

    `replaced_outcome` and `replaced_points` (None: unverified) are what counted until then.
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
    def writing(self) -> Iterator[None]:
        """What is read and written inside is one transaction: all of it, or nothing; nobody else writes meanwhile."""
        with told(self.file):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def record(
        self, result: Result, survey: Survey, *, student: str | None = None, at: dt.datetime | None = None
    ) -> int:
        """Write down a check; `result` is what it judged by itself, `at` the time of writing, otherwise now.

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
        }
        with self.writing():
            return self._insert("attempt", row)

    def attempts(
        self,
        account: str | None = None,
        rubric: str | None = None,
        *,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
    ) -> tuple[Attempt, ...]:
        """The checks, by the time at which they looked into the account; `since` and `until` are such times, inclusive.

        What is None does not narrow it down.
        """
        narrowed = {
            "account = ?": account,
            "rubric = ?": rubric,
            "surveyed_at >= ?": since and _text(since),
            "surveyed_at <= ?": until and _text(until),
        }
        return tuple(_attempt(row, self.file) for row in self._select(ATTEMPT, narrowed, "surveyed_at, id"))

    def decisions(self, account: str | None = None, rubric: str | None = None) -> tuple[Decision, ...]:
        """Overrides and undos, in the order in which they were decided."""
        rows = self._select(DECISION, {"account = ?": account, "rubric = ?": rubric}, "id")
        return tuple(_decision(row) for row in rows)

    def decide(self, decision: NewDecision, *, at: dt.datetime | None = None) -> int:
        """Write down a decision; `at` otherwise now. To be called inside `writing()`, with what it is based on.

        Returns:
            Its id.
        """
        row = {
            "account": decision.account,
            "rubric": decision.rubric,
            "criterion": decision.criterion,
            "points": _decimal_text(decision.points),
            "undoes": decision.undoes,
            "reason": decision.reason,
            "decided_by": decision.by,
            "decided_at": _text(at or dt.datetime.now(dt.UTC)),
            "replaced_outcome": str(decision.replaced_outcome),
            "replaced_points": _decimal_text(decision.replaced_points),
        }
        return self._insert("decision", row)

    def known(
        self, account: str, rubric: str, *, since: dt.datetime | None = None, until: dt.datetime | None = None
    ) -> Known:
        """What is known of one account by one rubric; proofs only from checks of this time (see `attempts`)."""
        checks = self.attempts(account, rubric, since=since, until=until)
        overrides = in_force(self.decisions(account, rubric))
        return Known(proofs_of(one.result for one in checks), overrides)

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

    def _select(self, query: str, narrowed: dict[str, Any], order: str) -> list[tuple[Any, ...]]:
        used = {condition: value for condition, value in narrowed.items() if value is not None}
        where = f" WHERE {' AND '.join(used)}" if used else ""
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


def in_force(decisions: tuple[Decision, ...]) -> tuple[Override, ...]:
    """The overrides of one account and rubric that count: of each criterion the latest that was not undone."""
    undone = {one.undoes for one in decisions}
    latest = {one.criterion: one for one in decisions if one.points is not None and one.id not in undone}
    return tuple(_override(one, one.points) for one in latest.values() if one.points is not None)


def _override(one: Decision, points: Decimal) -> Override:
    return Override(
        one.id, one.criterion, points, one.reason, one.by, one.at, one.replaced_outcome, one.replaced_points
    )


def _attempt(row: tuple[Any, ...], file: Path) -> Attempt:
    id, student, recorded_at, text = row
    try:
        return Attempt(id, student, _time(recorded_at), _result(text))
    except ValueError as error:
        raise GradebookError(f"{file}: the result of attempt {id} cannot be read ({error}).") from error


def _result(text: str) -> Result:
    """Straight away, which is thirty times as fast; with care where a newer Skymark wrote keys that are not known."""
    try:
        return msgspec.json.decode(text, type=Result)
    except msgspec.ValidationError:
        return result_json.loads(text)


def _decision(row: tuple[Any, ...]) -> Decision:
    id, account, rubric, criterion, points, undoes, reason, by, at, outcome, replaced = row
    decided = (_decimal(points), undoes, reason, by, _time(at))
    return Decision(id, account, rubric, criterion, *decided, Outcome(outcome), _decimal(replaced))


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
