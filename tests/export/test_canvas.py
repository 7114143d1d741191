"""Canvas's own export with one column changed, and everything else to the byte as it was."""

import itertools
from pathlib import Path

import pytest
from msgspec.structs import replace

from skymark.errors import UsageError
from skymark.export.canvas import to_canvas
from skymark.export.row import ClassRow
from skymark.roster.canvas import read_canvas

from .conftest import NAME, SCOPED, TRAINED, standing

TITLE = "SageMaker (week 3) (4711)"
BOM = "\ufeff"
COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Section", TITLE)
ROWS = (
    ("", "", "", "", "", "", "Manual Posting"),
    ("    Points Possible", "", "", "", "", "", "100"),
    ("Lovelace, Ada", "1001", "S-1", "ada", "", "Cloud 101", "94.5"),
    ("Smith, Sam", "1002", "S-2", "sam", "", "Cloud 101", "12.50"),
    ("Smith, Sam", "1003", "S-3", "sam2", "=1+1", "Cloud 101", "EX"),
    ("Student, Test", "1004", "", "", "", "Cloud 101", ""),
)


def export(folder: Path, rows=ROWS, *, columns=COLUMNS, mark=BOM, delimiter=",", end="\r\n"):
    """A gradebook export as Canvas writes it, read again; and its bytes."""
    lines = (delimiter.join(quoted(cell, delimiter) for cell in row) + end for row in (columns, *rows))
    written = (mark + "".join(lines)).encode()
    file = folder / "export.csv"
    file.write_bytes(written)
    return read_canvas(file), written


def quoted(cell: str, delimiter: str) -> str:
    """In quotes where it has to be."""
    return f'"{cell}"' if delimiter in cell or "," in cell else cell


def marked(student: str) -> ClassRow:
    """Somebody with 94.5 of 100."""
    return ClassRow(student, student, standing(student, NAME, SCOPED, TRAINED))


@pytest.mark.parametrize(
    ("mark", "delimiter", "end"), list(itertools.product(("", BOM), (",", ";"), ("\r\n", "\n"))), ids=repr
)
def test_an_unchanged_export_comes_back_byte_for_byte(tmp_path, mark, delimiter, end):
    """But for the rows without any score, Canvas's test student's, which would blank nothing and are left out."""
    read, written = export(tmp_path, mark=mark, delimiter=delimiter, end=end)
    unmarked = [ClassRow("sam", "Sam"), ClassRow("sam2", "Sam")]

    made = to_canvas(read, [marked("ada"), *unmarked], TITLE)

    without_score = next(line for line in written.splitlines(keepends=True) if b"Student, Test" in line)
    assert made.content == written.replace(without_score, b"")


def test_only_the_marks_that_are_whole_change(tmp_path, grace):
    """Who is excused stays so, which is told; an old score stays where the new one is not whole."""
    read, written = export(tmp_path, [*ROWS[:2], *((*row[:6], "1") for row in ROWS[2:4]), ROWS[4]])
    unverified = replace(grace, student="sam")

    made = to_canvas(read, [marked("ada"), unverified, marked("sam2")], TITLE)

    ada = '"Lovelace, Ada",1001,S-1,ada,,Cloud 101,'
    assert made.content == written.replace(f"{ada}1\r\n".encode(), f"{ada}94.5\r\n".encode())
    assert made.excused == ("sam2",)


def test_marks_alone_leave_everybody_else_out(tmp_path):
    """What stands in another's cell may be older than what Canvas has."""
    read, written = export(tmp_path)

    made = to_canvas(read, [marked("ada")], TITLE, only_marks=True)

    assert made.content == b"".join(written.splitlines(keepends=True)[:4])


def test_other_assignments_are_not_written(tmp_path):
    """Canvas would take what stands there for a change; identity cells are copied, whatever they begin with."""
    columns, rows = (*COLUMNS, "Essay (9)"), [(*row, "5") for row in ROWS[1:5]]
    read, _ = export(tmp_path, rows, columns=columns)

    lines = to_canvas(read, [marked("ada")], TITLE).content.decode("utf-8-sig").splitlines()

    assert lines[0] == ",".join(COLUMNS)
    assert lines[-1] == '"Smith, Sam",1003,S-3,sam2,=1+1,Cloud 101,EX'


def test_a_blank_cell_is_left_out_and_nobody_is_added(tmp_path):
    """A blank over a grade would be a change, and a row that Canvas does not know a new student."""
    read, _ = export(tmp_path, [ROWS[1], ROWS[2], (*ROWS[3][:6], "")])

    text = to_canvas(read, [marked("ada"), marked("stranger"), ClassRow("sam", "Sam")], TITLE).content.decode()

    assert "sam" not in text
    assert "stranger" not in text
    assert "ada" in text


@pytest.mark.parametrize(
    ("title", "new", "words"),
    [
        ("SageMaker (week 4)", False, "Did you mean"),
        ("Other (99)", True, "no column of this id"),
        ("Unposted Final Score", True, "Canvas drops such a column"),
        ("Plain", False, "has no id"),
        ("Read", False, "read only"),
        ("Small", False, "is out of 10 in Canvas, and the rubric out of 100"),
    ],
)
def test_a_column_that_canvas_would_not_take_as_meant_is_refused(tmp_path, title, new, words):
    """In words, and nothing is written."""
    columns = (*COLUMNS, "Plain", "Read (7)", "Small (8)", "Unposted Final Score")
    rows = [(*ROWS[1], "100", "(read only)", "10", "(read only)"), (*ROWS[2], "", "", "", "")]
    read, _ = export(tmp_path, rows, columns=columns)

    with pytest.raises(UsageError, match=words):
        to_canvas(read, [marked("ada")], title, new_column=new)


def test_a_new_column_has_the_points_that_it_is_out_of(tmp_path):
    """Only where that is asked for."""
    read, _ = export(tmp_path, ROWS[1:3])

    lines = to_canvas(read, [marked("ada")], "Cloud lab", new_column=True).content.decode("utf-8-sig").splitlines()

    assert lines == [
        "Student,ID,SIS User ID,SIS Login ID,Integration ID,Section,Cloud lab",
        "    Points Possible,,,,,,100",
        '"Lovelace, Ada",1001,S-1,ada,,Cloud 101,94.5',
    ]


def test_nobody_with_a_mark_is_nothing_to_import(tmp_path, grace):
    """An empty import is a mistake somewhere."""
    read, _ = export(tmp_path)

    with pytest.raises(UsageError, match="Nobody has a mark yet"):
        to_canvas(read, [replace(grace, student="ada")], TITLE)
