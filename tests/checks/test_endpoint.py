"""The endpoint, and what it predicts."""

import json

import msgspec
import pytest

from skymark.evidence import EndpointLog, Invocation

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
