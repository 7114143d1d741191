"""Gradebook exports of Canvas."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skymark.errors import RosterError
from skymark.roster.canvas import read_canvas
from skymark.roster.reading import read_roster

PLAIN = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
HEADERS = (
    ("Student", "ID", "Section"),
    ("Student", "ID", "SIS Login ID", "Section"),
    PLAIN,
    ("Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section"),
    ("LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID", "Section"),
)
CELL = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A place for files."""
    return tmp_path_factory.mktemp("canvas")


def table(rows, delimiter=","):
    """Rows as Canvas writes them."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue()


@pytest.fixture
def canvas(folder):
    """The export that these rows make."""

    def read(*rows):
        (folder / "export.csv").write_text(table(rows))
        return read_canvas(folder / "export.csv")

    return read


@settings(deadline=None)  # files, on a machine that may be busy
@given(data=st.data(), identity=st.sampled_from(HEADERS), bom=st.booleans(), delimiter=st.sampled_from(",;"))
def test_an_export_comes_back_byte_for_byte(folder, data, identity, bom, delimiter):
    """Manual posting, a test student, titles with parentheses and delimiters; all of the roster have a line."""
    header = [*identity, "Notes", "Intro; or (so), part 1 (4711)", "Current Score"]
    rows = data.draw(st.lists(st.lists(CELL, min_size=len(header), max_size=len(header)), max_size=5))
    nobody = [
        ["", *[""] * (len(header) - 3), "Manual Posting", ""],
        ["    Points Possible", *[""] * (len(header) - 3), "100.00", "(read only)"],
    ]
    test_student = ["Student, Test", "9"] if identity[0] == "Student" else ["Student", "Test", "9"]
    content = (b"\xef\xbb\xbf" if bom else b"") + table([header, *nobody, *rows, test_student], delimiter).encode()
    (folder / "any.csv").write_bytes(content)

    export = read_canvas(folder / "any.csv")

    assert export.encode(export.text) == content
    assert (export.identity, export.delimiter) == (len(identity), delimiter)
    assert [line.is_person for line in export.lines[:3]] == [False] * 3
    known = {line.student for line in export.lines if line.student}
    assert {one.student for one in read_roster(folder / "any.csv").entries} <= known


def test_lines_say_whose_they_are(canvas):
    """Of those who are somebody."""
    export = canvas(
        (*PLAIN, "Intro (1)"),
        ("", "", "", "", "", "Manual Posting"),
        ("    Points Possible", "", "", "", "", "100"),
        ("Lovelace, Ada", "1001", "S-1", "ada", "A", "62"),
        ("Lovelace, Ada", "1002", "S-2", "ada2", "A", ""),
        ("Student, Test", "1003", "", "fe01", "A", ""),
    )

    assert [(line.line, line.is_person, line.student) for line in export.lines] == [
        *((1, False, None), (2, False, None), (3, False, None)),
        *((4, True, "ada"), (5, True, "ada2"), (6, True, None)),
    ]
    assert export.called_by == "SIS Login ID"
    assert export.points_possible == export.lines[2]
    assert [export.name(line) for line in export.people] == ["Lovelace, Ada", "Lovelace, Ada", "Student, Test"]
    assert export.ids(export.people[0]) == {"SIS Login ID": "ada", "SIS User ID": "S-1", "ID": "1001"}


@pytest.mark.parametrize(
    ("people", "students"),
    [
        ([("1", "S-1", "ada"), ("2", "S-2", "alan")], ["ada", "alan"]),
        ([("1", "S-1", "ada"), ("2", "S-2", "")], ["S-1", "S-2"]),
        ([("1", "S-1", "ada"), ("2", "S-2", "ada")], ["S-1", "S-2"]),
        ([("1", "", ""), ("2", "S-2", "alan")], ["1", "2"]),
        ([("1", "", ""), ("1", "", "")], ["1", None]),
    ],
)
def test_students_are_called_by_what_all_have_and_no_two(canvas, people, students):
    """The login first, as it is what people know."""
    export = canvas(PLAIN, *(("Ada", *ids, "A") for ids in people))

    assert [line.student for line in export.people] == students


def test_a_first_and_a_last_name_are_one(canvas):
    """In Canvas's order."""
    export = canvas(
        ("LastName", "FirstName", "ID", "Section"), ("Lovelace", "Ada", "1", "A"), ("Student", "Test", "2", "A")
    )

    assert export.name(export.people[0]) == "Ada Lovelace"
    assert [line.student for line in export.people] == ["1", None]


def test_somebody_who_is_called_like_the_test_student_is_somebody(canvas):
    """Who has a number of the school's is no device of Canvas."""
    export = canvas(PLAIN, ("Student, Test", "1", "S-1", "test", "A"))

    assert [line.student for line in export.people] == ["test"]


@pytest.mark.parametrize(
    "header",
    [
        ("student", "name", "section"),
        ("Student ID", "External ID", "Section"),
        ("Student", "ID", "role arn"),
        ("Student", "ID"),
        ("LastName", "ID", "Section"),
    ],
)
def test_what_is_no_export_is_told(canvas, header):
    """And how to get one."""
    with pytest.raises(RosterError, match=r"export\.csv: is no gradebook export of Canvas\. In Canvas: Grades"):
        canvas(header, ("a", "b", "c"))
