"""A class from a roster, and from the file beside it."""

import csv
import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skymark.errors import RosterError
from skymark.moment import moment
from skymark.roster.entry import NoAccess, ProfileAccess, RoleAccess
from skymark.roster.reading import read_roster, refuse_mistakes

ARN = "arn:aws:iam::123456789012:role/SkymarkGrader"
OTHER = "arn:aws:iam::210987654321:role/SkymarkGrader"
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Introduction to SageMaker (4711)\n"
    "    Points Possible,,,,,100\n"
    '"Lovelace, Ada",1001,S-1001,ada,Cloud 101,62\n'
    '"Hopper, Grace",1002,S-1002,grace,Cloud 101,97.5\n'
    '"Student, Test",1003,,0123456789abcdef0123456789abcdef01234567,Cloud 101,\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_class_is_the_same_however_it_was_saved(write, encoding, delimiter):
    """Nobody's name is spoilt."""
    file = write(f"student{delimiter}name\r\nzoe{delimiter}Zoë\r\n", encoding=encoding)

    assert [(one.student, one.name) for one in read_roster(file).entries] == [("zoe", "Zoë")]


def test_a_student_who_is_there_twice_is_graded_once(read, told):
    """As the first row says."""
    roster = read("student,name,profile\nada,Ada,one\nalan,Alan,\n ada ,Ada,two\n")

    assert [(one.student, one.access) for one in roster.entries] == [
        ("ada", ProfileAccess("one")),
        ("alan", NoAccess()),
    ]
    assert told(roster) == ["line 4, student: ada is in line 2 already. Take one of the lines out."]


def test_mistakes_are_in_order_of_line_and_strict_refuses_them_all(read):
    """At once."""
    roster = read("student,name,region\nada,Ada,x\n,Bob,\nada,Ada,\nalan,Alan,us-east-1\n")

    with pytest.raises(RosterError) as error:
        refuse_mistakes(roster)

    assert [mistake.line for mistake in roster.mistakes] == [2, 3, 4]
    assert error.value.mistakes == tuple(f"{roster.file}: {mistake}" for mistake in roster.mistakes)
    assert str(error.value).count("\n") == 2


def test_a_roster_without_mistakes_is_not_refused(read):
    """Nothing happens."""
    refuse_mistakes(read("student\nada\n"))


