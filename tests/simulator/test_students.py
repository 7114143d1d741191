"""The sample class: each student's account is as the story says."""

import re

import pytest

from simulator.account import SimulatedAccount
from simulator.server import PracticeServer
from simulator.students import CLASS, Student, sample_digits


@pytest.fixture(scope="module")
def holdings(server: PracticeServer) -> dict[str, dict[str, list[str]]]:
    """What each student's account holds, by the student's name: buckets, instances, jobs, endpoints, roles."""
    server.reset()  # bucket names are one space for all accounts
    return {student.name: _holdings(server, number, student) for number, student in enumerate(CLASS, 400_000_000_001)}


def _holdings(server: PracticeServer, number: int, student: Student) -> dict[str, list[str]]:
    account = SimulatedAccount(server, str(number))
    student.build(account)
    sagemaker = account.sagemaker()
    instances = sagemaker.list_notebook_instances()["NotebookInstances"]
    return {
        "buckets": [row["Name"] for row in account.s3().list_buckets()["Buckets"]],
        "instances": [f"{row['InstanceType']} {row['NotebookInstanceStatus']}" for row in instances],
        "jobs": [row["TrainingJobStatus"] for row in sagemaker.list_training_jobs()["TrainingJobSummaries"]],
        "endpoints": [row["EndpointStatus"] for row in sagemaker.list_endpoints()["Endpoints"]],
        "roles": [row["Path"] for row in account.iam.list_roles()["Roles"]],
    }


@pytest.mark.parametrize(
    ("name", "held"),
    [
        (
            "ada",
            {
                "buckets": ["sagemaker-20190701-1820"],
                "instances": ["ml.t2.medium InService"],
                "jobs": ["Completed"],
                "endpoints": ["InService"],
                "roles": ["/service-role/"],
            },
        ),
        (
            "basil",
            {
                "buckets": ["sagemaker-20190701-1821"],
                "instances": ["ml.t2.medium InService"],
                "jobs": [],
                "endpoints": [],
                "roles": ["/service-role/"],
            },
        ),
        (
            "chiara",
            {
                "buckets": ["sagemaker-20190701-1822"],
                "instances": ["ml.t2.medium Pending"],
                "jobs": [],
                "endpoints": [],
                "roles": ["/service-role/"],
            },
        ),
        (
            "hana",
            {
                "buckets": ["sagemaker-20190701-1827"],
                "instances": [],
                "jobs": ["Completed"],
                "endpoints": ["InService"],
                "roles": ["/service-role/"],
            },
        ),
        ("ines", {"buckets": [], "instances": [], "jobs": ["Completed"], "endpoints": [], "roles": []}),
        ("jonas", {"buckets": [], "instances": [], "jobs": [], "endpoints": [], "roles": []}),
    ],
)
def test_account_is_as_the_story_says(
    holdings: dict[str, dict[str, list[str]]], name: str, held: dict[str, list[str]]
) -> None:
    """What a student did, and nothing else, is in the account."""
    assert holdings[name] == held


def test_names_can_be_files_and_are_nobody_elses() -> None:
    """Reports are files named after the students."""
    names = [student.name for student in CLASS]

    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z]+", name)] == []


def test_sample_digits_are_enough_of_both() -> None:
    """At least ten zeros and ten others, and each other digit twice or more."""
    digits = sample_digits()

    counts = {digit: digits.count(digit) for digit in range(10)}
    assert counts == {0: 15, 1: 3, 2: 3, 3: 3, 4: 3, 5: 3, 6: 3, 7: 3, 8: 2, 9: 2}
