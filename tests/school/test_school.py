"""A class of two hundred, each in an account of their own, graded by the command line: killed twice, and resumed."""

import collections
import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import moto.iam.models
import pytest

from simulator.account import SimulatedAccount
from simulator.server import PracticeServer
from simulator.students.school import Enrolled, enrolled
from simulator.students.student import LEARNER_LAB
from skymark.gradebook.book import Gradebook
from skymark.granting.grant import trust_policy
from skymark.permissions import read_only_policy

ROOT = Path(__file__).parents[2]
SIZE = int(os.environ.get("SKYMARK_SCHOOL", "200"))
GRADER = "999999999999"
ROLE = "SkymarkGrader"
RUBRIC = """
schema: skymark/rubric/v1
id: sagemaker-intro
version: "1"
title: Introduction to AWS SageMaker, in three regions
extends: {base}
regions: [eu-west-1, us-east-1, us-west-2]
"""

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def server():
    """The practice cloud, with those of AWS's policies that students attach: 1,500 for each account take a second."""
    everyone = json.loads(moto.iam.models.aws_managed_policies_data)
    used = ("AdministratorAccess", "AmazonS3FullAccess", "AmazonSageMakerFullAccess")
    with pytest.MonkeyPatch.context() as patch, PracticeServer() as running:
        few = json.dumps({name: everyone[name] for name in used})
        patch.setattr(moto.iam.models, "aws_managed_policies_data", few)
        yield running


@pytest.fixture(scope="module")
def school(server) -> tuple[Enrolled, ...]:
    """Two hundred students who have done what they do, and let the grader in."""
    students = enrolled(server, SIZE)
    for one in students:
        if one.like.rubric != LEARNER_LAB:
            let_in(one.account, external_id=f"secret-of-{one.id}")
    return students


def let_in(account: SimulatedAccount, external_id: str) -> None:
    """What a student deploys so that the grader can look."""
    trust = trust_policy(f"arn:aws:iam::{GRADER}:root", external_id)
    account.iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(trust))
    policy = json.dumps(read_only_policy())
    account.iam.put_role_policy(RoleName=ROLE, PolicyName="SkymarkReadOnly", PolicyDocument=policy)


@pytest.fixture(scope="module")
def strangers(server) -> tuple[SimulatedAccount, SimulatedAccount]:
    """An account without the role, and one whose external id is not the roster's."""
    without, other = (SimulatedAccount(server, number) for number in ("400000000001", "400000000002"))
    without.make_bucket("sagemaker-20190701-0001")
    other.make_bucket("sagemaker-20190701-0002")
    let_in(other, external_id="another-one")
    return without, other


@pytest.fixture(scope="module")
def roster(school, strangers, tmp_path_factory) -> Path:
    """The class as an assistant has it: roles, and profiles of those whose account knows no roles of theirs."""
    folder = tmp_path_factory.mktemp("school")
    (folder / "three-regions.yaml").write_text(RUBRIC.format(base=ROOT / "rubrics" / "sagemaker-intro.yaml"))
    (folder / "config").write_text("".join(profiles(school)))
    with (folder / "roster.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("name", "student", "role arn", "external id", "profile", "rubric"))
        for one in school:
            is_lab = one.like.rubric == LEARNER_LAB
            way = ("", "", one.id) if is_lab else (arn(one.account), f"secret-of-{one.id}", "")
            rows.writerow((f"{one.like.name} {one.id}", one.id, *way, LEARNER_LAB if is_lab else ""))
        for account in strangers:
            rows.writerow(("Stranger", f"x{account.number[-1]}", arn(account), "not-theirs", "", ""))
    return folder / "roster.csv"


def arn(account: SimulatedAccount) -> str:
    """The grader's role in an account."""
    return f"arn:aws:iam::{account.number}:role/{ROLE}"


def profiles(school):
    """AWS profiles with the keys that Learner Labs hand out."""
    for one in school:
        if one.like.rubric == LEARNER_LAB:
            keys = one.like.keys(one.account)
            yield (
                f"[profile {one.id}]\naws_access_key_id = {keys.key}\naws_secret_access_key = {keys.secret}\n"
                f"aws_session_token = {keys.token}\n"
            )


@pytest.fixture
def start(server, roster):
    """Start `grade.py class` as an assistant would, with the grader's keys."""
    started = []

    def run(*more: str) -> subprocess.Popen[str]:
        environment = server.environment(server.credentials(GRADER))
        environment["AWS_CONFIG_FILE"] = str(roster.parent / "config")
        command = [sys.executable, str(ROOT / "grade.py"), "class", str(roster), "--final"]
        command += ["--rubric", str(roster.parent / "three-regions.yaml"), "--gradebook", str(book_of(roster)), *more]
        with (roster.parent / f"said-{len(started)}.txt").open("w") as said:
            started.append(subprocess.Popen(command, env=environment, stdout=said, stderr=subprocess.STDOUT, text=True))
        return started[-1]

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def book_of(roster: Path) -> Path:
    """The class's gradebook."""
    return roster.parent / "class.sqlite3"


def recorded(file: Path) -> int:
    """How many checks are in the book by now."""
    if not file.exists():
        return 0
    with Gradebook(file) as book:
        return len(book.attempts())


def kill_after(process: subprocess.Popen[str], file: Path, checks: int) -> int:
    """Kill it as a power cut would once so many checks are recorded. Returns how many there were."""
    while recorded(file) < checks:
        assert process.poll() is None, "it ended by itself"
        time.sleep(0.5)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return recorded(file)


def done_twice(attempts):
    """Checks of students of whom everything was decided before: only what is unverified is looked at again."""
    decided = set()
    for one in attempts:
        if one.student in decided:
            yield one
        if one.result.score.complete:
            decided.add(one.student)


def test_a_class_is_graded_rightly_though_it_is_killed_twice(school, roster, start):
    """Every verdict is right, nothing is lost, nobody is graded twice, and strangers' accounts stay closed."""
    file = book_of(roster)

    first = kill_after(start(), file, SIZE // 4)
    second = kill_after(start(), file, SIZE // 2)
    ended = start().wait(timeout=3000)

    assert SIZE // 4 <= first <= second < SIZE
    assert ended == 3  # two strangers, and who waits for AWS
    with Gradebook(file) as book:
        attempts, troubles = book.attempts(), book.troubles()
    assert {one.student for one in attempts} == {one.id for one in school}
    assert {one.student for one in done_twice(attempts)} == set()
    found = {one.student: {each.id: str(each.outcome) for each in one.result.criteria} for one in attempts}
    wrong = {
        f"{one.id} like {one.like.name}": (
            {id: outcome for id, outcome in found[one.id].items() if outcome != one.like.expected(final=True)[id]}
        )
        for one in school
    }
    assert {who: what for who, what in wrong.items() if what} == {}
    assert {one.student for one in troubles} == {"x1", "x2"}
    assert {str(one.cause) for one in troubles} == {"access"}


def test_once_more_only_what_is_not_decided_is_done(school, roster, start):
    """Those who are complete are left alone."""
    file = book_of(roster)
    with Gradebook(file) as book:
        before = {one.student: one.result.score.complete for one in book.attempts()}

    start().wait(timeout=3000)

    with Gradebook(file) as book:
        after = collections.Counter(one.student for one in book.attempts())
    assert {who: count for who, count in after.items() if before[who]} == dict.fromkeys(
        (who for who, complete in before.items() if complete), 1
    )
