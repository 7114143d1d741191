"""Which regions are looked into, and which are closed."""

import pytest
from botocore.stub import Stubber

from skymark.errors import CredentialsError
from skymark.evidence import ClosedRegion, Gap, Identity
from skymark.survey.connection import connect
from skymark.survey.regions import ENABLED_BY_DEFAULT, closed_because, plan_regions

STUDENT = Identity("123456789012", "arn:aws:iam::123456789012:user/student")
LAB = Identity("123456789012", "arn:aws:sts::123456789012:assumed-role/voclabs/user")


@pytest.fixture
def home(monkeypatch):
    """A connection at home in us-east-1 whose calls are to be stubbed."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    return connect(None, "us-east-1")


def ec2_region(name, status="opt-in-not-required"):
    return {"RegionName": name, "OptInStatus": status}


def test_enabled_regions_with_sagemaker_are_open_others_closed(home):
    """One call says which; a region without SageMaker is neither."""
    with Stubber(home.client("ec2")) as ec2:
        rows = [ec2_region("us-east-1"), ec2_region("af-south-1", "not-opted-in"), ec2_region("xx-nowhere-1")]
        ec2.add_response("describe_regions", {"Regions": [*rows, ec2_region("eu-south-1", "opted-in")]})
        plan = plan_regions(home, STUDENT, None)

    assert plan.open == ("eu-south-1", "us-east-1")
    assert plan.closed == (ClosedRegion("af-south-1", "not opted in"),)
    assert plan.gaps == ()
    assert plan.unsure == frozenset()


def test_a_rubric_can_close_regions(home):
    """Then they are not asked."""
    with Stubber(home.client("ec2")) as ec2:
        ec2.add_response("describe_regions", {"Regions": [ec2_region("us-east-1"), ec2_region("eu-west-1")]})
        plan = plan_regions(home, STUDENT, ("us-east-1", "us-west-2"))

    assert plan.open == ("us-east-1",)
    assert plan.closed == (ClosedRegion("eu-west-1", "outside the rubric"),)


def test_the_account_service_stands_in_for_ec2(home):
    """Nothing is unknown then."""
    with Stubber(home.client("ec2")) as ec2, Stubber(home.client("account", "us-east-1")) as account:
        ec2.add_client_error("describe_regions", "UnauthorizedOperation")
        account.add_response(
            "list_regions",
            {"Regions": [{"RegionName": "us-east-1", "RegionOptStatus": "ENABLED_BY_DEFAULT"},
                         {"RegionName": "me-south-1", "RegionOptStatus": "DISABLED"}]},
        )  # fmt: skip
        plan = plan_regions(home, STUDENT, None)

    assert (plan.open, plan.gaps) == (("us-east-1",), ())
    assert plan.closed == (ClosedRegion("me-south-1", "not opted in"),)


def test_where_nobody_says_all_regions_are_looked_into(home):
    """Something may be left in one that somebody opted into; what is not known is said."""
    with Stubber(home.client("ec2")) as ec2, Stubber(home.client("account", "us-east-1")) as account:
        ec2.add_client_error("describe_regions", "UnauthorizedOperation")
        account.add_client_error("list_regions", "AccessDeniedException")
        plan = plan_regions(home, STUDENT, None)

    assert set(plan.open) > set(ENABLED_BY_DEFAULT)
    assert plan.unsure == set(plan.open) - set(ENABLED_BY_DEFAULT)
    assert [(gap.call, gap.code) for gap in plan.gaps] == [
        ("DescribeRegions", "UnauthorizedOperation"),
        ("ListRegions", "AccessDeniedException"),
    ]


def gaps(*codes):
    return [Gap("sagemaker", f"Call{number}", "eu-west-1", code, "") for number, code in enumerate(codes)]


@pytest.mark.parametrize(
    ("codes", "identity", "is_unsure", "reason"),
    [
        (["UnrecognizedClientException"] * 4, STUDENT, True, "not opted in"),
        (["UnrecognizedClientException"] * 4, STUDENT, False, None),
        (["UnrecognizedClientException"] * 3 + ["AccessDeniedException"], STUDENT, True, None),
        (["AccessDenied (service control policy)"] * 4, STUDENT, False, "denied by the organisation"),
        (["AccessDenied (explicit deny)"] * 4, STUDENT, True, None),
        (["AccessDenied (explicit deny)"] * 4, LAB, False, "denied by the organisation"),
        (["AccessDeniedException"] * 4, STUDENT, True, None),
        (["ThrottlingException"] * 4, STUDENT, True, None),
        (["ExpiredTokenException"] * 4, STUDENT, True, None),
    ],
)
def test_only_a_region_in_which_nothing_can_run_is_closed(codes, identity, is_unsure, reason):
    """Everything else is merely unread."""
    assert closed_because(gaps(*codes), identity, is_unsure=is_unsure) == reason


def test_a_learner_lab_that_has_ended_is_expired_credentials(home):
    """Its keys still tell whose they are, and open nothing else."""
    denied = "with an explicit deny in an identity-based policy: arn:aws:iam::123456789012:policy/voc-cancel-cred"
    with Stubber(home.client("ec2")) as ec2:
        ec2.add_client_error("describe_regions", "UnauthorizedOperation", denied)
        with pytest.raises(CredentialsError, match="Start Lab"):
            plan_regions(home, LAB, None)
