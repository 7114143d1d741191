"""The catalogue of students and the sample class: who is in them, and what their accounts hold."""

import re
from pathlib import Path
from typing import cast

import pytest
from botocore.exceptions import ClientError

from simulator.account import SimulatedAccount
from simulator.clock import Clock
from simulator.server import PracticeServer
from simulator.students import CATALOGUE, CLASS, Student
from simulator.students.choices import own_bucket
from simulator.students.steps import choose, refused, then
from simulator.students.table import put_into, table
from simulator.students.verdicts import WELL

DOCUMENT = Path(__file__).parents[2] / "docs" / "students.md"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def test_there_are_enough_of_them() -> None:
    """At least 40 mistakes and 12 right ways, each with a name of its own."""
    kinds = [student.kind for student in CATALOGUE]

    assert kinds.count("mistake") >= 40
    assert kinds.count("right") >= 12
    assert len({student.name for student in CATALOGUE}) == len(CATALOGUE)
    assert len({student.story for student in CATALOGUE}) == len(CATALOGUE)


@pytest.mark.parametrize("student", [*CATALOGUE, *CLASS], ids=lambda student: student.name)
def test_names_can_be_files_and_stories_are_lines(student: Student) -> None:
    """Reports are files named after the students; the index goes on with the story."""
    assert NAME.fullmatch(student.name)
    assert not student.story.endswith(".")
    assert len(student.story.splitlines()) == 1


@pytest.mark.parametrize("student", CATALOGUE, ids=lambda student: student.name)
def test_one_mistake_costs_one_criterion(student: Student) -> None:
    """And no more: what hangs on it is blocked or unverified. What is no mistake costs none."""
    failed = [id for id, outcome in student.expected().items() if outcome == "failed"]

    assert len(failed) <= (student.kind == "mistake")


@pytest.mark.parametrize(
    "student", [one for one in CATALOGUE if one.kind != "mistake"], ids=lambda student: student.name
)
def test_nobody_is_marked_down_for_what_is_no_mistake(student: Student) -> None:
    """Not for what AWS refused, nor for another right way; but in the end for what was not done, or not cleaned up."""
    failed = {id for id, outcome in student.expected(final=True).items() if outcome == "failed"}
    steps = {"bucket.name", "instance.name", "training.completed", "endpoint.in_service"}
    not_done = steps if student.kind == "half-way" else set()

    assert failed <= {"teardown.instance", "teardown.endpoint"} | not_done


@pytest.mark.parametrize(
    "student", [one for one in CATALOGUE if one.kind == "mistake"], ids=lambda student: student.name
)
def test_every_mistake_shows(student: Student) -> None:
    """Something differs from the lesson done well, and only in a way that is none of somebody's merit."""
    differs = {outcome for id, outcome in student.expected().items() if outcome != WELL[id]}

    assert differs


# -- how they come about ------------------------------------------------------------------------------------------


def test_two_doings_are_one() -> None:
    """What is typed differently in either, and what is done afterwards in both, in order."""
    done: list[str] = []
    one = choose(bucket="mine") & then(lambda account: done.append("first"))
    other = choose(instance="smtest") & then(lambda account: done.append("second"))

    both = one & other
    for step in both.steps:
        step(cast(SimulatedAccount, None))

    assert both.choices == {"bucket": "mine", "instance": "smtest"}
    assert done == ["first", "second"]


def test_a_story_that_counts_on_a_refusal_is_not_told_without_it(account: SimulatedAccount) -> None:
    """A refusal of another kind is an error, and so is none."""
    refused(account.delete_instance, "ValidationException")

    with pytest.raises(AssertionError, match="AWS did not refuse this with ValidationException"):
        refused(account.iam.list_roles, "ValidationException")
    with pytest.raises(ClientError, match="NoSuchEntity"):
        refused(lambda: account.delete_role("nobody"), "ValidationException")


