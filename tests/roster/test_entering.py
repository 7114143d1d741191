"""Rows of a roster: what each column may hold."""

import pytest

from skymark.moment import moment
from skymark.roster.entry import Entry, NoAccess, ProfileAccess, RoleAccess, SurveyAccess

ARN = "arn:aws:iam::123456789012:role/SkymarkGrader"


def test_a_whole_row_is_a_whole_entry(read, tmp_path):
    """Files are as seen from the roster's folder."""
    (tmp_path / "handed in").mkdir()
    for name in ("a.ipynb", "b.ipynb"):
        (tmp_path / "handed in" / name).touch()

    roster = read(
        "student,name,role arn,external id,notebook,rubric,due,region,pair,caller\n"
        f'ada,"Lovelace, Ada",{ARN},id-1,handed in/a.ipynb|handed in/b.ipynb,learner-lab,'
        "2026-11-30T18:00Z,eu-west-1,p1,al\n"
    )

    assert roster.entries == (
        Entry(
            student="ada",
            name="Lovelace, Ada",
            access=RoleAccess(ARN, "id-1"),
            notebooks=(tmp_path / "handed in" / "a.ipynb", tmp_path / "handed in" / "b.ipynb"),
            rubric="learner-lab",
            due=moment("2026-11-30T18:00Z"),
            region="eu-west-1",
            pair="p1",
            caller="al",
            line=2,
        ),
    )
    assert (roster.mistakes, roster.is_canvas) == ((), False)


def test_each_way_in_is_read(read, tmp_path):
    """Nobody's account need be known: what they handed in can be judged."""
    (tmp_path / "alan.json").touch()

    roster = read(
        "student,name,role arn,external id,profile,survey\n"
        f"ada,Ada,{ARN},,,\nbob,Bob,,,lab,\nalan,Alan,,,,alan.json\ngrace,Grace,,,,\n"
    )

    assert [one.access for one in roster.entries] == [
        RoleAccess(ARN),
        ProfileAccess("lab"),
        SurveyAccess(tmp_path / "alan.json"),
        NoAccess(),
    ]


def test_notebooks_are_apart_by_what_is_not_the_delimiter(read, tmp_path):
    """A file whose name has it in it is one file."""
    for name in ("a.ipynb", "b.ipynb", "a;b.ipynb"):
        (tmp_path / name).touch()

    roster = read("student,name,notebook\nada,Ada,a.ipynb; b.ipynb;a.ipynb\nbob,Bob,a;b.ipynb\n")

    assert [[one.name for one in entry.notebooks] for entry in roster.entries] == [
        ["a.ipynb", "b.ipynb"],
        ["a;b.ipynb"],
    ]


def test_without_a_column_of_names_ids_are_names(read):
    """But where there is one, it is filled."""
    roster = read("student\nada\nalan\n")

    assert [(one.student, one.name) for one in roster.entries] == [("ada", "ada"), ("alan", "alan")]


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::123456789012:role/R",
        "arn:aws-cn:iam::123456789012:role/a/path/R.x@y",
        "arn:aws-us-gov:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Grader_0a1b",
    ],
)
def test_roles_of_all_partitions_and_paths_are_roles(read, arn):
    """As IAM writes them."""
    assert read(f"student,role arn\nada,{arn}\n").entries[0].access == RoleAccess(arn)


@pytest.mark.parametrize(
    "arn",
    [
        "SkymarkGrader",
        "arn:aws:iam::12345678901:role/R",
        "arn:aws:iam::1.23457E+11:role/R",
        "arn:aws:iam::١٢٣٤٥٦٧٨٩٠١٢:role/R",
        "arn:aws:iam::123456789012:user/ada",
        "arn:aws:sts::123456789012:assumed-role/R/ada",
        "arn:aws-iso:iam::123456789012:role/R",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:role/R x",
        f"arn:aws:iam::123456789012:role/{'R' * 65}",
    ],
)
def test_what_is_no_role_is_a_mistake(read, told, arn):
    """It is never sent to AWS."""
    roster = read(f"student,Role-ARN\nada,{arn}\nbob,\n")

    assert [one.student for one in roster.entries] == ["bob"]
    assert told(roster) == [
        f'line 2, Role-ARN: "{arn}" is no ARN of a role. Write such as arn:aws:iam::123456789012:role/SkymarkGrader.'
    ]