NASTY = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@settings(deadline=None)  # files, on a machine that may be busy
@given(st.lists(NASTY | st.sampled_from(["=1+1", "<script>x</script>", "::error::x", "\x1b[2J", "]]>"]), min_size=1))
def test_hostile_names_stay_data(tmp_path_factory, names):
    """Whatever somebody is called, the class is as large as it is, and all are called so."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([("student", "name"), *((n, one) for n, one in enumerate(names))])
    file = tmp_path_factory.mktemp("names") / "roster.csv"
    file.write_bytes(text.getvalue().encode())

    roster = read_roster(file)

    assert [one.name for one in roster.entries] == [name.strip() for name in names]
    assert roster.mistakes == ()


def test_what_mistakes_quote_is_safe_to_show(read, told):
    """One line, without escapes, and no longer than somebody reads."""
    roster = read(f"student,name,region\nada,Ada,{'x' * 10_000}\nb,B,\n", access='student\n"e\x1b[2J\nvil"\n')

    assert all(mistake.isprintable() and len(mistake) < 700 for mistake in told(roster))
    assert len(roster.mistakes) == 2


def test_a_canvas_export_is_a_roster_as_it_is(read):
    """Its test student is nobody; what assignments are out of is nobody, too."""
    roster = read(CANVAS)

    assert roster.is_canvas
    assert [(one.student, one.name, one.access, one.line) for one in roster.entries] == [
        ("ada", "Lovelace, Ada", NoAccess(), 3),
        ("grace", "Hopper, Grace", NoAccess(), 4),
    ]
    assert roster.mistakes == ()


@pytest.mark.parametrize("student", ["ada", "1001", "S-1001"])
def test_a_file_beside_it_says_how_accounts_are_entered(read, student):
    """By any of the ids that Canvas has."""
    roster = read(CANVAS, access=f"student,role arn,external id,due\n{student},{ARN},id-1,2026-12-01\n")

    assert roster.entry("ada").access == RoleAccess(ARN, "id-1")
    assert roster.entry("ada").due == moment("2026-12-01")
    assert roster.entry("grace").access == NoAccess()
    assert roster.mistakes == ()


def test_in_canvas_two_of_an_id_are_told(read, told):
    """In a column in which they ought not to be."""
    roster = read(
        "Student,ID,SIS Login ID,Section,T (1)\nAda,1001,,A,\nAlan,1002,alan,A,\nGrace,1001,grace,A,\n,,,A,\n"
    )

    assert [(one.student, one.name) for one in roster.entries] == [("1001", "Ada"), ("1002", "Alan")]
    assert told(roster) == [
        "line 4, ID: 1001 is in line 2 already. Take one of the lines out.",
        "line 5, ID: is blank. Each student needs an id of their own.",
        "line 5, Student: is blank. Write the student's name.",
    ]


def test_an_id_of_two_students_says_nothing_of_either(read, told):
    """One's login may be another's number."""
    canvas = "Student,ID,SIS User ID,SIS Login ID,Section\nAda,1,7,ada,A\nAlan,7,2,alan,A\n"
    roster = read(canvas, access=f"student,role arn\n7,{ARN}\n2,{OTHER}\n")

    assert [one.access for one in roster.entries] == [NoAccess(), RoleAccess(OTHER)]
    assert told(roster) == ["line 2, student: in access.csv: 7 is an id of several students, in line 2 and 3."]


def test_the_file_beside_a_roster_fills_in_what_it_lacks(read, tmp_path):
    """And nothing else."""
    (tmp_path / "a.ipynb").touch()
    roster = read(
        f"student,name,rubric,role arn\nada,Ada,own,\nalan,Alan,,{OTHER}\n",
        access=(
            "student,name,role arn,external id,notebook,rubric\n"
            f"ada,X,{ARN},id-1,a.ipynb,other\nalan,,{OTHER},id-2,,lab\n"
        ),
    )

    assert [(one.name, one.access, one.rubric) for one in roster.entries] == [
        ("Ada", RoleAccess(ARN, "id-1"), "own"),
        ("Alan", RoleAccess(OTHER, "id-2"), "lab"),
    ]
    assert roster.entries[0].notebooks == (tmp_path / "a.ipynb",)
    assert roster.mistakes == ()


def test_files_are_as_seen_from_the_table_that_names_them(tmp_path):
    """Of each its own folder."""
    for folder in ("class", "access"):
        (tmp_path / folder).mkdir()
    (tmp_path / "class" / "roster.csv").write_text("student\nada\n")
    (tmp_path / "access" / "access.csv").write_text("student,notebook\nada,a.ipynb\n")
    (tmp_path / "access" / "a.ipynb").touch()

    roster = read_roster(tmp_path / "class" / "roster.csv", access=tmp_path / "access" / "access.csv")

    assert roster.entries[0].notebooks == (tmp_path / "access" / "a.ipynb",)


def test_an_id_that_waits_for_its_role_is_no_mistake(read):
    """The student has not sent the ARN yet."""
    roster = read("student\nada\n", access="student,name,role arn,external id\nada,Ada,,id-1\n")

    assert roster.entry("ada").access == NoAccess()
    assert roster.mistakes == ()


@pytest.mark.parametrize(
    ("roster", "access", "mistake"),
    [
        (f"{ARN},,", f"{OTHER},,", f'role arn: in access.csv: the roster has "{ARN}" as role arn for ada. Keep one.'),
        (",,lab", f"{ARN},,", 'role arn: in access.csv: the roster has "lab" as profile for ada. Keep one.'),
        (
            f"{ARN},id-1,",
            ",id-2,",
            'external id: in access.csv: the roster has "id-1" as external id for ada. Keep one.',
        ),
        ("lab,,", ",,lab", None),
        (",,", "x,,", 'role arn: in access.csv: "x" is no ARN of a role.'),
    ],
)
def test_two_ways_into_one_account_leave_the_student_out(read, told, roster, access, mistake):
    """Nobody is graded by what may be somebody else's account."""
    head = "student,role arn,external id,profile\n"
    found = read(f"{head}ada,{roster}\nbob,,,\n", access=f"{head}ada,{access}\n")

    assert [one.student for one in found.entries] == ["bob"]
    assert any(one.startswith(f"line 2, {mistake or 'profile: in access.csv'}") for one in told(found))


def test_who_is_not_in_the_roster_is_told(read, told):
    """With who may be meant."""
    roster = read(
        "student,region\nada,x\nalan,\n",
        access=f"student,role arn\nAlan,{ARN}\nbob,{ARN}\n,{ARN}\nalan,{ARN}\nalan,{OTHER}\n",
    )

    assert roster.entry("alan").access == RoleAccess(ARN)
    assert told(roster) == [
        'line 2, region: "x" is no region. Write such as us-east-1.',
        'line 2, student: in access.csv: Alan is not in the roster. Did you mean "alan"?',
        "line 3, student: in access.csv: bob is not in the roster. Add them there, or take the line out.",
        "line 4, student: in access.csv: is blank. Say whose row it is, or take it out.",
        "line 6, student: in access.csv: alan is in line 5 already. Take one of the lines out.",
    ]


def test_a_blank_id_is_nobodys(read):
    """Two rows without one are not of one student."""
    roster = read("student,name\n,Nobody\n", access=f"student,role arn\n,{ARN}\n")

    assert roster.entries == ()
    assert len(roster.mistakes) == 2


def test_a_hundred_thousand_students_are_a_matter_of_seconds(write):
    """With a file beside them."""
    names = "".join(f's{n},"Name, {n}",,lab-{n}\n' for n in range(100_000))
    ways = "".join(f"s{n},us-east-1,2026-12-01\n" for n in range(100_000))
    file = write(f"student,name,role arn,profile\n{names}")
    access = write(f"student,region,due\n{ways}", "access.csv")

    began = time.process_time()
    roster = read_roster(file, access=access)

    assert (len(roster.entries), roster.mistakes) == (100_000, ())
    assert time.process_time() - began < 30
