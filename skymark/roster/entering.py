"""What is written for one student, as an entry of the roster: each column has its form."""

import re
from pathlib import Path
from typing import Final

from skymark.errors import UsageError
from skymark.moment import Moment, moment
from skymark.roster.columns import (
    CALLER,
    DUE,
    EXTERNAL_ID,
    NAME,
    NOTEBOOK,
    PAIR,
    PROFILE,
    REGION,
    ROLE,
    RUBRIC,
    STUDENT,
    SURVEY,
    WAYS_IN,
)
from skymark.roster.entry import Access, Entry, NoAccess, ProfileAccess, RoleAccess, SurveyAccess
from skymark.roster.written import Written

ROLE_ARN: Final = re.compile(
    r"arn:aws(?:-cn|-us-gov)?:iam::[0-9]{12}:role/(?=[^ ]{1,576}\Z)(?:[\x21-\x2e\x30-\x7e]+/)*[A-Za-z0-9_+=,.@-]{1,64}"
)
"""Source: IAM API, CreateRole (`Path` and `RoleName`); IAM user guide, "IAM identifiers"."""

EXTERNAL: Final = re.compile(r"[A-Za-z0-9_+=,.@:/-]{2,1224}")
"""Source: STS API, AssumeRole."""

REGION_NAME: Final = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-[0-9]{1,2}")

_UNWRITABLE: Final = re.compile(r"[\0\ud800-\udfff]")
"""What is no character: a NUL, or half of one, as where bytes are of another encoding."""

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def entry(written: Written) -> Entry | None:
    """The student, None where something is wrong, which is then among the mistakes."""
    if written.is_torn or not _has_letters(written):
        return None
    _check_identity(written)
    _check_ways(written)
    made = Entry(
        student=written.student,
        name=written.text(NAME),
        access=_access(written),
        notebooks=_notebooks(written),
        rubric=written.text(RUBRIC) or None,
        due=_due(written),
        region=_region(written),
        pair=written.text(PAIR) or None,
        caller=written.text(CALLER) or None,
        line=written.line,
    )
    return None if written.is_bad else made


def _has_letters(written: Written) -> bool:
    """Whether all is text that somebody can have typed; a name may be whatever somebody is called."""
    unwritable = [column for column, cell in written.cells.items() if _UNWRITABLE.search(cell.text)]
    control = [column for column, cell in written.cells.items() if column != NAME and _CONTROL.search(cell.text)]
    for column in unwritable:
        written.refuse(column, "holds what is no character. Save the file as UTF-8, and look at this line again.")
    for column in control:
        if column not in unwritable:
            written.refuse(column, "holds a line end or a control character. Type it anew.")
    return not (unwritable or control)


def _check_identity(written: Written) -> None:
    if not written.student:
        written.refuse(STUDENT, "is blank. Each student needs an id of their own.")
    if not written.text(NAME) and NAME in written.source.headers:
        written.refuse(NAME, "is blank. Write the student's name.")
    elif not written.text(NAME):
        written.set_name(written.student)


def _check_ways(written: Written) -> None:
    first, *others = [column for column in WAYS_IN if column in written.cells] or [""]
    for column in others:
        text = f"there is {written.cells[first].header} as well. Keep one way into the account."
        written.refuse(column, text)
    if EXTERNAL_ID in written.cells and ROLE not in written.cells and not written.cells[EXTERNAL_ID].source.is_beside:
        # In the file beside it waits for the student to send the role's ARN.
        written.refuse(EXTERNAL_ID, "goes with a role arn, and there is none. Add it, or leave this blank.")


def _access(written: Written) -> Access:
    if ROLE in written.cells:
        return _role(written)
    if PROFILE in written.cells:
        return ProfileAccess(written.text(PROFILE))
    if SURVEY in written.cells:
        return SurveyAccess(_file(written, SURVEY, written.text(SURVEY)))
    return NoAccess()


def _role(written: Written) -> RoleAccess:
    arn, external_id = written.text(ROLE), written.text(EXTERNAL_ID)
    if not ROLE_ARN.fullmatch(arn):
        written.refuse(
            ROLE, f'"{arn}" is no ARN of a role. Write such as arn:aws:iam::123456789012:role/SkymarkGrader.'
        )
    if external_id and not EXTERNAL.fullmatch(external_id):
        text = f'"{external_id}" is no external id: 2 to 1224 letters, digits and any of _+=,.@:/- are.'
        written.refuse(EXTERNAL_ID, text)
    return RoleAccess(arn, external_id or None)


def _notebooks(written: Written) -> tuple[Path, ...]:
    cell = written.cells.get(NOTEBOOK)
    if cell is None:
        return ()
    if _is_file(cell.source.file.parent / cell.text):
        return (cell.source.file.parent / cell.text,)
    names = [name.strip() for name in re.split(r"[|;]", cell.text)]
    return tuple(_file(written, NOTEBOOK, name) for name in dict.fromkeys(names) if name)


def _file(written: Written, column: str, name: str) -> Path:
    """A file beside the one that names it."""
    path = written.cells[column].source.file.parent / name
    if not _is_file(path):
        written.refuse(column, f"there is no file {path}. Names are as seen from the folder of the table.")
    return path


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that is too long, or a folder that is not to be looked into
        return False


def _due(written: Written) -> Moment | None:
    if DUE not in written.cells:
        return None
    try:
        return moment(written.text(DUE))
    except UsageError as error:
        written.refuse(DUE, str(error))
        return None


def _region(written: Written) -> str | None:
    region = written.text(REGION)
    if region and not REGION_NAME.fullmatch(region):
        written.refuse(REGION, f'"{region}" is no region. Write such as us-east-1.')
    return region or None
