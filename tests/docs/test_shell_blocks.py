"""Every shell block of the documents is typed as it stands, or is in a list that says why it cannot be.

Those of pages that are one long exercise are typed in their order: the tutorial's by `test_tutorial.py`, those of
`write-a-lesson.md` by `test_write_a_lesson.py`. What is typed here meets a practice cloud in which a student has done
the lesson but for the cleaning up, and a folder with the files that the documents speak of.
"""

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from simulator.account import SimulatedAccount
from simulator.server import PracticeServer
from simulator.students.steps import follow
from tests.docs.blocks import Block, blocks
from tests.docs.terminal import ROOT, Terminal

EXERCISES = ("tutorial.md", "write-a-lesson.md")
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "lesson/README.md")),
    *sorted(page for page in (ROOT / "docs").glob("*.md") if page.name not in EXERCISES),
]
INSTALLS = "installs from a package index; `tox -e docs` installs as the tutorial says, and .ci/run as this says"
WHEEL = (
    "makes or installs a wheel from a package index; tests/installed does it without, bench/first_verdict.py with one"
)
SDK = "needs the SageMaker SDK, which has an environment of its own: `tox -e lesson` does the same"
SYNOPSIS = "a synopsis, not to be typed; tests/test_docs.py compares its options with the program"
CLOUDFORMATION = "the practice cloud has no CloudFormation to make stacks of templates with"
BENCH = "takes five minutes of two idle cores; `tox -e speed` runs it, and tests/bench what it is made of"
CANNOT: Mapping[tuple[str, str], str] = {
    ("docs/speed.md", "python -m bench"): BENCH,
    ("docs/speed.md", "python3 -m venv prowler && prowler/bin/pip install prowler==5.46.0"): INSTALLS,
    ("README.md", "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e '.[lab]' && …"): INSTALLS,
    ("README.md", ".venv/bin/pip install -c constraints.txt -e ."): INSTALLS,
    (
        "README.md",
        "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt tox && .venv/bin/tox",
    ): INSTALLS,
    ("CONTRIBUTING.md", "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt tox && …"): INSTALLS,
    ("CONTRIBUTING.md", ".venv/bin/pip install -c constraints.txt -e '.[tests,lint]'"): INSTALLS,
    ("lesson/README.md", 'pip install "sagemaker<3"'): INSTALLS,
    ("lesson/README.md", "python3 -m venv .venv-lesson && …"): INSTALLS,
    ("lesson/README.md", "source .venv-lesson/bin/activate"): SDK,
    ("lesson/README.md", "bash lesson.sh lesson   sagemaker-20190701-1820"): SDK,
    (
        "docs/practice-cloud.md",
        "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e '.[lab]'",
    ): INSTALLS,
    ("docs/practice-cloud.md", "aws sagemaker create-notebook-instance … --tags …"): SYNOPSIS,
    ("docs/practice-cloud.md", "aws sagemaker create-processing-job … --tags …"): SYNOPSIS,
    ("docs/install.md", "python3 -m pip install --quiet --user uv && …"): WHEEL,
    ("docs/install.md", 'pipx install "WHEEL"'): WHEEL,
    ("docs/install.md", "pip wheel --no-deps --wheel-dir dist ."): WHEEL,
    ("docs/install.md", "aws s3 cp dist/skymark-0.1.0-py3-none-any.whl s3://YOUR-BUCKET/"): WHEEL,
    ("docs/use.md", "grade.py check               grade one account"): SYNOPSIS,
    ("docs/use.md", "grade.py gradebook show [WHO]"): SYNOPSIS,
    ("docs/use.md", "grade.py demo [--out DIR] [--open]"): SYNOPSIS,
    ("docs/use.md", "pytest checks --survey monday.json [--rubric NAME|FILE] …"): SYNOPSIS,
    ("docs/access.md", "grade.py policy --format cloudformation --grader ARN > skymark.yaml"): CLOUDFORMATION,
    ("docs/access.md", "awk -F, …"): CLOUDFORMATION,
}
ACCOUNT = "123456789012"
STAYS = re.compile(r"grade\.py (lab|watch|board)\b")
A_GRADE = re.compile(r"[13] grade\.py (check|report|class|watch|gradebook export)\b")
COMMENT = re.compile(r"(?<=\S) {3,}\S.*$| {2,}(the|every|what|another|who) .*$")
# What stands for something of the reader's own.
OWN = {r"\bARN\b": f"arn:aws:iam::{ACCOUNT}:role/Grader", r"\bID\b": "k3pXv7aQ"}
# What Classroom 50 says of a submission, in a repository with a commit.
CLASSROOM = """export CLASSROOM=cloud ASSIGNMENT=sagemaker ASSIGNMENT_TYPE=individual OWNER=ada
export SUBMISSION_TAG=submit/1-1-2026-11-24T10-00-00Z COMMIT_URL=https://example.org/1 RELEASE_URL=https://example.org/2
git init -q . && git -c user.name=ada -c user.email=ada@example.org commit -q --allow-empty -m lesson"""
# What the text around a block says is so already: by its first line, what is typed before it.
BEFORE = {
    "grade.py gradebook undo '*' 'training.*'": "grade.py gradebook override 123456789012 training.completed --points 8"
    ' --reason "a quota refused it"',
    "grade.py policy --format cloudformation --grader ARN --students": "rm -r access",
    "grade.py report survey.json --final --gradescope": CLASSROOM,
    "grade.py policy > skymark-read-only.json": "rm -r access",
}
ROSTER = """student,name,survey
ada,"Lovelace, Ada",{folder}/monday.json
"""
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Introduction to SageMaker (1234)
    Points Possible,,,,,100
