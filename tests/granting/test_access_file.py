"""The file of external ids: what stands there stays."""

import re
import stat

import pytest

from skymark.errors import SkymarkError, UsageError
from skymark.granting.access_file import Row, new_external_id, read_access, write_access
from skymark.granting.grant import EXTERNAL_ID


@pytest.fixture
def file(tmp_path):
    return tmp_path / "access.csv"


def test_what_is_written_is_read(file):
    """With what somebody added."""
    rows = [
        Row("ada", "Ada, Countess", "arn:aws:iam::123456789012:role/SkymarkGrader", "ada-1", {"note": "late"}),
        Row("alan", 'Alan "Mathison"', "", "alan-1"),
    ]
    write_access(file, rows)

    assert [(one.student, one.role_arn, one.external_id) for one in read_access(file).values()] == [
        ("ada", "arn:aws:iam::123456789012:role/SkymarkGrader", "ada-1"),
        ("alan", "", "alan-1"),
    ]
    assert read_access(file)["ada"].more == {"note": "late"}


def test_only_its_owner_reads_it(file):
    """Whoever has the ids can ask for others' roles by the grader's hand."""
    write_access(file, [Row("ada", "Ada", "", "ada-1")])

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_no_spreadsheet_runs_a_name(file):
    """Whatever somebody called themselves."""
    write_access(file, [Row("ada", "=HYPERLINK(1)", "", "ada-1")])

    assert file.read_text().splitlines()[1] == "ada,'=HYPERLINK(1),,ada-1"


def test_what_a_spreadsheet_saved_is_read(file):
    """With a byte-order mark, other line ends, empty lines, and the columns in another order."""
    file.write_bytes("\ufeffexternal id,student\r\nada-1, ada \r\n,\r\n".encode())

    assert read_access(file) == {"ada": Row("ada", "", "", "ada-1")}


def test_no_file_is_no_ids(file):
    """A class begins so."""
    assert read_access(file) == {}


def test_every_mistake_is_told_and_nothing_is_guessed(file):
    """Going on would give somebody a second id."""
    file.write_text("student,external id\nada,ada-1\n,x-1\nada,ada-2\nalan,ada-1\ngrace,two words\n")

    with pytest.raises(UsageError) as told:
        read_access(file)

    assert [line.split("access.csv:")[1] for line in str(told.value).splitlines()] == [
        "3: has no student. Say whose id it is, or take the line out.",
        "4: ada is in line 2 already. Take one of the lines out.",
        "5: has the external id of line 2. Each student needs one of their own.",
        '6: "two words" is no external id. Put back what was there, or leave it blank.',
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_it_may_have_been_saved_as_spreadsheets_do(file, encoding):
    """In other letters, with semicolons."""
    file.write_bytes("student;name;role arn;external id\r\nzoë;Zoë;;zoe-1\r\n".encode(encoding))

    assert read_access(file) == {"zoë": Row("zoë", "Zoë", "", "zoe-1")}


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"PK\x03\x04", b"name,external id\nAda,x1\n", b"student\nada\n"]
)
def test_a_file_that_is_none_is_not_taken_for_an_empty_one(file, content):
    """It would be written over."""
    file.write_bytes(content)

    with pytest.raises(SkymarkError, match=r"access\.csv"):
        read_access(file)


def test_a_row_that_is_torn_is_told(file):
    """Its id may be somebody else's."""
    file.write_text('student,name,external id\nada,Countess, Ada,ada-1\nalan,"Alan,alan-1\n')

    with pytest.raises(UsageError) as told:
        read_access(file)

    assert [line.split("access.csv:")[1][:10] for line in str(told.value).splitlines()[:2]] == [
        "2: is torn",
        "3: is torn",
    ]


def test_ids_are_long_random_and_what_aws_takes():
    """Letters and digits only: no shell, spreadsheet or link makes anything else of them."""
    ids = {new_external_id() for _ in range(1000)}

    assert len(ids) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9]{32,}", one) and re.fullmatch(EXTERNAL_ID, one) for one in ids)
