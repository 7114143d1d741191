"""The endpoint, and what it predicts."""

import datetime as dt
import json

import msgspec
import pytest

from skymark.evidence import EndpointLog, EndpointMetric, Event, Invocation
from skymark.grading import grade
from skymark.rubric_file import load_rubric

BOTH = ["endpoint.in_service", "endpoint.prediction"]
LABELS = (0,) * 10 + tuple(range(1, 10)) + (1,)


@pytest.fixture
def undeployed(good):
    """The good account before anything was deployed."""
    nothing = dict.fromkeys(("models", "endpoint_configs", "endpoints", "endpoint_logs", "invocations"), ())
    return msgspec.structs.replace(good, **nothing)


@pytest.fixture
def answering(good, changed):
    """The good account whose endpoint answers like this; its log shows no invocation of the student's own."""

    def answer(body, **fields):
        survey = msgspec.structs.replace(good, endpoint_logs=())
        return changed(survey, "invocations", body=body, **fields)

    return answer


@pytest.mark.criterion("endpoint.in_service")
def test_no_endpoint_is_pending_and_blocks_the_prediction(undeployed, verdicts):
    """There is something to do."""
    found = verdicts(undeployed)

    assert found["endpoint.in_service"].outcome == "pending"
    assert found["endpoint.prediction"].blocked_by == "endpoint.in_service"
    assert found["teardown.endpoint"].blocked_by == "endpoint.in_service"


@pytest.mark.criterion("endpoint.in_service")
@pytest.mark.parametrize(
    ("status", "reason", "plain", "final"),
    [
        ("Creating", None, "pending", "unverified"),
        ("Failed", "Unable to provision requested ML compute capacity", "pending", "unverified"),
        ("Failed", "The primary container did not pass the ping health check.", "failed", "failed"),
        ("OutOfService", None, "pending", "unverified"),
        ("Updating", None, "passed", "passed"),
        ("UpdateRollbackFailed", "whatever", "passed", "passed"),
        ("Deleting", None, "passed", "passed"),
        ("Deleting", "The container did not pass the ping health check.", "failed", "failed"),
    ],
)
def test_each_status_has_its_outcome(status, reason, plain, final, good, changed, outcomes):
    """Only what shows that it was InService passes; only the student's own mistake fails."""
    survey = changed(good, "endpoints", status=status, failure_reason=reason)
    survey = msgspec.structs.replace(survey, endpoint_logs=())

    assert outcomes(survey)["endpoint.in_service"] == plain
    assert outcomes(survey, final=True)["endpoint.in_service"] == final


@pytest.mark.criterion("endpoint.in_service")
def test_an_endpoint_of_another_model_is_not_the_lessons(good, changed, verdicts):
    """Joined by the artifact: it serves something that no training job of the lesson made."""
    survey = msgspec.structs.replace(
        changed(good, "models", artifact_uri="s3://elsewhere/model.tar.gz"), endpoint_logs=(), invocations=()
    )
    found = verdicts(survey)

    assert found["endpoint.in_service"].outcome == "pending"
    assert "serves another model" in found["endpoint.in_service"].message


@pytest.mark.criterion("endpoint.in_service")
def test_an_endpoint_whose_model_is_gone_is_unverified(good, outcomes):
    """It may serve the lesson's model, and nothing tells any more."""
    found = outcomes(msgspec.structs.replace(good, models=(), endpoint_logs=(), invocations=()))

    assert {found[id] for id in BOTH} == {"unverified"}


@pytest.mark.criterion("endpoint.in_service")
@pytest.mark.parametrize("call", ["ListEndpoints", "DescribeEndpoint", "DescribeEndpointConfig", "DescribeModel"])
def test_what_could_not_be_read_on_the_way_to_the_model_is_unverified(call, undeployed, denied, outcomes):
    """A refusal is never an absence."""
    found = outcomes(denied(undeployed, "sagemaker", call, "us-east-1"))

    assert {found[id] for id in BOTH} == {"unverified"}


