"""What stood in the way: by AWS's code, by AWS's words, and from a refused call to the criterion that hangs on it."""

import itertools

import botocore.exceptions
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from skymark import survey_file
from skymark.cause import (
    DENIED_BY_ORGANISATION,
    DENIED_EXPLICITLY,
    MEANING,
    NO_WAY_IN,
    NOT_TOLD,
    SIGN_IN,
    Cause,
    cause_of_code,
    cause_of_gaps,
    cause_of_refusal,
)
from skymark.evidence import Gap
from skymark.grading import grade
from skymark.outcome import Outcome
from skymark.rubric_file import load_rubric
from skymark.survey.reading import REFUSALS

# By cause, every code that is told from others. Source: aws-facts, section 1.4; names of botocore's exceptions.
CODES = {
    Cause.ACCESS: (NO_WAY_IN,),
    Cause.CREDENTIALS: (
        *("ExpiredToken", "ExpiredTokenException", "RequestExpired"),
        *("UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "AuthFailure"),
        *("SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature"),
        *("NoCredentialsError", "CredentialRetrievalError", "MetadataRetrievalError", "TokenRetrievalError"),
        *("RefreshWithMFAUnsupportedError", "SSOError", "SSOTokenLoadError", "UnauthorizedSSOTokenError"),
        "LoginError",
    ),
    Cause.DENIED: (
        *("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "403", "HTTP 403"),
        *("AccessDenied (service control policy)", "AccessDenied (explicit deny)"),
    ),
    Cause.THROTTLED: (
        *("Throttling", "ThrottlingException", "SlowDown", "RequestLimitExceeded", "TooManyRequestsException"),
    ),
    Cause.AWS: ("OptInRequired", "SubscriptionRequiredException", "PendingVerification", "AccountProblem", "Blocked"),
    Cause.RECORDS: ("Truncated", NOT_TOLD),
    Cause.NETWORK: (
        *("EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "SSLError", "ProxyConnectionError"),
        *("InternalFailure", "ServiceUnavailable", "HTTP 200", "HTTP 404", "HTTP 500", "HTTP 501"),
    ),
}
EVERY_CODE = [(code, cause) for cause, codes in CODES.items() for code in codes]
NAMED = {code for code, _ in EVERY_CODE}
# From what stands in the way of most to what does of least.
FIRST_TO_LAST = (
    *(Cause.ACCESS, Cause.CREDENTIALS, Cause.DENIED, Cause.THROTTLED, Cause.NETWORK, Cause.AWS, Cause.RECORDS),
)

ON_BUCKETS = ("bucket.name", "bucket.region", "bucket.private", "role.scoped", "teardown.tidy")
"""The criteria that hang on the list of buckets in an account where nothing is."""


def gap(code, service="s3", call="ListBuckets"):
    """A call that was not answered."""
    return Gap(service, call, None, code, "Do this.")


@pytest.mark.parametrize(("code", "cause"), EVERY_CODE)
def test_a_code_says_what_stood_in_the_way(code, cause):
    """Each of those that are told apart."""
    assert cause_of_code(code) is cause


@given(st.text().filter(lambda code: code not in NAMED and "Signature" not in code))
def test_a_code_that_nobody_knows_is_something_that_may_pass(code):
    """It is looked at once more, and never held against anybody."""
    assert cause_of_code(code) is Cause.NETWORK


def test_botocore_still_has_what_a_sign_in_that_is_over_is_called():
    """`aws login` came later: where botocore lacks it, there is nothing to be told."""
    there = {name for name in SIGN_IN if hasattr(botocore.exceptions, name)}

    assert set(SIGN_IN) - there <= {"LoginError"}
    assert all(issubclass(getattr(botocore.exceptions, name), REFUSALS) for name in there)


def test_our_own_codes_cannot_be_taken_for_aws_s():
    """None of AWS's has a space or a bracket in it, or is among the codes above twice."""
    assert len(NAMED) == len(EVERY_CODE)
    assert all(" (" in code for code in (DENIED_BY_ORGANISATION, DENIED_EXPLICITLY))
    assert NO_WAY_IN != NOT_TOLD


@pytest.mark.parametrize(
    "words",
    [
        "ResourceLimitExceeded: The account-level service limit 'ml.m4.xlarge for endpoint usage' is 0 Instances",
        "An error occurred (ResourceLimitExceeded) when calling the CreateEndpoint operation",
        "SERVICE QUOTA 'ml.c4.xlarge for training job usage' is 0",
        "You have reached your account-level limit",
    ],
)
def test_a_quota_is_told_by_aws_s_words(words):
    """Somebody may raise it."""
    assert cause_of_refusal(words) is Cause.QUOTA


@pytest.mark.parametrize(
    "words",
    [
        "CapacityError: Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error.",
        "InternalServerError: We encountered an internal error. Please try again.",
        "",
    ],
)
def test_any_other_refusal_is_aws_s_own(words):
    """Nobody's fault."""
    assert cause_of_refusal(words) is Cause.AWS


def test_without_any_gap_it_is_the_records():
    """Everything was answered, and nothing of it shows anything."""
    assert cause_of_gaps(()) is Cause.RECORDS


@pytest.mark.parametrize(("more", "less"), list(itertools.combinations(FIRST_TO_LAST, 2)))
def test_of_several_gaps_what_stands_in_the_way_of_most_counts(more, less):
    """In whatever order they come: whoever mends that sees what is left."""
    gaps = [gap(CODES[cause][0]) for cause in (less, more, less)]

    assert cause_of_gaps(gaps) is cause_of_gaps(gaps[::-1]) is more


@given(st.lists(st.sampled_from(sorted(NAMED)) | st.text(), min_size=1))
def test_the_cause_of_several_gaps_is_that_of_one_of_them(codes):
    """None is made up."""
    assert cause_of_gaps(map(gap, codes)) in {cause_of_code(code) for code in codes}


def test_every_cause_has_its_words():
    """One clause each, as the report has it."""
    assert set(MEANING) == set(Cause)
    assert len(set(MEANING.values())) == len(Cause)


@pytest.mark.parametrize("final", [False, True])
@pytest.mark.parametrize(("code", "cause"), [(codes[0], cause) for cause, codes in CODES.items()])
def test_a_refused_call_s_cause_reaches_the_criteria_through_a_survey_file(code, cause, final, empty, lesson, tmp_path):
    """Whatever hangs on the call says so; nothing else does, and nothing is held against the student."""
    rubric = load_rubric(lesson, "sagemaker-intro")
    survey_file.save(replace(empty, gaps=(gap(code),)), tmp_path / "survey.json")

    result = grade(survey_file.load(tmp_path / "survey.json"), rubric, lesson, final=final)

    found = {one.id: one for one in result.criteria}
    assert Outcome.FAILED not in {one.outcome for one in found.values()}
    assert {(found[id].outcome, found[id].cause) for id in ON_BUCKETS} == {(Outcome.UNVERIFIED, cause)}
    others = [one for id, one in found.items() if id not in ON_BUCKETS]
    unverified = {one.cause for one in others if one.outcome is Outcome.UNVERIFIED}
    assert unverified == ({Cause.RECORDS} if final else set())
    assert {one.cause for one in others if one.outcome is not Outcome.UNVERIFIED} == {None}