"Lovelace, Ada",1,ada,ada,Cloud,
"""
RUBRIC = """schema: skymark/rubric/v1
id: {id}
version: "1"
title: {id}
extends: sagemaker-intro
criteria:
  - {{id: bucket.name, points: 7}}
"""


pytestmark = pytest.mark.long


def matches(block: Block, entry: tuple[str, str]) -> bool:
    """Whether an entry of the list means this block: by its first line, where `…` may stand for the rest of it."""
    page, first = entry
    return block.page == page and (block.first == first or (first.endswith("…") and block.first.startswith(first[:-2])))


def all_blocks() -> list[Block]:
    """Every shell block of every page."""
    return [block for page in PAGES for block in blocks(page, page.relative_to(ROOT).as_posix()) if block.is_shell]


def typed() -> list[Block]:
    """Those that can be typed."""
    return [block for block in all_blocks() if not any(matches(block, entry) for entry in CANNOT)]


def test_the_list_of_what_cannot_be_typed_has_nothing_that_is_not_there() -> None:
    """A block that is gone or changed is taken out of the list."""
    there = all_blocks()

    assert [entry for entry in CANNOT if not any(matches(block, entry) for block in there)] == []


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """The folder with files, and the environment of somebody who works in it."""
    folder = tmp_path_factory.mktemp("prepared")
    with PracticeServer() as server:
        account = SimulatedAccount(server, ACCOUNT)
        follow(account)
        _let_a_grader_in(account)
        environment = _environment(server, folder)
        _files(folder)
        with Terminal(folder, environment) as terminal:
            terminal.run("grade.py check --quiet --save-survey monday.json")
            terminal.run("grade.py check --quiet --gradebook theirs.sqlite3")
            terminal.run("grade.py class roster.csv --final --quiet")
            assert [one for one in terminal.failures if not A_GRADE.match(one)] == []
        for name in ("ada.json", "survey.json"):
            shutil.copyfile(folder / "monday.json", folder / name)
        yield folder, environment


def _let_a_grader_in(account: SimulatedAccount) -> None:
    iam = account.iam
    trust = {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName="SkymarkGrader", AssumeRolePolicyDocument=_policy(trust))
    may = {"Action": "s3:ListAllMyBuckets", "Resource": "*"}
    iam.put_role_policy(RoleName="SkymarkGrader", PolicyName="SkymarkReadOnly", PolicyDocument=_policy(may))


def _policy(allowed: Mapping[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **allowed}]})


def _environment(server: PracticeServer, folder: Path) -> dict[str, str]:
    keys = server.environment(server.credentials(ACCOUNT))
    (folder / ".aws").mkdir()
    (folder / ".aws" / "config").write_text("[profile student]\nregion = us-east-1\n", "utf-8")
    (folder / ".aws" / "credentials").write_text(
        f"[student]\naws_access_key_id = {keys['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_access_key = {keys['AWS_SECRET_ACCESS_KEY']}\n",
        "utf-8",
    )
    path = os.pathsep.join((str(ROOT), str(Path(sys.executable).parent), os.environ["PATH"]))
    unset = {"AWS_CONFIG_FILE": f"{folder}/.aws/config", "AWS_SHARED_CREDENTIALS_FILE": f"{folder}/.aws/credentials"}
    return keys | unset | {"PATH": path, "HOME": str(folder), "AWS_PAGER": "", "PYTHONUNBUFFERED": "1"}


def _files(folder: Path) -> None:
    for name in ("roster.csv", "class.csv"):
        (folder / name).write_text(ROSTER.format(folder=folder), "utf-8")
    for name in ("canvas-export.csv", "2026-11-24_Grades.csv"):
        (folder / name).write_text(CANVAS, "utf-8")
    (folder / "access").mkdir()
    for name in ("access.csv", "access/access.csv"):
        (folder / name).write_text(f"student,survey\nada,{folder}/monday.json\n", "utf-8")
    for name in ("week3", "stricter", "mine"):
        (folder / f"{name}.yaml").write_text(RUBRIC.format(id="sagemaker-intro" if name == "mine" else name), "utf-8")
    shutil.copyfile(ROOT / "lesson" / "linear_learner_mnist.ipynb", folder / "ada.ipynb")
    (folder / "lessons").symlink_to(ROOT / "lessons")  # they are typed in a clone


@pytest.fixture
def desk(prepared: tuple[Path, dict[str, str]], tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A copy of all that, for one block."""
    folder, environment = prepared
    mine = Path(shutil.copytree(folder, tmp_path / "desk"))
    book = mine / ".local" / "share" / "skymark"
    shutil.copyfile(book / "gradebook.sqlite3", mine / "gradebook.sqlite3")
    return mine, environment | {"HOME": str(mine)}


@pytest.mark.parametrize("block", typed(), ids=lambda block: f"{block.page}:{block.line}")
def test_a_block_that_can_be_typed_works(block: Block, desk: tuple[Path, dict[str, str]]) -> None:
    """No command fails; a check may end with its grade. What stays until Ctrl-C begins."""
    commands = "\n".join(COMMENT.sub("", line) for line in block.text.splitlines())
    for name, own in OWN.items():
        commands = re.sub(name, own, commands)
    if STAYS.match(commands):
        for line in commands.splitlines():
            _begins(line, desk)
        return

    with Terminal(*desk) as terminal:
        terminal.run("\n".join(before for first, before in BEFORE.items() if block.first.startswith(first)))
        printed = terminal.run(commands)
        failures = [one for one in terminal.failures if not A_GRADE.match(one)]

    assert failures == [], printed


def _begins(line: str, desk: tuple[Path, dict[str, str]]) -> None:
    with Terminal(*desk) as terminal:
        terminal.type(line)
        terminal.wait_for("AWS_DEFAULT_REGION=|http://127.0.0.1:[0-9]+/|passed: The account answers")
        assert terminal.failures == []
