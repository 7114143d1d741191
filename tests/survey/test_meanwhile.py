"""What a student does during the survey: the lists are read first, and the event history tells of it at once."""

import datetime as dt
import math
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from simulator.account import ENDPOINT_NAME, SimulatedAccount
from simulator.clock import clock
from simulator.students.steps import create_instance, prepare, start_training, tear_down, train
from skymark.evidence import Survey
from skymark.lesson import Lesson
from skymark.outcome import Outcome
from skymark.rubric_file import load_rubric
from skymark.survey.connection import Connection, identify
from skymark.survey.sweep import take_survey

Doing = Callable[[], object]


@pytest.fixture
def look_while(connection: Connection, lesson: Lesson) -> Callable[[Doing], Survey]:
    """Take a survey; after its lists, and before the event history is read for the first time, something is done."""

    def look(do: Doing) -> Survey:
        left = [do]

        def between(**_):
            if left:
                left.pop()()

        connection.session.events.register("before-call.cloudtrail.LookupEvents", between)
        plan = load_rubric(lesson, "sagemaker-intro").survey
        found = take_survey(connection, identify(connection), plan, None, ("us-east-1",))
        assert not left
        return found

    return look


def made(found: Survey) -> set[str]:
    """What the survey's history says was made."""
    return {one.resource for one in found.events if one.name.startswith("Create") and one.error is None}


def test_an_endpoint_is_not_made_and_gone_because_it_was_made_after_the_list(account, look_while, verdicts):
    """The next look sees it; this one says that there is none yet, which was so."""
    job = train(account, prepare(account))

    found = look_while(lambda: account.deploy(job))

    judged = verdicts(found)
    assert ENDPOINT_NAME not in {one.resource for one in found.events if one.name == "CreateEndpoint"}
    assert judged["endpoint.in_service"].outcome is Outcome.PENDING
    assert judged["teardown.endpoint"].outcome is not Outcome.PASSED


@pytest.mark.parametrize(
    ("do", "name"),
    [
        (lambda account: create_instance(account, prepared(account)), "sm-test"),
        (lambda account: account.make_bucket("sagemaker-20190701-1820"), "sagemaker-20190701-1820"),
    ],
    ids=["notebook instance", "bucket"],
)
def test_nor_is_anything_else(account, look_while, do, name):
    """Whatever is listed before the history is read."""
    found = look_while(lambda: do(account))

    assert name not in made(found)


def prepared(account: SimulatedAccount) -> str:
    """A role for the instance."""
    return account.make_execution_role(("sagemaker-20190701-1820",))


def test_nor_is_a_training_job(account, look_while):
    """One that was begun just now."""
    role = prepare(account)

    found = look_while(lambda: start_training(account, role))

    assert [one for one in found.events if one.name == "CreateTrainingJob"] == []


def test_what_was_gone_before_stays_gone(account, look_while, outcomes):
    """An instance of the same name is ordered anew during the look: the old one's events are kept."""
    clock.stand(dt.datetime.now(dt.UTC) - dt.timedelta(hours=1))  # events of one second would have no order
    job = train(account, prepare(account))
    account.deploy(job)
    account.wait_for("endpoint", ENDPOINT_NAME, "InService")
    tear_down(account)
    clock.run(math.inf)

    found = look_while(lambda: account.make_notebook_instance(job.role_arn))

    names = [one.name for one in found.events if one.resource == "sm-test"]
    assert names.count("CreateNotebookInstance") == 1
    assert names[-1] == "DeleteNotebookInstance"
    assert outcomes(found)["instance.in_service"] == "passed"


def test_where_the_list_is_refused_the_second_time_nobody_knows(account, look_while, connection, outcomes):
    """What may be there is not gone."""
    role, lists = prepared(account), iter(("answered", "refused"))

    def list_once(model, **_):
        if next(lists, "refused") == "refused":
            error = {"Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"}}
            raise ClientError({**error, "ResponseMetadata": {"HTTPStatusCode": 400}}, model.name)

    connection.session.events.register("before-call.sagemaker.ListNotebookInstances", list_once)

    found = look_while(lambda: account.make_notebook_instance(role))

    assert [gap.call for gap in found.gaps] == ["ListNotebookInstances"]
    assert outcomes(found)["teardown.instance"] == "unverified"