@pytest.mark.parametrize(
    ("row", "mistakes"),
    [
        (",Nobody,,,,,,,", ["line 2, id: is blank. Each student needs an id of their own."]),
        ("ada,,,,,,,,", ["line 2, name: is blank. Write the student's name."]),
        (
            f"ada,Ada,{ARN},,lab,,,,",
            ["line 2, profile: there is role arn as well. Keep one way into the account."],
        ),
        (
            "ada,Ada,,id-1,,,,,",
            ["line 2, external id: goes with a role arn, and there is none. Add it, or leave this blank."],
        ),
        (
            f"ada,Ada,{ARN},an id,,,,,",
            ['line 2, external id: "an id" is no external id: 2 to 1224 letters, digits and any of _+=,.@:/- are.'],
        ),
        ("ada,Ada,,,,,,,mars", ['line 2, region: "mars" is no region. Write such as us-east-1.']),
        ('"a\x1b[2Jda",Ada,,,,,,,', ["line 2, id: holds a line end or a control character. Type it anew."]),
        (
            "ada,Ada\0,,,,,,,",
            ["line 2, name: holds what is no character. Save the file as UTF-8, and look at this line again."],
        ),
        (
            "ada,Lovelace, Ada,,,,,,,",
            ["line 2, column 10: there are only 9 columns. Put a text that has the delimiter in it between quotes."],
        ),
    ],
)
def test_a_bad_row_is_named_by_line_and_column_and_the_rest_goes_on(read, told, row, mistakes):
    """Nobody's mistake stops anybody else's mark."""
    head = "id,name,role arn,external id,profile,survey,notebook,due,region\n"
    roster = read(f"{head}{row}\nalan,Alan,,,,,,,\n")

    assert [one.student for one in roster.entries] == ["alan"]
    assert told(roster) == mistakes


def test_a_delimiter_too_many_on_every_line_says_nothing(read, told):
    """So some programs write; of one line alone it says that its cells may stand under the wrong headers."""
    assert told(read("student,name,profile\nada,Ada,lab,\nalan,Alan,lab,\n")) == []
    assert told(read("student,name,profile\nada,Lovelace, Ada,\nalan,Alan,lab\n")) == [
        "line 2, column 4: there are only 3 columns. Put a text that has the delimiter in it between quotes."
    ]


def test_a_quote_without_its_other_is_a_mistake_of_its_row_alone(read, told):
    """Those below stay in the class."""
    roster = read('student,name\nada,"Ada\nalan,Alan\n')

    assert [one.student for one in roster.entries] == ["alan"]
    assert told(roster) == [
        'line 2, name: begins with a quote (") and has no other at its end. Write a quote within a cell twice.'
    ]


@pytest.mark.parametrize(
    ("column", "name"), [("survey", "none.json"), ("notebook", "none.ipynb"), ("notebook", "n" * 300)]
)
def test_a_file_that_is_not_there_is_a_mistake(read, told, tmp_path, column, name):
    """What was handed in and is lost is not the student's fault: they are not graded without it."""
    roster = read(f"student,{column}\nada,{name}\n")

    assert roster.entries == ()
    assert told(roster) == [
        f"line 2, {column}: there is no file {tmp_path / name}. Names are as seen from the folder of the table."
    ]


def test_a_time_that_is_none_is_a_mistake(read, told):
    """With examples of some."""
    (mistake,) = told(read("student,due\nada,30.11.2026\n"))

    assert mistake.startswith('line 2, due: "30.11.2026" is no point in time. Write such as 2026-11-24')


def test_all_mistakes_of_a_row_are_told_at_once(read, told):
    """Nobody corrects one after the other."""
    roster = read("student,name,role arn,region\n,,x,y\n")

    assert [mistake.split(":")[0] for mistake in told(roster)] == [
        *("line 2, student", "line 2, name", "line 2, role arn", "line 2, region")
    ]
