"""Access to a whole class."""

import stat

import pytest
import yaml

from skymark.errors import UsageError
from skymark.granting import cli, cloudformation
from skymark.granting.access_file import read_access
from skymark.granting.class_access import Form, give_access
from skymark.granting.grant import Grader, Grant
from skymark.roster.entry import Entry, RoleAccess

GRANT = Grant(Grader("210987654321"))
TEMPLATES, COMMANDS = Form(cloudformation.template, ".yaml"), Form(cli.commands, ".sh")
ADA, ALAN = Entry("ada", "Ada"), Entry("alan", "Alan")


@pytest.fixture
def out(tmp_path):
    return tmp_path / "access"


def ids(out):
    return {student: row.external_id for student, row in read_access(out / "access.csv").items()}


def test_each_student_gets_an_id_and_a_template_of_their_own(out):
    """The id in the file is the one in the template."""
    assert give_access([ADA, ALAN], {}, GRANT, TEMPLATES, out) == (out / "access.csv", 2)

    told = {
        name: yaml.safe_load((out / "students" / f"{name}.yaml").read_text())["Parameters"]["ExternalId"]["Default"]
        for name in ("ada", "alan")
    }
    assert told == ids(out)
    assert len(set(told.values())) == 2


def test_an_id_is_never_given_anew(out):
    """Somebody comes late, somebody leaves: what was handed out stays, and the one who left is not forgotten."""
    give_access([ADA, ALAN], {}, GRANT, COMMANDS, out)
    before = ids(out)

    assert give_access([ALAN, Entry("grace", "Grace")], {}, GRANT, COMMANDS, out)[1] == 1

    assert before.items() < ids(out).items()
    assert list(ids(out)) == ["ada", "alan", "grace"]
    assert before["alan"] in (out / "students" / "alan.sh").read_text()


def test_what_the_grader_wrote_into_the_file_stays(out):
    """The ARN that a student told, and a column of their own."""
    give_access([ADA], {}, GRANT, COMMANDS, out)
    file = out / "access.csv"
    arn = "arn:aws:iam::123456789012:role/Other"
    file.write_text(f"student,name,role arn,external id,note\nada,Ada,{arn},{ids(out)['ada']},late\n")

    give_access([ADA], {}, GRANT, COMMANDS, out)

    assert (read_access(file)["ada"].role_arn, read_access(file)["ada"].more) == (arn, {"note": "late"})


def test_what_the_roster_knows_is_taken(out):
    """A role that is in it, and an id that somebody already uses."""
    arn = "arn:aws:iam::123456789012:role/SkymarkGrader"

    assert give_access([Entry("ada", "Ada", RoleAccess(arn, "ada-1"))], {}, GRANT, COMMANDS, out)[1] == 0

    row = read_access(out / "access.csv")["ada"]
    assert (row.role_arn, row.external_id) == (arn, "ada-1")


def test_of_a_known_account_the_role_is_known(out):
    """Before the student made it; what the student told goes before it."""
    give_access([ADA, ALAN], {"ada": "123456789012"}, GRANT, COMMANDS, out)

    assert {student: row.role_arn for student, row in read_access(out / "access.csv").items()} == {
        "ada": "arn:aws:iam::123456789012:role/SkymarkGrader",
        "alan": "",
    }


def test_a_link_for_each_where_the_template_is_in_s3(out):
    """With the student's own id in it."""
    give_access([ADA], {}, GRANT, TEMPLATES, out, "https://x.s3.amazonaws.com/skymark.yaml", "eu-west-1")

    link = (out / "students" / "ada.link.txt").read_text()
    assert f"param_ExternalId={ids(out)['ada']}&" in link
    assert "home?region=eu-west-1#" in link


def test_nobody_else_can_read_any_of_it(out):
    """Folders and files are their owner's."""
    give_access([ADA], {}, GRANT, TEMPLATES, out, "https://x.s3.amazonaws.com/skymark.yaml")

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (out, *out.rglob("*"))}
    assert modes == {
        "access": 0o700,
        "students": 0o700,
        "access.csv": 0o600,
        "ada.yaml": 0o600,
        "ada.link.txt": 0o600,
    }


def test_no_student_is_written_outside_the_folder(out):
    """Whatever their id is."""
    give_access([Entry("../../ada", "Ada"), Entry("a/b@x", "B"), Entry("..", "C")], {}, GRANT, COMMANDS, out)

    names = {path.name for path in (out / "students").iterdir()}
    assert names == {"..%2F..%2Fada.sh", "a%2Fb@x.sh", "...sh"}
    assert {path.name for path in out.iterdir()} == {"access.csv", "students"}


def test_ids_that_differ_in_capitals_only_are_refused(out):
    """On some computers their files would be one, and one student would be sent the other's id."""
    with pytest.raises(UsageError, match="A1 and a1"):
        give_access([Entry("A1", "Ada"), Entry("a1", "Alan")], {}, GRANT, COMMANDS, out)

    assert not out.exists()


def test_a_file_of_ids_with_a_mistake_is_left_as_it_is(out):
    """And no student's file is written."""
    out.mkdir()
    (out / "access.csv").write_text("student,external id\nada,two words\n")

    with pytest.raises(UsageError, match=r"access\.csv:2"):
        give_access([ADA], {}, GRANT, COMMANDS, out)

    assert (out / "access.csv").read_text() == "student,external id\nada,two words\n"
    assert list((out / "students").iterdir()) == []