@pytest.mark.criterion("endpoint.in_service")
def test_an_older_endpoints_log_is_none_of_the_lessons(undeployed, outcomes):
    """It began to serve before there was a model."""
    old = EndpointLog("old", "us-east-1", undeployed.surveyed_at.replace(year=2018), 101)

    assert outcomes(msgspec.structs.replace(undeployed, endpoint_logs=(old,)))["endpoint.in_service"] == "pending"


@pytest.mark.criterion("endpoint.prediction")
def test_sixteen_of_twenty_in_both_groups_are_enough(answering, difference, answer):
    """80 % of the zeros and of the others."""
    said = (1,) * 8 + (0,) * 2 + (1,) * 2 + (0,) * 8

    assert difference(answering(answer(said))) == {}


@pytest.mark.criterion("endpoint.prediction")
@pytest.mark.parametrize(
    "said",
    [(1,) * 20, (0,) * 20, (1,) * 7 + (0,) * 13, (0,) * 10 + (1,) * 10],
    ids=["always yes", "always no", "seven zeros of ten", "the other way round"],
)
def test_answers_that_do_not_tell_zeros_from_others_fail(said, answering, difference, answer):
    """Both groups count: saying the same to everything earns nothing."""
    assert difference(answering(answer(said))) == {"endpoint.prediction": "failed"}


@pytest.mark.criterion("endpoint.prediction")
@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("body", "unverified"),
        ("", "unverified"),
        ('{"predictions": [{"score": NaN}]}', "unverified"),
        ('{"predictions": []}', "unverified"),
        ('{"outputs": [[0.1]]}', "unverified"),
        ('{"predictions": [{"score": 0.1, "predicted_label": 0}]}', "failed"),
        ("\n".join(["1"] * 10 + ["0"] * 10), "passed"),
        ("\n".join(["0.9"] * 10 + ["0.1"] * 10), "passed"),
        ("\n".join(["1,0.9"] * 10 + ["0,0.1"] * 10), "passed"),
        (
            "\n".join(['{"score": 0.9, "predicted_label": 1}'] * 10 + ['{"score": 0.1, "predicted_label": 0}'] * 10),
            "passed",
        ),
        (json.dumps({"predictions": [{"score": 0.9}] * 10 + [{"score": 0.1}] * 10}), "passed"),
    ],
)
def test_each_kind_of_answer_has_its_outcome(body, outcome, answering, outcomes):
    """HTTP 200 proves nothing: what cannot be read is unverified, one answer for twenty digits is wrong."""
    assert outcomes(answering(body))["endpoint.prediction"] == outcome


@pytest.mark.criterion("endpoint.prediction")
@pytest.mark.parametrize(
    ("error", "status", "outcome"),
    [("ModelError", 400, "failed"), ("ModelError", 500, "unverified"), ("ReadTimeoutError", None, "unverified")],
)
def test_each_kind_of_error_has_its_outcome(error, status, outcome, answering, outcomes):
    """A model that refuses the digits is wrong; a hang or a crash may pass."""
    survey = answering(None, error=error, original_status=status, message="feature_dim is 10")

    assert outcomes(survey)["endpoint.prediction"] == outcome


@pytest.mark.criterion("endpoint.prediction")
@pytest.mark.parametrize(
    ("invocations", "plain", "final"),
    [(101, "passed", "passed"), (2, "unverified", "unverified"), (0, "pending", "unverified")],
)
def test_without_a_prediction_the_students_own_invocations_count(invocations, plain, final, good, changed, outcomes):
    """A few may be Skymark's own; none in the log may still be in the metrics."""
    survey = changed(msgspec.structs.replace(good, invocations=()), "endpoint_logs", invocations=invocations)

    assert outcomes(survey)["endpoint.prediction"] == plain
    assert outcomes(survey, final=True)["endpoint.prediction"] == final


@pytest.mark.criterion("endpoint.prediction")
def test_an_answer_of_another_endpoint_does_not_count(good, answer, outcomes):
    """Fields of two things are never mixed."""
    other = Invocation("another", "us-east-1", LABELS, "application/json", answer((0,) * 20))
    survey = msgspec.structs.replace(good, endpoint_logs=(), invocations=(other,))

    assert outcomes(survey)["endpoint.prediction"] == "pending"