@pytest.mark.usefixtures("standing")
def test_who_waits_puts_a_standing_clock_forward(account: SimulatedAccount) -> None:
    """Till the thing is as it should be; but not for ever."""
    account.make_notebook_instance(account.make_execution_role("any"))
    before = account.status("notebook-instance", "sm-test")

    account.wait_for("notebook-instance", "sm-test", "InService")

    assert (before, account.status("notebook-instance", "sm-test")) == ("Pending", "InService")
    assert account.status("notebook-instance", "smtest") is None
    with pytest.raises(TimeoutError, match="notebook-instance sm-test is InService, not Stopped, after an hour"):
        account.wait_for("notebook-instance", "sm-test", "Stopped")


def test_a_class_has_buckets_of_its_own(server: PracticeServer) -> None:
    """Bucket names are one space for all accounts."""
    names = {own_bucket(SimulatedAccount(server, str(number))) for number in range(200_000_000_001, 200_000_000_061)}

    assert len(names) == 60


# -- the table ----------------------------------------------------------------------------------------------------


def test_the_document_is_up_to_date() -> None:
    """docs/students.md shows the catalogue as it is; `python -m simulator.students` writes it anew."""
    text = DOCUMENT.read_text("utf-8")

    assert put_into(text) == text


def test_the_table_has_a_row_for_everybody() -> None:
    """Name, kind, story, and what differs from the lesson done well."""
    rows = table().splitlines()[2:]

    assert len(rows) == len(CATALOGUE)
    assert "| done-well | right | did everything right and is about to clean up | nothing | the same |" in rows
    assert (
        "| nothing-uploaded | mistake | uploaded nothing | pending: `notebook.uploaded` | failed: `notebook.uploaded` |"
    ) in rows
    assert "| any-bucket | mistake | chose Any S3 bucket for the role | failed: `role.scoped` | the same |" in rows


def test_a_document_without_a_place_for_the_table_is_told() -> None:
    """It is not overwritten."""
    with pytest.raises(ValueError, match="the document has no place for the table"):
        put_into("# Students\n")


# -- the class ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("empty_cloud")
def test_the_class_is_built_one_after_the_other(server: PracticeServer, standing: Clock) -> None:
    """All in one cloud and by one clock; those who wait for AWS still wait when the last one is there."""
    assert standing.now()
    accounts = [SimulatedAccount(server, str(number)) for number, _ in enumerate(CLASS, 400_000_000_001)]
    for account, student in zip(accounts, CLASS, strict=True):
        student.build(account)

    held = {student.name: _held(account) for account, student in zip(accounts, CLASS, strict=True)}

    assert held == {
        "ada": "1 bucket, ml.t2.medium InService, job Completed, endpoint InService",
        "basil": "1 bucket, ml.t2.medium InService",
        "chiara": "1 bucket, ml.t2.medium InService, job Completed, endpoint InService",
        "dmitri": "1 bucket, ml.t2.medium InService, job Completed, endpoint InService",
        "emeka": "1 bucket, ml.m5.xlarge InService, job Completed, endpoint InService",
        "farah": "1 bucket, ml.t2.medium InService",
        "goro": "1 bucket, ml.t2.medium InService, job Completed, endpoint InService",
        "hana": "1 bucket, job Completed, endpoint InService",
        "ines": "0 buckets, job Completed",
        "jonas": "0 buckets",
        "karim": "1 bucket, ml.t2.medium InService, job Completed, endpoint Creating",
        "lena": "1 bucket, ml.t2.medium InService, job InProgress",
        "mei": "1 bucket, ml.t2.medium Pending",
    }


def _held(account: SimulatedAccount) -> str:
    sagemaker = account.sagemaker()
    buckets = len(account.s3().list_buckets()["Buckets"])
    instances = sagemaker.list_notebook_instances()["NotebookInstances"]
    jobs = sagemaker.list_training_jobs()["TrainingJobSummaries"]
    endpoints = sagemaker.list_endpoints()["Endpoints"]
    return ", ".join(
        (
            f"{buckets} bucket{'' if buckets == 1 else 's'}",
            *(f"{row['InstanceType']} {row['NotebookInstanceStatus']}" for row in instances),
            *(f"job {row['TrainingJobStatus']}" for row in jobs),
            *(f"endpoint {row['EndpointStatus']}" for row in endpoints),
        )
    )
