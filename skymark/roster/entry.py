"""One student of a roster, and the way into their account."""

from pathlib import Path

from skymark.evidence import Struct
from skymark.moment import Moment


class RoleAccess(Struct, frozen=True, tag="role"):
    """A role in the student's account that the grader may assume, with the external id that it asks for, if any.

    Source: IAM user guide, "Access to AWS accounts owned by third parties"; STS API, AssumeRole.
    """

    role_arn: str
    external_id: str | None = None

    @property
    def account(self) -> str:
        """The account that the role is in."""
        return self.role_arn.split(":")[4]


class ProfileAccess(Struct, frozen=True, tag="profile"):
    """A profile of the grader's own AWS configuration."""

    name: str


class SurveyAccess(Struct, frozen=True, tag="survey"):
    """A saved survey: graded as of its time, without AWS."""

    file: Path


class NoAccess(Struct, frozen=True, tag="none"):
    """No way in is known: only what was handed in can be judged."""


Access = RoleAccess | ProfileAccess | SurveyAccess | NoAccess


class Entry(Struct, frozen=True):
    """One student.

    `student` is the id, unique in a roster. `notebooks` were handed in. `rubric` and `due` are the student's own, None
    for the class's; `region` is where to look first. `pair` names a group who work in one account on purpose and get
    one mark. `caller` is the user or session name by which CloudTrail tells them apart in an account that is shared.
    `line` is where they stand in the roster's file.
    """

    student: str
    name: str
    access: Access = NoAccess()
    notebooks: tuple[Path, ...] = ()
    rubric: str | None = None
    due: Moment | None = None
    region: str | None = None
    pair: str | None = None
    caller: str | None = None
    line: int = 0


class Files(Struct, frozen=True):
    """The files of a class, as commands name them: the roster, and the one beside it with the ways in, if any."""

    roster: str
    access: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """As the arguments of a command."""
        return (self.roster, *(("--access", self.access) if self.access else ()))


class Mistake(Struct, frozen=True):
    """What is wrong with one row: `column` is the header as it stands there; `str()` is one line for people."""

    line: int
    column: str
    text: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.text}"


class Roster(Struct, frozen=True):
    """A class: those who can be graded, in the file's order, and the rows that cannot be used.

    `file` is the roster, `access` the file beside it, if any.
    """

    file: Path
    entries: tuple[Entry, ...]
    mistakes: tuple[Mistake, ...] = ()
    is_canvas: bool = False
    access: Path | None = None

    def entry(self, student: str) -> Entry | None:
        """The student of this id."""
        return next((one for one in self.entries if one.student == student), None)
