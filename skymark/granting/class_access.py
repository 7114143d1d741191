"""Access to a whole class: an external id for each student, and a file for each to set up the role with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import msgspec

from skymark.errors import UsageError
from skymark.evidence import Struct
from skymark.files import write_whole
from skymark.granting.access_file import Row, new_external_id, read_access, write_access
from skymark.granting.console import quick_create_link
from skymark.granting.grant import Grant
from skymark.roster.entry import Entry, RoleAccess

ACCESS = "access.csv"
FOLDER = "students"
PRIVATE = 0o700


class Form(Struct, frozen=True):
    """How the role is written for a student, and the ending of the file's name."""

    write: Callable[[Grant], str]
    ending: str


def give_access(
    entries: Sequence[Entry],
    accounts: Mapping[str, str],
    grant: Grant,
    form: Form,
    folder: Path,
    template_url: str | None = None,
    region: str | None = None,
) -> tuple[Path, int]:
    """Write `access.csv` and a file for each student; where the ids are, and how many are new.

    An id, an ARN or a student that is in the file stays in it; next the roster's own count. `accounts` are numbers by
    student: with one, the ARN is known before the role is there, else it is blank. The ids are written first: what a
    student was given is never forgotten.

    Raises:
        UsageError: the file of ids has mistakes, or something cannot be written.
    """
    _refuse_like_names(entries)
    _make_private(folder)
    file = folder / ACCESS
    rows = read_access(file)
    new = 0
    for one in entries:
        known = _with_rosters(one, rows.get(one.student) or Row(one.student, one.name, "", ""))
        new += not known.external_id
        rows[one.student] = replace(
            known,
            role_arn=known.role_arn or (grant.role_arn(accounts[one.student]) if one.student in accounts else ""),
            external_id=known.external_id or new_external_id(),
        )
    write_access(file, rows.values())
    for one in entries:
        own = msgspec.structs.replace(grant, external_id=rows[one.student].external_id)
        _write_files(folder / FOLDER / file_name(one.student), own, form, template_url, region)
    return file, new


def file_name(student: str) -> str:
    """A student's id as a file's name; what a file system may not like in it is written like `%2F`."""
    return quote(student, safe="@+,= ")


def _with_rosters(entry: Entry, row: Row) -> Row:
    """The row, with what the roster says and the row does not."""
    access = entry.access if isinstance(entry.access, RoleAccess) else RoleAccess("")
    return replace(
        row,
        name=entry.name,
        role_arn=row.role_arn or access.role_arn,
        external_id=row.external_id or access.external_id or "",
    )


def _write_files(path: Path, grant: Grant, form: Form, template_url: str | None, region: str | None) -> None:
    write_whole(path.with_name(path.name + form.ending), form.write(grant), private=True)
    if template_url:
        link = quick_create_link(template_url, grant, *([region] if region else []))
        write_whole(path.with_name(f"{path.name}.link.txt"), f"{link}\n", private=True)


def _refuse_like_names(entries: Sequence[Entry]) -> None:
    """On some computers a file called `A1` is one called `a1`: one student would be sent the other's id."""
    names: dict[str, str] = {}
    for one in entries:
        other = names.setdefault(file_name(one.student).casefold(), one.student)
        if other != one.student:
            raise UsageError(f"The students {other} and {one.student} differ only in capitals. Give one another id.")


def _make_private(folder: Path) -> None:
    try:
        for one in (folder, folder / FOLDER):
            one.mkdir(PRIVATE, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be made ({error.strerror}). Choose another --out.") from error
