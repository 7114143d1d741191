"""Each call that a rubric declares can be tried, and tells whether it is allowed."""

import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.stub import Stubber

from skymark.rubric_file import load_rubric
from skymark.survey.connection import identify
from skymark.survey.probes import COSTLY, try_calls

ROLE = "iam:GetRole"


@pytest.fixture
def calls(lesson):
    """Those of the lesson's own rubric."""
    return [call for one in load_rubric(lesson, "sagemaker-intro").criteria for call in one.calls]


def test_each_call_of_the_rubric_is_tried_once(account, connection, calls):
    """But for what costs something; S3 is asked about an own bucket, if there is one."""
    without = try_calls(connection, identify(connection), calls)
    account.make_bucket("other")
    other = try_calls(connection, identify(connection), calls)

    assert [one.call for one in without] == list(dict.fromkeys(call for call in calls if call[:4] != "sts:"))
    assert {one.why_not for one in without} == {"", "asking costs something", "there is no bucket yet to ask about"}
    assert {one.call for one in other if one.why_not} == set(COSTLY)
    assert all(one.is_answered for one in other if not one.why_not)


def test_what_no_survey_asks_is_not_tried(connection):
    """A rubric may name anything."""
    assert try_calls(connection, identify(connection), ["sagemaker:DeleteEndpoint", "nothing:Nothing"]) == ()


@pytest.mark.parametrize(
    ("code", "status", "answered"),
    [
        ("NoSuchEntity", 404, True),
        ("ValidationError", 400, True),
        ("AccessDenied", 403, False),
        ("Throttling", 400, False),
        ("ServiceFailure", 503, False),
        ("AccountProblem", 403, False),
        ("InvalidClientTokenId", 403, False),
        ("InvalidAction", 400, False),
        ("", 403, False),
    ],
)
def test_only_what_comes_after_the_permission_is_an_answer(connection, code, status, answered):
    """Anything else leaves it open."""
    identity = identify(connection)
    client = connection.client("iam", attempts=3)
    with Stubber(client) as stub:
        for _ in range(3):
            stub.add_client_error("get_role", code, "words", status)
        (one,) = try_calls(connection, identity, [ROLE])

    assert one.is_answered is answered
    assert one.is_denied is (code == "AccessDenied" or (code, status) == ("", 403))


def test_a_network_that_is_lost(connection, monkeypatch):
    """It is no refusal."""
    identity = identify(connection)

    def lost(**_):
        raise ReadTimeoutError(endpoint_url="https://x")

    monkeypatch.setattr(connection.client("iam", attempts=3), "get_role", lost)
    (one,) = try_calls(connection, identity, [ROLE])

    assert (one.code, one.is_denied) == ("ReadTimeoutError", False)