@pytest.mark.criterion("endpoint.prediction")
def test_an_endpoint_that_may_not_be_asked_is_unverified(good, denied, outcomes):
    """Unless the student's own invocations show in its log."""
    survey = denied(
        msgspec.structs.replace(good, invocations=()), "sagemaker-runtime", "InvokeEndpoint", "us-east-1",
        resource=good.endpoints[0].name,
    )  # fmt: skip

    assert outcomes(survey)["endpoint.prediction"] == "passed"
    assert outcomes(msgspec.structs.replace(survey, endpoint_logs=()))["endpoint.prediction"] == "unverified"


@pytest.mark.criterion("endpoint.in_service")
def test_a_newer_failed_endpoint_takes_nothing_away(good, difference):
    """One that is being deleted had reached InService."""
    (first,) = good.endpoints
    leaving = msgspec.structs.replace(first, status="Deleting")
    failed = msgspec.structs.replace(
        first, name="later", status="Failed", failure_reason="health check", created_at=good.surveyed_at
    )
    survey = msgspec.structs.replace(good, endpoints=(leaving, failed))

    assert "endpoint.in_service" not in difference(survey)


@pytest.mark.criterion("endpoint.in_service")
def test_a_failed_endpoint_that_was_asked_had_been_in_service(good, changed, outcomes):
    """By its log."""
    survey = changed(good, "endpoints", status="Failed", failure_reason="health check")

    assert outcomes(survey)["endpoint.in_service"] == "passed"


@pytest.mark.criterion("endpoint.in_service")
def test_a_failed_endpoint_beside_an_unread_region_is_unverified(good, changed, denied, outcomes):
    """A better one may be there."""
    survey = changed(good, "endpoints", status="Failed", failure_reason="health check")
    survey = denied(msgspec.structs.replace(survey, endpoint_logs=()), "sagemaker", "ListEndpoints", "eu-west-1")

    assert outcomes(survey)["endpoint.in_service"] == "unverified"


@pytest.mark.criterion("endpoint.prediction")
def test_the_log_of_an_endpoint_that_is_gone_earns_nothing_by_itself(good, outcomes):
    """Nobody knows whose model it served."""
    log = EndpointLog("somebody-elses", "us-east-1", good.surveyed_at, 500)
    survey = msgspec.structs.replace(good, endpoints=(), endpoint_logs=(log,), invocations=())

    assert {outcomes(survey)[id] for id in BOTH} == {"unverified"}


@pytest.mark.criterion("endpoint.prediction")
@pytest.mark.parametrize("status", [408, 429])
def test_too_slow_and_too_often_are_no_refusal_of_the_digits(status, answering, outcomes):
    """That may pass."""
    survey = answering(None, error="ModelError", original_status=status)

    assert outcomes(survey)["endpoint.prediction"] == "unverified"


NAME = "linear-learner-2019-07-01-18-46-30-001"
OTHERS = "s3://elsewhere/model.tar.gz"


def at(clock):
    """A time of the lesson's day."""
    return dt.datetime.fromisoformat(f"2019-07-01T{clock}:00+00:00")


def event(name, clock, resource, *refers_to):
    """A call that CloudTrail's event history tells of."""
    return Event(name, at(clock), "us-east-1", resource, refers_to=refers_to)


def deployed(clock, config, artifact, call="CreateEndpoint"):
    """An endpoint of the lesson's name gets a configuration, whose model is this."""
    return (
        event("CreateModel", clock, f"model-{config}", artifact),
        event("CreateEndpointConfig", clock, config, f"model-{config}"),
        event(call, clock, NAME, config),
    )


@pytest.fixture
def told(good):
    """The lesson done, its endpoint gone, and an event history that tells this."""

    def tell(*events, **fields):
        gone = {"endpoints": (), "endpoint_configs": (), "models": (), "invocations": (), "events": events}
        return msgspec.structs.replace(good, surveyed_at=at("20:00"), **(gone | fields))

    return tell


