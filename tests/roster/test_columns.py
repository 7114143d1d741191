"""Headers as people write them."""

import re
import textwrap
from pathlib import Path

import pytest

from skymark.errors import RosterError
from skymark.roster.columns import COLUMNS
from skymark.roster.entry import ProfileAccess

DOCS = Path(__file__).parents[2] / "docs" / "roster.md"


@pytest.mark.parametrize(
    "header",
    [
        "student,name,profile",
        "Student ID,NAME,Profile",
        "student_id, Name ,PROFILE",
        "\ufeffID,name,profile",
        '"id","name","profile"',
    ],
)
def test_capitals_spaces_and_dashes_make_no_difference(read, header):
    """Nor does a byte-order mark."""
    roster = read(f"{header}\nada,Ada,lab\n")

    assert [(one.student, one.name, one.access) for one in roster.entries] == [("ada", "Ada", ProfileAccess("lab"))]
    assert roster.mistakes == ()


def test_any_order_will_do(read):
    """And any columns between."""
    roster = read("section,profile,e-mail,name,student,region,points\nA,lab,a@b.c,Ada,ada,us-east-1,3\n")

    assert roster.entry("ada").access == ProfileAccess("lab")
    assert roster.entry("ada").region == "us-east-1"
    assert roster.mistakes == ()


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("role_am", "role arn"),
        ("role", "role arn"),
        ("extrenal id", "external id"),
        ("profil", "profile"),
        ("Notebooks", "notebook"),
        ("due date", "due"),
        ("groups", "pair"),
    ],
)
def test_a_misspelt_column_is_told(read, told, header, meant):
    """Nobody's way in is lost in silence."""
    roster = read(f"student,name,{header}\nada,Ada,x\n")

    assert [one.student for one in roster.entries] == ["ada"]
    assert told(roster) == [f'line 1, {header}: is no column of a roster, and left out. Did you mean "{meant}"?']


@pytest.mark.parametrize(
    "header",
    ["email", "section", "Username", "first name", "student no", "course", "status", "grade", "notes", "date", ""],
)
def test_columns_of_other_things_are_welcome(read, told, header):
    """A roster has many uses."""
    assert told(read(f"student,name,{header}\nada,Ada,x\n")) == []


def test_a_column_that_is_there_twice_is_told(read, told):
    """The first is read."""
    roster = read("student,name,Student ID,profile\nada,Ada,1001,lab\n")

    assert [one.student for one in roster.entries] == ["ada"]
    assert told(roster) == [
        'line 1, Student ID: is the column "student" once more, and left out. Take one of the two away.'
    ]


def test_without_ids_there_is_no_class(read):
    """What was found is told."""
    with pytest.raises(RosterError, match=r'roster\.csv: has no column "student"\. It has: login, name\.'):
        read("login,name\nada,Ada\n")


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_is_in_the_docs(column):
    """With what it holds."""
    assert f"\n| `{column}` | " in DOCS.read_text("utf-8")


def test_the_rosters_in_the_docs_are_rosters(read, told, tmp_path):
    """As they stand there."""
    (tmp_path / "surveys").mkdir()
    (tmp_path / "surveys" / "alan.json").touch()
    blocks = re.findall(r"(?:^ {4}.*\n)+", DOCS.read_text("utf-8"), re.MULTILINE)
    rosters = [read(textwrap.dedent(block)) for block in blocks if block.startswith("    student")]

    assert [len(roster.entries) for roster in rosters] == [2, 4]
    assert [told(roster) for roster in rosters] == [[], []]
