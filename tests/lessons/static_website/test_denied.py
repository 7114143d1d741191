"""What may not be read is unverified, and nothing else changes; with what `grade.py policy` prints, all can be read."""

import pytest

from skymark.permissions import read_only_policy
from tests.lessons.static_website.doing import Doing, begun
from tests.lessons.static_website.students import ACCESS, BUCKET, GONE, PAGES, WEBSITE, WELL, outcomes

HANGING = (*BUCKET, *WEBSITE, *PAGES, *ACCESS)
# By the action that is missing: what nobody can tell any more.
MISSING = {
    "s3:GetBucketWebsite": WEBSITE,
    "s3:GetBucketPolicy": ("access.open", "access.only_reading"),
    "s3:GetBucketPublicAccessBlock": ACCESS,
    "s3:GetAccountPublicAccessBlock": ("access.open",),
    "s3:GetBucketAcl": (),  # access lists are ignored, since Block Public Access says so
    "s3:GetBucketPolicyStatus": (),
    "s3:ListBucket": PAGES,
    "s3:GetObject": (),  # a website's pages can be read by everybody, and so by the grader
    "s3:GetBucketVersioning": (),
    "s3:ListBucketMultipartUploads": (),
    "cloudtrail:LookupEvents": (),
    "sagemaker:ListEndpoints": (),
}


@pytest.fixture
def reader(account, rubric):
    """Keys of somebody who may do what the printed policy allows, but for some actions."""

    def keys(*without):
        """A user of a name of their own."""
        policy = read_only_policy(rubric.survey)
        for statement in policy["Statement"]:
            statement["Action"] = [one for one in statement["Action"] if one not in without]
        policy["Statement"] = [one for one in policy["Statement"] if one["Action"]]
        return account.user_with(policy, name=f"reader-{len(account.iam.list_users()['Users'])}")

    return keys


def test_the_printed_policy_is_enough(account, survey, reader, outcomes):
    """Nothing is refused, before the teardown and after it."""
    Doing()(account)
    keys = reader()

    before = survey(keys)
    Doing().tear_down(account)
    after = survey(keys, ends=True)

    assert (before.gaps, after.gaps) == ((), ())
    assert outcomes(before) == WELL
    assert outcomes(after, final=True) == GONE


@pytest.mark.parametrize(("action", "unseen"), MISSING.items())
def test_one_permission_less_is_one_kind_of_evidence_less(account, survey, reader, verdicts, action, unseen):
    """The report says which; nothing is failed for it, not even in the end."""
    Doing()(account)

    found = survey(reader(action))

    judged = verdicts(found)
    assert {id: str(one.outcome) for id, one in judged.items()} == WELL | outcomes("unverified", *unseen)
    assert {id: str(one.outcome) for id, one in verdicts(found, final=True).items()} == (
        WELL | outcomes("unverified", *unseen) | {"teardown.bucket": "failed"}
    )
    assert {any(action in gap.advice for gap in judged[id].gaps) for id in unseen} <= {True}


def test_as_what_closed_pages_are_sent_takes_a_permission(account, survey, reader, outcomes):
    """Of the pages alone, which the printed policy names."""
    begun(pages=Doing().pages)(account)

    with_it, without = outcomes(survey(reader())), outcomes(survey(reader("s3:GetObject")))

    assert {id for id, outcome in with_it.items() if outcome != without[id]} == {"page.type"}
    assert without["page.type"] == "unverified"


def test_where_nothing_of_s3_may_be_read_nothing_is_failed(account, survey, reader, outcomes):
    """The bucket's making is in the event history; what it is like now is not."""
    Doing()(account)
    keys = reader(*(one for one in _granted(read_only_policy()) | set(MISSING) if one.startswith("s3:")))

    found = outcomes(survey(keys), final=True)

    assert found == dict.fromkeys((*WEBSITE, *PAGES, *ACCESS, "teardown.bucket"), "unverified") | dict.fromkeys(
        BUCKET, "passed"
    )


def test_where_not_even_its_making_may_be_read_everything_is_unverified(account, survey, reader, outcomes):
    """An error is never read as absence."""
    Doing()(account)
    keys = reader("s3:ListAllMyBuckets", "cloudtrail:LookupEvents")

    assert set(outcomes(survey(keys)).values()) == {"unverified"}
    assert set(outcomes(survey(keys), final=True).values()) == {"unverified"}


def test_a_bucket_that_is_gone_and_has_no_traces_is_unverified_in_the_end(account, survey, reader, outcomes):
    """Nobody is marked down for having cleaned up."""
    Doing()(account)
    Doing().tear_down(account)

    found = survey(reader("cloudtrail:LookupEvents"))

    assert outcomes(found)["bucket.name"] == "pending"
    assert set(outcomes(found, final=True).values()) == {"unverified"}


def _granted(policy):
    return {action for statement in policy["Statement"] for action in statement["Action"]}