@pytest.fixture
def deployed_again(good, told):
    """The lesson's endpoint served and is gone; another one of its model is there, in this state."""

    def deploy(status, **fields):
        reason = "The container did not pass the ping health check." if status == "Failed" else None
        later = msgspec.structs.replace(
            good.endpoints[0], name="later", status=status, created_at=at("18:58"), failure_reason=reason
        )
        there = {"endpoints": (later,), "endpoint_configs": good.endpoint_configs, "models": good.models}
        events = (*deployed("18:46", "ours", good.models[0].artifact_uri), event("DeleteEndpoint", "18:52", NAME))
        return told(*events, **(there | fields))

    return deploy


@pytest.mark.criterion("endpoint.in_service")
@pytest.mark.parametrize("status", ["Failed", "Creating"])
def test_a_later_endpoint_that_does_not_serve_takes_nothing_from_one_that_did(status, deployed_again, verdicts):
    """Though that one is gone."""
    found = verdicts(deployed_again(status), final=True)

    assert {(found[id].outcome, found[id].source) for id in BOTH} == {("passed", "trace")}


@pytest.mark.criterion("endpoint.in_service")
@pytest.mark.parametrize(("fields", "outcome"), [({}, "unverified"), ({"endpoint_logs": ()}, "failed")])
def test_a_failed_endpoint_is_no_mistake_where_another_may_have_served(fields, outcome, deployed_again, outcomes):
    """By its log, where nothing tells whose model it was."""
    survey = deployed_again("Failed", events=(), **fields)

    assert outcomes(survey, final=True)["endpoint.in_service"] == outcome


@pytest.mark.criterion("endpoint.in_service")
def test_a_later_endpoint_in_service_is_taken(deployed_again, verdicts):
    """It can be asked."""
    assert verdicts(deployed_again("InService"))["endpoint.in_service"].message == "later"


@pytest.mark.criterion("endpoint.in_service")
def test_an_endpoint_made_after_all_had_to_be_gone_is_none_of_the_lessons(deployed_again, lesson):
    """Though it is in service and was never asked."""
    rubric = load_rubric(lesson, "sagemaker-intro")

    result = grade(deployed_again("InService"), rubric, lesson, final=True, due=at("18:55"))

    assert {one.outcome for one in result.criteria if one.id in BOTH} == {"passed"}


@pytest.mark.criterion("endpoint.prediction")
@pytest.mark.parametrize(
    ("first", "then", "call", "outcome"),
    [
        (OTHERS, None, "CreateEndpoint", "unverified"),
        (None, OTHERS, "CreateEndpoint", "passed"),
        (None, None, "CreateEndpoint", "passed"),
        (OTHERS, None, "UpdateEndpoint", "unverified"),
        (None, OTHERS, "UpdateEndpoint", "passed"),
    ],
    ids=["another before", "another after", "twice the lesson's", "updated to the lesson's", "updated to another"],
)
def test_a_log_counts_for_what_was_there_when_it_began(first, then, call, outcome, good, told, outcomes):
    """It goes on under the name, and does not tell which model was asked. None is the lesson's."""
    ours = good.models[0].artifact_uri
    between = (event("DeleteEndpoint", "18:50", NAME),) if call == "CreateEndpoint" else ()
    events = (*deployed("18:46", "one", first or ours), *between, *deployed("18:52", "two", then or ours, call))
    counted = (EndpointMetric(NAME, "us-east-1", 101),)

    found = outcomes(told(*events, event("DeleteEndpoint", "18:55", NAME), endpoint_metrics=counted), final=True)

    assert {found[id] for id in BOTH} == {outcome}


@pytest.mark.criterion("endpoint.prediction")
def test_the_log_of_an_earlier_endpoint_of_that_name_shows_no_prediction(good, changed, outcomes):
    """It began before this one was made."""
    survey = changed(msgspec.structs.replace(good, invocations=()), "endpoints", created_at=at("18:58"))

    assert outcomes(survey)["endpoint.in_service"] == "passed"
    assert outcomes(survey)["endpoint.prediction"] == "pending"
