"""What a student handed in as files: a survey, notebooks, or the name of a role by which to look into the account."""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from skymark.errors import UsageError
from skymark.evidence import SCHEMA
from skymark.handed_in import LARGEST
from skymark.roster.entry import Access, Entry, NoAccess, RoleAccess, SurveyAccess

ROLE_FILE: Final = "role.txt"
EXTERNAL_IDS: Final = "external-ids.csv"
MOST_NOTEBOOKS: Final = 20
ROLE: Final = re.compile(r"arn:(aws|aws-cn|aws-us-gov):iam::[0-9]{12}:role/[\w+=,.@/-]{1,576}", re.ASCII)


def entry_of(folder: Path, names: Sequence[str], external_ids: Path, *, name: str = "") -> Entry:
    """The student whose files lie in this folder, and the way into their account.

    `names` are what the student is known by, the first of them the id. A role is entered only with the external id
    that the instructor's file `external_ids` (columns `student`, `external_id`) has for one of them: never with one
    that a student hands in, so that nobody gets a mark by naming another's role. Links, hidden files and whatever lies
    beside the instructor's file are not read.

    Raises:
        UsageError: nothing to grade was handed in, too much, or something that cannot be used.
    """
    files = tuple(_files(folder, external_ids.parent))
    notebooks = tuple(file for file in files if file.suffix == ".ipynb")[:MOST_NOTEBOOKS]
    access = _access(files, names, external_ids)
    if isinstance(access, NoAccess) and not notebooks:
        raise UsageError(f"Nothing to grade was handed in: a survey (.json), a notebook (.ipynb), or {ROLE_FILE}.")
    return Entry(student=names[0], name=name or names[0], access=access, notebooks=notebooks)


def _files(folder: Path, instructors: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        below = [path, *(one for one in path.parents if folder in one.parents)]
        is_odd = any(one.is_symlink() or one == instructors or one.name.startswith((".", "__MACOSX")) for one in below)
        if path.is_file() and not is_odd:
            yield path


def _access(files: Sequence[Path], names: Sequence[str], external_ids: Path) -> Access:
    surveys = [file for file in files if file.suffix == ".json" and _is_survey(file)]
    roles = [file for file in files if file.name == ROLE_FILE]
    match surveys, roles:
        case [survey], []:
            return SurveyAccess(survey)
        case [], [role]:
            return RoleAccess(_role(role), _external_id(names, external_ids))
        case [], []:
            return NoAccess()
        case _:
            found = ", ".join(file.name for file in (*surveys, *roles))
            raise UsageError(f"Several ways to grade were handed in ({found}): one survey, or one {ROLE_FILE}.")


def _is_survey(file: Path) -> bool:
    """Whether it says so anywhere: what is wrong with it, or that it is too large, is told when it is graded."""
    return file.stat().st_size > LARGEST or SCHEMA.encode() in file.read_bytes()


def _role(file: Path) -> str:
    text = file.read_bytes().decode("utf-8-sig", "replace").strip()
    if not ROLE.fullmatch(text):
        raise UsageError(f"{file.name}: holds no role's ARN, such as arn:aws:iam::123456789012:role/skymark.")
    return text


def _external_id(names: Sequence[str], file: Path) -> str:
    if not file.is_file():
        raise UsageError(f"{file.name} is missing: a role is entered only by an external id that you gave out.")
    with file.open(encoding="utf-8-sig", newline="") as rows:
        known = {_key(row.get("student")): (row.get("external_id") or "").strip() for row in csv.DictReader(rows)}
    found = next((id for name in names if (id := known.get(_key(name)))), None)
    if found is None:
        raise UsageError(f"{file.name} has no external id for {names[0]}.")
    return found


def _key(name: str | None) -> str:
    return (name or "").strip().casefold()
