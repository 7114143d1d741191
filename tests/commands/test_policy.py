"""`grade.py policy`, as it is typed."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from skymark.permissions import read_only_policy

ROOT = Path(__file__).parents[2]
GRADER = ("--grader", "210987654321")
URL = ("--template-url", "https://x.s3.amazonaws.com/skymark.yaml")


@pytest.fixture
def policy(tmp_path):
    """Type it; exit status, standard output and standard error."""

    def run(*options):
        command = [sys.executable, str(ROOT / "grade.py"), "policy", *map(str, options)]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture
def roster(tmp_path):
    """A class of two."""
    file = tmp_path / "roster.csv"
    file.write_text("student,name\nada,Ada\nalan,Alan\n")
    return file


def test_by_itself_it_is_the_policy_alone(policy):
    """As JSON, to be pasted or piped."""
    assert policy() == (0, json.dumps(read_only_policy(), indent=2) + "\n", "")
    assert policy("--format", "json", "--no-predict")[1] == json.dumps(read_only_policy(predict=False), indent=2) + "\n"


def test_a_template_can_be_piped(policy):
    """Standard output holds it and nothing else."""
    status, out, err = policy("--format", "cloudformation", *GRADER, "--external-id", "an-id", "--role-name", "Mine")

    parameters = yaml.safe_load(out)["Parameters"]
    assert (status, err) == (0, "")
    assert {name: parameters[name]["Default"] for name in ("GraderPrincipal", "ExternalId", "RoleName")} == {
        "GraderPrincipal": "210987654321",
        "ExternalId": "an-id",
        "RoleName": "Mine",
    }


def test_commands_can_be_piped(policy):
    """Three of the AWS CLI's."""
    status, out, err = policy("--format", "cli", *GRADER, "--external-id", "an-id", "--no-predict")

    assert (status, err) == (0, "")
    assert [line.split()[:3] for line in out.splitlines()] == [
        ["aws", "iam", "create-role"],
        ["aws", "iam", "put-role-policy"],
        ["aws", "iam", "get-role"],
    ]
    assert "InvokeEndpoint" not in out


def test_a_link_is_one_line(policy):
    """To be sent."""
    status, out, err = policy("--format", "cloudformation", *GRADER, "--external-id", "an-id", *URL)

    assert (status, err, out.count("\n")) == (0, "", 1)
    assert out.startswith("https://console.aws.amazon.com/cloudformation/home?region=us-east-1#/stacks/quickcreate?")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--format", "cloudformation"), "--grader is missing"),
        (("--format", "cli", *GRADER), "--external-id ID, or --students"),
        (("--format", "cli", "--grader", "me", "--external-id", "an-id"), '--grader "me"'),
        (("--format", "cli", *GRADER, "--external-id", "an id"), "--external-id"),
        (GRADER, "--grader: goes with --format cloudformation or cli"),
        (("--external-id", "an-id", "--students", "r.csv"), "--external-id, --students: goes with"),
        (("--format", "cli", *GRADER, "--external-id", "an-id", *URL), "--format cloudformation"),
        (("--format", "cloudformation", *GRADER, "--region", "eu-west-1"), "--template-url"),
        (("--format", "cloudformation", *GRADER, "--students", "r.csv"), "--out DIR"),
        (("--format", "cloudformation", *GRADER, "--out", "x"), "--students ROSTER"),
        (("--format", "cli", *GRADER, "--external-id", "i1", "--students", "r.csv", "--out", "x"), "one of their own"),
        (("--format", "cli", *GRADER, "--students", "none.csv", "--out", "x"), "none.csv"),
    ],
)
def test_what_does_not_go_together_is_told(policy, options, told):
    """An option that is left out of account in silence could let in whoever asks."""
    status, out, err = policy(*options)

    assert (status, out) == (2, "")
    assert told in err


def test_a_class_gets_a_file_for_each_and_one_of_ids(policy, roster, tmp_path):
    """Run again, the same ids."""
    command = ("--format", "cloudformation", *GRADER, *URL, "--students", roster, "--out", tmp_path / "access")

    first, again = policy(*command), policy(*command)

    file = tmp_path / "access" / "access.csv"
    assert first == (
        0,
        f"2 students, 2 of them new. Their external ids: {file}\n"
        f"Send each student what is theirs in {file.parent / 'students'}. "
        f'Write the ARNs that come back into the column "role arn" of {file}.\n',
        "",
    )
    assert again == (0, f"2 students, none of them new. Their external ids: {file}\n", "")
    assert {path.name for path in (tmp_path / "access" / "students").iterdir()} == {
        *("ada.yaml", "ada.link.txt", "alan.yaml", "alan.link.txt"),
    }
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_bad_row_is_told_and_the_rest_goes_on(policy, tmp_path):
    """By its line."""
    roster = tmp_path / "roster.csv"
    roster.write_text("student,name\nada,Ada\n,Nobody\nalan,Alan\n")

    status, out, err = policy("--format", "cli", *GRADER, "--students", roster, "--out", tmp_path / "access")

    assert (status, out.split()[0]) == (0, "2")
    assert "line 3, student" in err


def test_the_file_of_ids_is_taken_by_a_class(policy, roster, tmp_path):
    """Once the students' ARNs are in it."""
    from skymark.roster.entry import RoleAccess
    from skymark.roster.reading import read_roster

    policy("--format", "cli", *GRADER, "--students", roster, "--out", tmp_path / "access")
    file = tmp_path / "access" / "access.csv"
    ids = [line.split(",")[3] for line in file.read_text().splitlines()[1:]]
    arn = "arn:aws:iam::123456789012:role/SkymarkGrader"
    file.write_text(file.read_text().replace("Ada,,", f"Ada,{arn},"))

    found = read_roster(roster, access=file)

    assert found.entry("ada").access == RoleAccess(arn, ids[0])
