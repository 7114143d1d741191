"""Endpoints whose container answers oddly: no student's doing, so nobody is marked down but for the model's own."""

import json

import pytest

from simulator.students.steps import ask, follow, prepare, train
from simulator.students.verdicts import WELL, WELL_IN_THE_END, fails, pending, unverified

UNTOLD = unverified("endpoint.prediction")
WRONG = fails("endpoint.prediction")


def predictions(*scores):
    """What a Linear Learner answers that gives these scores."""
    return json.dumps({"predictions": [{"score": score, "predicted_label": int(score > 0.5)} for score in scores]})


@pytest.fixture
def deployed(account):
    """The lesson done well up to the endpoint, which nobody has asked yet; and the role's ARN."""
    job = train(account, prepare(account))
    account.wait_for("endpoint", account.deploy(job), "InService")
    return account, job.role_arn


@pytest.mark.parametrize(
    ("body", "content_type", "verdict"),
    [
        ("body", "application/json", UNTOLD),  # what moto by itself answers to everything
        ("", "application/json", UNTOLD),
        ("<html><title>502 Bad Gateway</title></html>", "text/html", UNTOLD),
        ('{"predictions": [{"score": NaN}]}', "application/json", UNTOLD),
        ('{"predictions": []}', "application/json", UNTOLD),
        ('{"predictions": [{"closest_cluster": 1.0}]}', "application/json", UNTOLD),
        (predictions(0.9), "application/json", WRONG),
        (predictions(*[0.9] * 41), "application/json", WRONG),
    ],
    ids=["word", "nothing", "page", "no numbers", "no predictions", "another algorithm's", "one", "one too many"],
)
def test_an_odd_answer_is_not_a_wrong_one(deployed, survey, judged, body, content_type, verdict):
    """What cannot be read is unverified; fewer or more predictions than digits are wrong."""
    account, _ = deployed
    account.answer(body, content_type)

    found = survey()

    assert judged(found) == WELL | verdict
    assert judged(found, final=True) == WELL_IN_THE_END | verdict


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(400, WRONG), (415, WRONG), (408, UNTOLD), (429, UNTOLD), (500, UNTOLD), (503, UNTOLD)],
)
def test_a_container_that_stumbles_is_nobodys_fault(deployed, survey, judged, status, verdict):
    """Its refusal of the digits is the model's; too slow, too busy or out of order is not."""
    account, _ = deployed
    account.break_container(status)

    found = survey()

    assert judged(found) == WELL | verdict
    assert judged(found, final=True) == WELL_IN_THE_END | verdict


def test_without_a_prediction_only_the_students_own_count(deployed, survey, judged):
    """With --no-predict the endpoint's log decides: 51 invocations, or none yet."""
    account, role = deployed

    not_asked = survey(predict=False)
    ask(account, role, "linear-learner-2019-07-01-18-46-30-001")
    asked = survey(predict=False)

    assert judged(not_asked) == WELL | pending("endpoint.prediction")
    assert judged(not_asked, final=True) == WELL_IN_THE_END | UNTOLD
    assert judged(asked) == WELL


def test_skymarks_own_question_is_not_the_students(account, survey, judged):
    """Asked with --no-predict after a check that asked, the endpoint was still asked only by its student."""
    follow(account)
    survey()

    found = survey(predict=False)

    assert [log.invocations for log in found.endpoint_logs] == [52]
    assert judged(found) == WELL
