"""A class in the terminal: nobody is left out, nothing is markup, and a large class is no wall of text."""

import io
from decimal import Decimal

import pytest
from msgspec.structs import replace
from rich.console import Console

from skymark.cohort.selection import Candidate, Selection, Why
from skymark.cohort.tables import SHOWN, Row, overview, plan, status_of_class, summary, verdicts
from skymark.cohort.work import grade_one
from skymark.moment import moment
from skymark.result import Score
from skymark.roster.entry import Entry, ProfileAccess, RoleAccess
from skymark.score import COMPLETE, INCOMPLETE, NOT_ALL_PASSED
from skymark.window import Times

WHOLE = Score(Decimal(90), Decimal(100), Decimal(0), True)
IN_PART = Score(Decimal("52.5"), Decimal(100), Decimal(22), False)
ARN = "arn:aws:iam::123456789012:role/teaching/Grader"


def shown(renderable, width=200) -> list[str]:
    """The lines that people see."""
    console = Console(file=io.StringIO(), width=width)
    console.print(renderable)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def cells(line: str) -> list[str]:
    """What stands in a line, apart from blanks."""
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


PASSED = Row("ana", WHOLE, COMPLETE)
NOT_ALL = Row("bo", WHOLE, NOT_ALL_PASSED)
UNVERIFIED = Row("cy", IN_PART, INCOMPLETE)
NEVER = Row("di", trouble="no way in")
WITHHELD = replace(PASSED, student="eve", withheld="two in one account")
TROUBLE_SINCE = replace(PASSED, student="flo", trouble="no line")


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ((), COMPLETE),
        ((PASSED,), COMPLETE),
        ((PASSED, NOT_ALL), NOT_ALL_PASSED),
        ((NOT_ALL, UNVERIFIED), INCOMPLETE),
        ((PASSED, NEVER), INCOMPLETE),
        ((PASSED, WITHHELD), INCOMPLETE),
        ((PASSED, TROUBLE_SINCE), INCOMPLETE),
    ],
)
def test_a_class_ends_as_the_one_does_who_needs_most(rows, status):
    """Whoever has no whole mark wins; so does a row that is wrong."""
    assert status_of_class(rows, bad_rows=False) == status
    assert status_of_class(rows, bad_rows=True) == INCOMPLETE


def test_a_class_in_one_line_counts_everybody():
    """Only whole marks have a part in the mean."""
    assert summary([PASSED, NOT_ALL, UNVERIFIED, NEVER, WITHHELD]) == (
        "5 students: 2 passed all, 1 not all, 1 unverified in part, 1 not graded, 1 withheld; "
        "mean 90.0 of 2 whole marks"
    )
    assert summary([NEVER]) == "1 student: 1 not graded"
    assert summary([]) == "0 students: nobody"


def test_an_overview_says_what_stands_in_whose_way():
    """Two in one account before anything else."""
    lines = shown(overview([NOT_ALL, UNVERIFIED, NEVER, replace(WITHHELD, trouble="no line")]))

    assert [cells(line) for line in lines[1:5]] == [
        ["bo", "90/100"],
        ["cy", "52.5/100", "22"],
        ["di", "none", "no way in"],
        ["eve", "90/100", "two in one account"],
    ]
    assert lines[-1].startswith("4 students: ")


def test_of_a_large_class_only_who_needs_somebody_is_listed():
    """The others are counted."""
    many = [replace(PASSED, student=f"s{number}") for number in range(SHOWN)]

    lines = shown(overview([*many, NEVER]))

    assert [cells(line)[0] for line in lines[1:3]] == ["di", "and 200 more, who are not listed"]
    assert lines[-1].startswith("201 students: 200 passed all, 1 not graded")


def test_of_a_large_class_in_trouble_as_many_are_listed_as_anybody_reads():
    """The rest is counted."""
    lines = shown(overview([replace(NEVER, student=f"s{number}") for number in range(SHOWN + 50)]))

    assert [cells(line)[0] for line in lines[SHOWN : SHOWN + 2]] == [f"s{SHOWN - 1}", "and 50 more, who are not listed"]


def test_what_people_chose_is_never_markup_nor_a_command_to_the_terminal():
    """It stands there as it is, but for what cannot be seen."""
    row = replace(NEVER, student="[red]x[/]", trouble="\x1b[31mbad[/bold]\nnext")

    (_, line, *_) = shown(overview([row]))

    assert cells(line)[0] == "[red]x[/]"
    assert "\x1b" not in line
    assert "bad[/bold] next" in line


@pytest.fixture
def planned(rubric, terms):
    """The lines of a plan."""

    def lines(*entries, why=Why.NEW, selection=Selection(), width=200, terms=terms):  # noqa: B008 - it is frozen
        return shown(plan([Candidate(one, rubric, why) for one in entries], terms, selection), width)

    return lines


def test_a_plan_says_by_what_everybody_is_graded(planned, students, tmp_path):
    """And who has no way in."""
    (ana,) = students(1)
    two = (tmp_path / "1.ipynb", tmp_path / "2.ipynb")
    entries = (
        replace(ana, student="ana"),
        Entry("bo", "Bo", RoleAccess(ARN, "id-of-bo")),
        Entry("cy", "Cy", RoleAccess(ARN), notebooks=two),
        Entry("di", "Di", ProfileAccess("dis")),
        Entry("eve", "Eve", notebooks=two[:1]),
        Entry("flo", "Flo"),
    )

    lines = planned(*entries)

    assert [cells(line)[3] for line in lines[1:7]] == [
        "survey s000.json",
        "role Grader",
        "role Grader without an external id, 2 notebooks",
        "profile dis",
        "1 notebook",
        "nothing: no way in is known",
    ]
    assert "id-of-bo" not in "".join(lines)
    assert lines[-1] == "6 students, 6 would be graded"


def test_a_plan_says_when_everybody_s_work_is_due(planned, terms):
    """A student's own time goes before the class's."""
    class_due = replace(terms, times=Times(due=moment("2026-11-24")))

    lines = planned(Entry("ana", "Ana"), Entry("bo", "Bo", due=moment("2026-12-01")), terms=class_due)

    assert [cells(line)[-1] for line in lines[1:3]] == ["2026-11-24", "2026-12-01"]


@pytest.mark.parametrize(
    ("why", "selection", "told"),
    [
        (Why.NEW, Selection(), "yes: not graded yet"),
        (Why.DONE, Selection(), "no: is graded"),
        (Why.DONE, Selection(only_unverified=True), "no: is graded"),
        (Why.UNVERIFIED, Selection(only_unverified=True), "yes: something is unverified"),
        (
            Why.OLD,
            Selection(only_unverified=True),
            "no: only what is unverified is looked at again, and this one was graded too long ago",
        ),
    ],
)
def test_a_plan_says_why(planned, why, selection, told):
    """Or why not."""
    lines = planned(Entry("ana", "Ana"), why=why, selection=selection)

    assert cells(lines[1])[2] == told
    assert lines[-1] == f"1 student, {int(told.startswith('yes'))} would be graded"


def test_a_plan_of_a_large_class_has_everybody_and_all_of_each(planned):
    """A line each; where that is too long for the terminal, it goes on below."""
    entries = [Entry(f"s{number:04}", "山田" * (number % 3), RoleAccess(ARN, "id")) for number in range(SHOWN + 1)]

    wide, narrow = planned(*entries), planned(*entries, width=40)

    assert [line.split()[0] for line in wide[1 : SHOWN + 2]] == [one.student for one in entries]
    assert len({line.index("sagemaker-intro") + line.count("山田") * 2 for line in wide[1 : SHOWN + 2]}) == 1
    assert max(map(len, narrow)) <= 40
    assert "".join(narrow).count("sagemaker-intro") == SHOWN + 1
    assert wide[-1] == narrow[-1] == f"{SHOWN + 1} students, {SHOWN + 1} would be graded"


def test_what_was_looked_at_again_is_a_row_for_each_criterion(task, terms, students):
    """Points where there are any."""
    (ana,) = students(1)
    only = replace(task(ana), terms=replace(terms, only=("bucket.name", "teardown.endpoint")))

    lines = shown(verdicts([("ana", grade_one(only).result)]))

    assert [cells(line)[:4] for line in lines[1:]] == [
        ["ana", "bucket.name", "passed", "6/6"],
        ["ana", "teardown.endpoint", "pending", "0/4"],
    ]
